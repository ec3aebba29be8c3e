//! From an address to an upgraded socket.

use std::io;
use std::sync::Arc;

use http::HeaderValue;
use http::header::{AUTHORIZATION, HeaderName, USER_AGENT};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_util::either::Either;
use url::{Host, Url};

use crate::settings::RealtimeSettings;

/// Read and write buffers of a socket: a few frames of audio. Kept for as long as the socket.
const BUFFER: usize = 8 * 1024;

/// The longest message the model may send; its longest known ones, a session with instructions
/// and a burst of audio, are a tenth of that.
const MAX_MESSAGE: usize = 2 * 1024 * 1024;

const SAFETY_IDENTIFIER: HeaderName = HeaderName::from_static("openai-safety-identifier");

/// In the clear or over TLS.
pub(crate) type Wire = Either<TcpStream, Box<TlsStream<TcpStream>>>;

/// Where to, and what to say at the door.
#[derive(Debug)]
pub(crate) struct Target {
    url: Url,
    request: Request,
}

impl Target {
    /// `student` is a pseudonym, by which a provider can tell abuse by one from abuse by all.
    ///
    /// # Errors
    /// When the settings or the pseudonym cannot be sent.
    pub(crate) fn new(settings: &RealtimeSettings, student: &str) -> Result<Self, Error> {
        let url = settings.endpoint();
        let mut request = url.as_str().into_client_request()?;
        let headers = request.headers_mut();
        let agent = concat!("smartsight/", env!("CARGO_PKG_VERSION"));
        headers.insert(USER_AGENT, HeaderValue::from_static(agent));
        let student = HeaderValue::from_str(student).map_err(http::Error::from)?;
        headers.insert(SAFETY_IDENTIFIER, student);
        let bearer = settings.bearer().map_err(http::Error::from)?;
        headers.extend(bearer.map(|value| (AUTHORIZATION, value)));
        Ok(Self { url, request })
    }
}

/// Connects and upgrades. Without TLS configuration only `ws` works.
pub(crate) async fn dial(
    target: Target,
    tls: Option<Arc<ClientConfig>>,
) -> Result<WebSocketStream<Wire>, Error> {
    let tcp = tcp(&target.url).await?;
    // Frames of audio leave at once instead of waiting for more.
    tcp.set_nodelay(true)?;
    let wire = match tls {
        Some(config) => Either::Right(Box::new(secure(&target.url, tcp, config).await?)),
        None => Either::Left(tcp),
    };
    let upgrade =
        tokio_tungstenite::client_async_with_config(target.request, wire, Some(buffers()));
    Ok(upgrade.await?.0)
}

async fn tcp(url: &Url) -> io::Result<TcpStream> {
    let port = url.port_or_known_default().unwrap_or_default();
    match url.host() {
        Some(Host::Domain(name)) => TcpStream::connect((name, port)).await,
        Some(Host::Ipv4(address)) => TcpStream::connect((address, port)).await,
        Some(Host::Ipv6(address)) => TcpStream::connect((address, port)).await,
        None => Err(io::Error::other("the address names no host")),
    }
}

async fn secure(
    url: &Url,
    tcp: TcpStream,
    config: Arc<ClientConfig>,
) -> io::Result<TlsStream<TcpStream>> {
    let name = match url.host() {
        Some(Host::Ipv4(address)) => ServerName::from(std::net::IpAddr::from(address)),
        Some(Host::Ipv6(address)) => ServerName::from(std::net::IpAddr::from(address)),
        other => ServerName::try_from(other.map_or_else(String::new, |host| host.to_string()))
            .map_err(io::Error::other)?,
    };
    TlsConnector::from(config).connect(name, tcp).await
}

fn buffers() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_message_size(Some(MAX_MESSAGE))
        .max_frame_size(Some(MAX_MESSAGE))
}
