//! Knows the spoken clips of the test data by their loudness over time.

use std::sync::OnceLock;

use serde_json::Value;

use crate::data;

/// Samples of a frame of the clips, which are at 16 kHz: 32 ms as in [`super::vad`].
const FRAME: usize = 512;
/// How alike two loudnesses are at least; 1 is the same.
const ALIKE: f32 = 0.8;

/// Clips, read when they are first asked for.
#[derive(Debug, Default)]
pub(super) struct Clips(OnceLock<Vec<Clip>>);

#[derive(Debug)]
struct Clip {
    words: String,
    loudness: Vec<f32>,
}

impl Clips {
    /// The words of the clip, or of the part of it, that has this loudness (mean squares).
    pub(super) fn words_of(&self, heard: &[f32]) -> Option<String> {
        let heard: Vec<f32> = heard.iter().map(|mean| mean.sqrt()).collect();
        let clips = self.0.get_or_init(read_all);
        let matches = clips.iter().filter_map(|clip| clip.find(&heard));
        let best = matches.max_by(|(a, _), (b, _)| a.total_cmp(b));
        best.map(|(_, words)| words)
    }
}

impl Clip {
    /// How alike, and the words at the place where it is most alike.
    fn find(&self, heard: &[f32]) -> Option<(f32, String)> {
        let last = isize::try_from(self.loudness.len()).ok()?;
        let first = 1 - isize::try_from(heard.len()).ok()?;
        let (alike, at) = (first..last)
            .map(|at| (self.alike(heard, at), at))
            .max_by(|(a, _), (b, _)| a.total_cmp(b))?;
        let end = at.saturating_add_unsigned(heard.len());
        (alike >= ALIKE).then(|| (alike, self.words_between(at, end)))
    }

    /// The correlation of what is heard and the clip from frame `at` on, silence around it.
    fn alike(&self, heard: &[f32], at: isize) -> f32 {
        let clip: Vec<f32> = (0..heard.len())
            .map(|index| self.level_at(at.saturating_add_unsigned(index)))
            .collect();
        // A sliver of the clip may be alike by chance.
        if squares(&clip, 0.0) < 0.05 * squares(&self.loudness, 0.0) {
            return 0.0;
        }
        let (mean, clip_mean) = (mean(heard), mean(&clip));
        let pairs = heard.iter().zip(&clip);
        let product: f32 = pairs.map(|(a, b)| (a - mean) * (b - clip_mean)).sum();
        let size = (squares(heard, mean) * squares(&clip, clip_mean)).sqrt();
        if size > 0.0 { product / size } else { 0.0 }
    }

    fn level_at(&self, place: isize) -> f32 {
        let place = usize::try_from(place).ok();
        let level = place.and_then(|place| self.loudness.get(place));
        level.copied().unwrap_or_default()
    }

    /// The words by their share of the clip's sound.
    fn words_between(&self, from: isize, to: isize) -> String {
        let share = |end: isize| {
            let end = usize::try_from(end).unwrap_or(0).min(self.loudness.len());
            let whole: f32 = self.loudness.iter().sum();
            self.loudness[..end].iter().sum::<f32>() / whole
        };
        let (from, to) = (share(from), share(to));
        let (from, to) = (
            if from < 0.06 { 0.0 } else { from },
            if to > 0.94 { 1.1 } else { to },
        );
        let letters = self.words.len();
        let mut words = Vec::new();
        let mut place = 0;
        for word in self.words.split(' ') {
            let middle = ratio(place + word.len() / 2, letters);
            if middle >= from && middle < to {
                words.push(word);
            }
            place += word.len() + 1;
        }
        words.join(" ")
    }
}

fn mean(levels: &[f32]) -> f32 {
    levels.iter().sum::<f32>() * ratio(1, levels.len().max(1))
}

fn squares(levels: &[f32], mean: f32) -> f32 {
    levels.iter().map(|level| (level - mean).powi(2)).sum()
}

#[expect(clippy::cast_precision_loss, reason = "a share of a sentence")]
fn ratio(part: usize, whole: usize) -> f32 {
    part as f32 / whole as f32
}

/// None where there is no test data: then nothing is recognised.
fn read_all() -> Vec<Clip> {
    let Some(manifest) = data::find("manifest.json") else {
        return Vec::new();
    };
    let manifest: Value = std::fs::read(manifest)
        .ok()
        .and_then(|text| serde_json::from_slice(&text).ok())
        .unwrap_or_default();
    let speech = manifest["speech"].as_array().into_iter().flatten();
    speech.filter_map(read).collect()
}

fn read(entry: &Value) -> Option<Clip> {
    let file = entry["file"]
        .as_str()
        .filter(|file| file.contains(".wav"))?;
    let wav = std::fs::read(data::find(file)?).ok()?;
    let begin = wav.windows(4).position(|four| four == b"data")? + 8;
    let samples = super::voice::samples(wav.get(begin..)?);
    Some(Clip {
        words: entry["transcript"].as_str()?.to_owned(),
        loudness: samples.chunks_exact(FRAME).map(level).collect(),
    })
}

#[expect(clippy::cast_precision_loss, reason = "512")]
fn level(frame: &[i16]) -> f32 {
    let squares = frame.iter().map(|s| f32::from(*s) * f32::from(*s));
    (squares.sum::<f32>() / FRAME as f32).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(file: &str, from: usize, to: usize) -> Option<String> {
        let wav = data::bytes(&format!("speech/{file}"));
        let samples = super::super::voice::samples(&wav[44..]);
        // Cut elsewhere than the clip's own frames, and quieter.
        let loudness: Vec<f32> = samples[200..]
            .chunks_exact(FRAME)
            .map(|frame| (level(frame) * 0.5).powi(2))
            .collect();
        Clips::default().words_of(&loudness[from..to.min(loudness.len())])
    }

    #[test]
    fn a_clip_is_known_whole_and_in_part() {
        let question = heard("question-photosynthesis.wav", 0, 999);
        assert_eq!(question.as_deref(), Some("Can you explain photosynthesis?"));
        let part = heard("jfk.wav", 255, 999).unwrap();
        assert!(part.ends_with("for your country."), "{part}");
        assert!(!part.starts_with("And so"), "{part}");
    }

    #[test]
    fn other_sound_is_not_known() {
        let steady = Clips::default().words_of(&[900.0; 60]);
        assert_eq!(steady, None);
    }
}
