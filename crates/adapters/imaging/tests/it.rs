//! Files through the port: what is seen of good ones, what is said of bad ones.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests fail the test"
)]

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder, ImageFormat as Codec, Rgb, RgbImage};
use imaging::{Imaging, Limits};
use proptest::prelude::*;
use vision::{ImageFault, ImageFormat, ImagePreparer, Prepared, View, ViewSpec};

const GREY: ViewSpec = ViewSpec::Grey { max_side: 4096 };
const JPEG: ViewSpec = ViewSpec::Jpeg { max_side: 512 };

async fn prepare(file: impl Into<Bytes>, spec: ViewSpec) -> Result<Prepared, ImageFault> {
    Imaging::new(Limits::default())
        .prepare(file.into(), spec)
        .await
}

fn bad(name: &str) -> Vec<u8> {
    testkit::data::bytes(&format!("bad/{name}"))
}

#[track_caller]
fn grey(prepared: Result<Prepared, ImageFault>) -> (Bytes, u32, u32) {
    match prepared.expect("decodes").view {
        View::Grey {
            pixels,
            width,
            height,
        } => (pixels, width, height),
        View::Jpeg { .. } => panic!("grey was asked for"),
    }
}

fn outcome(prepared: &Result<Prepared, ImageFault>) -> String {
    match prepared {
        Ok(Prepared { format, view, .. }) => {
            let (View::Jpeg { width, height, .. } | View::Grey { width, height, .. }) = view;
            format!("{} {width}x{height}", format.extension())
        }
        Err(ImageFault::TooManyPixels { width, height }) => format!("too many: {width}x{height}"),
        Err(ImageFault::Unsupported(name)) => format!("unsupported: {name}"),
        Err(fault) => format!("{fault:?}"),
    }
}

/// Every file of the folder of bad files and what is said of it when grey is asked for.
const BAD: &[(&str, &str)] = &[
    ("alpha.png", "png 480x640"),
    ("animated.gif", "unsupported: GIF"),
    ("big-11mb.jpg", "jpg 3024x4032"),
    ("bomb-30000.png", "too many: 30000x30000"),
    ("bomb-header.png", "too many: 60000x60000"),
    ("cmyk.jpg", "jpg 768x1024"),
    ("drawing.svg", "unsupported: SVG"),
    ("empty.jpg", "Empty"),
    ("exif-broken.jpg", "jpg 768x1024"),
    ("exif-orientation-99.jpg", "jpg 768x1024"),
    ("grey.jpg", "jpg 768x1024"),
    ("jpeg-inside.png", "jpg 768x1024"),
    ("one-pixel.png", "png 1x1"),
    ("page.pdf", "unsupported: PDF"),
    ("photo.avif", "unsupported: AVIF"),
    ("photo.heic", "unsupported: HEIC"),
    ("photo.webp", "webp 1080x1440"),
    ("png-inside.jpg", "png 768x1024"),
    ("progressive-orientation-6.jpg", "jpg 1080x1440"),
    ("sixteen-bit.png", "png 600x800"),
    ("text.jpg", "NotAnImage"),
    ("truncated.jpg", "Damaged"),
    ("wide.png", "png 4096x1"),
];

#[tokio::test]
async fn every_bad_file_has_its_outcome() {
    let imaging = Imaging::new(Limits::default());
    for (name, expected) in BAD {
        let prepared = imaging.prepare(bad(name).into(), GREY).await;
        assert_eq!(outcome(&prepared), *expected, "{name}");
    }
}

#[tokio::test]
async fn no_bad_file_is_left_out_of_the_table() {
    let manifest = testkit::data::json("manifest.json");
    let listed = manifest["bad"].as_array().unwrap();
    for entry in listed {
        let file = entry["file"].as_str().unwrap();
        assert!(BAD.iter().any(|(name, _)| file.ends_with(name)), "{file}");
    }
}

/// The mean difference to another rendering of the same page.
async fn distance_to_page(name: &str) -> f64 {
    let spec = ViewSpec::Grey { max_side: 256 };
    let (page, ..) = grey(prepare(testkit::data::bytes("pages/p01.jpg"), spec).await);
    let (other, ..) = grey(prepare(bad(name), spec).await);
    assert_eq!(page.len(), other.len(), "{name}");
    let differences = page
        .iter()
        .zip(&other)
        .map(|(a, b)| f64::from(a.abs_diff(*b)));
    differences.sum::<f64>() / f64::from(u32::try_from(page.len()).unwrap())
}

#[tokio::test]
async fn unusual_files_show_the_page_they_were_made_of() {
    for name in [
        "cmyk.jpg",
        "exif-broken.jpg",
        "exif-orientation-99.jpg",
        "grey.jpg",
        "photo.webp",
        "png-inside.jpg",
        "progressive-orientation-6.jpg",
        "sixteen-bit.png",
    ] {
        let distance = distance_to_page(name).await;
        assert!(distance < 6.0, "{name} differs by {distance}");
    }
}

#[tokio::test]
async fn what_is_transparent_is_white() {
    let (pixels, width, height) = grey(prepare(bad("alpha.png"), GREY).await);
    let last_row = &pixels[(width * (height - 1)) as usize..];
    assert!(last_row.iter().all(|pixel| *pixel > 200));
}

#[tokio::test]
async fn a_jpeg_view_is_a_jpeg_without_metadata_and_within_its_side() {
    let prepared = prepare(bad("progressive-orientation-6.jpg"), JPEG)
        .await
        .unwrap();
    assert_eq!(prepared.format, ImageFormat::Jpeg);
    let View::Jpeg {
        bytes,
        width,
        height,
    } = prepared.view
    else {
        panic!("a JPEG was asked for");
    };
    assert_eq!((width, height), (384, 512));
    let seen = image::load_from_memory_with_format(&bytes, Codec::Jpeg).unwrap();
    assert_eq!((seen.width(), seen.height()), (384, 512));
    assert!(!bytes.windows(4).any(|four| four == b"Exif"));
}

/// A small picture with detail everywhere.
fn sample(codec: Codec) -> Vec<u8> {
    let picture = RgbImage::from_fn(61, 47, |x, y| {
        Rgb([x * 4, y * 5, x * y % 251].map(|value| value.to_le_bytes()[0]))
    });
    let mut file = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut file, codec).unwrap();
    file.into_inner()
}

#[tokio::test]
async fn a_file_cut_off_anywhere_is_refused() {
    for codec in [Codec::Jpeg, Codec::Png, Codec::WebP] {
        let whole = sample(codec);
        assert!(prepare(whole.clone(), GREY).await.is_ok());
        for length in 0..whole.len() {
            let cut = prepare(whole[..length].to_vec(), GREY).await;
            assert!(cut.is_err(), "{codec:?} cut to {length} of {}", whole.len());
        }
    }
}

#[tokio::test]
async fn what_stands_behind_the_end_of_a_jpeg_is_no_damage() {
    let mut file = sample(Codec::Jpeg);
    file.extend_from_slice(b"a phone's own trailer \xff\xd8\xff");
    assert_eq!(outcome(&prepare(file, GREY).await), "jpg 61x47");
}

#[tokio::test]
async fn grey_of_a_colour_jpeg_is_the_brightness_of_its_colours() {
    let colours = image::load_from_memory(&sample(Codec::Png))
        .unwrap()
        .to_rgb8();
    let luma =
        |p: &Rgb<u8>| 0.299 * f64::from(p[0]) + 0.587 * f64::from(p[1]) + 0.114 * f64::from(p[2]);
    let (pixels, ..) = grey(prepare(sample(Codec::Jpeg), GREY).await);
    let differences = pixels
        .iter()
        .zip(colours.pixels())
        .map(|(a, p)| (f64::from(*a) - luma(p)).abs());
    let mean = differences.sum::<f64>() / f64::from(u32::try_from(pixels.len()).unwrap());
    assert!(mean < 5.0, "{mean}");
}

/// A JPEG whose frame header claims another size than its pixels have.
fn lying_jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut file = Vec::new();
    JpegEncoder::new(&mut file)
        .write_image(&[128; 64 * 64], 64, 64, ExtendedColorType::L8)
        .unwrap();
    let frame = file
        .windows(2)
        .position(|pair| pair == [0xff, 0xc0])
        .unwrap();
    file[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    file[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    file
}

#[tokio::test]
async fn headers_that_lie_are_refused_before_memory_is_taken() {
    let huge = prepare(lying_jpeg(65_535, 65_535), GREY).await;
    assert_eq!(outcome(&huge), "too many: 65535x65535");
    let none = prepare(lying_jpeg(0, 64), GREY).await;
    assert_eq!(outcome(&none), "Damaged");
}

#[tokio::test]
async fn a_picture_that_alone_breaks_the_budget_is_refused() {
    let limits = Limits {
        memory_bytes: 1 << 20,
        ..Limits::default()
    };
    let page = testkit::data::bytes("pages/p01.jpg");
    let refused = Imaging::new(limits).prepare(page.into(), GREY).await;
    assert_eq!(outcome(&refused), "too many: 1536x2048");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_calls_at_once_take_turns_and_all_get_their_picture() {
    let limits = Limits {
        memory_bytes: 32 << 20,
        ..Limits::default()
    };
    let imaging = std::sync::Arc::new(Imaging::new(limits));
    let page = Bytes::from(bad("jpeg-inside.png"));
    let calls = (0..24).map(|_| {
        let (imaging, page) = (imaging.clone(), page.clone());
        tokio::spawn(async move { imaging.prepare(page, GREY).await })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(outcome(&call.await.unwrap()), "jpg 768x1024");
    }
}

fn run(file: Vec<u8>, spec: ViewSpec) -> Result<Prepared, ImageFault> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(prepare(file, spec))
}

/// Whatever comes out has the pixels its size promises, or the fault is one of the file.
fn is_sound(prepared: &Result<Prepared, ImageFault>) -> bool {
    match prepared {
        Ok(Prepared {
            view:
                View::Grey {
                    pixels,
                    width,
                    height,
                },
            ..
        }) => pixels.len() == (width * height) as usize,
        Ok(_) => true,
        Err(fault) => !matches!(fault, ImageFault::Port(_)),
    }
}

fn codec() -> impl Strategy<Value = Codec> {
    prop_oneof![Just(Codec::Jpeg), Just(Codec::Png), Just(Codec::WebP)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn random_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(is_sound(&run(bytes, GREY)));
    }

    #[test]
    fn random_bytes_behind_a_right_beginning_are_answered(
        codec in codec(),
        kept in 3_usize..200,
        bytes in prop::collection::vec(any::<u8>(), 0..2000),
    ) {
        let whole = sample(codec);
        let mut file = whole[..kept.min(whole.len())].to_vec();
        file.extend(bytes);
        prop_assert!(is_sound(&run(file, JPEG)));
    }

    #[test]
    fn changed_files_are_answered(
        codec in codec(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut file = sample(codec);
        for (index, byte) in changes {
            let at = index.index(file.len());
            file[at] = byte;
        }
        prop_assert!(is_sound(&run(file, GREY)));
    }

    #[test]
    fn spliced_files_are_answered(
        codec in codec(),
        from in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(),
    ) {
        let whole = sample(codec);
        let (from, to) = (from.index(whole.len()), to.index(whole.len()));
        let file = [&whole[..from], &whole[to..]].concat();
        prop_assert!(is_sound(&run(file, GREY)));
    }
}

#[test]
fn what_is_shown_has_the_same_pixels_and_nothing_more_to_take_away() {
    let names = BAD.iter().map(|(name, _)| *name);
    for name in names {
        let Ok(prepared) = run(bad(name), GREY) else {
            continue;
        };
        if let Some(cleaned) = prepared.cleaned.clone() {
            let again = run(cleaned.to_vec(), GREY).unwrap();
            assert_eq!(again.cleaned, None, "{name}");
            assert!(grey(Ok(again)) == grey(Ok(prepared)), "{name}");
        }
    }
}

/// A piece of a JPEG that a program adds.
fn piece(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], &length[..], content].concat()
}

/// The sample with a secret wherever a file of this format takes one.
fn with_secrets(codec: Codec) -> Vec<u8> {
    let file = sample(codec);
    let beside = match codec {
        Codec::Jpeg => {
            let pieces = [
                piece(0xe1, b"Exif\0\0SECRET"),
                piece(0xe1, b"http://ns.adobe.com/xap/1.0/\0SECRET"),
                piece(0xed, b"Photoshop 3.0\0SECRET"),
                piece(0xfe, b"SECRET"),
            ];
            [&file[..2], &pieces.concat(), &file[2..]].concat()
        }
        Codec::Png => {
            let text = [b"\0\0\0\x08tEXtk\0SECRET".as_slice(), &[0; 4]].concat();
            [&file[..33], &text, &file[33..]].concat()
        }
        _ => [&file[..], b"EXIF\x06\0\0\0SECRET"].concat(),
    };
    [&beside[..], b"SECRET"].concat()
}

#[test]
fn place_device_and_notes_are_not_shown() {
    for codec in [Codec::Jpeg, Codec::Png, Codec::WebP] {
        let prepared = run(with_secrets(codec), GREY).unwrap();
        let cleaned = prepared.cleaned.clone().unwrap();
        let found = cleaned.windows(6).any(|window| window == b"SECRET");
        assert!(!found, "{codec:?}");
        assert_eq!(run(sample(codec), GREY).unwrap().cleaned, None, "{codec:?}");
        assert_eq!(cleaned, sample(codec), "{codec:?}");
    }
}
