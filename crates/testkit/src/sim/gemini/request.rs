//! A request, checked as the provider checks it.

use serde_json::Value;

use super::error::ApiError;
use crate::sim::picture::SeenImage;
use crate::sim::question::Question;

const FIELDS: [&str; 8] = [
    "contents",
    "systemInstruction",
    "generationConfig",
    "safetySettings",
    "tools",
    "toolConfig",
    "cachedContent",
    "serviceTier",
];
const CONFIG: [&str; 20] = [
    "responseMimeType",
    "responseSchema",
    "responseJsonSchema",
    "responseModalities",
    "responseFormat",
    "maxOutputTokens",
    "temperature",
    "topP",
    "topK",
    "candidateCount",
    "stopSequences",
    "seed",
    "presencePenalty",
    "frequencyPenalty",
    "mediaResolution",
    "thinkingConfig",
    "responseLogprobs",
    "logprobs",
    "speechConfig",
    "imageConfig",
];
const PARTS: [&str; 9] = [
    "text",
    "inlineData",
    "fileData",
    "thought",
    "thoughtSignature",
    "functionCall",
    "functionResponse",
    "mediaResolution",
    "partMetadata",
];
const MEDIA_TYPES: [&str; 5] = [
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/heic",
    "image/heif",
];

/// A request that has passed every check but those of its images.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) body: Value,
}

#[derive(Debug)]
pub(super) enum Picture {
    /// Base64.
    Inline(String),
    /// A link.
    File(String),
}

impl Request {
    pub(super) fn parse(body: &[u8]) -> Result<Self, ApiError> {
        let not_json = || ApiError::invalid("Invalid JSON payload received.");
        let body: Value = serde_json::from_slice(body).map_err(|_| not_json())?;
        if !body.is_object() {
            return Err(not_json());
        }
        let body = camel(body);
        known(&body, &FIELDS, "")?;
        check_contents(&body["contents"])?;
        check_config(&body["generationConfig"])?;
        let instruction = &body["systemInstruction"];
        known(instruction, &["role", "parts"], " at 'system_instruction'")?;
        Ok(Self { body })
    }

    pub(super) fn resolution(&self) -> &str {
        let resolution = &self.body["generationConfig"]["mediaResolution"];
        resolution.as_str().unwrap_or_default()
    }

    pub(super) fn max_output_tokens(&self) -> Option<u64> {
        self.body["generationConfig"]["maxOutputTokens"].as_u64()
    }

    /// What is asked, with images that have been looked at.
    pub(super) fn question(&self, images: &[SeenImage]) -> Question {
        let config = &self.body["generationConfig"];
        let schema = [&config["responseJsonSchema"], &config["responseSchema"]];
        Question {
            schema: schema
                .into_iter()
                .find(|schema| schema.is_object())
                .map(lower_types),
            wants_object: config["responseMimeType"] == "application/json",
            words: self.words(),
            images: images.iter().map(|image| image.sha256.clone()).collect(),
        }
    }

    /// Everything the model reads but images, one text.
    pub(super) fn words(&self) -> String {
        let parts = self
            .parts()
            .chain(list(&self.body["systemInstruction"]["parts"]));
        parts.filter_map(|part| part["text"].as_str()).collect()
    }

    /// Every picture, in order.
    pub(super) fn pictures(&self) -> Vec<Picture> {
        let picture = |part: &Value| {
            let text = |pointer: &str| part.pointer(pointer)?.as_str().map(str::to_owned);
            let file = || text("/fileData/fileUri").map(Picture::File);
            text("/inlineData/data").map(Picture::Inline).or_else(file)
        };
        self.parts().filter_map(picture).collect()
    }

    fn parts(&self) -> impl Iterator<Item = &Value> {
        list(&self.body["contents"]).flat_map(|content| list(&content["parts"]))
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The protocol takes names both ways, `mimeType` and `mime_type`. Names in a schema are the
/// caller's own.
fn camel(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let renamed = object.into_iter().map(|(name, value)| {
                let name = camel_name(&name);
                let is_schema = name == "responseJsonSchema" || name == "responseSchema";
                let value = if is_schema { value } else { camel(value) };
                (name, value)
            });
            Value::Object(renamed.collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(camel).collect()),
        other => other,
    }
}

fn camel_name(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut name, word| {
        let mut letters = word.chars();
        name.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        name.push_str(letters.as_str());
        name
    })
}

/// The provider's own kind of schema writes types in capitals.
fn lower_types(schema: &Value) -> Value {
    match schema {
        Value::Object(object) => {
            let lowered = object.iter().map(|(name, value)| {
                let lowered = match value.as_str() {
                    Some(kind) if name == "type" => Value::String(kind.to_lowercase()),
                    _ => lower_types(value),
                };
                (name.clone(), lowered)
            });
            Value::Object(lowered.collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(lower_types).collect()),
        other => other.clone(),
    }
}

fn check_contents(contents: &Value) -> Result<(), ApiError> {
    let Some(contents) = contents.as_array().filter(|contents| !contents.is_empty()) else {
        let message = "* GenerateContentRequest.contents: contents is not specified";
        return Err(ApiError::invalid(message));
    };
    for (i, content) in contents.iter().enumerate() {
        known(content, &["role", "parts"], &format!(" at 'contents[{i}]'"))?;
        if !matches!(content["role"].as_str(), None | Some("user" | "model")) {
            let message = "Please use a valid role: user, model.";
            return Err(ApiError::invalid(message));
        }
        for (j, part) in list(&content["parts"]).enumerate() {
            check_part(part, &format!("contents[{i}].parts[{j}]"))?;
        }
        if list(&content["parts"]).next().is_none() {
            let message = format!(
                "* GenerateContentRequest.contents[{i}].parts: contents.parts must not be empty."
            );
            return Err(ApiError::invalid(message));
        }
    }
    Ok(())
}

fn check_part(part: &Value, place: &str) -> Result<(), ApiError> {
    known(part, &PARTS, &format!(" at '{place}'"))?;
    let data = &part["inlineData"];
    let place = format!(" at '{place}.inline_data'");
    known(data, &["mimeType", "data", "displayName"], &place)?;
    known(
        &part["fileData"],
        &["mimeType", "fileUri", "displayName"],
        &place,
    )?;
    if data.is_object() {
        let kind = data["mimeType"].as_str().unwrap_or_default();
        if !MEDIA_TYPES.contains(&kind) {
            return Err(ApiError::invalid(format!("Unsupported MIME type: {kind}")));
        }
    }
    Ok(())
}

fn check_config(config: &Value) -> Result<(), ApiError> {
    known(config, &CONFIG, " at 'generation_config'")?;
    let has = |name: &str| !config[name].is_null();
    if has("responseSchema") && has("responseJsonSchema") {
        let message = "Only one of response_schema and response_json_schema can be set.";
        return Err(ApiError::invalid(message));
    }
    let schema = has("responseSchema") || has("responseJsonSchema");
    if schema && config["responseMimeType"] != "application/json" {
        let message = "Forced function calling or response schema requires response_mime_type: \
                       'application/json'.";
        return Err(ApiError::invalid(message));
    }
    if has("maxOutputTokens") && config["maxOutputTokens"].as_u64().is_none_or(|n| n == 0) {
        let message =
            "* GenerateContentRequest.generation_config.max_output_tokens: must be positive";
        return Err(ApiError::invalid(message));
    }
    let thinking = &config["thinkingConfig"];
    if !thinking["thinkingLevel"].is_null() && !thinking["thinkingBudget"].is_null() {
        let message = "You can only set one of thinking_budget and thinking_level.";
        return Err(ApiError::invalid(message));
    }
    check_schema(&config["responseJsonSchema"], 0)
}

/// The subset of JSON Schema that is taken; what else stands in a schema is passed over.
fn check_schema(schema: &Value, depth: usize) -> Result<(), ApiError> {
    let invalid = |what: &str| {
        let message = format!("Invalid value at 'generation_config.response_json_schema': {what}");
        Err(ApiError::invalid(message))
    };
    match schema {
        Value::Null if depth == 0 => return Ok(()),
        Value::Object(_) => {}
        _ => return invalid("a schema is an object"),
    }
    if depth > 32 {
        return invalid("nested too deeply");
    }
    let named = |name: &str| schema["properties"].get(name).is_some();
    let mut required = list(&schema["required"]).filter_map(Value::as_str);
    if let Some(name) = required.find(|name| !named(name)) {
        return invalid(&format!("property is not defined: {name}"));
    }
    let properties = schema["properties"].as_object().into_iter().flatten();
    let below = properties
        .map(|(_, schema)| schema)
        .chain(list(&schema["anyOf"]));
    let mut below = below.chain(schema.get("items"));
    below.try_for_each(|schema| check_schema(schema, depth + 1))
}

/// No other names than these, written as the protocol's JSON writes them.
fn known(object: &Value, names: &[&str], place: &str) -> Result<(), ApiError> {
    let keys = object
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys());
    match keys.into_iter().find(|key| !names.contains(&key.as_str())) {
        Some(key) => Err(ApiError::invalid(format!(
            "Invalid JSON payload received. Unknown name \"{key}\"{place}: Cannot find field."
        ))),
        None => Ok(()),
    }
}
