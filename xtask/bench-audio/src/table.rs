//! The table, as Markdown.

use crate::measure::{Build, Response, allocations_per_frame, delay_ms, instructions_per_sample};
use crate::peers::{ENTRIES, Entry};

const HEAD: &str = "\
| 16→24 kHz, 20 ms frames | images to 7.8 kHz | ripple to 7 kHz | −3 dB | delay | instructions per output sample | the same, built for AVX2 | allocations per frame |
|---|---|---|---|---|---|---|---|";

pub(crate) fn print() -> anyhow::Result<()> {
    let baseline = Build::current()?;
    let avx2 = Build::avx2(&baseline)?;
    println!("{HEAD}");
    for entry in &ENTRIES {
        println!("{}", row(entry, &baseline, &avx2)?);
    }
    Ok(())
}

fn row(entry: &Entry, baseline: &Build, avx2: &Build) -> anyhow::Result<String> {
    let Response {
        images_db,
        ripple_db,
        half_power_hz,
    } = Response::of(entry)?;
    Ok(format!(
        "| {} | {images_db:.1} dB | {ripple_db:.3} dB | {:.2} kHz | {:.2} ms | {:.1} | {:.1} | {} |",
        entry.title,
        half_power_hz / 1e3,
        delay_ms(entry)?,
        instructions_per_sample(baseline, entry)?,
        instructions_per_sample(avx2, entry)?,
        allocations_per_frame(baseline, entry)?,
    ))
}
