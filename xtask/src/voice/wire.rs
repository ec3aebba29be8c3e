//! From an address to an open socket, in the clear or over TLS.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use tungstenite::client::{ClientRequestBuilder, IntoClientRequest as _};
use tungstenite::handshake::HandshakeError;
use tungstenite::http::{Response, StatusCode, Uri};
use tungstenite::{Error, WebSocket};

/// A `ws` or `wss` address.
#[derive(Debug, Clone)]
pub(super) struct Address {
    uri: Uri,
    is_secure: bool,
}

impl Address {
    pub(super) fn parse(url: &str) -> Result<Self> {
        let uri: Uri = url
            .parse()
            .with_context(|| format!("{url} is no address"))?;
        let is_secure = match uri.scheme_str() {
            Some("ws") => false,
            Some("wss") => true,
            _ => bail!("{url}: the address of a tutor is ws://HOST:PORT/ws or wss://HOST/ws"),
        };
        Ok(Self { uri, is_secure })
    }

    /// Whether this program was built without what it takes to go there.
    pub(super) const fn is_out_of_reach(&self) -> bool {
        self.is_secure && !cfg!(feature = "tls")
    }

    fn host(&self) -> &str {
        self.uri.host().unwrap_or_default().trim_matches(['[', ']'])
    }

    fn port(&self) -> u16 {
        let usual = if self.is_secure { 443 } else { 80 };
        self.uri.port_u16().unwrap_or(usual)
    }

    /// Opens a socket, in a session of study and with a token if there are any.
    pub(super) fn open(
        &self,
        session: Option<&str>,
        token: Option<&str>,
    ) -> Result<WebSocket<Wire>> {
        let wire = self.connect()?;
        let uri = match session {
            Some(session) => format!("{}?sessionId={session}", self.uri).parse()?,
            None => self.uri.clone(),
        };
        let mut request = ClientRequestBuilder::new(uri);
        if let Some(token) = token {
            request = request.with_header("Authorization", format!("Bearer {token}"));
        }
        let opened = tungstenite::client(request.into_client_request()?, wire);
        let (socket, _) = opened.map_err(|error| self.refused(error))?;
        Ok(socket)
    }

    fn connect(&self) -> Result<Wire> {
        let tcp = TcpStream::connect((self.host(), self.port()))
            .with_context(|| format!("nobody answers at {}", self.uri))?;
        // Frames are small and wait for nobody.
        tcp.set_nodelay(true)?;
        if self.is_secure {
            self.secure(tcp)
        } else {
            Ok(Wire::Plain(tcp))
        }
    }

    #[cfg(feature = "tls")]
    fn secure(&self, tcp: TcpStream) -> Result<Wire> {
        let secure = super::tls::secure(self.host(), tcp)?;
        Ok(Wire::Secure(Box::new(secure)))
    }

    #[cfg(not(feature = "tls"))]
    fn secure(&self, _: TcpStream) -> Result<Wire> {
        bail!("{}: this program was built without TLS", self.uri)
    }

    fn refused<S>(&self, error: HandshakeError<S>) -> anyhow::Error
    where
        S: tungstenite::handshake::HandshakeRole,
    {
        match error {
            HandshakeError::Failure(Error::Http(answer)) => {
                anyhow!("{} does not open: {}", self.uri, said(&answer))
            }
            HandshakeError::Failure(error) => anyhow!(
                "{} does not open: {error} (servers behind https are called with wss://, others \
                 with ws://)",
                self.uri
            ),
            HandshakeError::Interrupted(_) => anyhow!("{} does not answer in time", self.uri),
        }
    }
}

/// Why the server refuses, and what helps.
fn said(answer: &Response<Option<Vec<u8>>>) -> String {
    let body = answer.body().as_deref().unwrap_or_default();
    let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let message = body["error"]["message"].as_str();
    let message = message.map_or_else(|| answer.status().to_string(), str::to_owned);
    match answer.status() {
        StatusCode::UNAUTHORIZED => format!("{message} (--token says who you are)"),
        StatusCode::NOT_FOUND => {
            format!("{message} (the path is /ws, and --session must be yours)")
        }
        status if status.is_redirection() => format!("{message} (is it wss:// or ws://?)"),
        _ => message,
    }
}

/// What bytes go over.
pub(super) enum Wire {
    Plain(TcpStream),
    #[cfg(feature = "tls")]
    Secure(Box<super::tls::Secure>),
}

impl Wire {
    /// How long a read waits at most.
    pub(super) fn set_read_timeout(&self, timeout: Duration) -> io::Result<()> {
        let tcp = match self {
            Self::Plain(tcp) => tcp,
            #[cfg(feature = "tls")]
            Self::Secure(secure) => secure.get_ref(),
        };
        tcp.set_read_timeout(Some(timeout))
    }
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(tcp) => tcp.read(buffer),
            #[cfg(feature = "tls")]
            Self::Secure(secure) => secure.read(buffer),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(tcp) => tcp.write(buffer),
            #[cfg(feature = "tls")]
            Self::Secure(secure) => secure.write(buffer),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(tcp) => tcp.flush(),
            #[cfg(feature = "tls")]
            Self::Secure(secure) => secure.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// What is said of a server that answers like this.
    fn refused_by(head: &str, body: &str) -> String {
        let length = body.len();
        let answer = format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\n\r\n{body}");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("ws://{}/ws", listener.local_addr().unwrap());
        let served = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = [0; 4096];
            let _asked = stream.read(&mut asked).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        });
        let opened = Address::parse(&url).unwrap().open(None, None);
        served.join().unwrap();
        opened.err().unwrap().to_string()
    }

    #[test]
    fn a_refusal_is_told_in_the_servers_words_with_what_helps() {
        let said = refused_by(
            "401 Unauthorized",
            r#"{"error":{"message":"sign in first"}}"#,
        );
        assert!(
            said.ends_with("sign in first (--token says who you are)"),
            "{said}"
        );
        let said = refused_by("301 Moved Permanently", "");
        assert!(said.contains("is it wss://"), "{said}");
    }

    #[test]
    fn only_addresses_of_sockets_are_taken() {
        for url in ["https://h/ws", "h:80", "ftp://h/ws"] {
            let said = format!("{:#}", Address::parse(url).unwrap_err());
            assert!(said.contains(url), "{said}");
        }
        let address = Address::parse("wss://[::1]/ws").unwrap();
        assert_eq!((address.host(), address.port()), ("::1", 443));
    }
}
