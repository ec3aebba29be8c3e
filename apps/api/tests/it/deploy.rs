//! The files of `deploy/` and `compose.yaml` are what this binary takes.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use reqwest::StatusCode;
use serde_json::Value;

use crate::harness::{Client, Model, SECRET, Setup, eventually, page};

/// What an operator sets before the first start.
const CHOSEN: [(&str, &str); 3] = [
    ("JWT_SECRET", SECRET),
    ("POSTGRES_PASSWORD", "a-password-of-the-database"),
    ("S3_SECRET", "a-secret-of-the-store"),
];
/// From YAML to JSON, with what docker-compose itself brings.
const TO_JSON: &str = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn file(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap()
}

/// `docker-compose config` with these settings.
fn compose(settings: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let lines: Vec<_> = settings.iter().map(|(n, v)| format!("{n}={v}")).collect();
    let chosen = folder.path().join("env");
    std::fs::write(&chosen, lines.join("\n")).unwrap();
    let mut command = Command::new("docker-compose");
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .arg("--env-file")
        .arg(chosen)
        .arg("-f")
        .arg(root().join("compose.yaml"))
        .arg("config");
    command.output().unwrap()
}

/// The compose file as Docker would read it.
fn composed() -> Value {
    let output = compose(&CHOSEN);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let mut python = Command::new("/usr/bin/python3");
    let pipes = python.args(["-c", TO_JSON]).stdin(Stdio::piped());
    let mut child = pipes.stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut stdin, &output.stdout).unwrap();
    drop(stdin);
    serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap()
}

/// Names and descriptions of the services that are this binary.
fn ours(composed: &Value) -> Vec<(&String, &Value)> {
    let services = composed["services"].as_object().unwrap().iter();
    let ours: Vec<_> = services
        .filter(|(_, s)| s["image"] == "smartsight")
        .collect();
    assert!(ours.len() >= 3, "{composed}");
    ours
}

/// All settings there are.
fn known() -> BTreeSet<String> {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Setup::default().command(folder.path());
    let shown = command.arg("settings").output().unwrap().stdout;
    let lines = String::from_utf8(shown).unwrap();
    let names = lines.lines().filter_map(|line| line.split(' ').next());
    names.map(str::to_owned).collect()
}

#[test]
fn without_its_secrets_the_compose_file_is_refused() {
    for left_out in 0..CHOSEN.len() {
        let mut settings = CHOSEN.to_vec();
        let (name, _) = settings.remove(left_out);
        let output = compose(&settings);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(name), "{said}");
    }
}

#[test]
fn every_variable_of_the_compose_file_is_a_setting() {
    let (composed, known) = (composed(), known());
    for (name, service) in ours(&composed) {
        for variable in service["environment"].as_object().unwrap().keys() {
            assert!(known.contains(variable), "{name}: {variable}");
        }
    }
}

#[test]
fn the_settings_of_the_compose_file_are_taken_together() {
    let composed = composed();
    for (name, service) in ours(&composed) {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Setup::default().command(folder.path());
        let settings = service["environment"].as_object().unwrap();
        let given = settings
            .iter()
            .map(|(n, v)| (n, v.as_str().unwrap_or_default()));
        let checked = command.envs(given).arg("openapi").output().unwrap();
        let said = String::from_utf8_lossy(&checked.stderr);
        assert!(checked.status.success(), "{name}: {said}");
    }
}

#[test]
fn every_command_of_the_compose_file_is_one() {
    let composed = composed();
    for (name, service) in ours(&composed) {
        let words = service["command"].as_array().unwrap();
        let words: Vec<_> = words.iter().map(|word| word.as_str().unwrap()).collect();
        let folder = tempfile::tempdir().unwrap();
        let mut command = Setup::default().command(folder.path());
        let asked = command.args(&words).arg("--help").output().unwrap();
        let said = String::from_utf8_lossy(&asked.stderr);
        assert!(asked.status.success(), "{name} {words:?}: {said}");
    }
}

/// Read by the C library.
const ARENAS: &str = "MALLOC_ARENA_MAX";

#[test]
fn every_variable_of_the_image_the_unit_and_the_example_is_a_setting() {
    let mut known = known();
    known.insert(ARENAS.to_owned());
    let interpolated = file("compose.yaml");
    for (name, variable) in [
        ("Dockerfile", "ENV "),
        ("deploy/smartsight.service", "Environment="),
    ] {
        let text = file(name);
        let lines = text.lines().filter_map(|line| line.strip_prefix(variable));
        let pairs = lines.flat_map(|line| line.split(' '));
        for pair in pairs {
            let (set, _) = pair.split_once('=').unwrap();
            assert!(known.contains(set), "{name}: {set}");
        }
    }
    let example = file("deploy/example.env");
    let set = example.lines().filter(|line| !line.starts_with('#'));
    for line in set {
        let (set, _) = line.split_once('=').unwrap();
        assert!(interpolated.contains(&format!("${{{set}:")), "{set}");
    }
}

#[test]
fn systemd_takes_the_unit() {
    let folder = tempfile::tempdir().unwrap();
    let unit = folder.path().join("smartsight.service");
    let binary = env!("CARGO_BIN_EXE_smartsight");
    let text = file("deploy/smartsight.service").replace("/usr/local/bin/smartsight", binary);
    std::fs::write(&unit, text).unwrap();
    let mut verify = Command::new("systemd-analyze");
    let verified = match verify.arg("verify").arg(&unit).output() {
        Ok(verified) => verified,
        Err(missing) => return eprintln!("not checked, there is no systemd here: {missing}"),
    };
    let said = String::from_utf8_lossy(&verified.stderr);
    assert!(verified.status.success(), "{said}");
    assert!(!said.contains("smartsight.service:"), "{said}");
}

/// nginx with the deployed file in front of these servers; it ends with the value.
struct Proxy {
    nginx: Child,
    base: String,
    folder: tempfile::TempDir,
}

impl Proxy {
    fn before(servers: [&str; 2]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let [first, second] = servers.map(|base| base.strip_prefix("http://").unwrap());
        let text = file("deploy/nginx.conf")
            .replace("api-1:8080", first)
            .replace("api-2:8080", second)
            .replace("listen 8080", &format!("listen {address}"));
        let folder = tempfile::tempdir().unwrap();
        let aside = "daemon off; pid nginx.pid; error_log stderr;\n";
        let text = aside.to_owned() + &text.replace("http {", "http {\naccess_log off;");
        std::fs::write(folder.path().join("nginx.conf"), text).unwrap();
        let checked = nginx(folder.path()).arg("-t").output().unwrap();
        let said = String::from_utf8_lossy(&checked.stderr);
        assert!(
            checked.status.success() && !said.contains("[warn]"),
            "{said}"
        );
        let nginx = nginx(folder.path()).stderr(Stdio::null()).spawn().unwrap();
        let base = format!("http://{address}");
        Self {
            nginx,
            base,
            folder,
        }
    }
}

fn nginx(folder: &Path) -> Command {
    let mut nginx = Command::new("/usr/sbin/nginx");
    nginx.arg("-p").arg(folder).args(["-c", "nginx.conf"]);
    nginx
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // The workers end with their master when it is asked to, not when it is killed.
        let stopped = nginx(self.folder.path()).args(["-s", "stop"]).output();
        stopped.unwrap();
        self.nginx.wait().unwrap();
    }
}

#[tokio::test]
async fn behind_the_proxy_uploads_and_sockets_pass_and_figures_do_not() {
    let model = Model::start().await;
    model.says("Biology", "", "x");
    let server = Setup::embedded(&model.url()).start().await;
    let gone = "http://127.0.0.1:1";
    let proxy = Proxy::before([&server.base, gone]);
    let client = Client::new(&proxy.base, "ada");
    let live = format!("{}/health/live", proxy.base);
    let up = async || reqwest::get(&live).await.ok()?.error_for_status().ok();
    eventually(up).await;
    for _ in 0..4 {
        // Half of the requests would go to the server that is gone.
        client.upload(page(), "p.jpg", None).await.data();
    }
    for path in ["/metrics", "/api/metrics", "/api/v1/metrics"] {
        let figures = client.get(path).await;
        assert_eq!(figures.status, StatusCode::NOT_FOUND, "{path}");
        assert_ne!(
            server.client("ada").get(path).await.status,
            StatusCode::NOT_FOUND,
            "{path} is one of the addresses"
        );
    }
    let socket = client
        .request(reqwest::Method::GET, "/ws")
        .header("Connection", "Upgrade")
        .header("Upgrade", "websocket")
        .header("Sec-WebSocket-Version", "13")
        .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    let answer = socket.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SWITCHING_PROTOCOLS);
}
