//! What is answered to whom, and what happens to which connection.

mod answer;
mod deed;
mod file;
mod plan;
mod play;

use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

pub use answer::{Answer, End, Part};
pub use deed::Deed;
pub use plan::{Life, Plan, Refusal, When};
pub(super) use play::Player;

/// A turn as rules see it.
#[derive(Debug, Clone, Default)]
pub struct TurnAsked {
    /// The connection, counted from 1 since the simulator's start.
    pub connection: u64,
    /// The answer, counted from 1 since the script was set.
    pub number: u64,
    /// The same on this connection.
    pub connection_number: u64,
    /// What the student said last, in words.
    pub said: String,
    /// The instructions that hold for this answer.
    pub instructions: String,
    /// The conversation's items as clients see them.
    pub items: Vec<Value>,
    /// `response` of `response.create`; null after a turn that the server ended.
    pub request: Value,
}

/// What the transcriber makes of a turn.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Transcript {
    /// The words; `None` takes those of a known clip.
    pub text: Option<String>,
    /// When it comes.
    pub comes: Comes,
    /// `…failed` in place of words.
    pub fails: bool,
}

/// When a transcript comes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comes {
    /// After the simulator's delay.
    #[default]
    Usual,
    /// This many ms after the turn.
    AfterMs(u64),
    /// After the student's next turn is committed.
    AfterNextTurn,
}

impl Transcript {
    /// These words.
    pub fn text(text: &str) -> Self {
        Self {
            text: Some(text.to_owned()),
            ..Self::default()
        }
    }

    /// No words.
    pub fn failed() -> Self {
        Self {
            fails: true,
            ..Self::default()
        }
    }

    /// The same at another time.
    #[must_use]
    pub fn comes(mut self, comes: Comes) -> Self {
        self.comes = comes;
        self
    }
}

type Decide = dyn Fn(&TurnAsked) -> Option<Answer> + Send + Sync;

/// One rule for answers.
#[derive(Clone)]
pub enum AnswerRule {
    /// The k-th turn that reaches the rule takes the k-th answer.
    Queue(Vec<Answer>),
    /// The same, counted for each connection by itself.
    EachConnection(Vec<Answer>),
    /// The same for one connection, counted from 1 since the simulator's start.
    Connection(u64, Vec<Answer>),
    /// Whatever the function says; `None` leaves the turn to the next rule.
    By(Arc<Decide>),
    /// Every turn.
    Always(Box<Answer>),
}

impl fmt::Debug for AnswerRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Queue(answers) => f.debug_tuple("Queue").field(answers).finish(),
            Self::EachConnection(answers) => {
                f.debug_tuple("EachConnection").field(answers).finish()
            }
            Self::Connection(number, answers) => f
                .debug_tuple("Connection")
                .field(number)
                .field(answers)
                .finish(),
            Self::By(_) => f.write_str("By(…)"),
            Self::Always(answer) => f.debug_tuple("Always").field(answer).finish(),
        }
    }
}

/// Which connection has which fate.
#[derive(Clone)]
pub(super) enum PlanRule {
    Connection(u64, Plan),
    By(Arc<dyn Fn(u64) -> Option<Plan> + Send + Sync>),
    Every(Plan),
}

impl fmt::Debug for PlanRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connection(number, plan) => f
                .debug_tuple("Connection")
                .field(number)
                .field(plan)
                .finish(),
            Self::By(_) => f.write_str("By(…)"),
            Self::Every(plan) => f.debug_tuple("Every").field(plan).finish(),
        }
    }
}

/// Rules for answers, transcripts and connections; of each kind the first that has something for
/// the case decides. Also read from JSON, see [`super`].
#[derive(Debug, Clone, Default)]
pub struct RealtimeScript {
    answers: Vec<AnswerRule>,
    plans: Vec<PlanRule>,
    transcripts: Vec<Transcript>,
}

impl RealtimeScript {
    /// No rule: answers are what the context suggests.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds [`AnswerRule::Queue`].
    #[must_use]
    pub fn queue(self, answers: impl IntoIterator<Item = Answer>) -> Self {
        self.with(AnswerRule::Queue(answers.into_iter().collect()))
    }

    /// Adds [`AnswerRule::EachConnection`].
    #[must_use]
    pub fn each_connection(self, answers: impl IntoIterator<Item = Answer>) -> Self {
        self.with(AnswerRule::EachConnection(answers.into_iter().collect()))
    }

    /// Adds [`AnswerRule::Connection`].
    #[must_use]
    pub fn connection(self, number: u64, answers: impl IntoIterator<Item = Answer>) -> Self {
        self.with(AnswerRule::Connection(
            number,
            answers.into_iter().collect(),
        ))
    }

    /// Adds [`AnswerRule::By`].
    #[must_use]
    pub fn by(self, decide: impl Fn(&TurnAsked) -> Option<Answer> + Send + Sync + 'static) -> Self {
        self.with(AnswerRule::By(Arc::new(decide)))
    }

    /// Adds [`AnswerRule::Always`].
    #[must_use]
    pub fn always(self, answer: Answer) -> Self {
        self.with(AnswerRule::Always(Box::new(answer)))
    }

    /// What the transcriber makes of the student's turns, in their order over all connections. One
    /// that a session ended before sending is that of the next turn: told again, it is the same.
    #[must_use]
    pub fn transcripts(mut self, transcripts: impl IntoIterator<Item = Transcript>) -> Self {
        self.transcripts.extend(transcripts);
        self
    }

    /// The fate of one connection, counted from 1 since the simulator's start.
    #[must_use]
    pub fn plan(mut self, connection: u64, plan: Plan) -> Self {
        self.plans.push(PlanRule::Connection(connection, plan));
        self
    }

    /// The fate of every connection.
    #[must_use]
    pub fn every_plan(mut self, plan: Plan) -> Self {
        self.plans.push(PlanRule::Every(plan));
        self
    }

    /// The fate of connections by their number.
    #[must_use]
    pub fn plans_by(
        mut self,
        decide: impl Fn(u64) -> Option<Plan> + Send + Sync + 'static,
    ) -> Self {
        self.plans.push(PlanRule::By(Arc::new(decide)));
        self
    }

    fn with(mut self, rule: AnswerRule) -> Self {
        self.answers.push(rule);
        self
    }
}
