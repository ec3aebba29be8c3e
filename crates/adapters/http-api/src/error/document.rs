//! The catalogue in the OpenAPI document: each operation lists the codes it can give.

use std::collections::BTreeMap;

use serde_json::json;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{AllOfBuilder, Object, ObjectBuilder, Type};
use utoipa::openapi::{Content, ContentBuilder, Ref, RefOr, Schema};

use super::{ApiError, ErrorCode};

/// Declares the codes an operation can give beyond those of every operation of its kind.
macro_rules! failing {
    ($name:ident: $($code:ident),* $(,)?) => {
        struct $name;

        impl utoipa::IntoResponses for $name {
            fn responses() -> std::collections::BTreeMap<
                String,
                utoipa::openapi::RefOr<utoipa::openapi::Response>,
            > {
                $crate::error::responses(&[$($crate::error::ErrorCode::$code),*])
            }
        }
    };
}
pub(crate) use failing;

/// One response per status, listing its codes.
pub(crate) fn responses(codes: &[ErrorCode]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status = BTreeMap::<String, Vec<ErrorCode>>::new();
    for code in codes {
        let status = code.status().as_u16().to_string();
        by_status.entry(status).or_default().push(*code);
    }
    let described = by_status.into_iter().map(|(status, mut codes)| {
        codes.sort_unstable();
        codes.dedup();
        (status, RefOr::T(response(&codes)))
    });
    described.collect()
}

fn response(codes: &[ErrorCode]) -> Response {
    let line = |code: &ErrorCode| format!("`{}`: {}", code.as_str(), code.meaning());
    let description = codes.iter().map(line).collect::<Vec<_>>().join("\n\n");
    let examples = codes.iter().map(|code| {
        let value = json!(ApiError::from(*code).envelope("0197a1b2-0000-7000-8000-000000000001"));
        let example = ExampleBuilder::new()
            .summary(code.meaning())
            .value(Some(value));
        (code.as_str(), example.build())
    });
    let content = ContentBuilder::new()
        .schema(Some(envelope_of(codes)))
        .examples_from_iter(examples)
        .build();
    let mut response = ResponseBuilder::new()
        .description(description)
        .content("application/json", content);
    if codes.iter().any(|code| says_when_to_retry(*code)) {
        response = response.header("Retry-After", retry_after());
    }
    response.build()
}

/// The plain shape of these codes.
pub(crate) fn plain_content(codes: &[ErrorCode]) -> Content {
    let names = codes.iter().map(|code| code.as_str());
    let code = ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(names));
    let narrowed = ObjectBuilder::new().property("code", code);
    let schema = AllOfBuilder::new()
        .item(Ref::from_schema_name("PlainError"))
        .item(narrowed);
    let examples = codes.iter().map(|code| {
        let example = ExampleBuilder::new()
            .summary(code.meaning())
            .value(Some(json!(ApiError::from(*code).plain())));
        (code.as_str(), example.build())
    });
    let schema: Schema = schema.build().into();
    ContentBuilder::new()
        .schema(Some(schema))
        .examples_from_iter(examples)
        .build()
}

const fn says_when_to_retry(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::VisionRateLimited
            | ErrorCode::IdempotencyInProgress
            | ErrorCode::TooManyAttempts
            | ErrorCode::RateLimited
    )
}

fn retry_after() -> utoipa::openapi::Header {
    let seconds = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1));
    HeaderBuilder::new()
        .schema(Some(seconds.build()))
        .description(Some("Seconds to wait before asking again."))
        .build()
}

/// The envelope, narrowed to these codes.
fn envelope_of(codes: &[ErrorCode]) -> utoipa::openapi::Schema {
    let names = codes.iter().map(|code| code.as_str());
    let code = ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(names));
    let error = ObjectBuilder::new().property("code", code).required("code");
    let narrowed = ObjectBuilder::new()
        .property("error", error)
        .required("error");
    AllOfBuilder::new()
        .item(Ref::from_schema_name("ErrorAnswer"))
        .item(narrowed)
        .build()
        .into()
}

pub(crate) fn any_code() -> Object {
    let names = ErrorCode::ALL.iter().map(|code| code.as_str());
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(names))
        .build()
}

pub(super) fn always_false() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::Boolean)
        .enum_values(Some([false]))
        .build()
}
