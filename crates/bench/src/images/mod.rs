//! What is done with a picture besides showing it to a model: cleaning, copying, signing.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use bytes::Bytes;
use imaging::{Imaging, Limits};
use vision::{ImagePreparer, View, ViewSpec};

use crate::server::cpu_time;

/// What the copies of a picture of twelve megapixels may take of a processor.
const BUDGET: Duration = Duration::from_secs(1);
const TWELVE_MEGAPIXELS: u64 = 12_000_000;
const DISPLAY: ViewSpec = ViewSpec::Jpeg { max_side: 1600 };
const THUMBNAIL: ViewSpec = ViewSpec::Jpeg { max_side: 320 };

/// How it is measured.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// How often each picture is copied
    #[arg(long, default_value_t = 10)]
    rounds: u32,
}

/// Prints the table.
///
/// # Errors
/// When a picture cannot be decoded, or one of twelve megapixels breaks the budget.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    println!("| image | megapixels | display and thumbnail, CPU ms | wall ms | budget ms |");
    println!("|---|---|---|---|---|");
    for (name, file) in pictures()? {
        row(name, file, options.rounds).await?;
    }
    Ok(())
}

/// A page as it came, and a photo of twelve megapixels drawn from it.
fn pictures() -> anyhow::Result<[(&'static str, Bytes); 3]> {
    let page = testkit::data::bytes("pages/p01.jpg");
    let picture = image::load_from_memory(&page).context("the page")?;
    let large = picture.resize_exact(3000, 4000, image::imageops::FilterType::Triangle);
    let mut drawn = std::io::Cursor::new(Vec::new());
    large.write_to(&mut drawn, image::ImageFormat::Jpeg)?;
    Ok([
        ("pages/p01.jpg", page.into()),
        (
            "pages/p02.jpg",
            testkit::data::bytes("pages/p02.jpg").into(),
        ),
        ("p01.jpg drawn with 12 MP", drawn.into_inner().into()),
    ])
}

async fn row(name: &str, file: Bytes, rounds: u32) -> anyhow::Result<()> {
    let imaging = Imaging::new(Limits::default());
    copies(&imaging, &file).await?;
    let (cpu, begun) = (cpu_time(std::process::id())?, Instant::now());
    for _ in 0..rounds {
        black_box(copies(&imaging, &file).await?);
    }
    let wall = begun.elapsed() / rounds;
    let cpu = cpu_time(std::process::id())?.saturating_sub(cpu) / rounds;
    let (width, height) = image::ImageReader::new(std::io::Cursor::new(&file))
        .with_guessed_format()?
        .into_dimensions()?;
    let pixels = u64::from(width) * u64::from(height);
    println!(
        "| {name} | {}.{} | {} | {} | {} |",
        pixels / 1_000_000,
        pixels / 100_000 % 10,
        cpu.as_millis(),
        wall.as_millis(),
        BUDGET.as_millis()
    );
    let is_held = pixels > TWELVE_MEGAPIXELS * 11 / 10 || cpu <= BUDGET;
    ensure!(is_held, "{name} takes more than {} ms", BUDGET.as_millis());
    Ok(())
}

/// As the job makes them: the thumbnail from the display copy.
async fn copies(imaging: &Imaging, file: &Bytes) -> anyhow::Result<[Bytes; 2]> {
    let display = jpeg(imaging.prepare(file.clone(), DISPLAY).await?.view)?;
    let thumbnail = jpeg(imaging.prepare(display.clone(), THUMBNAIL).await?.view)?;
    Ok([display, thumbnail])
}

fn jpeg(view: View) -> anyhow::Result<Bytes> {
    match view {
        View::Jpeg { bytes, .. } => Ok(bytes),
        View::Grey { .. } => anyhow::bail!("a JPEG was asked for"),
    }
}
