//! Tools the model calls.

use chrono::TimeDelta;
use kernel::Timestamp;

use crate::client::{ServerMessage, ToolStatus};
use crate::model::{CallRequest, NewItem};
use crate::relay::effect::{Effect, ToolResult};
use crate::relay::state::Relay;
use crate::{CallId, ToolOutcome};

const AT_A_TIME: usize = 8;
const MAX_ARGUMENTS: usize = 16 * 1024;
/// How long the tutor may say good-bye.
const FAREWELL: TimeDelta = TimeDelta::seconds(15);

/// A tool that runs.
pub(super) struct Running {
    call: CallId,
    /// Who had the word when it was called.
    word: u64,
    connection: u32,
}

impl Relay {
    pub(super) fn on_call(&mut self, call: CallRequest, now: Timestamp, out: &mut Vec<Effect>) {
        self.quiet.active_at = now;
        self.running.push(Running {
            call: call.call.clone(),
            word: self.word,
            connection: self.upstream.connection(),
        });
        if self.running.len() > AT_A_TIME || call.arguments.len() > MAX_ARGUMENTS {
            let output = r#"{"error":"too much at a time"}"#.to_owned();
            let (call, name, outcome) = (call.call, call.name, ToolOutcome::Failed);
            return self.on_tool(
                ToolResult {
                    call,
                    name,
                    output,
                    outcome,
                },
                now,
                out,
            );
        }
        Self::report(call.name.clone(), ToolStatus::Started, out);
        out.push(Effect::RunTool(call));
    }

    /// The result goes to the model at once. An answer to it is asked for when the last tool is
    /// back, unless the student took the word meanwhile: what they say is answered anyway.
    pub(super) fn on_tool(&mut self, result: ToolResult, now: Timestamp, out: &mut Vec<Effect>) {
        let ToolResult {
            call,
            name,
            output,
            outcome,
        } = result;
        let Some(at) = self.running.iter().position(|running| running.call == call) else {
            return;
        };
        let running = self.running.swap_remove(at);
        self.quiet.active_at = now;
        let status = match outcome {
            ToolOutcome::Done | ToolOutcome::EndsConversation => ToolStatus::Done,
            ToolOutcome::Failed => ToolStatus::Failed,
        };
        if running.connection == self.upstream.connection() {
            self.add(NewItem::CallOutput { call, output }, out);
        } else if self.upstream.is_live() {
            // The new session knows nothing of the call.
            self.add(
                NewItem::System(format!("The tool {name} returned {output}")),
                out,
            );
        }
        Self::report(name, status, out);
        if outcome == ToolOutcome::EndsConversation {
            self.ending.get_or_insert(now + FAREWELL);
        }
        if self.running.is_empty() && running.word == self.word {
            self.want_answer(out);
        }
    }

    fn report(name: String, status: ToolStatus, out: &mut Vec<Effect>) {
        out.push(Effect::ToClient(ServerMessage::Tool { name, status }));
    }

    /// Whether the tutor has said good-bye, after a tool ended the conversation.
    pub(super) fn has_said_goodbye(&self, now: Timestamp) -> bool {
        let silent = self.is_between_turns(now) && self.playback.is_empty();
        self.ending.is_some_and(|latest| silent || latest <= now)
    }
}
