use super::{answer, component, decibels};
use crate::peers::Entry;
use crate::{FRAME_OUT, INPUT_HZ, OUTPUT_HZ};

const FRAMES: usize = 40;
const SKIPPED: usize = 8 * FRAME_OUT;
const MEASURED: usize = 24 * FRAME_OUT;

/// How tones come out.
pub(crate) struct Response {
    /// The loudest mirror image of any tone up to 7.8 kHz, relative to the tone that went in.
    pub(crate) images_db: f64,
    /// Loudest against faintest tone up to 7 kHz.
    pub(crate) ripple_db: f64,
    /// Where half the power of the lowest tone is left.
    pub(crate) half_power_hz: f64,
}

impl Response {
    pub(crate) fn of(entry: &Entry) -> anyhow::Result<Self> {
        let images: Vec<f64> = tones(7_800.0, 61)
            .map(|hz| images_db(entry, hz))
            .collect::<Result<_, _>>()?;
        let gains: Vec<f64> = tones(7_000.0, 71)
            .map(|hz| gain_db(entry, hz))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            images_db: highest(&images),
            ripple_db: highest(&gains) + highest(&gains.iter().map(|db| -db).collect::<Vec<_>>()),
            half_power_hz: half_power_hz(entry)?,
        })
    }
}

/// Evenly spread tones of which the last is `up_to`.
fn tones(up_to: f64, count: u16) -> impl Iterator<Item = f64> {
    (1..=count).map(move |i| up_to * f64::from(i) / f64::from(count))
}

fn highest(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::MIN, f64::max)
}

fn steady(entry: &Entry, hz: f64) -> anyhow::Result<Vec<f32>> {
    Ok(answer(entry, hz, FRAMES)?[SKIPPED..][..MEASURED].to_vec())
}

fn level_db(samples: &[f32], hz: f64) -> f64 {
    let (cosine, sine) = component(samples, 0, hz, OUTPUT_HZ);
    decibels(cosine.hypot(sine))
}

fn gain_db(entry: &Entry, hz: f64) -> anyhow::Result<f64> {
    Ok(level_db(&steady(entry, hz)?, hz))
}

/// Images lie around the multiples of the input rate and fold at half the output rate.
fn images_db(entry: &Entry, hz: f64) -> anyhow::Result<f64> {
    let samples = steady(entry, hz)?;
    let around = [1.0, 2.0].map(|multiple| multiple * INPUT_HZ);
    let images = around
        .into_iter()
        .flat_map(|centre| [centre - hz, centre + hz]);
    let folded = images.map(|image| (image - OUTPUT_HZ * (image / OUTPUT_HZ).round()).abs());
    let apart = folded.filter(|image| (image - hz).abs() > 60.0 && *image > 60.0);
    Ok(highest(
        &apart
            .map(|image| level_db(&samples, image))
            .collect::<Vec<_>>(),
    ))
}

fn half_power_hz(entry: &Entry) -> anyhow::Result<f64> {
    let reference = gain_db(entry, 100.0)?;
    let (mut passed, mut stopped) = (3_000.0, 8_000.0);
    while stopped - passed > 2.0 {
        let middle = f64::midpoint(passed, stopped);
        if gain_db(entry, middle)? - reference >= -3.0103 {
            passed = middle;
        } else {
            stopped = middle;
        }
    }
    Ok(passed)
}
