//! TLS with the roots of the machine.

use std::net::TcpStream;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use rustls_platform_verifier::BuilderVerifierExt as _;

/// A connection whose other side has proved its name.
pub(super) type Secure = StreamOwned<ClientConnection, TcpStream>;

/// Says hello; a certificate that is not trusted is told here.
pub(super) fn secure(host: &str, mut tcp: TcpStream) -> Result<Secure> {
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()
        .context("the certificates this machine trusts cannot be read")?
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned())
        .with_context(|| format!("{host} is no name a certificate can have"))?;
    let mut connection = ClientConnection::new(Arc::new(config), name)?;
    while connection.is_handshaking() {
        connection
            .complete_io(&mut tcp)
            .with_context(|| format!("no TLS with {host}"))?;
    }
    Ok(StreamOwned::new(connection, tcp))
}
