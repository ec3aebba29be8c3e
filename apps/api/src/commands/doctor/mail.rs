//! Mail: connect, TLS, login; nothing is sent.

use super::finding::Finding;
use super::told;
use crate::settings::{Mode, Settings};
use crate::wiring::parts;

pub(super) const NAME: &str = "mail";

pub(super) async fn check(settings: &Settings) -> Vec<Finding> {
    let finding = match (parts::smtp(settings), settings.mode) {
        (Ok(Some(server)), _) => match server.check().await {
            Ok(()) => Finding::ok(NAME, "the mail server takes us"),
            Err(error) => {
                let fix = "check host, port, TLS, user and password in SMTP_URL";
                Finding::failure(NAME, told(error), fix)
            }
        },
        (Ok(None), Mode::Open) => Finding::ok(NAME, "goes to the folder mail"),
        (Ok(None), Mode::Secured) => {
            let fix = "set SMTP_URL and MAIL_FROM, so that people can set a forgotten password";
            Finding::warning(NAME, "goes to the folder mail, where nobody reads it", fix)
        }
        (Err(error), _) => Finding::failure(NAME, told(error), "correct SMTP_URL or MAIL_FROM"),
    };
    vec![finding]
}
