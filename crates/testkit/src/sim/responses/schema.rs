//! Whether the schema of the answer is one that strict mode takes.

use serde_json::{Map, Value};

use super::request::{invalid_value, missing, wrong_type};
use crate::sim::error::ApiError;

const MAX_NAME: usize = 64;
const MAX_PROPERTIES: usize = 5_000;
const MAX_DEPTH: usize = 10;
const NOT_PERMITTED: [&str; 8] = [
    "allOf",
    "not",
    "if",
    "then",
    "else",
    "dependentRequired",
    "dependentSchemas",
    "oneOf",
];

/// Checks `text.format`; null is the default, free text.
pub(super) fn check_format(format: &Value) -> Result<(), ApiError> {
    const KINDS: [&str; 3] = ["text", "json_object", "json_schema"];
    if format.is_null() {
        return Ok(());
    }
    match format["type"].as_str() {
        Some("json_schema") => check_json_schema(format),
        Some(kind) if KINDS.contains(&kind) => Ok(()),
        Some(kind) => Err(invalid_value("text.format.type", kind, &KINDS)),
        None => Err(missing("text.format.type")),
    }
}

fn check_json_schema(format: &Value) -> Result<(), ApiError> {
    let name = format["name"]
        .as_str()
        .ok_or_else(|| missing("text.format.name"))?;
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if name.is_empty() || name.len() > MAX_NAME || !name.chars().all(fits) {
        let message = "Invalid 'text.format.name': string does not match pattern. Expected a \
                       string that matches the pattern '^[a-zA-Z0-9_-]+$'.";
        let error = ApiError::invalid(message).param("text.format.name");
        return Err(error.code("invalid_value"));
    }
    match &format["schema"] {
        Value::Null => return Err(missing("text.format.schema")),
        Value::Object(_) => {}
        _ => return Err(wrong_type("text.format.schema", "an object")),
    }
    if format["strict"] == true {
        check_strict(&format["schema"]).map_err(|fault| {
            let message = format!("Invalid schema for response_format '{name}': {fault}");
            let error = ApiError::invalid(message).param("text.format.schema");
            error.code("invalid_json_schema")
        })?;
    }
    Ok(())
}

/// The strict subset of JSON Schema; the error is the provider's sentence.
fn check_strict(schema: &Value) -> Result<(), String> {
    if schema.get("anyOf").is_some() || schema["type"] != "object" {
        let got = schema["type"].as_str().unwrap_or("None");
        return Err(format!(
            "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{got}\"'."
        ));
    }
    let mut walk = Walk {
        properties: 0,
        root: schema,
    };
    walk.schema(schema, &mut Vec::new(), 1)?;
    if walk.properties > MAX_PROPERTIES {
        return Err(format!("schema has more than {MAX_PROPERTIES} properties."));
    }
    Ok(())
}

struct Walk<'a> {
    properties: usize,
    root: &'a Value,
}

impl Walk<'_> {
    fn schema(&mut self, schema: &Value, at: &mut Vec<String>, depth: usize) -> Result<(), String> {
        let Some(object) = schema.as_object() else {
            return Err(told(at, "schema must be an object."));
        };
        if depth > MAX_DEPTH {
            return Err(told(at, "schema is nested too deeply."));
        }
        if let Some(key) = NOT_PERMITTED.iter().find(|key| object.contains_key(**key)) {
            return Err(told(at, &format!("'{key}' is not permitted.")));
        }
        if let Some(reference) = object.get("$ref") {
            return self.reference(object, reference, at);
        }
        if !object.contains_key("type")
            && !["anyOf", "enum", "const"]
                .iter()
                .any(|key| object.contains_key(*key))
        {
            return Err(told(at, "schema must have a 'type' key."));
        }
        if is_object(schema) {
            self.object(object, at, depth)?;
        }
        self.below(object, at, depth)
    }

    fn reference(
        &self,
        object: &Map<String, Value>,
        reference: &Value,
        at: &[String],
    ) -> Result<(), String> {
        if object.len() > 1 {
            return Err(told(at, "$ref cannot have keywords beside it."));
        }
        let pointer = reference.as_str().and_then(|text| text.strip_prefix('#'));
        match pointer.and_then(|pointer| self.root.pointer(pointer)) {
            Some(_) => Ok(()),
            None => Err(told(
                at,
                "reference can only point to definitions in the schema.",
            )),
        }
    }

    fn object(
        &mut self,
        object: &Map<String, Value>,
        at: &mut Vec<String>,
        depth: usize,
    ) -> Result<(), String> {
        if object.get("additionalProperties") != Some(&Value::Bool(false)) {
            return Err(told(
                at,
                "'additionalProperties' is required to be supplied and to be false.",
            ));
        }
        let empty = Map::new();
        let properties = object.get("properties").and_then(Value::as_object);
        let properties = properties.unwrap_or(&empty);
        let required = object.get("required").and_then(Value::as_array);
        for name in properties.keys() {
            if !required.is_some_and(|required| required.iter().any(|key| key == name)) {
                let fault = format!(
                    "'required' is required to be supplied and to be an array including every key \
                     in properties. Missing '{name}'."
                );
                return Err(told(at, &fault));
            }
        }
        self.properties += properties.len();
        self.each(properties, "properties", at, depth + 1)
    }

    fn below(
        &mut self,
        object: &Map<String, Value>,
        at: &mut Vec<String>,
        depth: usize,
    ) -> Result<(), String> {
        if let Some(items) = object.get("items") {
            at.push("items".to_owned());
            self.schema(items, at, depth + 1)?;
            at.pop();
        }
        for (index, branch) in object
            .get("anyOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .enumerate()
        {
            at.extend(["anyOf".to_owned(), index.to_string()]);
            self.schema(branch, at, depth)?;
            at.truncate(at.len() - 2);
        }
        for key in ["$defs", "definitions"] {
            if let Some(definitions) = object.get(key).and_then(Value::as_object) {
                self.each(definitions, key, at, depth)?;
            }
        }
        Ok(())
    }

    fn each(
        &mut self,
        schemas: &Map<String, Value>,
        under: &str,
        at: &mut Vec<String>,
        depth: usize,
    ) -> Result<(), String> {
        for (name, schema) in schemas {
            at.extend([under.to_owned(), name.clone()]);
            self.schema(schema, at, depth)?;
            at.truncate(at.len() - 2);
        }
        Ok(())
    }
}

fn is_object(schema: &Value) -> bool {
    match &schema["type"] {
        Value::String(kind) => kind == "object",
        Value::Array(kinds) => kinds.iter().any(|kind| kind == "object"),
        _ => false,
    }
}

/// The provider writes places as Python tuples.
fn told(at: &[String], fault: &str) -> String {
    let places: Vec<_> = at.iter().map(|place| format!("'{place}'")).collect();
    format!("In context=({}), {fault}", places.join(", "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(properties: &Value, required: &[&str]) -> Value {
        json!({"type": "object", "properties": properties, "required": required,
            "additionalProperties": false})
    }

    #[track_caller]
    fn refused(schema: &Value, expected: &str) {
        let told = check_strict(schema).unwrap_err();
        assert!(told.contains(expected), "{told}");
    }

    #[test]
    fn a_closed_object_with_unions_arrays_and_references_is_taken() {
        let mut schema = object(
            &json!({
                "a": {"type": ["string", "null"]},
                "b": {"type": "array", "items": {"$ref": "#/$defs/node"}},
                "c": {"anyOf": [{"type": "number"}, {"type": "null"}]},
                "d": {"enum": ["x"]},
            }),
            &["a", "b", "c", "d"],
        );
        schema["$defs"] =
            json!({"node": object(&json!({"next": {"$ref": "#/$defs/node"}}), &["next"])});
        assert_eq!(check_strict(&schema), Ok(()));
    }

    #[test]
    fn open_objects_are_refused_at_any_depth() {
        let inner = json!({"type": "object", "properties": {}});
        let schema = object(&json!({ "a": inner }), &["a"]);
        refused(
            &schema,
            "In context=('properties', 'a'), 'additionalProperties' is required",
        );
    }

    #[test]
    fn optional_properties_are_refused() {
        refused(
            &object(&json!({"a": {"type": "string"}}), &[]),
            "Missing 'a'",
        );
    }

    #[test]
    fn what_strict_mode_leaves_out_is_refused() {
        for key in NOT_PERMITTED {
            let schema = object(&json!({"a": {"type": "string", key: []}}), &["a"]);
            refused(&schema, "is not permitted");
        }
    }

    #[test]
    fn the_root_is_an_object() {
        refused(&json!({"type": "array"}), "got 'type: \"array\"'");
        refused(&json!({"anyOf": []}), "must be a JSON Schema of");
    }

    #[test]
    fn references_stand_alone_and_lead_somewhere() {
        let with = |reference| object(&json!({ "a": reference }), &["a"]);
        refused(&with(json!({"$ref": "#/$defs/x"})), "reference");
        refused(&with(json!({"$ref": "#", "description": "x"})), "beside it");
    }

    #[test]
    fn depth_is_bounded() {
        let mut schema = json!({"type": "string"});
        for _ in 0..11 {
            schema = object(&json!({ "a": schema }), &["a"]);
        }
        refused(&schema, "nested too deeply");
    }
}
