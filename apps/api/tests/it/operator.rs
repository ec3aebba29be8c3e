//! What the operator does to accounts from the command line, beside a running server.

use std::io::Write;
use std::process::{Output, Stdio};

use crate::harness::{PASSWORD, Server, Setup, Tokens, everywhere};

const ADA: &str = "ada@example.org";

everywhere! {
    an_account_made_at_the_command_line_signs_in_with_the_printed_password,
    what_the_operator_changes_holds_at_once_and_is_in_the_audit,
    what_cannot_be_done_is_said,
}

/// Runs `smartsight admin` with these words and this input.
fn admin(server: &Server, words: &str, input: &str) -> Output {
    let mut command = server.command();
    command.arg("admin").args(words.split(' '));
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = pipes.stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    child.wait_with_output().unwrap()
}

/// What it prints where it succeeds.
#[track_caller]
fn done(server: &Server, words: &str, input: &str) -> String {
    let output = admin(server, words, input);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout).unwrap()
}

/// What it says where it fails.
#[track_caller]
fn refused(server: &Server, words: &str, input: &str) -> String {
    let output = admin(server, words, input);
    assert_eq!(output.status.code(), Some(1), "{words}");
    String::from_utf8(output.stderr).unwrap()
}

async fn an_account_made_at_the_command_line_signs_in_with_the_printed_password(setup: Setup) {
    let server = setup.start().await;
    let printed = done(&server, "create-user ada@example.org --admin", "");
    let (_, password) = printed.split_once("password: ").unwrap();
    let client = server.stranger();
    let tokens: Tokens = client.sign_in(ADA, password.trim_end(), "x").await.into();
    let me = client.me(&tokens.access).await;
    assert_eq!(me.data()["role"], "admin");
    assert_eq!(me.data()["emailVerified"], true);
    let bob = done(
        &server,
        "create-user bob@example.org --password-stdin",
        PASSWORD,
    );
    assert!(
        !bob.contains(PASSWORD) && !bob.contains("password"),
        "{bob}"
    );
    let tokens: Tokens = client
        .sign_in("bob@example.org", PASSWORD, "x")
        .await
        .into();
    assert_eq!(client.me(&tokens.access).await.data()["role"], "user");
}

async fn what_the_operator_changes_holds_at_once_and_is_in_the_audit(setup: Setup) {
    let server = setup.start().await;
    let client = server.stranger();
    let first = client.register(ADA).await;
    assert_eq!(
        done(&server, "grant ada@example.org", ""),
        "ada@example.org is admin\n"
    );
    assert!(!client.lets_in(&first.access).await);
    let granted: Tokens = client.refresh(&first.refresh).await.into();
    let audit = client
        .bearing(&granted.access)
        .get("/api/v1/admin/audit")
        .await;
    let happened = audit.data()["items"].to_string();
    assert!(happened.contains("admin_granted"), "{happened}");

    done(&server, "disable ada@example.org", "");
    assert!(!client.lets_in(&granted.access).await);
    let closed = client.sign_in(ADA, PASSWORD, "x").await;
    assert_eq!(closed.error(), (403, "ACCOUNT_DISABLED".to_owned()));
    done(&server, "revoke ada@example.org", "");
    assert_eq!(
        done(&server, "enable ada@example.org", ""),
        "ada@example.org is user\n"
    );
    let tokens: Tokens = client.sign_in(ADA, PASSWORD, "x").await.into();
    let audit = client
        .bearing(&tokens.access)
        .get("/api/v1/admin/audit")
        .await;
    assert_eq!(audit.error(), (403, "FORBIDDEN".to_owned()));
}

async fn what_cannot_be_done_is_said(setup: Setup) {
    let server = setup.start().await;
    server.stranger().register(ADA).await;
    let said = refused(&server, "grant bob@example.org", "");
    assert!(said.contains("bob@example.org: no such account"), "{said}");
    let create = "create-user ada@example.org --password-stdin";
    let said = refused(&server, create, PASSWORD);
    assert!(said.contains("the address has an account"), "{said}");
    let said = refused(&server, create, "short");
    assert!(said.contains("at least 8 characters"), "{said}");
}
