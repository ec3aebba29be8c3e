//! The headers of rate limits (draft-ietf-httpapi-ratelimit-headers-11).

use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Components, Ref, RefOr};

const POLICY: &str = "The limits on this request, none where they are off: a list (RFC 9651) of \
`\"address\"`, `\"user\"`, `\"analyses\"`, each with `q` requests in `w` seconds. They are refilled \
evenly; all `q` may be made at once.";
const LIMIT: &str = "What is left under each limit: `r` requests. With requests left, after `t` \
seconds all may be made again; with none left, after `t` seconds the next one may be made, which is \
then the `Retry-After` of a refusal too.";

/// Every answer of the operation may have them.
pub(super) fn name_headers(operation: &mut Operation) {
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            let named = headers().map(|(name, _)| (name.to_owned(), reference(name)));
            response.headers.extend(named);
        }
    }
}

/// Describes them once.
pub(super) fn describe_headers(components: &mut Components) {
    let described = headers().map(|(name, header)| (name.to_owned(), RefOr::T(header)));
    components.headers.extend(described);
}

fn reference(name: &str) -> RefOr<Header> {
    RefOr::Ref(Ref::new(format!("#/components/headers/{name}")))
}

pub(super) fn headers() -> [(&'static str, Header); 2] {
    [
        (
            "RateLimit-Policy",
            list(POLICY, "\"address\";q=3000;w=60, \"user\";q=1200;w=60"),
        ),
        (
            "RateLimit",
            list(LIMIT, "\"address\";r=2999;t=1, \"user\";r=1187;t=1"),
        ),
    ]
}

fn list(about: &str, example: &str) -> Header {
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .examples([serde_json::json!(example)]);
    HeaderBuilder::new()
        .schema(Some(text.build()))
        .description(Some(about))
        .build()
}
