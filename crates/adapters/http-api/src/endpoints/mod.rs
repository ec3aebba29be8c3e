//! One endpoint, one file: input, errors, document, handler.

mod account_data;
mod accounts;
mod admin;
mod bookmarks;
mod capture;
mod events;
mod help;
mod jobs;
pub(crate) mod operations;
mod profile;
mod segments;
mod sessions;
mod today;
mod topics;
mod usage;
mod voice;

pub(crate) use capture::put_object::mismatch;
use utoipa_axum::router::OpenApiRouter;

use crate::state::Shared;

/// What is done for a caller and makes a model look at an image.
pub(crate) fn for_analyses() -> OpenApiRouter<Shared> {
    capture::analyses()
}

/// Everything else that is done for a caller.
pub(crate) fn for_callers() -> OpenApiRouter<Shared> {
    OpenApiRouter::default()
        .merge(capture::routes())
        .merge(sessions::routes())
        .merge(topics::routes())
        .merge(bookmarks::routes())
        .merge(help::routes())
        .merge(jobs::routes())
        .merge(profile::routes())
        .merge(segments::routes())
        .merge(usage::routes())
        .merge(voice::routes())
}

/// Where conversations begin and events are heard: `WebSockets`, whose caller may be known only after
/// the upgrade.
pub(crate) fn for_visitors() -> OpenApiRouter<Shared> {
    voice::socket().merge(events::socket())
}

/// What is done for a caller with a body that is read as it arrives.
pub(crate) fn for_streams() -> OpenApiRouter<Shared> {
    segments::streams()
}

/// Routes whose bodies are never in memory as a whole.
pub(crate) const STREAMED: [&str; 2] = [PLAIN, "/objects/{*key}"];

/// The route whose answers and failures have the shapes of the client that was there first.
pub(crate) const PLAIN: &str = "/session/segment";

/// What a caller may do with everything of theirs.
pub(crate) fn for_owners() -> OpenApiRouter<Shared> {
    account_data::routes()
}

/// What is done for callers with a token only.
pub(crate) fn for_members() -> OpenApiRouter<Shared> {
    accounts::own()
        .merge(admin::routes())
        .merge(usage::of_all())
}

/// What leads in and out, and sets cookies. No token is asked for, and a bad one does not matter.
pub(crate) fn for_strangers() -> OpenApiRouter<Shared> {
    accounts::signing()
}

/// What is open to whoever holds a code from a mail, or wants one.
pub(crate) fn mailed() -> OpenApiRouter<Shared> {
    accounts::mailed()
}

/// What is open to whoever holds a signed link.
pub(crate) fn linked() -> OpenApiRouter<Shared> {
    capture::linked()
}

/// What operators look at.
pub(crate) fn for_operators() -> OpenApiRouter<Shared> {
    operations::routes()
}
