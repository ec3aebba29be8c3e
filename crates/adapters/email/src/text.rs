//! What the mails say.

use auth::{MAILED_FOR, Mail, Purpose};
use url::Url;

/// A subject and a plain text.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) subject: &'static str,
    pub(crate) body: String,
}

pub(crate) fn of(mail: &Mail, pages: Option<&Url>) -> Text {
    let code = mail.token.expose();
    let minutes = MAILED_FOR.num_minutes();
    let (subject, page, why, otherwise) = match mail.purpose {
        Purpose::VerifyAddress => (
            "Confirm your address for SmartSight",
            "verify-email",
            "somebody, most likely you, made a SmartSight account with this address.\n\
             Please confirm that the address is yours.",
            "If it was not you, do nothing: the address stays unconfirmed.",
        ),
        Purpose::ResetPassword => (
            "Set a new password for SmartSight",
            "reset-password",
            "somebody, most likely you, asked for a new password for your SmartSight account.\n\
             Setting it signs all your devices out.",
            "If it was not you, do nothing: your password stays as it is.",
        ),
    };
    let how = pages
        .and_then(|pages| link(pages, page, code))
        .map_or(format!("Your code:\n\n{code}"), |link| {
            format!("Open this link:\n\n{link}\n\nor use this code:\n\n{code}")
        });
    let body =
        format!("Hello,\n\n{why}\n\n{how}\n\nIt works once, for {minutes} minutes.\n{otherwise}\n");
    Text { subject, body }
}

/// The code stands in the fragment, which browsers send to no server.
fn link(pages: &Url, page: &str, code: &str) -> Option<Url> {
    let mut link = pages.clone();
    link.path_segments_mut().ok()?.pop_if_empty().push(page);
    link.set_query(None);
    link.set_fragment(Some(&format!("token={code}")));
    Some(link)
}

#[cfg(test)]
mod tests {
    use auth::OpaqueToken;

    use super::*;

    fn mail(purpose: Purpose) -> Mail {
        Mail {
            to: "ada@example.org".parse().unwrap(),
            purpose,
            token: OpaqueToken::parse(&"a".repeat(64)).unwrap(),
        }
    }

    #[test]
    fn a_mail_carries_the_code_and_the_link_where_there_is_a_page() {
        let code = "a".repeat(64);
        let pages = "https://study.example/app/".parse().unwrap();
        for (purpose, page) in [
            (Purpose::VerifyAddress, "verify-email"),
            (Purpose::ResetPassword, "reset-password"),
        ] {
            let with = of(&mail(purpose), Some(&pages)).body;
            let link = format!("\nhttps://study.example/app/{page}#token={code}\n");
            assert!(with.contains(&link), "{with}");
            assert!(with.contains(&format!("\n{code}\n")));
            let without = of(&mail(purpose), None).body;
            assert!(without.contains(&code) && !without.contains("http"));
        }
    }
}
