//! Pictures turned upright.

use crate::raster::Raster;

/// The picture as it is meant to be seen, from its EXIF `orientation`, 1 to 8.
pub(crate) fn upright(raster: Raster, orientation: u32) -> Raster {
    match orientation {
        2..=8 => turned(&raster, orientation),
        _ => raster,
    }
}

fn turned(raster: &Raster, orientation: u32) -> Raster {
    let (w, h) = (raster.width as usize, raster.height as usize);
    let swaps = orientation >= 5;
    let (out_w, out_h) = if swaps { (h, w) } else { (w, h) };
    let source = move |x: usize, y: usize| match orientation {
        2 => (w - 1 - x, y),
        3 => (w - 1 - x, h - 1 - y),
        4 => (x, h - 1 - y),
        5 => (y, x),
        6 => (y, h - 1 - x),
        7 => (w - 1 - y, h - 1 - x),
        _ => (w - 1 - y, x),
    };
    let n = raster.channels.count();
    let mut pixels = Vec::with_capacity(raster.pixels.len());
    for y in 0..out_h {
        for x in 0..out_w {
            let (from_x, from_y) = source(x, y);
            let at = (from_y * w + from_x) * n;
            pixels.extend_from_slice(&raster.pixels[at..at + n]);
        }
    }
    let (width, height) = if swaps {
        (raster.height, raster.width)
    } else {
        (raster.width, raster.height)
    };
    Raster {
        pixels,
        width,
        height,
        channels: raster.channels,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Channels;

    /// The letters `ab` over `cd` over `ef`, seen as stored under each orientation.
    #[track_caller]
    fn check(orientation: u32, expected: &str) {
        let stored = Raster::new(b"abcdef".to_vec(), 2, 3, Channels::Grey).unwrap();
        let seen = upright(stored, orientation);
        let rows: Vec<_> = seen
            .pixels
            .chunks(seen.width as usize)
            .map(|row| String::from_utf8_lossy(row))
            .collect();
        assert_eq!(rows.join("/"), expected);
    }

    #[test]
    fn every_orientation_is_undone() {
        check(1, "ab/cd/ef");
        check(2, "ba/dc/fe");
        check(3, "fe/dc/ba");
        check(4, "ef/cd/ab");
        check(5, "ace/bdf");
        check(6, "eca/fdb");
        check(7, "fdb/eca");
        check(8, "bdf/ace");
    }
}
