//! What the device sends, made what the model and the recording want.

use audio_dsp::{
    Conversion, FRAME_BYTES_16_KHZ, FRAME_BYTES_24_KHZ, Framer, Quality, RaggedBytes, Resampler,
    f32_le_samples, pcm16_le_samples, to_pcm16, write_pcm16_le,
};
use bytes::Bytes;

use crate::client::{AudioFormat, Encoding, SampleRate};
use crate::relay::block::Block;

/// Samples worked on at once: 10 ms at 48 kHz.
const CHUNK: usize = 480;

/// f32 → clamp → PCM16 → frames of 20 ms → 24 kHz. What comes out does not depend on how the input
/// was cut.
pub(crate) struct InputPath {
    format: AudioFormat,
    to_model: ToModel,
    /// To 16 kHz, when the device sends another rate.
    to_record: Option<Resampler>,
    cut: Framer<FRAME_BYTES_24_KHZ>,
    /// Frames wait in queues longer than what is recorded: blocks of their own keep them small.
    for_model: Block,
    for_record: Block,
    heard: bool,
}

/// The way to 24 kHz.
#[expect(clippy::large_enum_variant, reason = "one value per conversation")]
enum ToModel {
    As24,
    From16(Framer<FRAME_BYTES_16_KHZ>, Resampler),
    From48(Resampler),
}

/// What became of one frame of the device.
#[derive(Default)]
pub(crate) struct Converted {
    /// 20 ms each, PCM16 at 24 kHz.
    pub(crate) frames: Vec<Bytes>,
    /// The same sound, PCM16 at 16 kHz.
    pub(crate) record: Bytes,
}

impl InputPath {
    pub(crate) fn new(format: AudioFormat) -> Self {
        let resampler = |conversion| Resampler::new(conversion, Quality::Voice);
        let to_model = match format.rate {
            SampleRate::Hz16000 => {
                ToModel::From16(Framer::new(), resampler(Conversion::From16To24))
            }
            SampleRate::Hz24000 => ToModel::As24,
            SampleRate::Hz48000 => ToModel::From48(resampler(Conversion::From48To24)),
        };
        let to_record = Conversion::between(format.rate.hz(), SampleRate::Hz16000.hz());
        Self {
            format,
            to_model,
            to_record: to_record.map(resampler),
            cut: Framer::new(),
            for_model: Block::default(),
            for_record: Block::default(),
            heard: false,
        }
    }

    pub(crate) const fn format(&self) -> AudioFormat {
        self.format
    }

    /// Whether any audio has come.
    pub(crate) const fn has_heard(&self) -> bool {
        self.heard
    }

    /// Converts one binary frame into `out`, which is cleared first.
    pub(crate) fn push(&mut self, frame: &[u8], out: &mut Converted) -> Result<(), RaggedBytes> {
        out.frames.clear();
        let samples = frame.len() / self.format.encoding.sample_bytes();
        self.for_record.reserve(2 * samples + CHUNK);
        // At most three bytes of every sample, and what the last cut left over.
        let frames = (3 * samples).div_ceil(FRAME_BYTES_24_KHZ);
        self.for_model.reserve(frames * FRAME_BYTES_24_KHZ);
        match self.format.encoding {
            Encoding::F32Le => {
                let samples = f32_le_samples(frame)?.map(to_pcm16);
                out.record = self.record(samples.clone());
                self.convert(samples, &mut out.frames);
            }
            Encoding::S16Le => {
                let samples = pcm16_le_samples(frame)?;
                out.record = self.record(samples.clone());
                self.convert(samples, &mut out.frames);
            }
        }
        self.heard = true;
        Ok(())
    }

    fn record(&mut self, samples: impl Iterator<Item = i16>) -> Bytes {
        let (block, to_record) = (&mut self.for_record, &mut self.to_record);
        in_chunks(samples, |chunk| match to_record {
            None => put(block, chunk),
            Some(resampler) => resample(resampler, chunk, |made| put(block, made)),
        });
        block.cut()
    }

    fn convert(&mut self, samples: impl Iterator<Item = i16>, frames: &mut Vec<Bytes>) {
        let Self {
            to_model,
            cut,
            for_model,
            ..
        } = self;
        let mut emit = |made: &[i16]| {
            with_bytes(made, |bytes| {
                cut.push(bytes, |frame| {
                    for_model.put(frame);
                    frames.push(for_model.cut());
                });
            });
        };
        in_chunks(samples, |chunk| match to_model {
            ToModel::As24 => emit(chunk),
            ToModel::From48(resampler) => resample(resampler, chunk, &mut emit),
            ToModel::From16(cutter, resampler) => with_bytes(chunk, |bytes| {
                cutter.push(bytes, |frame| resample_frame(resampler, frame, &mut emit));
            }),
        });
    }
}

fn in_chunks(mut samples: impl Iterator<Item = i16>, mut each: impl FnMut(&[i16])) {
    let mut chunk = [0; CHUNK];
    loop {
        let mut len = 0;
        for (slot, sample) in chunk.iter_mut().zip(&mut samples) {
            *slot = sample;
            len += 1;
        }
        if len == 0 {
            return;
        }
        each(&chunk[..len]);
        if len < CHUNK {
            return;
        }
    }
}

fn resample_frame(
    resampler: &mut Resampler,
    frame: &[u8; FRAME_BYTES_16_KHZ],
    each: impl FnMut(&[i16]),
) {
    let mut samples = [0; FRAME_BYTES_16_KHZ / 2];
    for (slot, bytes) in samples.iter_mut().zip(frame.as_chunks::<2>().0) {
        *slot = i16::from_le_bytes(*bytes);
    }
    resample(resampler, &samples, each);
}

/// `input` holds at most [`CHUNK`] samples, so at most three times as many come out.
fn resample(resampler: &mut Resampler, input: &[i16], mut each: impl FnMut(&[i16])) {
    let mut made = [0_i16; 3 * CHUNK + 64];
    if let Ok(len) = resampler.process(input, &mut made) {
        each(&made[..len]);
    }
}

fn with_bytes(samples: &[i16], each: impl FnOnce(&[u8])) {
    let mut bytes = [0; 2 * (3 * CHUNK + 64)];
    if let Ok(len) = write_pcm16_le(samples, &mut bytes) {
        each(&bytes[..len]);
    }
}

fn put(block: &mut Block, samples: &[i16]) {
    with_bytes(samples, |bytes| block.put(bytes));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn samples(len: usize) -> Vec<f32> {
        let tone = |n: usize| (f64::from(u32::try_from(n).unwrap()) * 0.11).sin() * 1.2;
        #[expect(clippy::cast_possible_truncation, reason = "a test signal")]
        (0..len).map(|n| tone(n) as f32).collect()
    }

    fn le(samples: &[f32]) -> Vec<u8> {
        samples.iter().flat_map(|s| s.to_le_bytes()).collect()
    }

    /// The whole file at once through the library.
    fn at_once(samples: &[f32]) -> Vec<u8> {
        let pcm: Vec<i16> = samples.iter().map(|s| to_pcm16(*s)).collect();
        let whole = pcm.len() / 320 * 320;
        let mut made = Vec::<i16>::new();
        Resampler::new(Conversion::From16To24, Quality::Voice)
            .process_into(&pcm[..whole], &mut made);
        made.iter().flat_map(|s| s.to_le_bytes()).collect()
    }

    fn through(path: &mut InputPath, pieces: &[&[u8]]) -> (Vec<u8>, Vec<u8>) {
        let (mut sent, mut recorded, mut out) = (Vec::new(), Vec::new(), Converted::default());
        for piece in pieces {
            path.push(piece, &mut out).unwrap();
            assert!(out.frames.iter().all(|frame| frame.len() == 960));
            sent.extend(out.frames.iter().flatten());
            recorded.extend_from_slice(&out.record);
        }
        (sent, recorded)
    }

    proptest! {
        #[test]
        fn what_goes_up_equals_the_whole_file_at_once_however_it_was_cut(
            cuts in proptest::collection::vec(0_usize..2_000, 0..12),
        ) {
            let samples = samples(7_000);
            let bytes = le(&samples);
            let (mut pieces, mut rest) = (Vec::new(), &bytes[..]);
            for cut in cuts {
                let (piece, left) = rest.split_at((4 * cut).min(rest.len()));
                pieces.push(piece);
                rest = left;
            }
            pieces.push(rest);
            let (sent, recorded) = through(&mut InputPath::new(AudioFormat::INPUT), &pieces);
            prop_assert_eq!(sent, at_once(&samples));
            let pcm: Vec<u8> = samples.iter().flat_map(|s| to_pcm16(*s).to_le_bytes()).collect();
            prop_assert_eq!(recorded, pcm);
        }
    }

    #[test]
    fn each_rate_and_encoding_gives_24_khz_up_and_16_khz_to_keep() {
        for (rate, hz) in [(16_000, 16_000_usize), (24_000, 24_000), (48_000, 48_000)] {
            for (encoding, size) in [("f32le", 4), ("s16le", 2)] {
                let mut path = InputPath::new(AudioFormat::try_new(encoding, rate).unwrap());
                let second = vec![0; hz * size];
                let (sent, recorded) = through(&mut path, &[&second]);
                assert_eq!(sent.len(), 48_000, "{encoding} {rate}");
                assert_eq!(recorded.len(), 32_000, "{encoding} {rate}");
            }
        }
    }

    #[test]
    fn a_ragged_frame_is_refused_and_changes_nothing() {
        let mut path = InputPath::new(AudioFormat::INPUT);
        assert!(path.push(&[0; 6], &mut Converted::default()).is_err());
        assert!(!path.has_heard());
    }
}
