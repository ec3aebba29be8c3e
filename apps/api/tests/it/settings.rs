//! Wrong settings stop the start with clear lines.

use crate::harness::Setup;

#[track_caller]
fn refused(setup: &Setup, line: &str) {
    let folder = tempfile::tempdir().unwrap();
    let output = setup.command(folder.path()).arg("serve").output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(78), "{text}");
    assert!(text.lines().any(|said| said.starts_with(line)), "{text}");
}

#[test]
fn each_fault_is_a_line_that_names_its_variable_and_the_exit_code_is_78() {
    refused(
        &Setup::default().with("S3_PREFIX", "x"),
        "S3_BUCKET: must be set",
    );
    refused(
        &Setup::default().with("SMARTSIGHT_LISTEN", "here"),
        "SMARTSIGHT_LISTEN: must be",
    );
    let open = Setup::default()
        .with("SMARTSIGHT_LISTEN", "0.0.0.0:0")
        .with("SMARTSIGHT_MODE", "open");
    refused(&open, "SMARTSIGHT_MODE: open is refused");
}

#[track_caller]
fn refused_with_one_line(setup: &Setup, line: &str) {
    let folder = tempfile::tempdir().unwrap();
    let output = setup.command(folder.path()).arg("serve").output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(78), "{text}");
    let lines: Vec<_> = text.lines().collect();
    assert!(lines.len() == 1 && lines[0].starts_with(line), "{text}");
}

#[test]
fn a_server_that_would_let_strangers_in_does_not_start_and_says_so_in_one_line() {
    let secured = Setup::default().with("SMARTSIGHT_MODE", "secured");
    let without = "JWT_SECRET: must be set in secured mode";
    refused_with_one_line(&secured, without);
    let public = Setup::default().with("SMARTSIGHT_LISTEN", "0.0.0.0:0");
    refused_with_one_line(&public, without);
    let short = secured.with("JWT_SECRET", "short");
    refused_with_one_line(&short, "JWT_SECRET: must have at least 32 bytes");
    let open = public.with("SMARTSIGHT_MODE", "open");
    refused_with_one_line(&open, "SMARTSIGHT_MODE: open is refused on 0.0.0.0:0");
}

#[test]
fn a_fault_that_only_its_user_understands_is_one_line_too() {
    let mail = Setup::default().with("MAIL_FROM", "Ada <ada@example.org>");
    for (setup, line) in [
        (
            Setup::default().with("RUST_LOG", "info,[broken"),
            "RUST_LOG: must be a filter",
        ),
        (
            Setup::default().with("MAIL_FROM", "nobody"),
            "MAIL_FROM: the sender must be",
        ),
        (
            mail.clone().with("SMTP_URL", "mail.example"),
            "SMTP_URL: the SMTP address must be",
        ),
        (
            mail.with("SMTP_URL", "smtp://u:p@mail.example"),
            "SMTP_URL: a password needs",
        ),
        (
            Setup::default()
                .with("GOOGLE_CLIENT_IDS", "app")
                .with("GOOGLE_ISSUER", "http://idp.example"),
            "GOOGLE_ISSUER: the issuer must be",
        ),
        (
            Setup::default().with("REDIS_URL", "http://cache.example"),
            "REDIS_URL: ",
        ),
    ] {
        refused_with_one_line(&setup, line);
    }
}

#[tokio::test]
async fn without_a_mail_server_the_log_says_where_mail_goes() {
    let server = Setup::default().start().await;
    let log = server.log();
    assert!(log.contains("SMTP_URL is not set"), "{log}");
}

#[tokio::test]
async fn a_second_server_on_the_same_folder_is_refused() {
    let first = Setup::default().start().await;
    let second = Setup::default()
        .command(first.folder())
        .arg("serve")
        .output()
        .unwrap();
    assert!(!second.status.success());
    let text = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(text.contains("in use"), "{text}");
}
