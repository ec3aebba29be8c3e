//! The processor time of recognising, beside that of decoding.

use std::hint::black_box;
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use imaging::{Imaging, Limits, signature_of_rgb};
use vision::{ImagePreparer, SceneComparer, View, ViewSpec};

use crate::server::cpu_time;

const ROUNDS: u32 = 60;

const VIEW: ViewSpec = ViewSpec::Jpeg { max_side: 1600 };

/// Files of the test data, and what each is compared with: the same page, another page.
const FILES: [(&str, &str, &str); 3] = [
    ("walk/f000.jpg", "walk/f003.jpg", "walk/f015.jpg"),
    ("pages/p01.jpg", "pages/p01.jpg", "pages/p08.jpg"),
    ("pages/p02.jpg", "pages/p02.jpg", "pages/p07.jpg"),
];

/// Prints the table.
///
/// # Errors
/// When a file cannot be decoded.
pub(super) async fn table() -> anyhow::Result<()> {
    println!(
        "| image | decoding ms | of that the signature ms | comparing: same ms | other ms | both / decoding without |"
    );
    println!("|---|---|---|---|---|---|");
    let imaging = Imaging::new(Limits::default());
    for (file, same, other) in FILES {
        let [file_, same, other] =
            [file, same, other].map(|name| Bytes::from(testkit::data::bytes(name)));
        let prepared = imaging.prepare(file_.clone(), VIEW).await?;
        let View::Jpeg { bytes, .. } = prepared.view else {
            anyhow::bail!("a JPEG was asked for");
        };
        let view = image::load_from_memory(&bytes)
            .context("the view")?
            .into_rgb8();
        let (width, height) = view.dimensions();
        let decoding = measured(async || drop(imaging.prepare(file_.clone(), VIEW).await)).await?;
        let copying = measured(async || drop(black_box(view.as_raw().clone()))).await?;
        let signing = measured(async || {
            drop(black_box(signature_of_rgb(
                view.as_raw().clone(),
                width,
                height,
            )));
        });
        let signing = signing.await?.saturating_sub(copying);
        let mut comparing = [Duration::ZERO; 2];
        for (time, before) in comparing.iter_mut().zip([same, other]) {
            let before = imaging.prepare(before, VIEW).await?.signature;
            let compare = async || {
                let now = prepared.signature.clone();
                drop(imaging.compare(now, before.clone()).await);
            };
            *time = measured(compare).await?;
        }
        row(file, decoding, signing, comparing);
    }
    Ok(())
}

fn row(file: &str, decoding: Duration, signing: Duration, comparing: [Duration; 2]) {
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let both = signing + comparing[0].max(comparing[1]);
    let without = decoding.saturating_sub(signing);
    println!(
        "| {file} | {:.1} | {:.1} | {:.1} | {:.1} | {:.2} |",
        ms(decoding),
        ms(signing),
        ms(comparing[0]),
        ms(comparing[1]),
        ms(both) / ms(without)
    );
}

/// The mean processor time of this process for one call.
async fn measured(mut call: impl AsyncFnMut()) -> anyhow::Result<Duration> {
    call().await;
    let before = cpu_time(std::process::id())?;
    for _ in 0..ROUNDS {
        call().await;
    }
    Ok(cpu_time(std::process::id())?.saturating_sub(before) / ROUNDS)
}
