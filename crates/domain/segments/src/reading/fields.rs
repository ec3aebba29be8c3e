//! What stands beside the sound.

use serde::Deserialize;
use serde_json::Number;

use crate::error::SegmentError;
use crate::label::{ImageIndex, Label};
use crate::segment::SegmentPlace;

/// The members of the request, not looked at closer yet. Others are ignored.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Fields {
    session_id: Option<String>,
    evaluator_id: Option<String>,
    client_id: Option<String>,
    image_index: Option<Number>,
    signed_url: Option<String>,
    /// Empty where the sound was cut out; what a name written with escapes hid from the cut.
    audio_base64: Option<String>,
}

impl Fields {
    const MAX_URL_BYTES: usize = 8 * 1024;

    /// The JSON object without its sound.
    pub(crate) fn parse(rest: &[u8]) -> Result<Self, SegmentError> {
        // A derived struct would also take an array of its fields.
        if rest.trim_ascii_start().first() != Some(&b'{') {
            return Err(SegmentError::Malformed("it must be an object".to_owned()));
        }
        serde_json::from_slice(rest).map_err(|error| SegmentError::Malformed(error.to_string()))
    }

    /// Sound that the cut has not seen.
    pub(crate) fn hidden_sound(&self) -> &str {
        self.audio_base64.as_deref().unwrap_or_default()
    }

    /// The URL or key of the image; blank is none.
    pub(crate) fn signed_url(&self) -> Result<Option<&str>, SegmentError> {
        let given = self.signed_url.as_deref().filter(|text| !text.is_empty());
        let fits =
            |text: &str| text.len() <= Self::MAX_URL_BYTES && !text.chars().any(char::is_control);
        match given {
            Some(text) if !fits(text) => Err(SegmentError::Field(
                "signedUrl",
                "must be at most 8192 bytes without control characters",
            )),
            given => Ok(given),
        }
    }

    /// The place the segment takes; blank names are none.
    pub(crate) fn place(&self) -> Result<SegmentPlace, SegmentError> {
        Ok(SegmentPlace {
            session: label("sessionId", self.session_id.as_deref())?,
            evaluator: label("evaluatorId", self.evaluator_id.as_deref())?,
            client: label("clientId", self.client_id.as_deref())?,
            image: self.image()?,
        })
    }

    /// A whole number, also one written as `3.0`.
    fn image(&self) -> Result<ImageIndex, SegmentError> {
        let missing = SegmentError::Field("imageIndex", "is required");
        let number = self.image_index.as_ref().ok_or(missing)?;
        let whole = number.as_u64().or_else(|| whole(number.as_f64()?));
        let index = whole.and_then(|number| ImageIndex::new(u32::try_from(number).ok()?));
        index.ok_or(SegmentError::Field(
            "imageIndex",
            "must be a whole number from 0 to 99999",
        ))
    }
}

fn whole(number: f64) -> Option<u64> {
    let largest = f64::from(ImageIndex::MAX);
    let is_whole = number.fract() == 0.0 && (0.0..=largest).contains(&number);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is whole and lies between 0 and the largest index"
    )]
    is_whole.then_some(number as u64)
}

fn label(name: &'static str, text: Option<&str>) -> Result<Option<Label>, SegmentError> {
    let given = text.filter(|text| !text.is_empty());
    let invalid =
        |_| SegmentError::Field(name, "must be at most 200 bytes without control characters");
    given.map(str::parse).transpose().map_err(invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(json: &str) -> Option<u32> {
        let fields = Fields::parse(format!(r#"{{"imageIndex":{json}}}"#).as_bytes());
        Some(fields.ok()?.place().ok()?.image.number())
    }

    #[test]
    fn an_index_is_a_whole_number_however_it_is_written() {
        assert_eq!(image("3"), Some(3));
        assert_eq!(image("3.0"), Some(3));
        assert_eq!(image("99999"), Some(99_999));
        for json in ["-1", "1.5", "100000", "1e300", "\"1\"", "null", "[]"] {
            assert_eq!(image(json), None, "{json}");
        }
    }

    #[test]
    fn blank_and_null_are_none() {
        let json = br#"{"imageIndex":0,"sessionId":null,"clientId":"","signedUrl":""}"#;
        let fields = Fields::parse(json).unwrap();
        let place = fields.place().unwrap();
        assert_eq!((place.session, place.client), (None, None));
        assert_eq!(fields.signed_url().unwrap(), None);
    }

    #[test]
    fn only_an_object_is_taken_and_no_member_twice() {
        for json in [
            "",
            "[]",
            "null",
            "[null,null,null,0]",
            r#"{"clientId":1}"#,
            r#"{"imageIndex":0,"imageIndex":1}"#,
        ] {
            let parsed = Fields::parse(json.as_bytes());
            assert!(matches!(parsed, Err(SegmentError::Malformed(_))), "{json}");
        }
    }
}
