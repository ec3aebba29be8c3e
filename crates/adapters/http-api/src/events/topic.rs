//! What a client can follow.

use std::fmt;
use std::str::FromStr;

use kernel::{JobId, SessionId};
use ledger::Change;

/// Something of the user's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Topic {
    /// Everything.
    User,
    /// One session of study.
    Session(SessionId),
    /// One job.
    Job(JobId),
}

impl Topic {
    /// Whether a change belongs to it.
    pub(super) fn has(self, change: &Change) -> bool {
        match self {
            Self::User => true,
            Self::Session(id) => change.session() == Some(id),
            Self::Job(id) => change.job() == Some(id),
        }
    }
}

/// The text names no topic.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoTopic;

impl FromStr for Topic {
    type Err = NoTopic;

    fn from_str(text: &str) -> Result<Self, NoTopic> {
        match text.split_once(':') {
            None if text == "user" => Ok(Self::User),
            Some(("session", id)) => id.parse().map(Self::Session).map_err(|_| NoTopic),
            Some(("job", id)) => id.parse().map(Self::Job).map_err(|_| NoTopic),
            _ => Err(NoTopic),
        }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User => f.write_str("user"),
            Self::Session(id) => write!(f, "session:{id}"),
            Self::Job(id) => write!(f, "job:{id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_survives_its_text_form_and_other_text_is_none() {
        for text in [
            "user",
            "session:0197a1b2-0000-7000-8000-000000000001",
            "job:0197a1b2-0000-7000-8000-000000000001",
        ] {
            assert_eq!(text.parse::<Topic>().unwrap().to_string(), text);
        }
        for text in ["", "users", "user:1", "session:", "session:1", "chat:1"] {
            assert_eq!(text.parse::<Topic>(), Err(NoTopic), "{text}");
        }
    }
}
