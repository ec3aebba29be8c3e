//! One request's body.

use bytes::Bytes;
use provider_http::{Passage, jpeg_base64};
use serde::Serialize;
use vision::report::{ASK, ContentAnalysisSchema};
use vision::{ImageInput, ModelError};

use crate::settings::GeminiSettings;

const JPEG: &str = "image/jpeg";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    system_instruction: Instruction<'a>,
    contents: [Content<'a>; 1],
    generation_config: GenerationConfig<'a>,
}

#[derive(Serialize)]
struct Instruction<'a> {
    parts: [Part<'a>; 1],
}

#[derive(Serialize)]
struct Content<'a> {
    role: &'static str,
    parts: [Part<'a>; 2],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Part<'a> {
    Text(&'a str),
    #[serde(rename_all = "camelCase")]
    InlineData {
        mime_type: &'static str,
        data: String,
    },
    #[serde(rename_all = "camelCase")]
    FileData {
        mime_type: &'static str,
        file_uri: &'a str,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GenerationConfig<'a> {
    response_mime_type: &'static str,
    response_json_schema: ContentAnalysisSchema,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_output_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking_config: Option<ThinkingConfig<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ThinkingConfig<'a> {
    thinking_level: &'a str,
}

/// The body as JSON.
pub(crate) fn body(
    settings: &GeminiSettings,
    instructions: &str,
    image: &ImageInput,
    passage: Passage,
) -> Result<Bytes, ModelError> {
    let level = settings.thinking_level.as_deref();
    let body = Body {
        system_instruction: Instruction {
            parts: [Part::Text(instructions)],
        },
        contents: [Content {
            role: "user",
            parts: [picture(image, passage)?, Part::Text(ASK)],
        }],
        generation_config: GenerationConfig {
            response_mime_type: "application/json",
            response_json_schema: ContentAnalysisSchema,
            max_output_tokens: settings.max_output_tokens,
            thinking_config: level.map(|thinking_level| ThinkingConfig { thinking_level }),
        },
    };
    serde_json::to_vec(&body)
        .map(Bytes::from)
        .map_err(|_| ModelError::Unavailable("the request could not be written".to_owned()))
}

fn picture(image: &ImageInput, passage: Passage) -> Result<Part<'_>, ModelError> {
    match (passage, &image.link) {
        (Passage::Link, Some(link)) => Ok(Part::FileData {
            mime_type: JPEG,
            file_uri: link.as_str(),
        }),
        _ => Ok(Part::InlineData {
            mime_type: JPEG,
            data: jpeg_base64(image)?,
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};
    use vision::{Bill, View};

    use super::*;

    fn written(link: Option<&str>) -> Value {
        let image = ImageInput {
            view: View::Jpeg {
                bytes: Bytes::from_static(b"jpeg"),
                width: 1,
                height: 1,
            },
            link: link.map(|link| link.parse().unwrap()),
            student: "student-1".to_owned(),
            within: Duration::from_secs(20),
            bill: Bill::default(),
        };
        let base = "http://h".parse().unwrap();
        let settings = GeminiSettings::new(base, "k".into(), "m");
        let bytes = body(&settings, "rules", &image, Passage::preferred(&image)).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[test]
    fn bytes_travel_in_base64_before_the_words() {
        let body = written(None);
        let expected = json!([
            {"inlineData": {"mimeType": "image/jpeg", "data": "anBlZw=="}},
            {"text": "Report on this photograph."},
        ]);
        assert_eq!(body["contents"][0]["parts"], expected);
        assert_eq!(
            body["systemInstruction"]["parts"],
            json!([{"text": "rules"}])
        );
    }

    #[test]
    fn a_link_travels_as_it_is() {
        let part = &written(Some("https://h/x.jpg?sig=1"))["contents"][0]["parts"][0];
        let expected = json!({"mimeType": "image/jpeg", "fileUri": "https://h/x.jpg?sig=1"});
        assert_eq!(part["fileData"], expected);
    }

    #[test]
    fn what_is_not_set_is_not_sent() {
        let config = &written(None)["generationConfig"];
        assert!(config.get("maxOutputTokens").is_none());
        assert!(config.get("thinkingConfig").is_none());
    }
}
