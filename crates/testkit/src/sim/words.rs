//! What the model says to a request.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::question::Question;
use super::sample;
use super::script::{Fault, Reply, Step};

/// The model's side of a response.
#[derive(Debug)]
pub(super) struct Words {
    /// What is said; `None` for no message at all.
    pub(super) message: Option<Message>,
    /// A reasoning item comes first.
    pub(super) reasoning: bool,
    /// How it ended.
    pub(super) end: End,
}

#[derive(Debug)]
pub(super) enum Message {
    Text(String),
    Refusal(String),
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    Completed,
    Incomplete(String),
    Failed(String),
}

/// The words of a step.
pub(super) fn of(step: &Step, question: &Question) -> Words {
    let seed = seed(question);
    let (message, end) = match &step.reply {
        Reply::Sample => (Some(sample_text(question, seed)), End::Completed),
        Reply::Content(fields) => (Some(content(fields, seed).to_string()), End::Completed),
        Reply::Json(value) => (Some(value.to_string()), End::Completed),
        Reply::Text(text) => (Some(text.clone()), End::Completed),
        Reply::Fault(Fault::Refusal) => return refusal(step),
        Reply::Fault(fault) => faulty(fault, question, seed),
    };
    Words {
        message: message.map(Message::Text),
        reasoning: step.reasoning,
        end,
    }
}

fn refusal(step: &Step) -> Words {
    Words {
        message: Some(Message::Refusal(
            "I'm sorry, but I can't help with that.".to_owned(),
        )),
        reasoning: step.reasoning,
        end: End::Completed,
    }
}

fn faulty(fault: &Fault, question: &Question, seed: u64) -> (Option<String>, End) {
    let sample = || sample_text(question, seed);
    let text = match fault {
        Fault::NoText => return (None, End::Completed),
        Fault::Failed { code } => return (None, End::Failed(code.clone())),
        Fault::Incomplete { reason } => {
            return (Some(halved(&sample())), End::Incomplete(reason.clone()));
        }
        Fault::CutJson => halved(&sample()),
        Fault::NotJson => "The picture shows a page of a textbook.".to_owned(),
        Fault::MissingContentAnalysis => json!({"analysis": {}}).to_string(),
        Fault::MissingFields { fields } => without(fields, seed).to_string(),
        Fault::WrongTypes => {
            let fields = json!({"isStudying": "yes", "isActive": "no", "isDistracted": "no"});
            content(&fields, seed).to_string()
        }
        _ => sample(),
    };
    (Some(text), End::Completed)
}

/// Same request, same answer: the images decide, or else the words.
fn seed(question: &Question) -> u64 {
    let text = match &question.images[..] {
        [] => question.words.clone(),
        images => images.concat(),
    };
    let digest = Sha256::digest(text.as_bytes());
    digest
        .iter()
        .take(7)
        .fold(0, |seed, byte| seed << 8 | u64::from(*byte))
}

fn sample_text(question: &Question, seed: u64) -> String {
    match &question.schema {
        Some(schema) => sample::value(schema, seed).to_string(),
        None if question.wants_object => "{}".to_owned(),
        None => "This is a simulated answer.".to_owned(),
    }
}

fn content(fields: &Value, seed: u64) -> Value {
    let mut content = sample::content_analysis(seed);
    content.extend(fields.as_object().cloned().unwrap_or_default());
    wrapped(content)
}

fn without(fields: &[String], seed: u64) -> Value {
    let mut content = sample::content_analysis(seed);
    content.retain(|name, _| !fields.contains(name));
    wrapped(content)
}

fn wrapped(content: Map<String, Value>) -> Value {
    json!({"contentAnalysis": Value::Object(content)})
}

pub(super) fn halved(text: &str) -> String {
    text.chars().take(text.chars().count() / 2).collect()
}
