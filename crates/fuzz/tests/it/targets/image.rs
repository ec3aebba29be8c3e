//! Files that claim to be images.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Once};

use bytes::Bytes;
use imaging::{Imaging, Limits};
use tokio::runtime::{Builder, Runtime};
use vision::{ImageFault, ImagePreparer, View, ViewSpec};

/// What the formats begin with, and pieces that change how they are read.
pub(crate) const WORDS: &[&[u8]] = &[
    b"\xff\xd8",
    b"\xff\xd9",
    b"\xff\xda",
    b"\xff\xc2",
    b"\xff\xdd\x00\x04\x00\x01",
    b"Exif\0\0",
    b"\x89PNG\r\n\x1a\n",
    b"IDAT",
    b"IHDR",
    b"PLTE",
    b"RIFF",
    b"WEBPVP8X",
    b"VP8L",
    b"ALPH",
];
const MAX_SIDE: u32 = 40;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let built = Builder::new_multi_thread().worker_threads(1).build();
    built.unwrap_or_else(|error| panic!("{error}"))
});
static IMAGING: LazyLock<Imaging> = LazyLock::new(|| {
    Imaging::new(Limits {
        max_pixels: 1_000_000,
        max_side: 4_000,
        memory_bytes: 64 << 20,
        lanes: NonZeroUsize::MIN,
    })
});
static PANICS: AtomicUsize = AtomicUsize::new(0);

/// A file is an image within its limits, or it is refused for what it is. A panic of a decoder would
/// be refused too; here it counts as a broken promise.
pub(crate) fn target(data: &[u8]) {
    count_panics();
    let before = PANICS.load(Ordering::SeqCst);
    let file = Bytes::copy_from_slice(data);
    for spec in [
        ViewSpec::Jpeg { max_side: MAX_SIDE },
        ViewSpec::Grey { max_side: MAX_SIDE },
    ] {
        match RUNTIME.block_on(IMAGING.prepare(file.clone(), spec)) {
            Ok(prepared) => check(&prepared.view),
            Err(ImageFault::Port(error)) => panic!("not the file's fault: {error}"),
            Err(_) => {}
        }
    }
    assert_eq!(PANICS.load(Ordering::SeqCst), before, "a decoder panicked");
}

fn check(view: &View) {
    let (width, height) = match view {
        View::Jpeg {
            bytes,
            width,
            height,
        } => {
            assert!(bytes.starts_with(&[0xff, 0xd8]) && bytes.ends_with(&[0xff, 0xd9]));
            (*width, *height)
        }
        View::Grey {
            pixels,
            width,
            height,
        } => {
            assert_eq!(pixels.len() as u64, u64::from(*width) * u64::from(*height));
            (*width, *height)
        }
    };
    assert!(
        (1..=MAX_SIDE).contains(&width.max(height)),
        "{width} × {height}"
    );
    assert!(width.min(height) > 0);
}

/// Decoding happens on another thread, and whoever waits for it sees no panic.
fn count_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICS.fetch_add(1, Ordering::SeqCst);
            before(panic);
        }));
    });
}
