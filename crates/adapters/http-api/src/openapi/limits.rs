//! The headers of rate limits (draft-ietf-httpapi-ratelimit-headers-11).

use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};

const POLICY: &str = "The limits on this request, none where they are off: a list (RFC 9651) of \
`\"address\"`, `\"user\"`, `\"analyses\"`, each with `q` requests in `w` seconds. They are refilled \
evenly; all `q` may be made at once.";
const LIMIT: &str = "What is left under each limit: `r` requests. With requests left, after `t` \
seconds all may be made again; with none left, after `t` seconds the next one may be made, which is \
then the `Retry-After` of a refusal too.";

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
