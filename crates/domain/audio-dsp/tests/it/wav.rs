use audio_dsp::wav::{Header, NotPcm16Mono};
use proptest::prelude::*;

#[test]
fn a_header_is_the_44_bytes_everybody_expects() {
    let bytes = Header::new(16_000, 32_000).to_bytes();
    let wanted = b"RIFF\x24\x7d\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\x3e\0\0\0\x7d\0\0\x02\0\x10\0data\0\x7d\0\0";
    assert_eq!(&bytes, wanted);
}

#[test]
fn a_length_beyond_the_format_is_open_ended() {
    assert_eq!(Header::new(24_000, 1 << 40), Header::open_ended(24_000));
}

#[test]
fn a_foreign_chunk_before_the_samples_is_skipped() {
    let header = Header::new(24_000, 8);
    let mut bytes = header.to_bytes().to_vec();
    bytes.splice(12..12, *b"LIST\x03\0\0\0abc\0");
    assert_eq!(Header::parse(&bytes), Ok((header, 56)));
}

#[test]
fn stereo_is_refused() {
    let mut bytes = Header::new(24_000, 8).to_bytes();
    bytes[22] = 2;
    assert_eq!(Header::parse(&bytes), Err(NotPcm16Mono));
}

#[test]
fn no_beginning_of_a_header_is_taken_for_one() {
    let bytes = Header::new(24_000, 8).to_bytes();
    for end in 0..bytes.len() {
        assert_eq!(Header::parse(&bytes[..end]), Err(NotPcm16Mono));
    }
}

proptest! {
    #[test]
    fn any_header_reads_back(rate: u32, length: u32) {
        let header = Header::new(rate, u64::from(length));
        prop_assert_eq!(Header::parse(&header.to_bytes()), Ok((header, 44)));
    }
}
