//! The strict schema of the answer.
//!
//! Models write keys in the order of the schema, so the text is read before it is judged. A value
//! that may be missing is an empty string: not every provider takes unions with null.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::json;

/// Fields of `contentAnalysis`, in the order the model writes them.
const FIELDS: [(&str, &str); 6] = [
    ("extractedText", "string"),
    ("topic", "string"),
    ("subtopic", "string"),
    ("isStudying", "boolean"),
    ("isActive", "boolean"),
    ("isDistracted", "boolean"),
];

/// `{contentAnalysis: {…}}` as JSON Schema: every object closed, every property required, no unions
/// and no bounds, which is what the strict modes of all providers have in common.
#[derive(Debug, Clone, Copy)]
pub struct ContentAnalysisSchema;

impl Serialize for ContentAnalysisSchema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_object(serializer, &["contentAnalysis"], &Root)
    }
}

struct Root;

impl Serialize for Root {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([("contentAnalysis", ContentAnalysis)])
    }
}

struct ContentAnalysis;

impl Serialize for ContentAnalysis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_object(serializer, &FIELDS.map(|(name, _)| name), &Fields)
    }
}

struct Fields;

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(FIELDS.map(|(name, kind)| (name, json!({ "type": kind }))))
    }
}

/// A strict object: every property required, no other allowed.
fn serialize_object<S: Serializer>(
    serializer: S,
    required: &[&str],
    properties: &impl Serialize,
) -> Result<S::Ok, S::Error> {
    let mut object = serializer.serialize_map(Some(4))?;
    object.serialize_entry("type", "object")?;
    object.serialize_entry("properties", properties)?;
    object.serialize_entry("required", required)?;
    object.serialize_entry("additionalProperties", &false)?;
    object.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_is_closed_and_every_property_required_in_writing_order() {
        let text = serde_json::to_string(&ContentAnalysisSchema).unwrap();
        let inner = concat!(
            r#"{"type":"object","properties":{"extractedText":{"type":"string"},"#,
            r#""topic":{"type":"string"},"subtopic":{"type":"string"},"#,
            r#""isStudying":{"type":"boolean"},"isActive":{"type":"boolean"},"#,
            r#""isDistracted":{"type":"boolean"}},"required":["extractedText","topic","#,
            r#""subtopic","isStudying","isActive","isDistracted"],"additionalProperties":false}"#,
        );
        let expected = format!(
            r#"{{"type":"object","properties":{{"contentAnalysis":{inner}}},"required":["contentAnalysis"],"additionalProperties":false}}"#
        );
        assert_eq!(text, expected);
    }
}
