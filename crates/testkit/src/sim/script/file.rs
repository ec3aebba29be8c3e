//! Scripts as JSON; the format is described in [`crate::sim`].

use std::str::FromStr;
use std::time::Duration;

use serde_json::{Map, Value};

use super::{Fault, Reply, Rule, Script, Step};

/// The text is no script. Says where and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptFault(pub(super) String);

impl ScriptFault {
    pub(in crate::sim) fn new(message: String) -> Self {
        Self(message)
    }
}

impl std::fmt::Display for ScriptFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ScriptFault {}

type Object = Map<String, Value>;

impl FromStr for Script {
    type Err = ScriptFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let value: Value = serde_json::from_str(text).map_err(|e| ScriptFault(e.to_string()))?;
        let Value::Array(rules) = value else {
            return Err(ScriptFault("a script is a list of rules".to_owned()));
        };
        let rules = rules.into_iter().enumerate().map(|(index, value)| {
            rule(value).map_err(|e| ScriptFault(format!("rule {}: {e}", index + 1)))
        });
        Ok(Self {
            rules: rules.collect::<Result<_, _>>()?,
        })
    }
}

fn rule(value: Value) -> Result<Rule, ScriptFault> {
    let mut object = object(value, "a rule")?;
    let rule = if let Some(step_value) = object.remove("always") {
        Rule::Always(step(step_value)?)
    } else if let Some(list) = object.remove("each_student") {
        Rule::EachStudent(steps(list)?)
    } else if let Some(sha256) = object.remove("image") {
        Rule::Image {
            sha256: string(sha256, "image")?.to_lowercase(),
            step: step(object.remove("step").unwrap_or_default())?,
        }
    } else if let Some(list) = object.remove("queue") {
        let steps = steps(list)?;
        match object.remove("student") {
            Some(student) => Rule::Student {
                student: string(student, "student")?,
                steps,
            },
            None => Rule::Queue(steps),
        }
    } else {
        return Err(ScriptFault(
            "expected queue, each_student, image or always".to_owned(),
        ));
    };
    nothing_left(&object)?;
    Ok(rule)
}

fn steps(value: Value) -> Result<Vec<Step>, ScriptFault> {
    let Value::Array(list) = value else {
        return Err(ScriptFault("steps are a list".to_owned()));
    };
    let steps = list.into_iter().enumerate().map(|(index, value)| {
        step(value).map_err(|e| ScriptFault(format!("step {}: {e}", index + 1)))
    });
    steps.collect()
}

fn step(value: Value) -> Result<Step, ScriptFault> {
    let mut object = object(value, "a step")?;
    let latency = object.remove("latency_ms");
    let latency = latency.map(|ms| ms.as_u64().ok_or_else(|| wrong("latency_ms")));
    let reasoning = object.remove("reasoning").unwrap_or(Value::Bool(false));
    Ok(Step {
        latency: latency.transpose()?.map(Duration::from_millis),
        reasoning: reasoning.as_bool().ok_or_else(|| wrong("reasoning"))?,
        reply: reply(object)?,
    })
}

fn reply(mut object: Object) -> Result<Reply, ScriptFault> {
    if object.contains_key("fault") {
        return fault(object).map(Reply::Fault);
    }
    let reply = if let Some(fields) = object.remove("content") {
        Reply::Content(Value::Object(self::object(fields, "content")?))
    } else if let Some(value) = object.remove("json") {
        Reply::Json(value)
    } else if let Some(text) = object.remove("text") {
        Reply::Text(string(text, "text")?)
    } else {
        Reply::Sample
    };
    nothing_left(&object)?;
    Ok(reply)
}

/// A fault without details takes any in serde's eyes, so what it kept is compared with what came.
fn fault(mut object: Object) -> Result<Fault, ScriptFault> {
    let told = |error: serde_json::Error| ScriptFault(error.to_string());
    let fault: Fault = serde_json::from_value(Value::Object(object.clone())).map_err(told)?;
    let kept = serde_json::to_value(&fault).map_err(told)?;
    object.retain(|key, _| kept.get(key).is_none());
    nothing_left(&object)?;
    Ok(fault)
}

fn object(value: Value, what: &str) -> Result<Object, ScriptFault> {
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(ScriptFault(format!("{what} is an object"))),
    }
}

fn string(value: Value, name: &str) -> Result<String, ScriptFault> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(wrong(name)),
    }
}

fn wrong(name: &str) -> ScriptFault {
    ScriptFault(format!("`{name}` has the wrong type"))
}

fn nothing_left(object: &Object) -> Result<(), ScriptFault> {
    match object.keys().next() {
        None => Ok(()),
        Some(key) => Err(ScriptFault(format!("`{key}` does not belong here"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_rule_and_step_is_read() {
        let script: Script = r#"[
            {"queue": [{"fault": "hang"}, {}]},
            {"each_student": [{"text": "x", "reasoning": true}]},
            {"student": "s", "queue": [{"json": [1]}]},
            {"image": "AB", "step": {"content": {"topic": "Math"}, "latency_ms": 5}},
            {"always": {"fault": "missing_fields", "fields": ["topic"], "latency_ms": 1}}
        ]"#
        .parse()
        .unwrap();
        assert_eq!(script.rules.len(), 5);
        let Rule::Image { sha256, step } = &script.rules[3] else {
            panic!("{script:?}");
        };
        assert_eq!(sha256, "ab");
        let expected = Step::content(json!({"topic": "Math"})).after(Duration::from_millis(5));
        assert_eq!(*step, expected);
    }

    #[test]
    fn a_mistake_is_named_with_its_place() {
        let error = |text: &str| text.parse::<Script>().unwrap_err().to_string();
        assert_eq!(error("{}"), "a script is a list of rules");
        assert_eq!(
            error(r#"[{"queue": [{}, {"txt": "x"}]}]"#),
            "rule 1: step 2: `txt` does not belong here"
        );
        assert_eq!(
            error(r#"[{"queue": [], "images": 1}]"#),
            "rule 1: `images` does not belong here"
        );
        assert!(error(r#"[{"always": {"fault": "hung"}}]"#).contains("unknown variant `hung`"));
        assert_eq!(
            error(r#"[{"always": {"fault": "hang", "code": "x"}}]"#),
            "rule 1: `code` does not belong here"
        );
    }
}
