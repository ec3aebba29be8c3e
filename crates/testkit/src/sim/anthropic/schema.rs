//! Whether the schema of the answer is one the provider compiles.

use serde_json::{Map, Value};

const MAX_OPTIONAL: usize = 24;
const MAX_UNIONS: usize = 16;
const MAX_DEPTH: usize = 32;
/// Keywords that are not taken anywhere.
const NOT_SUPPORTED: [&str; 14] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "maxItems",
    "uniqueItems",
    "not",
    "if",
    "then",
    "else",
    "oneOf",
];

/// Checks a schema; the error is the provider's sentence.
pub(super) fn check(schema: &Value) -> Result<(), String> {
    let mut walk = Walk::default();
    walk.schema(schema, 0)?;
    if walk.optional > MAX_OPTIONAL {
        return Err(format!(
            "Schema has more than {MAX_OPTIONAL} optional parameters."
        ));
    }
    if walk.unions > MAX_UNIONS {
        return Err(format!(
            "Schema has more than {MAX_UNIONS} parameters with union types."
        ));
    }
    Ok(())
}

#[derive(Default)]
struct Walk {
    optional: usize,
    unions: usize,
}

impl Walk {
    fn schema(&mut self, schema: &Value, depth: usize) -> Result<(), String> {
        let Some(object) = schema.as_object() else {
            return Err("Schema must be an object.".to_owned());
        };
        // There is no end to a schema that names itself.
        if depth > MAX_DEPTH {
            return Err("Recursive or too deeply nested schemas are not supported.".to_owned());
        }
        if let Some(key) = NOT_SUPPORTED.iter().find(|key| object.contains_key(**key)) {
            let kind = object.get("type").and_then(Value::as_str).unwrap_or("any");
            return Err(format!(
                "For '{kind}' type, property '{key}' is not supported"
            ));
        }
        if object
            .get("minItems")
            .and_then(Value::as_u64)
            .is_some_and(|least| least > 1)
        {
            return Err(
                "For 'array' type, 'minItems' values other than 0 or 1 are not supported"
                    .to_owned(),
            );
        }
        if object.get("$ref").and_then(Value::as_str) == Some("#") {
            return Err("Recursive or too deeply nested schemas are not supported.".to_owned());
        }
        let has_types = object.get("type").is_some_and(Value::is_array);
        self.unions += usize::from(object.contains_key("anyOf") || has_types);
        if object.get("type").and_then(Value::as_str) == Some("object") {
            self.object(object)?;
        }
        self.below(object, depth + 1)
    }

    fn object(&mut self, object: &Map<String, Value>) -> Result<(), String> {
        if object.get("additionalProperties") != Some(&Value::Bool(false)) {
            return Err(
                "For 'object' type, 'additionalProperties' must be explicitly set to false"
                    .to_owned(),
            );
        }
        let required = object.get("required").and_then(Value::as_array);
        let properties = object.get("properties").and_then(Value::as_object);
        let names = properties.into_iter().flat_map(Map::keys);
        let is_required = |name: &&String| {
            required.is_some_and(|required| required.iter().any(|key| key == name.as_str()))
        };
        self.optional += names.filter(|name| !is_required(name)).count();
        Ok(())
    }

    fn below(&mut self, object: &Map<String, Value>, depth: usize) -> Result<(), String> {
        let maps = ["properties", "$defs", "definitions"];
        let maps = maps.iter().filter_map(|key| object.get(*key)?.as_object());
        let lists = ["anyOf", "allOf"];
        let lists = lists.iter().filter_map(|key| object.get(*key)?.as_array());
        let schemas = maps.flat_map(Map::values).chain(lists.flatten());
        let schemas: Vec<_> = schemas.chain(object.get("items")).collect();
        schemas
            .into_iter()
            .try_for_each(|schema| self.schema(schema, depth))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn refused(schema: &Value, words: &str) {
        let told = check(schema).unwrap_err();
        assert!(told.contains(words), "{told}");
    }

    #[test]
    fn what_the_provider_does_not_compile_is_refused() {
        refused(
            &json!({"type": "object", "properties": {}}),
            "additionalProperties",
        );
        refused(
            &json!({"type": "integer", "minimum": 1}),
            "'minimum' is not supported",
        );
        refused(&json!({"type": "array", "minItems": 2}), "minItems");
        refused(&json!({"anyOf": [{"$ref": "#"}]}), "Recursive");
        refused(&json!(3), "must be an object");
    }

    #[test]
    fn unions_and_optional_properties_are_counted() {
        let with = |count: usize, schema: Value, required: bool| {
            let names: Vec<_> = (0..count).map(|n| format!("p{n}")).collect();
            let properties: Map<_, _> = names
                .iter()
                .map(|name| (name.clone(), schema.clone()))
                .collect();
            let required = if required { names } else { Vec::new() };
            json!({"type": "object", "additionalProperties": false, "properties": properties,
                "required": required})
        };
        let union = json!({"type": ["string", "null"]});
        assert_eq!(check(&with(16, union.clone(), true)), Ok(()));
        refused(&with(17, union, true), "union");
        let text = json!({"type": "string"});
        assert_eq!(check(&with(24, text.clone(), false)), Ok(()));
        refused(&with(25, text, false), "optional");
    }
}
