//! What can go wrong on purpose.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::ScriptFault;

/// A way to fail. In script files `{"fault": "name", …}` with the name in snake case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// 429 `rate_limit_exceeded` with `retry-after` and `retry-after-ms`.
    RateLimit {
        /// What the headers ask for; without it there are none.
        #[serde(default)]
        retry_after_ms: Option<u64>,
    },
    /// 429 `insufficient_quota`.
    Quota,
    /// 500.
    ServerError,
    /// 503 `server_is_overloaded`.
    Overloaded,
    /// 401 `invalid_api_key`.
    InvalidKey,
    /// 403.
    Forbidden,
    /// 404 `model_not_found`.
    ModelNotFound,
    /// 400 that names the image.
    ImageRefused {
        /// The code, such as `image_parse_error`.
        #[serde(default = "image_code")]
        code: String,
    },
    /// No answer ever.
    Hang,
    /// The connection ends before a byte of the answer.
    CutConnection,
    /// The connection ends in the middle of the body.
    CutBody,
    /// A whole response whose text is JSON cut in the middle.
    CutJson,
    /// Text that is no JSON.
    NotJson,
    /// JSON without `contentAnalysis`.
    MissingContentAnalysis,
    /// `contentAnalysis` without some fields.
    MissingFields {
        /// Their names.
        #[serde(default = "missing_fields")]
        fields: Vec<String>,
    },
    /// `contentAnalysis` with texts in place of true and false.
    WrongTypes,
    /// A refusal instead of text.
    Refusal,
    /// Status `incomplete` with cut text.
    Incomplete {
        /// `max_output_tokens` or `content_filter`.
        #[serde(default = "incomplete_reason")]
        reason: String,
    },
    /// Status `failed`.
    Failed {
        /// The error's code.
        #[serde(default = "failed_code")]
        code: String,
    },
    /// A response without a message.
    NoText,
    /// An `error` event in the middle of a stream; 500 where no stream is asked for.
    StreamError,
    /// The connection ends in the middle of a stream or body.
    StreamCut,
}

impl Fault {
    /// Every name, as script files and the command line write it.
    pub const NAMES: [&str; 22] = [
        "rate_limit",
        "quota",
        "server_error",
        "overloaded",
        "invalid_key",
        "forbidden",
        "model_not_found",
        "image_refused",
        "hang",
        "cut_connection",
        "cut_body",
        "cut_json",
        "not_json",
        "missing_content_analysis",
        "missing_fields",
        "wrong_types",
        "refusal",
        "incomplete",
        "failed",
        "no_text",
        "stream_error",
        "stream_cut",
    ];
}

impl FromStr for Fault {
    type Err = ScriptFault;

    /// A name, or an object as in script files.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = if text.trim_start().starts_with('{') {
            serde_json::from_str(text)
        } else {
            serde_json::from_value(json!({ "fault": text }))
        };
        parsed.map_err(|error| ScriptFault(error.to_string()))
    }
}

fn image_code() -> String {
    "image_parse_error".to_owned()
}

fn missing_fields() -> Vec<String> {
    vec!["topic".to_owned()]
}

fn incomplete_reason() -> String {
    "max_output_tokens".to_owned()
}

fn failed_code() -> String {
    "server_error".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_fault() {
        for name in Fault::NAMES {
            assert!(name.parse::<Fault>().is_ok(), "{name}");
        }
    }

    #[test]
    fn details_may_follow_the_name() {
        let fault = r#"{"fault": "rate_limit", "retry_after_ms": 5}"#.parse();
        assert_eq!(
            fault,
            Ok(Fault::RateLimit {
                retry_after_ms: Some(5)
            })
        );
    }

    #[test]
    fn an_unknown_name_is_told_the_known_ones() {
        let error = "rate-limit".parse::<Fault>().unwrap_err();
        assert!(error.to_string().contains("`rate_limit`"));
    }
}
