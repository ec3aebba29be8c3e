//! One request's body.

use bytes::Bytes;
use provider_http::{Passage, jpeg_base64};
use serde::Serialize;
use vision::report::{ASK, ContentAnalysisSchema};
use vision::{ImageInput, ModelError};

use crate::settings::OpenAiSettings;

/// The longest student name a provider takes, in characters.
const MAX_IDENTIFIER: usize = 128;

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    instructions: &'a str,
    input: [Message<'a>; 1],
    text: Text,
    /// Photographs of pupils are not left with the provider.
    store: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    safety_identifier: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_output_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning: Option<Reasoning<'a>>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: [Part<'a>; 2],
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Part<'a> {
    InputText {
        text: &'static str,
    },
    InputImage {
        image_url: &'a str,
        detail: &'static str,
    },
}

#[derive(Serialize)]
struct Text {
    format: Format,
}

#[derive(Serialize)]
struct Format {
    r#type: &'static str,
    name: &'static str,
    strict: bool,
    schema: ContentAnalysisSchema,
}

#[derive(Serialize)]
struct Reasoning<'a> {
    effort: &'a str,
}

/// The body as JSON.
pub(crate) fn body(
    settings: &OpenAiSettings,
    instructions: &str,
    image: &ImageInput,
    passage: Passage,
) -> Result<Bytes, ModelError> {
    let image_url = image_url(image, passage)?;
    let body = Body {
        model: &settings.model,
        instructions,
        input: [message(&image_url)],
        text: answer_format(),
        store: false,
        safety_identifier: shortened(&image.student, MAX_IDENTIFIER),
        max_output_tokens: settings.max_output_tokens,
        reasoning: settings
            .reasoning_effort
            .as_deref()
            .map(|effort| Reasoning { effort }),
    };
    serde_json::to_vec(&body)
        .map(Bytes::from)
        .map_err(|_| ModelError::Unavailable("the request could not be written".to_owned()))
}

fn message(image_url: &str) -> Message<'_> {
    let text = Part::InputText { text: ASK };
    let image = Part::InputImage {
        image_url,
        detail: "high",
    };
    Message {
        role: "user",
        content: [text, image],
    }
}

fn answer_format() -> Text {
    Text {
        format: Format {
            r#type: "json_schema",
            name: "content_analysis",
            strict: true,
            schema: ContentAnalysisSchema,
        },
    }
}

fn image_url(image: &ImageInput, passage: Passage) -> Result<String, ModelError> {
    match (passage, &image.link) {
        (Passage::Link, Some(link)) => Ok(link.to_string()),
        _ => Ok(format!("data:image/jpeg;base64,{}", jpeg_base64(image)?)),
    }
}

fn shortened(text: &str, max_chars: usize) -> &str {
    text.char_indices()
        .nth(max_chars)
        .map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};
    use vision::{Bill, View};

    use super::*;

    fn image(link: Option<&str>) -> ImageInput {
        ImageInput {
            view: View::Jpeg {
                bytes: Bytes::from_static(b"jpeg"),
                width: 1,
                height: 1,
            },
            link: link.map(|link| link.parse().unwrap()),
            student: "s".repeat(200),
            within: Duration::from_secs(20),
            bill: Bill::default(),
        }
    }

    fn written(image: &ImageInput) -> Value {
        let settings = OpenAiSettings::new("http://h/v1".parse().unwrap(), "m");
        let bytes = body(&settings, "rules", image, Passage::preferred(image)).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[test]
    fn bytes_travel_as_a_data_url_and_nothing_is_stored() {
        let body = written(&image(None));
        let part = &body["input"][0]["content"][1];
        assert_eq!(part["image_url"], "data:image/jpeg;base64,anBlZw==");
        assert_eq!(part["detail"], "high");
        assert_eq!(body["store"], json!(false));
    }

    #[test]
    fn a_link_travels_as_it_is() {
        let body = written(&image(Some("https://h/x.jpg?sig=1")));
        let url = &body["input"][0]["content"][1]["image_url"];
        assert_eq!(url, "https://h/x.jpg?sig=1");
    }

    #[test]
    fn the_student_is_named_in_at_most_128_characters() {
        assert_eq!(
            written(&image(None))["safety_identifier"],
            "s".repeat(128).as_str()
        );
    }

    #[test]
    fn what_is_not_set_is_not_sent() {
        let body = written(&image(None));
        assert!(body.get("reasoning").is_none() && body.get("max_output_tokens").is_none());
    }

    #[test]
    fn luma_is_not_sent() {
        let mut image = image(None);
        image.view = View::Grey {
            pixels: Bytes::new(),
            width: 0,
            height: 0,
        };
        let settings = OpenAiSettings::new("http://h/v1".parse().unwrap(), "m");
        assert!(body(&settings, "", &image, Passage::Inline).is_err());
    }
}
