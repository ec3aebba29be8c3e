//! Secrets change and nobody is logged out.

use crate::harness::{SECRET, Setup, Tokens, everywhere};

const NEXT: &str = "the secret that comes after it, long";
const THIRD: &str = "and a third one that nobody has seen";

everywhere! {
    a_change_of_secrets_logs_nobody_out,
}

async fn a_change_of_secrets_logs_nobody_out(setup: Setup) {
    let server = setup.start().await;
    let old = server.stranger().register("ada@example.org").await;

    let with_previous = setup
        .clone()
        .with("JWT_SECRET", NEXT)
        .with("JWT_SECRET_PREVIOUS", SECRET);
    let server = server.kill_and_restart_as(with_previous).await;
    let client = server.stranger();
    assert!(client.lets_in(&old.access).await);
    let next = client.refresh(&old.refresh).await.into();
    let Tokens { access, refresh } = next;
    assert!(client.lets_in(&access).await);

    let without_previous = setup.with("JWT_SECRET", THIRD);
    let server = server.kill_and_restart_as(without_previous).await;
    let client = server.stranger();
    assert!(!client.lets_in(&access).await);
    let again: Tokens = client.refresh(&refresh).await.into();
    assert!(client.lets_in(&again.access).await);
}

#[tokio::test]
async fn the_secret_made_in_open_mode_outlives_a_restart() {
    let server = Setup::default().start().await;
    let ada = server.stranger().register("ada@example.org").await;
    let server = server.kill_and_restart().await;
    assert!(server.stranger().lets_in(&ada.access).await);
}
