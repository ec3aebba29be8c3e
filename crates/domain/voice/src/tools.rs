//! What the model may call.

/// How a tool's call went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToolOutcome {
    /// It did what was asked.
    Done,
    /// It could not; the output says why.
    Failed,
    /// It did, and the conversation ends when the tutor has said good-bye.
    EndsConversation,
}
