//! What is answered to which request.

mod fault;
mod file;
mod play;
mod step;

use std::fmt;
use std::sync::Arc;

pub use fault::Fault;
pub use file::ScriptFault;
pub(super) use play::Player;
pub use step::{Reply, Step};

use serde_json::Value;

/// A request as rules see it.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Counted from 1 since the script was set.
    pub number: u64,
    /// Counted from 1 for this student since the script was set.
    pub student_number: u64,
    /// `safety_identifier`; empty if there is none.
    pub student: String,
    /// SHA-256 of every image, in hexadecimal.
    pub images: Vec<String>,
    /// The request's body.
    pub body: Value,
}

/// Decides by the request.
type Decide = dyn Fn(&Asked) -> Option<Step> + Send + Sync;

/// One rule of a script.
#[derive(Clone)]
pub enum Rule {
    /// The k-th request that reaches the rule takes the k-th step.
    Queue(Vec<Step>),
    /// The same, counted for each student by itself.
    EachStudent(Vec<Step>),
    /// The same for one student.
    Student {
        /// The `safety_identifier`.
        student: String,
        /// In the order of the requests.
        steps: Vec<Step>,
    },
    /// Requests with an image of this SHA-256, in hexadecimal.
    Image {
        /// Of the bytes as they arrive here.
        sha256: String,
        /// For every such request.
        step: Step,
    },
    /// Whatever the function says; `None` leaves the request to the next rule.
    By(Arc<Decide>),
    /// Every request.
    Always(Step),
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Queue(steps) => f.debug_tuple("Queue").field(steps).finish(),
            Self::EachStudent(steps) => f.debug_tuple("EachStudent").field(steps).finish(),
            Self::Student { student, steps } => f
                .debug_tuple("Student")
                .field(student)
                .field(steps)
                .finish(),
            Self::Image { sha256, step } => {
                f.debug_tuple("Image").field(sha256).field(step).finish()
            }
            Self::By(_) => f.write_str("By(…)"),
            Self::Always(step) => f.debug_tuple("Always").field(step).finish(),
        }
    }
}

/// Rules, first to last; the first that has a step answers.
#[derive(Debug, Clone, Default)]
pub struct Script {
    /// The rules.
    pub rules: Vec<Rule>,
}

impl Script {
    /// No rule: every answer is a sample.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds [`Rule::Queue`].
    #[must_use]
    pub fn queue(self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.with(Rule::Queue(steps.into_iter().collect()))
    }

    /// Adds [`Rule::EachStudent`].
    #[must_use]
    pub fn each_student(self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.with(Rule::EachStudent(steps.into_iter().collect()))
    }

    /// Adds [`Rule::Student`].
    #[must_use]
    pub fn student(self, student: &str, steps: impl IntoIterator<Item = Step>) -> Self {
        self.with(Rule::Student {
            student: student.to_owned(),
            steps: steps.into_iter().collect(),
        })
    }

    /// Adds [`Rule::Image`].
    #[must_use]
    pub fn image(self, sha256: &str, step: Step) -> Self {
        self.with(Rule::Image {
            sha256: sha256.to_owned(),
            step,
        })
    }

    /// Adds [`Rule::By`].
    #[must_use]
    pub fn by(self, decide: impl Fn(&Asked) -> Option<Step> + Send + Sync + 'static) -> Self {
        self.with(Rule::By(Arc::new(decide)))
    }

    /// Adds [`Rule::Always`].
    #[must_use]
    pub fn always(self, step: Step) -> Self {
        self.with(Rule::Always(step))
    }

    fn with(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }
}
