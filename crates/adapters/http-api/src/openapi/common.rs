//! What holds for every operation, or for every one that is done for a caller.

use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use utoipa::openapi::{OpenApi, RefOr, Required, Response};

use super::{limits, security};
use crate::error::{ErrorCode, plain_content, responses};

const OF_ALL: &[ErrorCode] = &[
    ErrorCode::MethodNotAllowed,
    ErrorCode::RequestTimeout,
    ErrorCode::Internal,
];
/// In open mode, where a browser may call for any page.
const OF_GUARDED: &[ErrorCode] = &[ErrorCode::ForeignPage, ErrorCode::UnknownHost];
const OF_PRIVATE: &[ErrorCode] = &[ErrorCode::DatabaseUnavailable, ErrorCode::RateLimited];
const OF_CALLERS: &[ErrorCode] = &[ErrorCode::ValidationFailed, ErrorCode::Unauthorized];
const OF_KEYED: &[ErrorCode] = &[
    ErrorCode::Forbidden,
    ErrorCode::IdempotencyMismatch,
    ErrorCode::IdempotencyInProgress,
];
const OF_BODIES: &[ErrorCode] = &[
    ErrorCode::ValidationFailed,
    ErrorCode::BodyTooLarge,
    ErrorCode::Overloaded,
];
const OF_PAGES: &[ErrorCode] = &[ErrorCode::Forbidden];

/// What an operation asks of whoever calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// To be somebody, which in open mode anybody is.
    AnyCaller,
    /// The same; the answer is never kept for a repeated request.
    Owner,
    /// To have an access token.
    Member,
    /// To come from a page of our own, if it comes from a page.
    OwnPage,
    /// Nothing.
    Nothing,
}

/// Adds what holds for every operation; goes last.
pub(super) fn complete(document: &mut OpenApi) {
    for item in document.paths.paths.values_mut() {
        for (_, operation) in operations(item) {
            add_codes(operation, OF_ALL);
            add_parameter(operation, request_id_parameter());
            add_header(operation, "X-Request-Id", &request_id_header(), |_| true);
            if is_limited(operation) {
                limits::name_headers(operation);
            }
        }
    }
}

/// Adds what holds for every operation but links.
pub(super) fn complete_guarded(document: &mut OpenApi) {
    for item in document.paths.paths.values_mut() {
        for (_, operation) in operations(item) {
            add_codes(operation, OF_GUARDED);
        }
    }
}

/// Adds what holds for every operation whose answer is for its caller alone.
pub(super) fn complete_private(document: &mut OpenApi, asked: Asked) {
    for item in document.paths.paths.values_mut() {
        for (is_unsafe, operation) in operations(item) {
            add_codes(operation, OF_PRIVATE);
            if is_unsafe {
                add_codes(operation, OF_BODIES);
            }
            match asked {
                Asked::AnyCaller | Asked::Member => complete_for_callers(operation, is_unsafe),
                Asked::Owner => complete_for_owners(operation, is_unsafe),
                Asked::OwnPage if is_unsafe => add_codes(operation, OF_PAGES),
                Asked::OwnPage | Asked::Nothing => {}
            }
            operation.security = Some(match asked {
                Asked::AnyCaller | Asked::Owner => security::of_callers(),
                Asked::Member => security::of_members(),
                Asked::OwnPage | Asked::Nothing => security::of_nobody(),
            });
            if matches!(asked, Asked::AnyCaller | Asked::Owner) {
                add_parameter(operation, user_parameter());
            }
        }
    }
}

fn complete_for_callers(operation: &mut Operation, is_unsafe: bool) {
    add_codes(operation, OF_CALLERS);
    if is_unsafe {
        add_codes(operation, OF_KEYED);
        add_parameter(operation, key_parameter());
        let is_success = |status: &str| status.starts_with('2');
        let replayed = replayed_header();
        add_header(operation, "Idempotency-Replayed", &replayed, is_success);
    }
}

fn complete_for_owners(operation: &mut Operation, is_unsafe: bool) {
    add_codes(operation, OF_CALLERS);
    if is_unsafe {
        add_codes(operation, OF_PAGES);
    }
}

/// Failures of this route have the plain shape.
pub(super) fn make_plain(document: &mut OpenApi, route: &str) {
    let of_route = |(path, _): &(&String, &mut PathItem)| path.ends_with(route);
    for (_, item) in document.paths.paths.iter_mut().filter(of_route) {
        let operations = operations(item);
        let responses = operations.flat_map(|(_, operation)| &mut operation.responses.responses);
        for (_, response) in responses {
            let codes = codes_of(response);
            if let (RefOr::T(response), false) = (response, codes.is_empty()) {
                let content = RefOr::T(plain_content(&codes));
                response
                    .content
                    .insert("application/json".to_owned(), content);
            }
        }
    }
}

/// Each with whether it changes something.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let PathItem {
        get,
        post,
        put,
        patch,
        delete,
        ..
    } = item;
    let all = [
        (false, get),
        (true, post),
        (true, put),
        (true, patch),
        (true, delete),
    ];
    all.into_iter()
        .filter_map(|(is_unsafe, operation)| Some((is_unsafe, operation.as_mut()?)))
}

/// Adds codes to those the operation lists already.
fn add_codes(operation: &mut Operation, codes: &[ErrorCode]) {
    let listed = operation.responses.responses.values().flat_map(codes_of);
    let all: Vec<_> = listed.chain(codes.iter().copied()).collect();
    operation.responses.responses.extend(responses(&all));
}

fn is_limited(operation: &Operation) -> bool {
    let responses = operation.responses.responses.values();
    let mut codes = responses.flat_map(codes_of);
    codes.any(|code| code == ErrorCode::RateLimited)
}

/// Each code of a response has an example under its name.
fn codes_of(response: &RefOr<Response>) -> Vec<ErrorCode> {
    let RefOr::T(response) = response else {
        return Vec::new();
    };
    let contents = response
        .content
        .values()
        .filter_map(|content| match content {
            RefOr::T(content) => Some(content),
            RefOr::Ref(_) => None,
        });
    let names = contents.flat_map(|content| content.examples.keys());
    let code = |name: &String| ErrorCode::ALL.iter().find(|code| code.as_str() == name);
    names.filter_map(code).copied().collect()
}

fn add_parameter(operation: &mut Operation, parameter: Parameter) {
    let parameters = operation.parameters.get_or_insert_default();
    parameters.push(RefOr::T(parameter));
}

fn add_header(operation: &mut Operation, name: &str, header: &Header, on: impl Fn(&str) -> bool) {
    for (status, response) in &mut operation.responses.responses {
        if let (true, RefOr::T(response)) = (on(status), response) {
            response
                .headers
                .insert(name.to_owned(), RefOr::T(header.clone()));
        }
    }
}

fn header_parameter(name: &str, schema: Object, about: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .schema(Some(schema))
        .description(Some(about))
        .build()
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn request_id_parameter() -> Parameter {
    let about = "Names this request in the log: 1 to 128 visible ASCII characters; anything else is replaced.";
    header_parameter("X-Request-Id", text().build(), about)
}

fn user_parameter() -> Parameter {
    let name = text().pattern(Some("^[!-~]{1,128}$")).build();
    let about = "Open mode only: names the user on whose behalf the request is made.";
    header_parameter("X-User-Id", name, about)
}

fn key_parameter() -> Parameter {
    let key = text().pattern(Some("^[!-~]{1,200}$")).build();
    let about = "A request with the same key and payload, repeated within a day, gets the first answer again.";
    header_parameter("Idempotency-Key", key, about)
}

fn request_id_header() -> Header {
    HeaderBuilder::new()
        .schema(Some(text().build()))
        .description(Some("Finds this request in the log."))
        .build()
}

fn replayed_header() -> Header {
    HeaderBuilder::new()
        .schema(Some(text().enum_values(Some(["true"])).build()))
        .description(Some(
            "This is the first answer to this idempotency key, given again. Refusals that are given again have it too.",
        ))
        .build()
}
