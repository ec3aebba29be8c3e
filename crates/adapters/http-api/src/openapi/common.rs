//! What holds for every operation, or for every one that is done for a caller.

use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use utoipa::openapi::{OpenApi, RefOr, Required, Response};

use super::security;
use crate::error::{ErrorCode, responses};

const OF_ALL: &[ErrorCode] = &[
    ErrorCode::MethodNotAllowed,
    ErrorCode::RequestTimeout,
    ErrorCode::Internal,
];
const OF_CALLERS: &[ErrorCode] = &[
    ErrorCode::ValidationFailed,
    ErrorCode::Unauthorized,
    ErrorCode::DatabaseUnavailable,
];
const OF_UNSAFE: &[ErrorCode] = &[
    ErrorCode::Forbidden,
    ErrorCode::IdempotencyMismatch,
    ErrorCode::IdempotencyInProgress,
    ErrorCode::BodyTooLarge,
];

/// Adds what holds for every operation; goes last.
pub(super) fn complete(document: &mut OpenApi) {
    for item in document.paths.paths.values_mut() {
        for (_, operation) in operations(item) {
            add_codes(operation, OF_ALL);
            add_parameter(operation, request_id_parameter());
            add_header(operation, "X-Request-Id", &request_id_header(), |_| true);
        }
    }
}

/// Adds what holds for every operation that is done for a caller.
pub(super) fn complete_for_callers(document: &mut OpenApi) {
    for item in document.paths.paths.values_mut() {
        for (is_unsafe, operation) in operations(item) {
            operation.security = Some(security::of_callers());
            add_codes(operation, OF_CALLERS);
            add_parameter(operation, user_parameter());
            if is_unsafe {
                add_codes(operation, OF_UNSAFE);
                add_parameter(operation, key_parameter());
                let is_success = |status: &str| status.starts_with('2');
                add_header(
                    operation,
                    "Idempotency-Replayed",
                    &replayed_header(),
                    is_success,
                );
            }
        }
    }
}

/// Each with whether it changes something.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let PathItem {
        get,
        post,
        patch,
        delete,
        ..
    } = item;
    let all = [(false, get), (true, post), (true, patch), (true, delete)];
    all.into_iter()
        .filter_map(|(is_unsafe, operation)| Some((is_unsafe, operation.as_mut()?)))
}

/// Adds codes to those the operation lists already.
fn add_codes(operation: &mut Operation, codes: &[ErrorCode]) {
    let listed = operation.responses.responses.values().flat_map(codes_of);
    let all: Vec<_> = listed.chain(codes.iter().copied()).collect();
    operation.responses.responses.extend(responses(&all));
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
