//! What the fuzzer throws bytes at; `fuzz/fuzz_targets` calls the same functions.

use audio_dsp::wav::Header;
use audio_dsp::{Conversion, Framer, Quality, Resampler};

/// Any bits as samples, in any cut: outputs are finite, as many as announced, and those of the
/// uncut stream.
pub(crate) fn resample(data: &[u8]) {
    let Some(([conversion, quality, cut], bytes)) = data.split_first_chunk() else {
        return;
    };
    let conversion = Conversion::ALL[usize::from(*conversion) % Conversion::ALL.len()];
    let quality = [Quality::Linear, Quality::Voice, Quality::High][usize::from(*quality) % 3];
    let samples: Vec<f32> = bytes
        .as_chunks()
        .0
        .iter()
        .map(|b| f32::from_le_bytes(*b))
        .collect();
    let whole = run(conversion, quality, samples.chunks(samples.len().max(1)));
    let pieces = run(conversion, quality, samples.chunks(usize::from(*cut) + 1));
    assert!(whole.iter().all(|sample| sample.is_finite()));
    assert!(
        whole
            .iter()
            .map(|s| s.to_bits())
            .eq(pieces.iter().map(|s| s.to_bits()))
    );
}

fn run<'a>(
    conversion: Conversion,
    quality: Quality,
    pieces: impl Iterator<Item = &'a [f32]>,
) -> Vec<f32> {
    let mut resampler = Resampler::new(conversion, quality);
    let mut output = Vec::new();
    for piece in pieces {
        let announced = output.len() + resampler.output_len(piece.len());
        resampler.process_into(piece, &mut output);
        assert_eq!(output.len(), announced);
    }
    resampler.flush_into(&mut output);
    output
}

/// Any bytes as a file: no panic, and the samples begin within the bytes.
pub(crate) fn wav(data: &[u8]) {
    if let Ok((header, samples_at)) = Header::parse(data) {
        assert!(samples_at <= data.len());
        assert_eq!(Header::parse(&header.to_bytes()), Ok((header, 44)));
    }
}

/// Any bytes in any cut come out framed, in order and complete.
pub(crate) fn frame(data: &[u8]) {
    let Some((cut, bytes)) = data.split_first() else {
        return;
    };
    let mut framer = Framer::<13>::new();
    let mut seen = Vec::new();
    for piece in bytes.chunks(usize::from(*cut) + 1) {
        framer.push(piece, |frame| seen.extend_from_slice(frame));
    }
    seen.extend_from_slice(framer.remainder());
    assert_eq!(seen, bytes);
}
