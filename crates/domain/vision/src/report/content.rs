//! The JSON the model wrote, checked field by field.
//!
//! The reasons name fields and never repeat values: what a photograph shows belongs in no log.

use serde_json::{Map, Value};
use sessions::ContentAnalysis;

/// Reads the text a model wrote, `{"contentAnalysis": {…}}`. Every field is required and has its
/// type; labels are trimmed, and a blank or null one is none.
///
/// # Errors
/// What is wrong, in one sentence without any value.
pub fn parse(text: &str) -> Result<ContentAnalysis, String> {
    let root: Value =
        serde_json::from_str(text).map_err(|_| "the text is not valid JSON".to_owned())?;
    let content = root
        .get("contentAnalysis")
        .ok_or("contentAnalysis is missing")?
        .as_object()
        .ok_or("contentAnalysis is not an object")?;
    Ok(ContentAnalysis {
        is_studying: flag(content, "isStudying")?,
        is_active: flag(content, "isActive")?,
        is_distracted: flag(content, "isDistracted")?,
        topic: label(content, "topic")?,
        subtopic: label(content, "subtopic")?,
        extracted_text: storable(string(content, "extractedText")?),
    })
}

fn field<'a>(content: &'a Map<String, Value>, name: &str) -> Result<&'a Value, String> {
    content
        .get(name)
        .ok_or_else(|| format!("contentAnalysis.{name} is missing"))
}

fn flag(content: &Map<String, Value>, name: &str) -> Result<bool, String> {
    field(content, name)?
        .as_bool()
        .ok_or_else(|| format!("contentAnalysis.{name} is not true or false"))
}

fn string<'a>(content: &'a Map<String, Value>, name: &str) -> Result<&'a str, String> {
    field(content, name)?
        .as_str()
        .ok_or_else(|| format!("contentAnalysis.{name} is not a text"))
}

/// A blank label, and null from models outside the strict schema, stand for none.
fn label(content: &Map<String, Value>, name: &str) -> Result<Option<String>, String> {
    if field(content, name)?.is_null() {
        return Ok(None);
    }
    let text = storable(string(content, name)?.trim());
    Ok((!text.is_empty()).then_some(text))
}

/// Without NUL, which a text column cannot hold.
fn storable(text: &str) -> String {
    text.replace('\0', "")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn good() -> Value {
        json!({"contentAnalysis": {"isStudying": true, "isActive": false, "isDistracted": true,
            "topic": " Bio ", "subtopic": "", "extractedText": " a\u{0}b\n"}})
    }

    #[track_caller]
    fn reason(value: &Value, expected: &str) {
        assert_eq!(parse(&value.to_string()).unwrap_err(), expected);
    }

    #[test]
    fn labels_are_trimmed_blank_ones_are_none_and_text_keeps_its_spaces() {
        let content = parse(&good().to_string()).unwrap();
        assert_eq!(
            (content.topic.as_deref(), content.subtopic),
            (Some("Bio"), None)
        );
        assert_eq!(content.extracted_text, " ab\n");
        assert!(content.is_studying && !content.is_active && content.is_distracted);
    }

    #[test]
    fn every_field_is_required() {
        let fields = good()["contentAnalysis"].as_object().unwrap().clone();
        for name in fields.keys() {
            let mut value = good();
            value["contentAnalysis"]
                .as_object_mut()
                .unwrap()
                .remove(name);
            reason(&value, &format!("contentAnalysis.{name} is missing"));
        }
    }

    #[test]
    fn every_field_has_its_type() {
        let fields = good()["contentAnalysis"].as_object().unwrap().clone();
        for name in fields.keys() {
            let mut value = good();
            value["contentAnalysis"][name] = json!(1);
            assert!(parse(&value.to_string()).unwrap_err().contains(name));
        }
    }

    #[test]
    fn the_object_itself_is_required() {
        reason(&json!({}), "contentAnalysis is missing");
        reason(&json!([1]), "contentAnalysis is missing");
        reason(
            &json!({"contentAnalysis": null}),
            "contentAnalysis is not an object",
        );
    }

    #[test]
    fn cut_json_is_invalid_json() {
        let text = good().to_string();
        assert_eq!(
            parse(&text[..text.len() / 2]).unwrap_err(),
            "the text is not valid JSON"
        );
    }
}
