//! Access tokens, as a client sends them.

use std::sync::LazyLock;

use auth::AccessTokens;
use chrono::DateTime;
use tokens::{HmacAccessTokens, TokenSettings};

/// What forgers put in: algorithms, names of keys, members.
pub(crate) const WORDS: &[&[u8]] = &[
    b".",
    b"=",
    b"eyJhbGciOiJub25lIn0",
    b"eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9",
    b"Bearer ",
];
/// Five minutes after the good tokens of the corpus were signed.
const NOW: i64 = 1_772_618_700;

static TOKENS: LazyLock<HmacAccessTokens> = LazyLock::new(|| {
    let settings = TokenSettings {
        secret: "0123456789abcdef0123456789abcdef".into(),
        previous: Some("fedcba9876543210fedcba9876543210".into()),
        issuer: "smartsight".to_owned(),
        audience: "smartsight".to_owned(),
    };
    HmacAccessTokens::new(settings).unwrap_or_else(|error| panic!("{error}"))
});

/// Whoever has no secret makes no token: what is taken is, byte for byte, one that was signed, and
/// what is taken now is one of those that are good now.
pub(crate) fn target(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let now = DateTime::from_timestamp(NOW, 0).unwrap_or_default();
    let name = || {
        fuzz::corpus("token")
            .into_iter()
            .find(|seed| seed.bytes == data)
    };
    if TOKENS.read(text).is_some() {
        assert!(name().is_some(), "a token that nobody signed is taken");
    }
    if TOKENS.verify(text, now).is_ok() {
        let is_good = name().is_some_and(|seed| seed.name.starts_with("good-"));
        assert!(is_good, "a token is taken that is not good now");
    } else if let Some(seed) = name() {
        assert!(!seed.name.starts_with("good-"), "{} is refused", seed.name);
    }
}
