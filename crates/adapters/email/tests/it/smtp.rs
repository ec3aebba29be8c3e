//! Over SMTP.

use auth::Mailer;
use email::Delivery;
use kernel::Fault;

use crate::server::{Server, email_to, mail};

#[tokio::test]
async fn a_mail_arrives_with_its_link_unbroken() {
    let mut server = Server::start(&[]);
    let email = server.email("", "");
    email.send(&mail("ada@example.org")).await.unwrap();
    let taken = server.mail();
    assert_eq!(taken["from"], "no-reply@study.example");
    assert_eq!(taken["sender"], "SmartSight <no-reply@study.example>");
    assert_eq!(taken["to"][0], "ada@example.org");
    assert_eq!(taken["subject"], "Set a new password for SmartSight");
    let link = format!(
        "\nhttps://study.example/reset-password#token={}\n",
        "a".repeat(64)
    );
    let text = taken["text"].as_str().unwrap();
    assert!(text.contains(&link), "{text}");
}

#[tokio::test]
async fn the_right_login_is_let_in_and_a_wrong_or_missing_one_is_refused() {
    let mut server = Server::start(&["auth"]);
    let right = server.email("ada:secret@", "");
    right.send(&mail("bob@example.org")).await.unwrap();
    assert_eq!(server.mail()["to"][0], "bob@example.org");
    for user in ["ada:wrong@", ""] {
        let refused = server.email(user, "").send(&mail("bob@example.org")).await;
        assert_eq!(refused.unwrap_err().fault(), Fault::Refused, "{user}");
    }
}

#[tokio::test]
async fn a_mailbox_that_does_not_exist_is_refused_and_a_full_one_may_be_tried_again() {
    let server = Server::start(&[]);
    let email = server.email("", "");
    for (to, fault) in [
        ("nobody@example.org", Fault::Refused),
        ("later@example.org", Fault::Unavailable),
    ] {
        let failed = email.send(&mail(to)).await;
        assert_eq!(failed.unwrap_err().fault(), fault, "{to}");
    }
}

#[tokio::test]
async fn where_tls_is_required_nothing_goes_without() {
    let server = Server::start(&[]);
    let email = server.email("", "?tls=required");
    email.send(&mail("ada@example.org")).await.unwrap_err();
}

#[tokio::test]
async fn a_server_that_is_away_may_be_tried_again() {
    let email = email_to(Delivery::Smtp("smtp://127.0.0.1:1".into()));
    let failed = email.send(&mail("ada@example.org")).await;
    assert_eq!(failed.unwrap_err().fault(), Fault::Unavailable);
}
