//! What the tutor may do.

use kernel::{PageRequest, SessionId, UserId, local_date};
use serde::Deserialize;
use serde_json::{Value, json};
use sessions::Note;
use topics::Stats;

use crate::ToolOutcome;
use crate::desk::StudyDesk;
use crate::model::{CallRequest, ToolSpec};
use crate::relay::ToolResult;

const BOOKMARK: &str = "bookmark";
const COUNT_HELP: &str = "count_help";
const STUDY_TIMES: &str = "study_times";
const END_SESSION: &str = "end_session";

/// As the model is told of them.
pub(crate) const TOOLS: &[ToolSpec] = &[
    ToolSpec {
        name: BOOKMARK,
        description: "Bookmark what is on the student's desk now, when the student wants to find \
                      it again.",
        parameters: r#"{"type":"object","properties":{"note":{"type":"string","description":"The student's words about it, if any."}},"additionalProperties":false}"#,
    },
    ToolSpec {
        name: COUNT_HELP,
        description: "Count one request for help. Call it once whenever the student asks for help \
                      with the material; the student need not know.",
        parameters: r#"{"type":"object","properties":{"topic":{"type":"string","description":"The subject, such as Math; leave out for what is on the desk."}},"additionalProperties":false}"#,
    },
    ToolSpec {
        name: STUDY_TIMES,
        description: "How long the student has studied each topic today and in this session.",
        parameters: r#"{"type":"object","properties":{},"additionalProperties":false}"#,
    },
    ToolSpec {
        name: END_SESSION,
        description: "End the study session, when the student says they are done. Say good-bye \
                      afterwards: the conversation ends with it.",
        parameters: r#"{"type":"object","properties":{},"additionalProperties":false}"#,
    },
];

#[derive(Deserialize, Default)]
struct Arguments {
    note: Option<String>,
    topic: Option<String>,
}

/// What a tool returns, or words for the model why it could not.
type Answer = Result<Value, String>;

pub(super) async fn run(
    desk: &StudyDesk,
    user: UserId,
    session: SessionId,
    call: CallRequest,
) -> ToolResult {
    let answer = match arguments(&call.arguments) {
        Err(why) => Err(why),
        Ok(arguments) => match call.name.as_str() {
            BOOKMARK => bookmark(desk, user, session, arguments.note.as_deref()).await,
            COUNT_HELP => count_help(desk, user, session, arguments.topic.as_deref()).await,
            STUDY_TIMES => study_times(desk, user, session).await,
            END_SESSION => end_session(desk, user, session).await,
            _ => Err("there is no such tool".to_owned()),
        },
    };
    let outcome = match &answer {
        Err(_) => ToolOutcome::Failed,
        Ok(_) if call.name == END_SESSION => ToolOutcome::EndsConversation,
        Ok(_) => ToolOutcome::Done,
    };
    let output = answer
        .unwrap_or_else(|why| json!({ "error": why }))
        .to_string();
    let CallRequest { call, name, .. } = call;
    ToolResult {
        call,
        name,
        output,
        outcome,
    }
}

fn arguments(text: &str) -> Result<Arguments, String> {
    if text.trim().is_empty() {
        return Ok(Arguments::default());
    }
    serde_json::from_str(text).map_err(|error| format!("the arguments cannot be read: {error}"))
}

async fn bookmark(
    desk: &StudyDesk,
    user: UserId,
    session: SessionId,
    note: Option<&str>,
) -> Answer {
    let note = Note::parse(note.unwrap_or_default()).map_err(words)?;
    let page = PageRequest::new(1, None);
    let newest = desk
        .events
        .list(user, session, page)
        .await
        .map_err(failed)?;
    let Some(event) = newest.items.first() else {
        return Err("nothing was seen on the desk yet".to_owned());
    };
    desk.bookmarks
        .add(user, event.id, note)
        .await
        .map_err(failed)?;
    Ok(json!({ "bookmarked": event.topic.as_str(), "subtopic": event.content.subtopic }))
}

async fn count_help(
    desk: &StudyDesk,
    user: UserId,
    session: SessionId,
    topic: Option<&str>,
) -> Answer {
    let counted = desk.sessions.count_help(user, Some(session), topic);
    let counted = counted.await.map_err(failed)?;
    Ok(json!({ "counted": counted.topic.as_str() }))
}

async fn study_times(desk: &StudyDesk, user: UserId, session: SessionId) -> Answer {
    let zone = desk.profiles.get(user).await.map_err(failed)?.zone;
    let today = local_date(desk.clock.now(), zone);
    let day = desk.topics.daily(user, today).await.map_err(failed)?;
    let session = desk.topics.session(user, session).await.map_err(failed)?;
    Ok(json!({ "today": minutes(&day.stats), "this_session": minutes(&session) }))
}

async fn end_session(desk: &StudyDesk, user: UserId, session: SessionId) -> Answer {
    let ended = desk.sessions.end(user, session).await.map_err(failed)?;
    Ok(json!({ "ended_at": ended.ended_at, "pictures": ended.total_analyses }))
}

/// Minutes by topic, with one decimal.
fn minutes(stats: &Stats) -> Value {
    let topics = stats.by_topic();
    let minutes = topics.iter().map(|(topic, totals)| {
        let tenths = totals.duration_sec() / 6;
        let text = format!("{}.{} minutes", tenths / 10, tenths % 10);
        (topic.as_str().to_owned(), Value::from(text))
    });
    Value::Object(minutes.collect())
}

fn words(error: impl std::error::Error) -> String {
    error.to_string()
}

/// The cause is for the log; the model gets the outcome.
fn failed(error: impl std::error::Error + 'static) -> String {
    tracing::warn!(error = &error as &dyn std::error::Error, "a tool failed");
    words(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_describes_its_arguments_in_json() {
        for tool in TOOLS {
            let schema: Value = serde_json::from_str(tool.parameters).unwrap();
            assert_eq!(schema["type"], "object", "{}", tool.name);
        }
    }

    #[test]
    fn no_arguments_and_unknown_ones_are_fine_and_broken_ones_are_told() {
        for text in ["", "{}", r#"{"mood":"good"}"#] {
            assert!(arguments(text).is_ok(), "{text}");
        }
        let note = arguments(r#"{"note":"exam"}"#).unwrap().note;
        assert_eq!(note.as_deref(), Some("exam"));
        assert!(arguments("{").is_err());
    }
}
