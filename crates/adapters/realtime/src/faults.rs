//! Whether another attempt can help, for every way a connection or a session can end.

use std::io;

use http::StatusCode;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, error::ProtocolError};
use voice::model::{ConnectError, ModelLost, Retry};

use crate::errors::without_keys;
use crate::pump::Over;

/// The socket could not be opened.
pub(crate) fn not_opened(error: &Error) -> ConnectError {
    ConnectError {
        retry: opening(error),
        message: error.to_string(),
    }
}

/// Opening took too long.
pub(crate) fn too_slow() -> ConnectError {
    ConnectError {
        retry: Retry::MayHelp,
        message: "the connection was not open in time".to_owned(),
    }
}

fn opening(error: &Error) -> Retry {
    match error {
        Error::Http(response) => answered(response.status()),
        Error::Io(error) if is_bad_certificate(error) => Retry::WillNotHelp,
        Error::Io(_)
        | Error::ConnectionClosed
        | Error::Protocol(
            ProtocolError::HandshakeIncomplete | ProtocolError::ResetWithoutClosingHandshake,
        ) => Retry::MayHelp,
        // Whoever is there speaks something else.
        _ => Retry::WillNotHelp,
    }
}

/// Not every gateway upgrades before it judges.
fn answered(status: StatusCode) -> Retry {
    let passing = matches!(
        status,
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS
    );
    if passing || status.is_server_error() {
        Retry::MayHelp
    } else {
        Retry::WillNotHelp
    }
}

fn is_bad_certificate(error: &io::Error) -> bool {
    let inner = error.get_ref();
    inner
        .and_then(|error| error.downcast_ref())
        .is_some_and(|error| matches!(error, rustls::Error::InvalidCertificate(_)))
}

/// A session ended. What an error event foretold counts more than how the socket closed.
pub(crate) fn over(over: &Over, foretold: Option<Retry>) -> ModelLost {
    let (retry, message) = match over {
        Over::Closed(frame) => closed(frame.as_ref()),
        Over::Ended => (Retry::MayHelp, "the connection ended".to_owned()),
        Over::Failed(error) => (Retry::MayHelp, error.to_string()),
        Over::Overdue(overdue) => (Retry::MayHelp, overdue.to_string()),
    };
    ModelLost {
        retry: foretold.unwrap_or(retry),
        message,
    }
}

/// More was sent than the model takes.
pub(crate) fn overflow() -> ModelLost {
    ModelLost {
        retry: Retry::MayHelp,
        message: "the model takes nothing and too much waits".to_owned(),
    }
}

fn closed(frame: Option<&CloseFrame>) -> (Retry, String) {
    let Some(CloseFrame { code, reason }) = frame else {
        return (Retry::MayHelp, "closed without a code".to_owned());
    };
    (
        by_code(*code),
        format!("closed with {code}: {}", without_keys(reason)),
    )
}

/// 1000 is not ours: a session that the other side ends in peace can be opened again. 3000 is a
/// refused key, 4000 a wrong request, 4004 a model that does not exist; every code not known to
/// pass is taken for as lasting as these.
fn by_code(code: CloseCode) -> Retry {
    match u16::from(code) {
        1000 | 1001 | 1005 | 1006 | 1011 | 1012 | 1013 | 1015 => Retry::MayHelp,
        _ => Retry::WillNotHelp,
    }
}
