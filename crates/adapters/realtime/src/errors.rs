//! What the provider's error codes mean for a session.

use voice::model::{CommandKind, ErrorClass, ModelError, Retry};

use crate::wire::ErrorBody;

/// Words kept of what a provider says, in bytes.
const MAX_WORDS: usize = 300;

/// Reads an `error` event. Programming errors are logged loudly here, where the field at fault is
/// known.
pub(crate) fn read(body: &ErrorBody<'_>) -> ModelError {
    let error = ModelError {
        code: body.name().to_owned(),
        message: words(body),
        about: body.event_id.as_str().and_then(CommandKind::parse),
        class: class(body),
    };
    if error.class == ErrorClass::Rejected && is_our_mistake(body.code.or_empty()) {
        tracing::error!(
            code = error.code,
            param = body.param.or_empty(),
            about = ?error.about,
            "the model does not understand what it was sent"
        );
    }
    error
}

/// Whether another session can help if this one ends now; `None` when the error does not tell.
/// Before the welcome any error ends the session, a passing one as well.
pub(crate) fn foretold(error: &ModelError, welcomed: bool) -> Option<Retry> {
    match error.class {
        ErrorClass::Fatal => Some(Retry::WillNotHelp),
        ErrorClass::SessionEnds => Some(Retry::MayHelp),
        ErrorClass::Rejected if !welcomed && passes(&error.code) => Some(Retry::MayHelp),
        ErrorClass::Rejected | ErrorClass::Benign => None,
    }
}

fn passes(code: &str) -> bool {
    matches!(
        code,
        "rate_limit_exceeded" | "inference_rate_limit_exceeded" | "server_error"
    )
}

fn class(body: &ErrorBody<'_>) -> ErrorClass {
    match body.code.or_empty() {
        "session_expired" => ErrorClass::SessionEnds,
        "invalid_api_key"
        | "missing_model"
        | "invalid_model"
        | "model_not_found"
        | "beta_api_shape_disabled"
        | "insufficient_quota"
        | "credit_balance_exhausted"
        | "account_deactivated"
        | "billing_hard_limit_reached" => ErrorClass::Fatal,
        "conversation_already_has_active_response"
        | "response_cancel_not_active"
        | "input_audio_buffer_commit_empty"
        | "item_truncate_invalid_item_id"
        | "item_delete_invalid_item_id"
        | "item_retrieve_invalid_item_id" => ErrorClass::Benign,
        _ if is_late_truncation(body.message.or_empty()) => ErrorClass::Benign,
        _ => ErrorClass::Rejected,
    }
}

/// These have no code of their own.
fn is_late_truncation(message: &str) -> bool {
    message.contains("already shorter than")
        || message.contains("Only model output audio messages can be truncated")
}

fn is_our_mistake(code: &str) -> bool {
    matches!(
        code,
        "invalid_value"
            | "unknown_parameter"
            | "missing_required_parameter"
            | "invalid_json"
            | "invalid_event"
    )
}

/// What the provider says, without keys: it may quote the one it refuses.
fn words(body: &ErrorBody<'_>) -> String {
    match body.code.or_empty() {
        "invalid_api_key" => "the key was refused".to_owned(),
        _ => without_keys(body.message.or_empty()),
    }
}

/// A provider's words for a log: shortened, keys blotted out.
pub(crate) fn without_keys(text: &str) -> String {
    let is_key = |word: &str| word.contains("sk-") || word.contains("ek_");
    let clean = |word| if is_key(word) { "[key]" } else { word };
    let short = &text[..text.floor_char_boundary(MAX_WORDS)];
    let words: Vec<_> = short.split(' ').map(clean).collect();
    words.join(" ")
}
