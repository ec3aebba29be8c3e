//! A request, checked as the provider checks it.

use serde_json::Value;

use super::schema;
use crate::sim::error::ApiError;
use crate::sim::picture::SeenImage;
use crate::sim::question::Question;

const PARAMETERS: [&str; 34] = [
    "background",
    "context_management",
    "conversation",
    "include",
    "input",
    "instructions",
    "max_output_tokens",
    "max_tool_calls",
    "metadata",
    "model",
    "moderation",
    "parallel_tool_calls",
    "previous_response_id",
    "prompt",
    "prompt_cache_key",
    "prompt_cache_options",
    "prompt_cache_retention",
    "reasoning",
    "safety_identifier",
    "service_tier",
    "store",
    "stream",
    "stream_options",
    "temperature",
    "text",
    "tool_choice",
    "tools",
    "top_logprobs",
    "top_p",
    "truncation",
    "user",
    "access_programs",
    "input_transformations",
    "prompt_cache_diagnostics",
];
const ROLES: [&str; 4] = ["user", "assistant", "system", "developer"];
const DETAILS: [&str; 4] = ["low", "high", "auto", "original"];
const MAX_IDENTIFIER: usize = 128;
const MIN_OUTPUT_TOKENS: u64 = 16;

/// A request that has passed every check but those of its images.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) body: Value,
}

/// An image part and where it stands.
#[derive(Debug)]
pub(super) struct ImagePart {
    pub(super) url: String,
    pub(super) detail: String,
    pub(super) param: String,
}

impl Request {
    pub(super) fn parse(body: &[u8]) -> Result<Self, ApiError> {
        let body: Value = serde_json::from_slice(body).map_err(|_| not_json())?;
        if !body.is_object() {
            return Err(not_json());
        }
        check_parameters(&body)?;
        check_input(&body["input"])?;
        schema::check_format(&body["text"]["format"])?;
        Ok(Self { body })
    }

    pub(super) fn model(&self) -> &str {
        self.body["model"].as_str().unwrap_or_default()
    }

    pub(super) fn student(&self) -> &str {
        self.body["safety_identifier"].as_str().unwrap_or_default()
    }

    pub(super) fn streams(&self) -> bool {
        self.body["stream"] == true
    }

    pub(super) fn max_output_tokens(&self) -> Option<u64> {
        self.body["max_output_tokens"].as_u64()
    }

    /// The schema of the answer, if one is asked for.
    pub(super) fn schema(&self) -> Option<&Value> {
        let format = &self.body["text"]["format"];
        (format["type"] == "json_schema").then(|| &format["schema"])
    }

    /// What is asked, with images that have been looked at.
    pub(super) fn question(&self, images: &[SeenImage]) -> Question {
        Question {
            schema: self.schema().cloned(),
            wants_object: self.body["text"]["format"]["type"] == "json_object",
            words: self.words(),
            images: images.iter().map(|image| image.sha256.clone()).collect(),
        }
    }

    /// Every image, in order.
    pub(super) fn images(&self) -> Vec<ImagePart> {
        let mut images = Vec::new();
        for (place, part) in parts(&self.body["input"]) {
            if part["type"] == "input_image"
                && let Some(url) = part["image_url"].as_str()
            {
                images.push(ImagePart {
                    url: url.to_owned(),
                    detail: part["detail"].as_str().unwrap_or("auto").to_owned(),
                    param: format!("{place}.image_url"),
                });
            }
        }
        images
    }

    /// Everything the model reads but images, one text.
    pub(super) fn words(&self) -> String {
        let mut words = self.body["instructions"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        if let Some(text) = self.body["input"].as_str() {
            words.push_str(text);
        }
        for (_, part) in parts(&self.body["input"]) {
            words.push_str(part["text"].as_str().unwrap_or_default());
        }
        if let Some(schema) = self.schema() {
            words.push_str(&schema.to_string());
        }
        words
    }
}

/// Content parts with their places, and texts that stand for one.
fn parts(input: &Value) -> impl Iterator<Item = (String, &Value)> {
    let items = input.as_array().into_iter().flatten().enumerate();
    items.flat_map(|(i, item)| {
        let content = item["content"].as_array().into_iter().flatten().enumerate();
        content.map(move |(j, part)| (format!("input[{i}].content[{j}]"), part))
    })
}

fn not_json() -> ApiError {
    ApiError::invalid(
        "We could not parse the JSON body of your request. The API expects a JSON object.",
    )
}

fn check_parameters(body: &Value) -> Result<(), ApiError> {
    let names = body
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys());
    for name in names {
        if !PARAMETERS.contains(&name.as_str()) {
            let error = ApiError::invalid(format!("Unknown parameter: '{name}'."));
            return Err(error.param(name).code("unknown_parameter"));
        }
    }
    match &body["model"] {
        Value::String(model) if !model.is_empty() => {}
        Value::String(_) | Value::Null => return Err(missing("model")),
        _ => return Err(wrong_type("model", "a string")),
    }
    for name in ["stream", "store", "background", "parallel_tool_calls"] {
        if !(body[name].is_boolean() || body[name].is_null()) {
            return Err(wrong_type(name, "a boolean"));
        }
    }
    check_limits(body)
}

fn check_limits(body: &Value) -> Result<(), ApiError> {
    let student = &body["safety_identifier"];
    if !(student.is_string() || student.is_null()) {
        return Err(wrong_type("safety_identifier", "a string"));
    }
    let length = student.as_str().unwrap_or_default().chars().count();
    if length > MAX_IDENTIFIER {
        let message = format!(
            "Invalid 'safety_identifier': string too long. Expected a string with maximum length \
             {MAX_IDENTIFIER}, but got a string with length {length} instead."
        );
        let error = ApiError::invalid(message).param("safety_identifier");
        return Err(error.code("string_above_max_length"));
    }
    match &body["max_output_tokens"] {
        Value::Null => {}
        value => match value.as_u64() {
            Some(tokens) if tokens >= MIN_OUTPUT_TOKENS => {}
            Some(tokens) => return Err(too_few_tokens(tokens)),
            None => return Err(wrong_type("max_output_tokens", "an integer")),
        },
    }
    if body["metadata"]
        .as_object()
        .is_some_and(|pairs| pairs.len() > 16)
    {
        let error = ApiError::invalid("Invalid 'metadata': too many properties.");
        return Err(error.param("metadata").code("object_above_max_properties"));
    }
    Ok(())
}

fn too_few_tokens(tokens: u64) -> ApiError {
    let message = format!(
        "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= \
         {MIN_OUTPUT_TOKENS}, but got {tokens} instead."
    );
    let error = ApiError::invalid(message).param("max_output_tokens");
    error.code("integer_below_min_value")
}

fn check_input(input: &Value) -> Result<(), ApiError> {
    match input {
        Value::Null => Err(missing("input")),
        Value::String(_) => Ok(()),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, item)| check_item(item, &format!("input[{index}]"))),
        _ => Err(wrong_type("input", "a string or an array")),
    }
}

/// Only messages are looked into; tool calls and references are taken as they are.
fn check_item(item: &Value, place: &str) -> Result<(), ApiError> {
    if !matches!(item["type"].as_str(), None | Some("message")) {
        return Ok(());
    }
    match item["role"].as_str() {
        Some(role) if ROLES.contains(&role) => {}
        Some(role) => return Err(invalid_value(&format!("{place}.role"), role, &ROLES)),
        None => return Err(missing(&format!("{place}.role"))),
    }
    match &item["content"] {
        Value::String(_) => Ok(()),
        Value::Array(parts) => parts
            .iter()
            .enumerate()
            .try_for_each(|(index, part)| check_part(part, &format!("{place}.content[{index}]"))),
        Value::Null => Err(missing(&format!("{place}.content"))),
        _ => Err(wrong_type(
            &format!("{place}.content"),
            "a string or an array",
        )),
    }
}

fn check_part(part: &Value, place: &str) -> Result<(), ApiError> {
    const TYPES: [&str; 5] = [
        "input_text",
        "input_image",
        "input_file",
        "output_text",
        "refusal",
    ];
    match part["type"].as_str() {
        Some("input_text" | "output_text") if !part["text"].is_string() => {
            Err(missing(&format!("{place}.text")))
        }
        Some("input_image") => check_image_part(part, place),
        Some(kind) if TYPES.contains(&kind) => Ok(()),
        Some(kind) => Err(invalid_value(&format!("{place}.type"), kind, &TYPES)),
        None => Err(missing(&format!("{place}.type"))),
    }
}

fn check_image_part(part: &Value, place: &str) -> Result<(), ApiError> {
    let named = |key: &str| part[key].is_string();
    if !named("image_url") && !named("file_id") {
        return Err(missing(&format!("{place}.image_url")));
    }
    match part["detail"].as_str() {
        Some(detail) if !DETAILS.contains(&detail) => {
            Err(invalid_value(&format!("{place}.detail"), detail, &DETAILS))
        }
        _ => Ok(()),
    }
}

pub(super) fn missing(param: &str) -> ApiError {
    ApiError::invalid(format!("Missing required parameter: '{param}'."))
        .param(param)
        .code("missing_required_parameter")
}

pub(super) fn wrong_type(param: &str, expected: &str) -> ApiError {
    ApiError::invalid(format!("Invalid type for '{param}': expected {expected}."))
        .param(param)
        .code("invalid_type")
}

pub(super) fn invalid_value(param: &str, value: &str, supported: &[&str]) -> ApiError {
    let supported = supported.join("', '");
    ApiError::invalid(format!(
        "Invalid value: '{value}'. Supported values are: '{supported}'."
    ))
    .param(param)
    .code("invalid_value")
}
