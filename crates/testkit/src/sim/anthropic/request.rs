//! A request, checked as the provider checks it.

use axum::http::HeaderMap;
use serde_json::Value;

use super::error::ApiError;
use super::schema;
use crate::sim::picture::SeenImage;
use crate::sim::question::Question;

const PARAMETERS: [&str; 20] = [
    "cache_control",
    "container",
    "diagnostics",
    "inference_geo",
    "max_tokens",
    "messages",
    "metadata",
    "model",
    "output_config",
    "prefill",
    "service_tier",
    "speed",
    "stop_sequences",
    "stream",
    "system",
    "temperature",
    "thinking",
    "tool_choice",
    "tools",
    "top_p",
];
/// Refused by the newest version, even at their defaults.
const DROPPED: [&str; 3] = ["temperature", "top_p", "top_k"];
const MEDIA_TYPES: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];
const EFFORTS: [&str; 5] = ["low", "medium", "high", "xhigh", "max"];

/// The version of the protocol a request is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// 2023-06-01
    Old,
    /// 2026-10-21
    New,
}

impl Version {
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, ApiError> {
        let version = headers.get("anthropic-version");
        match version.and_then(|version| version.to_str().ok()) {
            Some("2026-10-21") => Ok(Self::New),
            Some("2023-06-01") => Ok(Self::Old),
            Some(other) => Err(ApiError::invalid(format!(
                "anthropic-version: \"{other}\" is not a valid version"
            ))),
            None => Err(ApiError::invalid("anthropic-version: header is required")),
        }
    }
}

/// A request that has passed every check but those of its images.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) body: Value,
}

/// An image block and where it stands.
#[derive(Debug)]
pub(super) struct ImagePart {
    pub(super) source: Source,
    pub(super) place: String,
}

#[derive(Debug)]
pub(super) enum Source {
    Base64(String),
    Url(String),
}

impl Request {
    pub(super) fn parse(body: &[u8], version: Version) -> Result<Self, ApiError> {
        let not_json = || ApiError::invalid("The request body is not valid JSON.");
        let body: Value = serde_json::from_slice(body).map_err(|_| not_json())?;
        check_names(&body, version)?;
        check_required(&body)?;
        check_messages(&body["messages"])?;
        check_output(&body["output_config"])?;
        Ok(Self { body })
    }

    pub(super) fn model(&self) -> &str {
        self.body["model"].as_str().unwrap_or_default()
    }

    pub(super) fn student(&self) -> &str {
        self.body["metadata"]["user_id"]
            .as_str()
            .unwrap_or_default()
    }

    pub(super) fn streams(&self) -> bool {
        self.body["stream"] == true
    }

    pub(super) fn max_tokens(&self) -> u64 {
        self.body["max_tokens"].as_u64().unwrap_or_default()
    }

    /// What is asked, with images that have been looked at.
    pub(super) fn question(&self, images: &[SeenImage]) -> Question {
        let format = &self.body["output_config"]["format"];
        Question {
            schema: (format["type"] == "json_schema").then(|| format["schema"].clone()),
            wants_object: false,
            words: self.words(),
            images: images.iter().map(|image| image.sha256.clone()).collect(),
        }
    }

    /// Everything the model reads but images, one text.
    pub(super) fn words(&self) -> String {
        let mut words = said(&self.body["system"]);
        for message in self.body["messages"].as_array().into_iter().flatten() {
            words.push_str(&said(&message["content"]));
        }
        let schema = &self.body["output_config"]["format"]["schema"];
        if schema.is_object() {
            words.push_str(&schema.to_string());
        }
        words
    }

    /// Every image, in order.
    pub(super) fn images(&self) -> Vec<ImagePart> {
        let messages = self.body["messages"].as_array().into_iter().flatten();
        let blocks = messages.enumerate().flat_map(|(i, message)| {
            let blocks = message["content"].as_array().into_iter().flatten();
            blocks.enumerate().map(move |(j, block)| (i, j, block))
        });
        let image = |(i, j, block): (usize, usize, &Value)| {
            let source = &block["source"];
            let text = |name: &str| source[name].as_str().map(str::to_owned);
            let (source, kind) = match text("data") {
                Some(data) => (Source::Base64(data), "base64"),
                None => (Source::Url(text("url")?), "url"),
            };
            let place = format!("messages.{i}.content.{j}.image.source.{kind}");
            (block["type"] == "image").then_some(ImagePart { source, place })
        };
        blocks.filter_map(image).collect()
    }
}

/// A text, or the texts of a list of blocks.
fn said(content: &Value) -> String {
    let blocks = content.as_array().into_iter().flatten();
    let texts = blocks.filter_map(|block| block["text"].as_str());
    content.as_str().into_iter().chain(texts).collect()
}

fn check_names(body: &Value, version: Version) -> Result<(), ApiError> {
    let object = body.as_object();
    let object = object.ok_or_else(|| ApiError::invalid("Input should be an object"))?;
    for name in object.keys().map(String::as_str) {
        if version == Version::New && DROPPED.contains(&name) {
            let message = format!("{name}: not supported in this API version");
            return Err(ApiError::invalid(message));
        }
        if !PARAMETERS.contains(&name) && !DROPPED.contains(&name) {
            let message = format!("{name}: Extra inputs are not permitted");
            return Err(ApiError::invalid(message));
        }
    }
    Ok(())
}

fn check_required(body: &Value) -> Result<(), ApiError> {
    for name in ["model", "max_tokens", "messages"] {
        if body[name].is_null() {
            return Err(ApiError::invalid(format!("{name}: Field required")));
        }
    }
    if !body["model"].is_string() {
        return Err(ApiError::invalid("model: Input should be a valid string"));
    }
    match body["max_tokens"].as_u64() {
        Some(1..) => {}
        Some(0) => {
            let message = "max_tokens: Input should be greater than or equal to 1";
            return Err(ApiError::invalid(message));
        }
        None => {
            return Err(ApiError::invalid(
                "max_tokens: Input should be a valid integer",
            ));
        }
    }
    let metadata = body["metadata"].as_object();
    match metadata.and_then(|metadata| metadata.keys().find(|key| *key != "user_id")) {
        Some(key) => Err(extra(&format!("metadata.{key}"))),
        None => Ok(()),
    }
}

fn check_messages(messages: &Value) -> Result<(), ApiError> {
    let Some(messages) = messages.as_array().filter(|messages| !messages.is_empty()) else {
        return Err(ApiError::invalid(
            "messages: at least one message is required",
        ));
    };
    for (i, message) in messages.iter().enumerate() {
        if !matches!(message["role"].as_str(), Some("user" | "assistant")) {
            let message = format!("messages.{i}.role: Input should be 'user' or 'assistant'");
            return Err(ApiError::invalid(message));
        }
        match &message["content"] {
            Value::String(text) if !text.is_empty() => {}
            Value::Array(blocks) if !blocks.is_empty() => {
                let place = |j: usize| format!("messages.{i}.content.{j}");
                let mut blocks = blocks.iter().enumerate();
                blocks.try_for_each(|(j, block)| check_block(block, &place(j)))?;
            }
            _ => {
                let message = format!("messages.{i}: user messages must have non-empty content");
                return Err(ApiError::invalid(message));
            }
        }
    }
    Ok(())
}

fn check_block(block: &Value, place: &str) -> Result<(), ApiError> {
    let invalid = |message: String| Err(ApiError::invalid(message));
    match block["type"].as_str() {
        Some("text") => match block["text"].as_str() {
            Some("") => invalid("messages: text content blocks must be non-empty".to_owned()),
            Some(_) => known(
                block,
                &["type", "text", "cache_control", "citations"],
                place,
            ),
            None => invalid(format!("{place}.text.text: Field required")),
        },
        Some("image") => {
            known(
                block,
                &["type", "source", "cache_control", "transformations"],
                place,
            )?;
            check_source(&block["source"], &format!("{place}.image.source"))
        }
        Some("document" | "tool_use" | "tool_result" | "thinking" | "redacted_thinking") => Ok(()),
        Some(kind) => invalid(format!(
            "{place}: Input tag '{kind}' is not one of the expected tags"
        )),
        None => invalid(format!("{place}.type: Field required")),
    }
}

fn check_source(source: &Value, place: &str) -> Result<(), ApiError> {
    let (kind, names): (_, &[&str]) = match source["type"].as_str() {
        Some("base64") => ("base64", &["type", "media_type", "data"]),
        Some("url") => ("url", &["type", "url"]),
        Some("file") => ("file", &["type", "file_id"]),
        _ => {
            let message = format!("{place}: Input tag is not one of 'base64', 'url', 'file'");
            return Err(ApiError::invalid(message));
        }
    };
    let place = format!("{place}.{kind}");
    known(source, names, &place)?;
    for name in &names[1..] {
        if !source[*name].is_string() {
            return Err(ApiError::invalid(format!("{place}.{name}: Field required")));
        }
    }
    let media_type = source["media_type"].as_str();
    if media_type.is_some_and(|kind| !MEDIA_TYPES.contains(&kind)) {
        let kinds = MEDIA_TYPES.join("', '");
        let message = format!("{place}.media_type: Input should be '{kinds}'");
        return Err(ApiError::invalid(message));
    }
    Ok(())
}

fn check_output(config: &Value) -> Result<(), ApiError> {
    if config.is_null() {
        return Ok(());
    }
    known(config, &["format", "effort"], "output_config")?;
    let effort = config["effort"].as_str();
    if effort.is_some_and(|effort| !EFFORTS.contains(&effort)) {
        let message = format!(
            "output_config.effort: Input should be '{}'",
            EFFORTS.join("', '")
        );
        return Err(ApiError::invalid(message));
    }
    let format = &config["format"];
    if format.is_null() {
        return Ok(());
    }
    known(format, &["type", "schema"], "output_config.format")?;
    if format["type"] != "json_schema" {
        let message = "output_config.format.type: Input should be 'json_schema'";
        return Err(ApiError::invalid(message));
    }
    schema::check(&format["schema"])
        .map_err(|fault| ApiError::invalid(format!("output_config.format.schema: {fault}")))
}

/// No other names than these.
fn known(object: &Value, names: &[&str], place: &str) -> Result<(), ApiError> {
    let keys = object
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys());
    match keys.into_iter().find(|key| !names.contains(&key.as_str())) {
        Some(key) => Err(extra(&format!("{place}.{key}"))),
        None => Ok(()),
    }
}

fn extra(place: &str) -> ApiError {
    ApiError::invalid(format!("{place}: Extra inputs are not permitted"))
}
