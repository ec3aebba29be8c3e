//! Over TLS, with and without trust in the server's certificate.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use futures_util::SinkExt as _;
use realtime::RealtimeSettings;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use voice::model::{ModelEvent, Retry};

use crate::given;

/// Names the folder with the certificate that this process was started to trust.
const TRUSTED: &str = "REALTIME_TEST_TRUSTED";

/// A certificate for this machine, signed by itself, and its key.
fn certificate(folder: &Path) {
    let names = ["localhost", "127.0.0.1"].map(str::to_owned);
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    fs::write(folder.join("cert.pem"), made.cert.pem()).unwrap();
    fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
}

fn acceptor(folder: &Path) -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_file(folder.join("cert.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(folder.join("key.pem")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    Arc::new(config).into()
}

fn settings(listener: &TcpListener, host: &str) -> RealtimeSettings {
    let port = listener.local_addr().unwrap().port();
    let mut settings = given::settings(listener);
    settings.url = format!("wss://{host}:{port}/v1/realtime").parse().unwrap();
    settings
}

/// The machine's roots are read from where the environment says, which a process cannot change for
/// itself: another one is started for the test below.
#[test]
fn a_server_with_a_trusted_certificate_is_talked_with() {
    let folder = tempfile::tempdir().unwrap();
    certificate(folder.path());
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tls::sessions_are_opened_by_name_and_by_address"])
        .env("SSL_CERT_FILE", folder.path().join("cert.pem"))
        .env(TRUSTED, folder.path())
        .status();
    assert!(status.unwrap().success());
}

#[tokio::test]
async fn sessions_are_opened_by_name_and_by_address() {
    let Some(folder) = std::env::var_os(TRUSTED).map(PathBuf::from) else {
        return;
    };
    for host in ["localhost", "127.0.0.1"] {
        let listener = given::listener();
        let welcome = welcome(&listener, &folder);
        let (link, _peer) = tokio::join!(given::connect(settings(&listener, host)), welcome);
        let event = given::next(&mut *link.unwrap()).await.unwrap();
        assert_eq!(event, ModelEvent::SessionCreated { expires_at: None });
    }
}

async fn welcome(listener: &TcpListener, folder: &Path) -> WebSocketStream<TlsStream<TcpStream>> {
    let (tcp, _) = listener.accept().await.unwrap();
    let tls = acceptor(folder).accept(tcp).await.unwrap();
    let mut peer = tokio_tungstenite::accept_async(tls).await.unwrap();
    let welcome = Message::text(r#"{"type":"session.created"}"#);
    peer.send(welcome).await.unwrap();
    peer
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_final() {
    let folder = tempfile::tempdir().unwrap();
    certificate(folder.path());
    let listener = given::listener();
    let refused = async {
        let (tcp, _) = listener.accept().await.unwrap();
        assert!(acceptor(folder.path()).accept(tcp).await.is_err());
    };
    let (link, ()) = tokio::join!(given::connect(settings(&listener, "localhost")), refused);
    let error = link.err().unwrap();
    assert_eq!(error.retry, Retry::WillNotHelp, "{error}");
}
