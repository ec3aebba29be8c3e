//! Whether JSON has the shape that is asked for, and the provider's words where it has not.

use serde_json::{Map, Value};

/// What a value may be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    Text,
    /// No longer than this many characters.
    TextUpTo(usize),
    Bool,
    Number(f64, f64),
    Integer(i64, i64),
    OneOf(&'static [&'static str]),
    List(&'static Shape),
    Object(&'static [Field]),
    /// An object whose `type` names its fields.
    Tagged(&'static [(&'static str, &'static [Field])]),
    Nullable(&'static Shape),
    /// The first for texts, the second for anything else.
    TextOr(&'static Shape, &'static Shape),
    Any,
}

/// A field of an object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) required: bool,
}

/// A field that must be there.
pub(super) const fn must(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        required: true,
    }
}

/// A field that may be there.
pub(super) const fn may(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        required: false,
    }
}

/// What is wrong with a client event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) param: Option<String>,
}

impl Mistake {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            param: None,
        }
    }

    pub(super) fn of(mut self, param: impl Into<String>) -> Self {
        self.param = Some(param.into());
        self
    }
}

/// Checks a value; `path` is how errors name it.
pub(super) fn check(value: &Value, shape: Shape, path: &str) -> Result<(), Mistake> {
    match (shape, value) {
        (Shape::Any, _)
        | (Shape::Text, Value::String(_))
        | (Shape::Bool, Value::Bool(_))
        | (Shape::Nullable(_), Value::Null) => Ok(()),
        (Shape::TextOr(shape, _), Value::String(_))
        | (Shape::Nullable(shape) | Shape::TextOr(_, shape), _) => check(value, *shape, path),
        (Shape::TextUpTo(most), Value::String(text)) => short_enough(text, most, path),
        (Shape::Number(low, high), Value::Number(_)) => number(value, (low, high), path),
        (Shape::Integer(low, high), Value::Number(_)) => integer(value, (low, high), path),
        (Shape::OneOf(known), Value::String(text)) => one_of(text, known.iter().copied(), path),
        (Shape::List(shape), Value::Array(list)) => list
            .iter()
            .enumerate()
            .try_for_each(|(index, value)| check(value, *shape, &format!("{path}[{index}]"))),
        (Shape::Object(known), Value::Object(object)) => fields(object, known, path),
        (Shape::Tagged(kinds), Value::Object(object)) => tagged(object, kinds, path),
        (shape, value) => Err(wrong_type(shape, value, path)),
    }
}

/// Checks the fields of an object: the unknown ones first, then the missing, then each.
pub(super) fn fields(
    object: &Map<String, Value>,
    known: &[Field],
    path: &str,
) -> Result<(), Mistake> {
    if let Some(name) = object
        .keys()
        .find(|name| !known.iter().any(|field| field.name == name.as_str()))
    {
        let param = below(path, name);
        let message = format!("Unknown parameter: '{param}'.");
        return Err(Mistake::new("unknown_parameter", message).of(param));
    }
    for field in known {
        let param = below(path, field.name);
        match object.get(field.name) {
            Some(value) => check(value, field.shape, &param)?,
            None if field.required => return Err(missing(param)),
            None => {}
        }
    }
    Ok(())
}

fn tagged(
    object: &Map<String, Value>,
    kinds: &[(&str, &[Field])],
    path: &str,
) -> Result<(), Mistake> {
    let param = below(path, "type");
    let kind = match object.get("type") {
        Some(Value::String(kind)) => kind,
        Some(other) => return Err(wrong_type(Shape::Text, other, &param)),
        None => return Err(missing(param)),
    };
    one_of(kind, kinds.iter().map(|(name, _)| *name), &param)?;
    let known = kinds.iter().find(|(name, _)| name == kind);
    fields(object, known.map_or(&[], |(_, fields)| fields), path)
}

pub(super) fn missing(param: impl Into<String>) -> Mistake {
    let param = param.into();
    let message = format!("Missing required parameter: '{param}'.");
    Mistake::new("missing_required_parameter", message).of(param)
}

/// The provider's list of what would have been right.
pub(super) fn one_of<'a>(
    text: &str,
    known: impl Iterator<Item = &'a str> + Clone,
    path: &str,
) -> Result<(), Mistake> {
    if known.clone().any(|name| name == text) {
        return Ok(());
    }
    let known: Vec<_> = known.map(|name| format!("'{name}'")).collect();
    let (last, others) = known
        .split_last()
        .map_or(("", &[][..]), |(last, others)| (last.as_str(), others));
    let supported = match others {
        [] => last.to_owned(),
        others => format!("{}, and {last}", others.join(", ")),
    };
    let message = format!("Invalid value: '{text}'. Supported values are: {supported}.");
    Err(Mistake::new("invalid_value", message).of(path))
}

fn short_enough(text: &str, most: usize, path: &str) -> Result<(), Mistake> {
    let length = text.chars().count();
    if length <= most {
        return Ok(());
    }
    let message = format!(
        "Invalid '{path}': string too long. Expected a string with maximum length {most}, but got \
         a string with length {length} instead."
    );
    Err(Mistake::new("string_above_max_length", message).of(path))
}

fn number(value: &Value, (low, high): (f64, f64), path: &str) -> Result<(), Mistake> {
    let number = value.as_f64().unwrap_or(f64::NAN);
    outside(
        "decimal",
        (number < low, low.to_string()),
        (number > high, high.to_string()),
        path,
    )
}

fn integer(value: &Value, (low, high): (i64, i64), path: &str) -> Result<(), Mistake> {
    let Some(number) = value.as_i64() else {
        return Err(wrong_type(Shape::Integer(low, high), value, path));
    };
    outside(
        "integer",
        (number < low, low.to_string()),
        (number > high, high.to_string()),
        path,
    )
}

fn outside(
    what: &str,
    (below, low): (bool, String),
    (above, high): (bool, String),
    path: &str,
) -> Result<(), Mistake> {
    let (code, side, limit) = match (what, below, above) {
        ("integer", true, _) => ("integer_below_min_value", "below minimum", low),
        ("integer", _, true) => ("integer_above_max_value", "above maximum", high),
        (_, true, _) => ("decimal_below_min_value", "below minimum", low),
        (_, _, true) => ("decimal_above_max_value", "above maximum", high),
        _ => return Ok(()),
    };
    let message = format!("Invalid '{path}': {what} {side} value. Expected a value of {limit}.");
    Err(Mistake::new(code, message).of(path))
}

fn wrong_type(shape: Shape, value: &Value, path: &str) -> Mistake {
    let message = format!(
        "Invalid type for '{path}': expected {}, but got {} instead.",
        wanted(shape),
        got(value)
    );
    Mistake::new("invalid_type", message).of(path)
}

fn wanted(shape: Shape) -> &'static str {
    match shape {
        Shape::Text | Shape::TextUpTo(_) | Shape::OneOf(_) => "a string",
        Shape::Bool => "a boolean",
        Shape::Number(..) => "a decimal",
        Shape::Integer(..) => "an integer",
        Shape::List(_) => "an array",
        Shape::Object(_) | Shape::Tagged(_) => "an object",
        Shape::Nullable(shape) | Shape::TextOr(_, shape) => wanted(*shape),
        Shape::Any => "anything",
    }
}

fn got(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a decimal",
        Value::Number(_) => "an integer",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SHAPE: Shape = Shape::Object(&[
        must("kind", Shape::OneOf(&["a", "b"])),
        may("level", Shape::Nullable(&Shape::Integer(1, 9))),
        may("names", Shape::List(&Shape::Text)),
    ]);

    #[track_caller]
    fn refused(value: &Value, code: &str, param: &str) {
        let mistake = check(value, SHAPE, "x").unwrap_err();
        assert_eq!(
            (mistake.code, mistake.param.as_deref()),
            (code, Some(param))
        );
    }

    #[test]
    fn every_mistake_names_its_place() {
        refused(&json!({}), "missing_required_parameter", "x.kind");
        refused(&json!({"kind": "c"}), "invalid_value", "x.kind");
        refused(&json!({"kind": "a", "z": 1}), "unknown_parameter", "x.z");
        refused(
            &json!({"kind": "a", "level": "1"}),
            "invalid_type",
            "x.level",
        );
        refused(
            &json!({"kind": "a", "level": 0}),
            "integer_below_min_value",
            "x.level",
        );
        refused(
            &json!({"kind": "a", "names": ["n", 1]}),
            "invalid_type",
            "x.names[1]",
        );
    }

    #[test]
    fn what_is_right_passes() {
        let right = json!({"kind": "b", "level": null, "names": []});
        assert_eq!(check(&right, SHAPE, "x"), Ok(()));
    }
}
