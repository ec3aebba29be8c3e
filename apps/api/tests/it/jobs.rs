//! Jobs, and the processes that carry them out.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::harness::{Client, Model, Server, Setup, eventually, page};

impl Client {
    /// The job that analyzes this image; the same one for the same key.
    pub(crate) async fn analyze_later(&self, file: Vec<u8>, key: &str) -> String {
        let part = Part::bytes(file).file_name("page.jpg");
        let request = self
            .request(Method::POST, "/api/v1/analyze?mode=async")
            .header("Idempotency-Key", key)
            .multipart(Form::new().part("image", part));
        let accepted = self.send(request).await;
        assert_eq!(accepted.status.as_u16(), 202, "{accepted:?}");
        accepted.body["data"]["jobId"].as_str().unwrap().to_owned()
    }

    /// The job, once it is done.
    async fn done(&self, id: &str) -> Value {
        eventually(async || {
            let job = self.get(&format!("/api/v1/jobs/{id}")).await;
            let job = job.data().clone();
            assert_ne!(job["state"], "failed", "{job}");
            (job["state"] == "done").then_some(job)
        })
        .await
    }
}

/// A process of `smartsight worker`; killed when dropped.
struct Worker {
    child: Child,
    _folder: tempfile::TempDir,
}

impl Worker {
    fn start(setup: &Setup) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let child = Self::command(setup, folder.path()).spawn().unwrap();
        Self {
            child,
            _folder: folder,
        }
    }

    fn command(setup: &Setup, folder: &Path) -> Command {
        let mut command = setup.command(folder);
        let log = std::fs::File::create(folder.join("log")).unwrap();
        command.arg("worker").stdout(Stdio::null()).stderr(log);
        command
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn end(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").arg(pid).status().unwrap().success());
        assert!(self.child.wait().unwrap().success(), "it ends well");
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// How many images were analyzed in all.
async fn analyses(client: &Client) -> usize {
    let sessions = client.get("/api/v1/session?limit=200").await;
    let items = sessions.data()["items"].as_array().unwrap().clone();
    let counts = items
        .iter()
        .map(|session| session["sessionId"].as_str().unwrap());
    let mut events = 0;
    for id in counts {
        let listed = client.get(&format!("/api/v1/session/{id}/events")).await;
        events += listed.data()["items"].as_array().unwrap().len();
    }
    events
}

#[tokio::test]
async fn a_job_survives_the_server_that_is_killed_in_the_middle_and_is_done_once() {
    let model = Model::start().await;
    model.thinks(Duration::from_secs(2));
    let server = Setup::embedded(&model.url()).start().await;
    let id = server.client("ada").analyze_later(page(), "k").await;
    eventually(async || (model.calls() > 0).then_some(())).await;
    let server = server.kill_and_restart().await;
    let ada = server.client("ada");
    let job = ada.done(&id).await;
    assert!(job["result"]["analysisId"].is_string(), "{job}");
    assert_eq!(job["attempts"], 2);
    assert_eq!(analyses(&ada).await, 1);
    assert_eq!(ada.analyze_later(page(), "k").await, id);
}

#[tokio::test]
async fn workers_do_what_servers_accept_although_one_is_killed() {
    let model = Model::start().await;
    model.thinks(Duration::from_millis(300));
    let (setup, _stores) = Setup::production(&model.url());
    let setup = setup
        .with("RATE_LIMIT_ANALYSES_PER_MIN", "0")
        .with("VISION_REUSE", "off");
    let server = setup.clone().without_worker().start().await;
    let ada = server.client("ada");
    let mut ids = Vec::new();
    for number in 0..16 {
        ids.push(ada.analyze_later(page(), &format!("k{number}")).await);
    }
    assert_eq!(model.calls(), 0, "nobody works yet");
    let mut killed = Worker::start(&setup);
    let stays = Worker::start(&setup);
    eventually(async || (model.calls() > 4).then_some(())).await;
    killed.kill();
    for id in &ids {
        ada.done(id).await;
    }
    assert_eq!(analyses(&ada).await, ids.len());
    stays.end();
}

#[tokio::test]
async fn a_worker_says_what_it_needs_that_servers_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let setup = Setup::default();
    let ended = setup.command(folder.path()).arg("worker").output().unwrap();
    let told = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(78), "{told}");
    assert!(
        told.contains("DATABASE_URL: ") && told.contains("S3_BUCKET: "),
        "{told}"
    );
}

#[tokio::test]
async fn figures_tell_how_jobs_go() {
    let model = Model::start().await;
    let server = Setup::embedded(&model.url()).start().await;
    let ada = server.client("ada");
    let id = ada.analyze_later(page(), "k").await;
    ada.done(&id).await;
    let done = "jobs_attempts_total{kind=\"analyze\",outcome=\"done\"} 1";
    eventually(async || server.metrics().await.contains(done).then_some(())).await;
    let gauge = "jobs_waiting{kind=\"analyze\"} 0";
    eventually(async || server.metrics().await.contains(gauge).then_some(())).await;
}

#[tokio::test]
async fn jobs_of_an_erased_user_go_with_everything_else() {
    let model = Model::start().await;
    let server = Setup::embedded(&model.url()).start().await;
    let ada = server.client("ada");
    let id = ada.analyze_later(page(), "k").await;
    ada.done(&id).await;
    erase(&server, &ada).await;
    let gone = ada.get(&format!("/api/v1/jobs/{id}")).await;
    assert_eq!(gone.error(), (404, "JOB_NOT_FOUND".to_owned()));
}

async fn erase(server: &Server, ada: &Client) {
    let erased = ada.send(ada.request(Method::DELETE, "/api/v1/user")).await;
    let receipt = erased.data();
    assert_eq!(
        receipt["rows"]["jobs"],
        json!(1),
        "{receipt} of {}",
        server.base
    );
}
