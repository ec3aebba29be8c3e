//! One request's body.

use bytes::Bytes;
use provider_http::{Passage, jpeg_base64};
use serde::Serialize;
use vision::report::{ASK, ContentAnalysisSchema};
use vision::{ImageInput, ModelError};

use crate::settings::AnthropicSettings;

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    max_tokens: u32,
    system: &'a str,
    messages: [Message<'a>; 1],
    output_config: OutputConfig<'a>,
    #[serde(skip_serializing_if = "Metadata::is_empty")]
    metadata: Metadata<'a>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    /// The image stands before the words, where models read it best.
    content: [Block<'a>; 2],
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block<'a> {
    Image { source: Source<'a> },
    Text { text: &'static str },
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Source<'a> {
    Url {
        url: &'a str,
    },
    Base64 {
        media_type: &'static str,
        data: String,
    },
}

#[derive(Serialize)]
struct OutputConfig<'a> {
    format: Format,
    #[serde(skip_serializing_if = "Option::is_none")]
    effort: Option<&'a str>,
}

#[derive(Serialize)]
struct Format {
    r#type: &'static str,
    schema: ContentAnalysisSchema,
}

#[derive(Serialize)]
struct Metadata<'a> {
    user_id: &'a str,
}

impl Metadata<'_> {
    fn is_empty(&self) -> bool {
        self.user_id.is_empty()
    }
}

/// The body as JSON.
pub(crate) fn body(
    settings: &AnthropicSettings,
    instructions: &str,
    image: &ImageInput,
    passage: Passage,
) -> Result<Bytes, ModelError> {
    let body = Body {
        model: &settings.model,
        max_tokens: settings.max_tokens,
        system: instructions,
        messages: [Message {
            role: "user",
            content: [
                Block::Image {
                    source: source(image, passage)?,
                },
                Block::Text { text: ASK },
            ],
        }],
        output_config: OutputConfig {
            format: Format {
                r#type: "json_schema",
                schema: ContentAnalysisSchema,
            },
            effort: settings.effort.as_deref(),
        },
        metadata: Metadata {
            user_id: &image.student,
        },
    };
    serde_json::to_vec(&body)
        .map(Bytes::from)
        .map_err(|_| ModelError::Unavailable("the request could not be written".to_owned()))
}

fn source(image: &ImageInput, passage: Passage) -> Result<Source<'_>, ModelError> {
    match (passage, &image.link) {
        (Passage::Link, Some(link)) => Ok(Source::Url { url: link.as_str() }),
        _ => Ok(Source::Base64 {
            media_type: "image/jpeg",
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

    fn image(link: Option<&str>) -> ImageInput {
        ImageInput {
            view: View::Jpeg {
                bytes: Bytes::from_static(b"jpeg"),
                width: 1,
                height: 1,
            },
            link: link.map(|link| link.parse().unwrap()),
            student: "student-1".to_owned(),
            within: Duration::from_secs(20),
            bill: Bill::default(),
        }
    }

    fn written(image: &ImageInput) -> Value {
        let base = "http://h".parse().unwrap();
        let settings = AnthropicSettings::new(base, "k".into(), "m");
        let bytes = body(&settings, "rules", image, Passage::preferred(image)).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[test]
    fn bytes_travel_in_base64_before_the_words() {
        let body = written(&image(None));
        let content = &body["messages"][0]["content"];
        let source = json!({"type": "base64", "media_type": "image/jpeg", "data": "anBlZw=="});
        assert_eq!(content[0], json!({"type": "image", "source": source}));
        assert_eq!(content[1]["type"], "text");
        assert_eq!(body["metadata"]["user_id"], "student-1");
    }

    #[test]
    fn a_link_travels_as_it_is() {
        let body = written(&image(Some("https://h/x.jpg?sig=1")));
        let source = &body["messages"][0]["content"][0]["source"];
        assert_eq!(
            *source,
            json!({"type": "url", "url": "https://h/x.jpg?sig=1"})
        );
    }

    /// The newest version of the protocol refuses these even at their defaults.
    #[test]
    fn nothing_is_said_of_sampling() {
        let body = written(&image(None));
        for name in ["temperature", "top_p", "top_k"] {
            assert!(body.get(name).is_none());
        }
    }
}
