//! How a server begins and ends.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use testkit::postgres::Cluster;
use testkit::sim::{Script, Simulator, Step};

use super::uploads::free_address;
use crate::harness::{Setup, eventually, page};

/// Longest from SIGTERM to the end of the process.
const GRACE: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_on_the_same_data_folder_is_refused_and_the_first_stays() {
    let server = Setup::embedded("http://127.0.0.1:9/v1").start().await;
    let second = server.command().arg("serve").output().unwrap();
    assert!(!second.status.success());
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(
        said.contains("is in use by another smartsight process"),
        "{said}"
    );
    server.client("ada").get("/health/ready").await.data();
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_schema_waits_the_server_lives_and_is_not_ready() {
    /// Taken by whoever migrates.
    const MIGRATION_LOCK: &str = "SELECT pg_advisory_lock(7239041)";
    let postgres = Cluster::start();
    let migrates = postgres.hold(MIGRATION_LOCK);
    let folder = tempfile::tempdir().unwrap();
    let address = free_address();
    let setup = Setup::embedded("http://127.0.0.1:9/v1")
        .with("DATABASE_URL", &postgres.url())
        .with("SMARTSIGHT_LISTEN", &address);
    let mut server = setup.command(folder.path());
    let mut server = server.arg("serve").stderr(Stdio::null()).spawn().unwrap();
    let client = crate::harness::Client::new(&format!("http://{address}"), "ada");
    let live = format!("http://{address}/health/live");
    eventually(async || reqwest::get(&live).await.ok()).await;
    client.get("/api/v1/health/live").await.data();
    for path in ["/health/ready", "/api/v1/session", "/metrics"] {
        let refused = client.get(path).await;
        assert_eq!(refused.error(), (503, "NOT_READY".to_owned()), "{path}");
    }
    drop(migrates);
    let ready = format!("http://{address}/health/ready");
    eventually(async || reqwest::get(&ready).await.ok()?.error_for_status().ok()).await;
    client.get("/api/v1/session").await.data();
    server.kill().unwrap();
    server.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn after_sigterm_running_requests_are_answered_and_new_ones_refused() {
    let model = Simulator::start().await;
    let slow = Step::sample().after(Duration::from_secs(3));
    model.script(Script::new().always(slow));
    let folder = tempfile::tempdir().unwrap();
    let address = free_address();
    let setup = Setup::embedded(model.base_url().as_ref()).with("SMARTSIGHT_LISTEN", &address);
    let mut server = setup.command(folder.path());
    let mut server = server.arg("serve").stderr(Stdio::null()).spawn().unwrap();
    let client = crate::harness::Client::new(&format!("http://{address}"), "ada");
    let ready = format!("http://{address}/health/ready");
    eventually(async || reqwest::get(&ready).await.ok()?.error_for_status().ok()).await;
    let upload = tokio::spawn(async move { client.upload(page(), "p.jpg", None).await });
    eventually(async || (model.request_count() == 1).then_some(())).await;
    let asked = Instant::now();
    let term = Command::new("kill").arg(server.id().to_string()).status();
    assert!(term.unwrap().success());
    eventually(async || reqwest::get(&ready).await.err()).await;
    upload.await.unwrap().data();
    let ended = eventually(async || server.try_wait().unwrap()).await;
    assert!(ended.success(), "{ended}");
    assert!(asked.elapsed() < GRACE, "{:?}", asked.elapsed());
}
