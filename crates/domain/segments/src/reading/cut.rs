//! Cutting the sound out of the JSON around it, byte by byte.
//!
//! All but the text of the member `audioBase64` of the outermost object is kept as it is, with an
//! empty text in its place, and judged by a real parser at the end. So what is here only has to
//! find the one text; whatever else is wrong with the JSON is found later.

const MEMBER: &[u8] = b"audioBase64";
/// The members beside the sound: names and a URL.
const MAX_REST: usize = 64 * 1024;

/// Why no more is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Uncut {
    /// The members beside the sound are too long.
    TooLong,
    /// The text of the sound holds what no JSON text holds, or an escape that no Base64 needs.
    Malformed,
}

/// The state between two pieces.
#[derive(Debug, Default)]
pub(crate) struct Cut {
    rest: Vec<u8>,
    depth: usize,
    is_object: bool,
    /// What the next text at this place of the outermost object is.
    next: Next,
    within: Within,
    has_sound: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Next {
    #[default]
    Other,
    Name,
    Sound,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Within {
    #[default]
    Nothing,
    /// A text that is kept, begun there.
    Text {
        begun: usize,
        escaped: bool,
    },
    Sound,
    /// Behind a backslash in the sound.
    Escape,
    /// Behind `\u`: digits read so far and their value.
    Code {
        digits: u8,
        value: u32,
    },
}

impl Cut {
    /// Takes more of the body; what it holds of the sound's text goes to the end of `sound`.
    pub(crate) fn push(&mut self, mut piece: &[u8], sound: &mut Vec<u8>) -> Result<(), Uncut> {
        while let Some((&byte, more)) = piece.split_first() {
            if self.within == Within::Sound {
                piece = self.sound(piece, sound)?;
                continue;
            }
            self.step(byte, sound)?;
            piece = more;
        }
        Ok(())
    }

    /// Everything but the sound's text, and whether there was one.
    pub(crate) fn finish(self) -> (Vec<u8>, bool) {
        (self.rest, self.has_sound)
    }

    /// Up to the end of the text or the next escape.
    fn sound<'a>(&mut self, piece: &'a [u8], sound: &mut Vec<u8>) -> Result<&'a [u8], Uncut> {
        let end = piece.iter().position(|byte| matches!(byte, b'"' | b'\\'));
        let (text, more) = piece.split_at(end.unwrap_or(piece.len()));
        if text.iter().any(u8::is_ascii_control) {
            return Err(Uncut::Malformed);
        }
        sound.extend_from_slice(text);
        self.within = match more.first() {
            Some(b'"') => Within::Nothing,
            Some(_) => Within::Escape,
            None => return Ok(more),
        };
        Ok(&more[1..])
    }

    fn step(&mut self, byte: u8, sound: &mut Vec<u8>) -> Result<(), Uncut> {
        match self.within {
            Within::Nothing => self.between(byte),
            Within::Text { begun, escaped } => {
                self.keep(byte)?;
                self.text(byte, begun, escaped);
                Ok(())
            }
            Within::Sound => Ok(()),
            Within::Escape => self.escape(byte, sound),
            Within::Code { digits, value } => self.code(byte, (digits, value), sound),
        }
    }

    fn between(&mut self, byte: u8) -> Result<(), Uncut> {
        let next = std::mem::take(&mut self.next);
        match byte {
            b'"' if next == Next::Sound => {
                self.within = Within::Sound;
                self.has_sound = true;
                self.keep(b'"')?;
            }
            b'"' => {
                let begun = self.rest.len() + 1;
                self.next = next;
                self.within = Within::Text {
                    begun,
                    escaped: false,
                };
            }
            b'{' | b'[' => self.open(byte),
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            b',' if self.depth == 1 && self.is_object => self.next = Next::Name,
            byte if byte.is_ascii_whitespace() => self.next = next,
            b':' => self.next = next,
            _ => {}
        }
        self.keep(byte)
    }

    fn open(&mut self, byte: u8) {
        if self.depth == 0 {
            self.is_object = byte == b'{';
            self.next = if self.is_object {
                Next::Name
            } else {
                Next::Other
            };
        }
        self.depth += 1;
    }

    fn text(&mut self, byte: u8, begun: usize, escaped: bool) {
        let escaped_next = !escaped && byte == b'\\';
        if byte != b'"' || escaped {
            self.within = Within::Text {
                begun,
                escaped: escaped_next,
            };
            return;
        }
        self.within = Within::Nothing;
        let name = &self.rest[begun..self.rest.len() - 1];
        self.next = match self.next {
            Next::Name if name == MEMBER => Next::Sound,
            _ => Next::Other,
        };
    }

    /// Encoders may escape a slash, which stands in Base64, and break lines.
    fn escape(&mut self, byte: u8, sound: &mut Vec<u8>) -> Result<(), Uncut> {
        self.within = match byte {
            b'/' => {
                sound.push(b'/');
                Within::Sound
            }
            b'n' | b'r' | b't' => Within::Sound,
            b'u' => Within::Code {
                digits: 0,
                value: 0,
            },
            _ => return Err(Uncut::Malformed),
        };
        Ok(())
    }

    fn code(
        &mut self,
        byte: u8,
        (digits, value): (u8, u32),
        sound: &mut Vec<u8>,
    ) -> Result<(), Uncut> {
        let digit = char::from(byte).to_digit(16).ok_or(Uncut::Malformed)?;
        let (digits, value) = (digits + 1, value * 16 + digit);
        self.within = Within::Code { digits, value };
        if digits == 4 {
            sound.push(u8::try_from(value).map_err(|_| Uncut::Malformed)?);
            self.within = Within::Sound;
        }
        Ok(())
    }

    fn keep(&mut self, byte: u8) -> Result<(), Uncut> {
        if self.rest.len() == MAX_REST {
            return Err(Uncut::TooLong);
        }
        self.rest.push(byte);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(body: &str, piece: usize) -> Result<(String, Option<String>), Uncut> {
        let (mut cut, mut sound) = (Cut::default(), Vec::new());
        for piece in body.as_bytes().chunks(piece) {
            cut.push(piece, &mut sound)?;
        }
        let (rest, has_sound) = cut.finish();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ok((text(rest), has_sound.then(|| text(sound))))
    }

    #[track_caller]
    fn check(body: &str, rest: &str, sound: Option<&str>) {
        for piece in 1..=body.len() {
            let expected = Ok((rest.to_owned(), sound.map(str::to_owned)));
            assert_eq!(cut(body, piece), expected, "{body} by {piece}");
        }
    }

    #[test]
    fn the_sound_is_cut_out_and_the_rest_stays() {
        let body = r#"{ "imageIndex" : 0, "audioBase64" : "AAAA" , "clientId":"c"}"#;
        let rest = r#"{ "imageIndex" : 0, "audioBase64" : "" , "clientId":"c"}"#;
        check(body, rest, Some("AAAA"));
        check(r#"{"audioBase64":""}"#, r#"{"audioBase64":""}"#, Some(""));
    }

    #[test]
    fn slashes_may_be_escaped_and_lines_broken() {
        let body = r#"{"audioBase64":"A\/B\n\u002bC\r\t="}"#;
        check(body, r#"{"audioBase64":""}"#, Some("A/B+C="));
    }

    #[test]
    fn nothing_else_is_taken_for_the_sound() {
        for body in [
            r#"{"audioBase64":null}"#,
            r#"{"audioBase64":12}"#,
            r#"{"audioBase64":["AAAA"]}"#,
            r#"{"audioBase64":{"audioBase64":"AAAA"}}"#,
            r#"{"more":{"audioBase64":"AAAA"}}"#,
            r#"{"a":"audioBase64","b":"AAAA"}"#,
            r#"{"a":"\"audioBase64\":\"AAAA"}"#,
            r#"["audioBase64","AAAA"]"#,
            r#""audioBase64""#,
        ] {
            check(body, body, None);
        }
    }

    #[test]
    fn what_is_too_long_or_no_text_is_given_up() {
        let long = format!(r#"{{"signedUrl":"{}"}}"#, "x".repeat(MAX_REST));
        assert_eq!(cut(&long, 1000), Err(Uncut::TooLong));
        for body in [
            "{\"audioBase64\":\"A\nA\"}",
            r#"{"audioBase64":"\x"}"#,
            r#"{"audioBase64":"\u12"}"#,
        ] {
            assert_eq!(cut(body, 3), Err(Uncut::Malformed), "{body}");
        }
    }

    proptest! {
        #[test]
        fn where_the_pieces_end_makes_no_difference(
            body in r#"[{}\[\]",: \\]{0,20}|(\{("a"|"audioBase64"):("[ab]*"|[0-9]|\[\]),?("audioBase64":"[A-Z]*")?\})"#,
            piece in 1_usize..20,
        ) {
            prop_assert_eq!(cut(&body, piece), cut(&body, body.len().max(1)));
        }
    }
}
