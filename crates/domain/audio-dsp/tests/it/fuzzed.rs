//! A short run of the fuzzer's bodies on bytes that are the same every time.

use crate::fuzz_body;
use audio_dsp::wav::Header;

struct Bytes(u64);

impl Bytes {
    fn take(&mut self, len: usize) -> Vec<u8> {
        std::iter::repeat_with(|| self.next()).take(len).collect()
    }

    fn next(&mut self) -> u8 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 24) as u8
    }
}

#[test]
fn arbitrary_samples_in_arbitrary_cuts() {
    let mut bytes = Bytes(0x5eed);
    for length in 0..400 {
        fuzz_body::resample(&bytes.take(7 * length));
    }
}

#[test]
fn arbitrary_bytes_framed() {
    let mut bytes = Bytes(0xf00d);
    for length in 0..200 {
        fuzz_body::frame(&bytes.take(length));
    }
}

#[test]
fn headers_with_any_one_byte_changed() {
    let good = Header::new(16_000, 640).to_bytes();
    for at in 0..good.len() {
        for value in 0..=u8::MAX {
            let mut bytes = good.to_vec();
            bytes[at] = value;
            fuzz_body::wav(&bytes);
        }
    }
}
