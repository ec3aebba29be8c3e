//! What a client says on the socket of live events.

/// The types of the protocol and their members.
pub(crate) const WORDS: &[&[u8]] = &[
    b"\"type\":\"subscribe\",",
    b"\"topic\":\"user\",",
    b"\"topic\":\"session:",
    b"\"topic\":\"job:",
    b"\"since\":-1,",
    b"\"since\":9223372036854775808,",
    b"\\u0000",
];

/// What is followed is followed again when it is asked for as it was understood.
pub(crate) fn target(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Some((topic, since)) = http_api::fuzzing::follows(text) {
        assert!(since.is_none_or(|since| since >= 0), "{since:?}");
        let since_text = since.map(|since| format!(r#","since":{since}"#));
        let since_text = since_text.unwrap_or_default();
        let again = format!(r#"{{"type":"subscribe","topic":"{topic}"{since_text}}}"#);
        assert_eq!(http_api::fuzzing::follows(&again), Some((topic, since)));
    }
}
