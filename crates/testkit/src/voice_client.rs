//! A device that talks to the tutor over `/ws`, as a phone does.
//!
//! ```no_run
//! # async fn example() {
//! use std::time::Duration;
//! use testkit::voice_client::{VoiceClient, f32_frames};
//!
//! let mut device = VoiceClient::connect("http://127.0.0.1:8080/ws", &[]).await.unwrap();
//! device.say(serde_json::json!({"type": "start"})).await;
//! device.event("ready").await;
//! let sound = testkit::data::bytes("speech/jfk.f32le");
//! device.speak(f32_frames(&sound, &[1280]), Some(Duration::from_millis(20))).await;
//! let done = device.event("response_done").await;
//! let heard = device.audio().len();
//! # }
//! ```

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

const PATIENCE: Duration = Duration::from_secs(30);

/// One open socket and everything that came over it.
#[derive(Debug)]
pub struct VoiceClient {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// Messages nobody has asked for yet.
    unread: VecDeque<Value>,
    events: Vec<Value>,
    audio: Vec<u8>,
    end: Option<Closed>,
}

/// What came over the socket.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// A message.
    Event(Value),
    /// Sound.
    Audio(Bytes),
    /// The end.
    Closed(Closed),
}

/// How a socket ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// The close code; `None` when the connection just broke.
    pub code: Option<u16>,
    /// The close's reason, or the socket's error.
    pub reason: String,
}

/// The upgrade was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Value,
}

impl VoiceClient {
    /// Connects to an `http` or `ws` address with these headers more.
    ///
    /// # Errors
    /// [`Refused`] when the server answers with anything but an upgrade.
    ///
    /// # Panics
    /// When the address or a header cannot be, or nobody answers.
    pub async fn connect(url: &str, headers: &[(&str, &str)]) -> Result<Self, Refused> {
        let url = url.replacen("http", "ws", usize::from(url.starts_with("http")));
        let request = upgrade(&url, headers).unwrap_or_else(|error| panic!("{url}: {error}"));
        match timeout(PATIENCE, tokio_tungstenite::connect_async(request)).await {
            Ok(Ok((socket, _))) => Ok(Self {
                socket,
                unread: VecDeque::new(),
                events: Vec::new(),
                audio: Vec::new(),
                end: None,
            }),
            Ok(Err(Error::Http(response))) => Err(Refused {
                status: response.status().as_u16(),
                body: response
                    .body()
                    .as_deref()
                    .and_then(|body| serde_json::from_slice(body).ok())
                    .unwrap_or_default(),
            }),
            other => panic!("{url}: {other:?}"),
        }
    }

    /// Sends a message. A socket that has ended takes none; [`closed`](Self::closed) tells.
    pub async fn say(&mut self, message: Value) {
        self.put(Message::text(message.to_string())).await;
    }

    /// Sends text that need not be a message.
    pub async fn say_text(&mut self, text: &str) {
        self.put(Message::text(text)).await;
    }

    /// Sends one frame of sound.
    pub async fn send_audio(&mut self, frame: impl Into<Bytes>) {
        self.put(Message::Binary(frame.into())).await;
    }

    /// Sends frames of sound, one every `pace` or as fast as they are taken, and reads meanwhile.
    pub async fn speak(&mut self, frames: impl IntoIterator<Item = Bytes>, pace: Option<Duration>) {
        let mut due = Instant::now();
        for frame in frames {
            self.send_audio(frame).await;
            due += pace.unwrap_or_default();
            self.read_until(due).await;
        }
    }

    /// What comes next, sound and messages in their order; messages are left for
    /// [`event`](Self::event) too.
    ///
    /// # Panics
    /// When nothing comes within 30 seconds.
    pub async fn next(&mut self) -> Heard {
        let heard = timeout(PATIENCE, self.read()).await;
        let seen = || self.events.iter().map(|event| event["type"].clone());
        heard.unwrap_or_else(|_| panic!("nothing came after {:?}", seen().collect::<Vec<_>>()))
    }

    /// The next message of this type; those of other types that came before it are passed over.
    ///
    /// # Panics
    /// When the socket ends first, or nothing comes within 30 seconds.
    pub async fn event(&mut self, kind: &str) -> Value {
        loop {
            while let Some(event) = self.unread.pop_front() {
                if event["type"] == kind {
                    return event;
                }
            }
            if let Heard::Closed(closed) = self.next().await {
                let seen: Vec<_> = self.events.iter().map(|e| &e["type"]).collect();
                panic!("no {kind} but {closed:?} after {seen:?}");
            }
        }
    }

    /// How the socket ends; reads on until it does.
    ///
    /// # Panics
    /// When it is silent for 30 seconds.
    pub async fn closed(&mut self) -> Closed {
        loop {
            if let Heard::Closed(closed) = self.next().await {
                return closed;
            }
        }
    }

    /// Says good-bye and waits for the server's.
    pub async fn end(mut self) -> Self {
        self.say(serde_json::json!({"type": "end"})).await;
        self.closed().await;
        self
    }

    /// All messages that came, in order.
    pub fn events(&self) -> &[Value] {
        &self.events
    }

    /// All messages of a type that came, in order.
    pub fn events_of(&self, kind: &str) -> Vec<&Value> {
        self.events
            .iter()
            .filter(|event| event["type"] == kind)
            .collect()
    }

    /// All sound that came, behind each other.
    pub fn audio(&self) -> &[u8] {
        &self.audio
    }

    async fn put(&mut self, message: Message) {
        let sent = timeout(PATIENCE, self.socket.send(message)).await;
        // A socket that has ended tells so when it is read.
        drop(sent.unwrap_or_else(|_| panic!("the server takes nothing any more")));
    }

    async fn read_until(&mut self, due: Instant) {
        loop {
            tokio::select! {
                biased;
                () = sleep_until(due) => return,
                heard = self.read() => if matches!(heard, Heard::Closed(_)) { return },
            }
        }
    }

    async fn read(&mut self) -> Heard {
        loop {
            if let Some(end) = &self.end {
                return Heard::Closed(end.clone());
            }
            let closed = |code, reason: String| Closed { code, reason };
            self.end = Some(match self.socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    let event: Value = serde_json::from_str(&text).unwrap_or_default();
                    self.events.push(event.clone());
                    self.unread.push_back(event.clone());
                    return Heard::Event(event);
                }
                Some(Ok(Message::Binary(audio))) => {
                    self.audio.extend_from_slice(&audio);
                    return Heard::Audio(audio);
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => continue,
                Some(Ok(Message::Close(frame))) => match frame {
                    Some(frame) => {
                        // The answer leaves as far as the server takes it.
                        drop(timeout(PATIENCE, self.socket.flush()).await);
                        closed(Some(frame.code.into()), frame.reason.to_string())
                    }
                    None => closed(Some(1005), String::new()),
                },
                Some(Err(error)) => closed(None, error.to_string()),
                None => closed(None, "the connection ended".to_owned()),
            });
        }
    }
}

fn upgrade(url: &str, headers: &[(&str, &str)]) -> Result<Request, Box<dyn std::error::Error>> {
    let mut request = url.into_client_request()?;
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes())?;
        request
            .headers_mut()
            .insert(name, HeaderValue::from_str(value)?);
    }
    Ok(request)
}

/// Sound cut into frames of these sizes in bytes, over and over; the last one may be shorter.
pub fn f32_frames(sound: &[u8], sizes: &[usize]) -> Vec<Bytes> {
    let mut frames = Vec::new();
    let mut rest = Bytes::copy_from_slice(sound);
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        frames.push(rest.split_to(rest.len().min((*size).max(1))));
    }
    frames
}
