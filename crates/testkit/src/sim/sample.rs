//! Plausible values for a schema, the same for the same seed.

use serde_json::{Map, Value, json};

/// Depth at which recursive schemas end.
const MAX_DEPTH: usize = 12;

struct Page {
    topic: &'static str,
    subtopic: &'static str,
    text: &'static str,
}

const PAGES: [Page; 4] = [
    Page {
        topic: "Bio",
        subtopic: "Photosynthesis",
        text: "Photosynthesis\nPlants take in carbon dioxide and water and give off oxygen.",
    },
    Page {
        topic: "Math",
        subtopic: "Quadratic equations",
        text: "Solve for x:\nx² − 5x + 6 = 0",
    },
    Page {
        topic: "English",
        subtopic: "Poetry",
        text: "Read the poem and mark its metaphors.",
    },
    Page {
        topic: "Chem",
        subtopic: "Acids and bases",
        text: "HCl + NaOH → NaCl + H₂O",
    },
];

/// A value that fits the schema.
pub(super) fn value(schema: &Value, seed: u64) -> Value {
    Sampler { root: schema, seed }.value(schema, "", 0)
}

/// All fields of a content analysis.
pub(super) fn content_analysis(seed: u64) -> Map<String, Value> {
    let page = page(seed);
    let fields = [
        ("isStudying", json!(true)),
        ("isActive", json!(seed.is_multiple_of(3))),
        ("isDistracted", json!(false)),
        ("topic", json!(page.topic)),
        ("subtopic", json!(page.subtopic)),
        ("extractedText", json!(page.text)),
    ];
    fields
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect()
}

fn page(seed: u64) -> &'static Page {
    let index = usize::try_from(seed % 4).unwrap_or_default();
    &PAGES[index]
}

struct Sampler<'a> {
    root: &'a Value,
    seed: u64,
}

impl Sampler<'_> {
    fn value(&self, schema: &Value, name: &str, depth: usize) -> Value {
        if depth > MAX_DEPTH {
            return Value::Null;
        }
        if let Some(target) = self.referenced(schema) {
            return self.value(target, name, depth + 1);
        }
        if let Some(constant) = schema.get("const") {
            return constant.clone();
        }
        if let Some(values) = schema["enum"]
            .as_array()
            .filter(|values| !values.is_empty())
        {
            let index = usize::try_from(self.seed).unwrap_or_default() % values.len();
            return values[index].clone();
        }
        if let Some(branch) = schema["anyOf"].get(0) {
            return self.value(branch, name, depth + 1);
        }
        match first_type(schema) {
            "object" => self.object(schema, depth),
            "array" => self.array(schema, name, depth),
            kind => self.scalar(schema, kind, name),
        }
    }

    fn referenced(&self, schema: &Value) -> Option<&Value> {
        self.root
            .pointer(schema["$ref"].as_str()?.strip_prefix('#')?)
    }

    fn object(&self, schema: &Value, depth: usize) -> Value {
        let properties = schema["properties"].as_object().into_iter().flatten();
        let fields =
            properties.map(|(name, schema)| (name.clone(), self.value(schema, name, depth + 1)));
        Value::Object(fields.collect())
    }

    fn array(&self, schema: &Value, name: &str, depth: usize) -> Value {
        // One item where the schema leaves it open, none once recursion has gone far.
        let least = usize::from(depth < MAX_DEPTH / 2);
        let count = schema["minItems"]
            .as_u64()
            .and_then(|n| usize::try_from(n).ok());
        let item = self.value(&schema["items"], name, depth + 1);
        Value::Array(vec![item; count.unwrap_or(least)])
    }

    fn scalar(&self, schema: &Value, kind: &str, name: &str) -> Value {
        let known = content_analysis(self.seed).remove(name);
        match (kind, known) {
            ("boolean", Some(known @ Value::Bool(_)))
            | ("string", Some(known @ Value::String(_))) => known,
            ("boolean", _) => json!(self.seed.is_multiple_of(2)),
            ("string", _) => json!(text(schema, name)),
            ("integer" | "number", _) => schema.get("minimum").cloned().unwrap_or(json!(1)),
            _ => Value::Null,
        }
    }
}

fn first_type(schema: &Value) -> &str {
    match &schema["type"] {
        Value::Array(kinds) => kinds.first().and_then(Value::as_str).unwrap_or_default(),
        kind => kind.as_str().unwrap_or_default(),
    }
}

fn text(schema: &Value, name: &str) -> String {
    match schema["format"].as_str() {
        Some("date-time") => "2026-01-05T10:00:00Z".to_owned(),
        Some("date") => "2026-01-05".to_owned(),
        Some("time") => "10:00:00Z".to_owned(),
        Some("duration") => "PT1M".to_owned(),
        Some("email") => "student@example.org".to_owned(),
        Some("hostname") => "example.org".to_owned(),
        Some("ipv4") => "192.0.2.1".to_owned(),
        Some("ipv6") => "2001:db8::1".to_owned(),
        Some("uuid") => "00000000-0000-4000-8000-000000000000".to_owned(),
        _ => format!("sample {name}").trim_end().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_analysis_reads_like_a_page() {
        let schema = json!({"type": "object", "properties": {"contentAnalysis": {
            "type": "object", "properties": {
                "topic": {"type": "string"}, "isStudying": {"type": "boolean"}}}}});
        let value = value(&schema, 1);
        assert_eq!(
            value,
            json!({"contentAnalysis": {"topic": "Math", "isStudying": true}})
        );
    }

    #[test]
    fn recursive_schemas_end() {
        let schema = json!({"type": "object", "properties": {"next": {"$ref": "#"}}});
        assert!(value(&schema, 0).is_object());
    }

    #[test]
    fn choices_come_from_the_schema() {
        let schema = json!({"type": "object", "properties": {
            "a": {"enum": ["x", "y"]}, "b": {"anyOf": [{"type": "null"}]},
            "c": {"type": "array", "minItems": 2, "items": {"type": "integer", "minimum": 7}}}});
        assert_eq!(value(&schema, 3), json!({"a": "y", "b": null, "c": [7, 7]}));
    }
}
