//! What kind of sound file it is, told by its first bytes, never by what a client says.

/// A container that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// AAC in an MPEG-4 file, as phones record it.
    M4a,
    /// AAC in a stream of its own (ADTS).
    Aac,
    /// MPEG audio, layer 1 to 3.
    Mp3,
    /// WAV.
    Wav,
    /// Ogg, whatever is in it.
    Ogg,
    /// `WebM`, as browsers record it.
    WebM,
}

/// Brands of MPEG-4 files that sound comes in; pictures and others have brands of their own.
const BRANDS: [&[u8; 4]; 12] = [
    b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"3gp4",
    b"3gp5", b"3gp6",
];
const EBML: [u8; 4] = [0x1a, 0x45, 0xdf, 0xa3];
/// The id of the element that names the kind of EBML file, its length, and the name.
const WEBM: &[u8] = b"\x42\x82\x84webm";

impl Container {
    /// How many of a file's first bytes are enough to tell.
    pub const HEAD_BYTES: usize = 64;

    /// The container of a file that begins so; `None` for anything else.
    pub fn sniff(head: &[u8]) -> Option<Self> {
        match head {
            [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => mpeg4(brand),
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'A',
                b'V',
                b'E',
                ..,
            ] => Some(Self::Wav),
            [b'O', b'g', b'g', b'S', 0, ..] => Some(Self::Ogg),
            [b'I', b'D', b'3', 2..=4, ..] => Some(Self::Mp3),
            [0xff, 0xf0 | 0xf1 | 0xf8 | 0xf9, rate, ..] if is_adts_rate(*rate) => Some(Self::Aac),
            [0xff, version, rates, ..] if is_mpeg_frame(*version, *rates) => Some(Self::Mp3),
            _ if head.starts_with(&EBML) => is_webm(head).then_some(Self::WebM),
            _ => None,
        }
    }

    /// The media type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::M4a => "audio/mp4",
            Self::Aac => "audio/aac",
            Self::Mp3 => "audio/mpeg",
            Self::Wav => "audio/wav",
            Self::Ogg => "audio/ogg",
            Self::WebM => "audio/webm",
        }
    }

    /// The usual file name extension.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::M4a => "m4a",
            Self::Aac => "aac",
            Self::Mp3 => "mp3",
            Self::Wav => "wav",
            Self::Ogg => "ogg",
            Self::WebM => "webm",
        }
    }
}

fn mpeg4(brand: &[u8]) -> Option<Container> {
    let brand = brand.first_chunk::<4>()?;
    BRANDS.contains(&brand).then_some(Container::M4a)
}

/// The index of the sample rate is one of thirteen.
const fn is_adts_rate(byte: u8) -> bool {
    (byte >> 2) & 0b1111 < 13
}

/// Eleven bits of sync; version, layer, bit rate and sample rate are none of the reserved values.
const fn is_mpeg_frame(version: u8, rates: u8) -> bool {
    let (version_id, layer) = ((version >> 3) & 0b11, (version >> 1) & 0b11);
    let (bit_rate, sample_rate) = (rates >> 4, (rates >> 2) & 0b11);
    version >> 5 == 0b111
        && version_id != 0b01
        && layer != 0b00
        && bit_rate != 0b1111
        && bit_rate != 0b0000
        && sample_rate != 0b11
}

fn is_webm(head: &[u8]) -> bool {
    head.windows(WEBM.len()).any(|window| window == WEBM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &[u8], expected: Option<Container>) {
        assert_eq!(Container::sniff(head), expected, "{head:02x?}");
    }

    #[test]
    fn sound_files_are_told_by_their_first_bytes() {
        check(b"\0\0\0\x18ftypM4A \0\0\x02\0", Some(Container::M4a));
        check(b"\0\0\0\x18ftypmp42\0\0\0\0", Some(Container::M4a));
        check(&[0xff, 0xf1, 0x50, 0x80], Some(Container::Aac));
        check(&[0xff, 0xfb, 0x90, 0x64], Some(Container::Mp3));
        check(b"ID3\x04\0\0", Some(Container::Mp3));
        check(b"RIFF\x24\0\0\0WAVEfmt ", Some(Container::Wav));
        check(b"OggS\0\x02\0\0", Some(Container::Ogg));
        let webm = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm\x42\x87\x81\x04";
        check(webm, Some(Container::WebM));
    }

    #[test]
    fn anything_else_is_no_sound() {
        check(b"", None);
        check(b"hello, world", None);
        check(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", None);
        check(b"\0\0\0\x18ftypavif\0\0\0\0", None);
        check(b"RIFF\x10\0\0\0WEBPVP8 ", None);
        check(b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska", None);
        check(b"\xff\xd8\xff\xe0\0\x10JFIF", None);
        check(&[0xff, 0xff, 0xff, 0xff], None);
        check(b"OggS", None);
    }
}
