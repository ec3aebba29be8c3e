//! What a conversation asks for and does not wait for.

use std::time::Duration;

use futures_util::future::{BoxFuture, Either, select};
use kernel::{LearningEventId, UserId};

use crate::ToolOutcome;
use crate::model::CallRequest;
use crate::relay::{Event, ToolResult};
use crate::talk::drive::Parts;
use crate::voice::Voice;

const WITHIN: Duration = Duration::from_secs(10);

/// Runs a tool as the user; one that takes too long has failed.
pub(super) fn tool(voice: &Voice, parts: &Parts, call: CallRequest) -> BoxFuture<'static, Event> {
    let (desk, timer) = (voice.ports.desk.clone(), voice.ports.timer.clone());
    let (user, session) = (parts.user, parts.session);
    Box::pin(async move {
        let late = ToolResult {
            call: call.call.clone(),
            name: call.name.clone(),
            output: r#"{"error":"it took too long"}"#.to_owned(),
            outcome: ToolOutcome::Failed,
        };
        let run = desk.run(user, session, call);
        let result = match select(run, timer.sleep(WITHIN)).await {
            Either::Left((result, _)) => result,
            Either::Right(((), _)) => late,
        };
        Event::ToolDone(result)
    })
}

/// Finds a picture; one that cannot be read is not there.
pub(super) fn picture(
    voice: &Voice,
    user: UserId,
    id: LearningEventId,
) -> BoxFuture<'static, Event> {
    let desk = voice.ports.desk.clone();
    Box::pin(async move {
        let found = desk.picture(user, id).await.inspect_err(|error| {
            tracing::warn!(
                error = error as &dyn std::error::Error,
                "a picture cannot be read"
            );
        });
        Event::Picture(found.ok().flatten())
    })
}
