//! What is kept of a picture, in few bytes.

use vision::Signature;

use super::plane::Plane;
use super::sharpness::Sharpness;

/// Width, height and sharpness, two bytes each.
const HEAD: usize = 8;

/// Contrast is kept in steps of this size, seven of them either way: paper and print need no more.
const STEP: i16 = 6;
const STEPS: i16 = 7;

/// A signature taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) sketch: Plane,
    pub(super) sharpness: Sharpness,
}

impl Parts {
    /// Two pixels a byte, the first in its upper half.
    pub(super) fn pack(&self) -> Signature {
        let Self { sketch, sharpness } = self;
        let head = [
            sketch.width as u16,
            sketch.height as u16,
            sharpness.across,
            sharpness.down,
        ];
        let mut bytes = Vec::with_capacity(HEAD + sketch.values.len().div_ceil(2));
        bytes.extend(head.iter().flat_map(|value| value.to_le_bytes()));
        let pairs = sketch.values.chunks(2);
        bytes.extend(pairs.map(|pair| {
            let second = pair.get(1).copied().unwrap_or_default();
            nibble(pair[0]) << 4 | nibble(second)
        }));
        Signature::new(bytes)
    }

    /// The way back; `None` when these bytes are not what [`Self::pack`] makes.
    pub(super) fn unpack(signature: &Signature) -> Option<Self> {
        let (head, packed) = signature.bytes().split_at_checked(HEAD)?;
        let field = |at: usize| u16::from_le_bytes([head[2 * at], head[2 * at + 1]]);
        let (width, height) = (usize::from(field(0)), usize::from(field(1)));
        let count = width * height;
        if packed.len() != count.div_ceil(2) {
            return None;
        }
        let pair = |byte: &u8| [contrast(byte >> 4), contrast(byte & 15)];
        let mut values: Vec<_> = packed.iter().flat_map(pair).collect();
        values.truncate(count);
        Some(Self {
            sketch: Plane {
                width,
                height,
                values,
            },
            sharpness: Sharpness {
                across: field(2),
                down: field(3),
            },
        })
    }
}

/// The nearest step, counted from the lowest.
fn nibble(contrast: i16) -> u8 {
    let half = STEP / 2 * contrast.signum();
    (((contrast + half) / STEP).clamp(-STEPS, STEPS) + STEPS) as u8
}

fn contrast(nibble: u8) -> i16 {
    (i16::from(nibble) - STEPS) * STEP
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(width: usize, height: usize) -> Parts {
        let values = (0..width * height).map(|i| (i % 80) as i16 - 40).collect();
        Parts {
            sketch: Plane {
                width,
                height,
                values,
            },
            sharpness: Sharpness {
                across: 610,
                down: 505,
            },
        }
    }

    #[test]
    fn a_signature_comes_back_within_half_a_step() {
        let before = parts(31, 3);
        let after = Parts::unpack(&before.pack()).unwrap();
        assert_eq!(after.sharpness, before.sharpness);
        let off = |(a, b): (&i16, &i16)| a.abs_diff(*b);
        let most = before
            .sketch
            .values
            .iter()
            .zip(&after.sketch.values)
            .map(off)
            .max();
        assert!(most <= Some(STEP as u16 / 2), "{most:?}");
    }

    #[test]
    fn a_signature_of_the_largest_sketch_takes_56_kilobytes() {
        assert_eq!(parts(384, 288).pack().bytes().len(), 55_304);
    }

    #[test]
    fn other_bytes_are_no_signature() {
        for bytes in [&b""[..], b"1234567", b"\x02\0\x02\0\0\0\0\0abc"] {
            assert_eq!(Parts::unpack(&Signature::new(bytes.to_vec())), None);
        }
    }
}
