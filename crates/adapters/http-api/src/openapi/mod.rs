//! The OpenAPI document, generated from the endpoints and completed with what holds for all.

mod common;
mod limits;
mod security;

use common::Asked;
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{Components, InfoBuilder, OpenApi, OpenApiBuilder};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::endpoints::{
    PLAIN, for_analyses, for_callers, for_members, for_operators, for_owners, for_strangers,
    for_streams, for_visitors, linked, mailed,
};
use crate::error::{ErrorAnswer, PlainError};
use crate::router::MOUNTS;

const DESCRIPTION: &str = "\
Study photos in, study time out.

Every route under `/api/v1` is also found under `/api`. Success is \
`{\"success\":true,\"data\":…}`, failure is \
`{\"success\":false,\"error\":{\"code\",\"message\",\"details?\",\"requestId\"}}`; branch on the \
code. Times are RFC 3339 in UTC, days are `YYYY-MM-DD` in the user's time zone, ids are UUIDs. \
What is no id is answered like an id nobody has. A query parameter that a route does not know is \
refused where the route takes any; unknown members of JSON bodies and unknown form fields are \
ignored.";

const TAGS: [(&str, &str); 13] = [
    ("Capture", "Images come in and are understood."),
    ("Jobs", "Work that goes on after the answer."),
    ("Events", "What changes, as it changes."),
    ("Sessions", "Sittings of study."),
    ("Topics", "Study time per topic."),
    ("Bookmarks", "Analyses to find again."),
    ("Help", "How often the student asked for help."),
    ("Segments", "The sound recorded for images."),
    ("Voice", "Talking with the tutor."),
    ("Profile", "What a user tells about themselves."),
    ("Accounts", "Signing in and out, tokens, devices."),
    ("Admin", "What admins do: accounts and the audit."),
    ("Operations", "Health, metrics and this document."),
];

/// The OpenAPI 3.1 document: the API under its mount `/api/v1`, and what operators look at.
pub fn openapi() -> OpenApi {
    let mount = |routes| {
        OpenApiRouter::default()
            .nest(MOUNTS[0], routes)
            .into_openapi()
    };
    let mut document = OpenApi::default();
    for (asked, routes) in [
        (Asked::AnyCaller, for_analyses()),
        (Asked::AnyCaller, for_callers()),
        (Asked::AnyCaller, for_visitors()),
        (Asked::Owner, for_owners()),
        (Asked::Owner, for_streams()),
        (Asked::Member, for_members()),
        (Asked::OwnPage, for_strangers()),
        (Asked::Nothing, mailed()),
    ] {
        let mut part = mount(routes);
        common::complete_guarded(&mut part);
        common::complete_private(&mut part, asked);
        document.merge(part);
    }
    document.merge(mount(linked()));
    let mut operations = for_operators().into_openapi();
    common::complete_guarded(&mut operations);
    document.merge(operations);
    common::complete(&mut document);
    common::make_plain(&mut document, PLAIN);
    let mut document = framed(document);
    name_wildcard(&mut document);
    add_shared(&mut document);
    document
}

fn framed(document: OpenApi) -> OpenApi {
    let info = InfoBuilder::new()
        .title("SmartSight")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(DESCRIPTION));
    let tag = |(name, about): (&str, &str)| {
        let tag = TagBuilder::new().name(name).description(Some(about));
        tag.build()
    };
    let tags = TAGS.into_iter().map(tag);
    OpenApiBuilder::from(document)
        .info(info.build())
        .tags(Some(tags))
        .build()
}

/// The document has no word for a parameter that spans segments.
fn name_wildcard(document: &mut OpenApi) {
    let paths = std::mem::take(&mut document.paths.paths);
    let named = |(path, item): (String, _)| (path.replace("{*", "{"), item);
    document.paths.paths = paths.into_iter().map(named).collect();
}

fn add_shared(document: &mut OpenApi) {
    let components = document.components.get_or_insert_with(Components::new);
    let mut schemas = vec![(ErrorAnswer::name().into_owned(), ErrorAnswer::schema())];
    ErrorAnswer::schemas(&mut schemas);
    schemas.push((PlainError::name().into_owned(), PlainError::schema()));
    components.schemas.extend(schemas);
    components.security_schemes.extend(security::schemes());
    limits::describe_headers(components);
}
