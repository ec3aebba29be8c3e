//! A server of one session, and a link to it.

use std::future::poll_fn;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use realtime::{Realtime, RealtimeSettings};
use serde_json::Value;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use voice::model::{ConnectError, ModelEvent, ModelLink, ModelLost, RealtimeModel as _};

pub(crate) const STUDENT: &str = "student-1";

/// The other end of a session.
pub(crate) type Peer = WebSocketStream<TcpStream>;

/// Listens; takes in little before it is read.
pub(crate) fn listener() -> TcpListener {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    socket.listen(1).unwrap()
}

/// Settings with patience enough for a busy machine.
pub(crate) fn settings(listener: &TcpListener) -> RealtimeSettings {
    let address = listener.local_addr().unwrap();
    let url = format!("ws://{address}/v1/realtime").parse().unwrap();
    RealtimeSettings {
        api_key: Some("sk-very-secret".into()),
        connect_timeout: Duration::from_mins(1),
        close_timeout: Duration::from_mins(1),
        ..RealtimeSettings::new(url, "sim-realtime")
    }
}

pub(crate) async fn connect(
    settings: RealtimeSettings,
) -> Result<Box<dyn ModelLink>, ConnectError> {
    Realtime::new(settings).unwrap().connect(STUDENT).await
}

/// An open session before the peer's first word.
pub(crate) async fn session_with(
    change: impl FnOnce(&mut RealtimeSettings),
) -> (Box<dyn ModelLink>, Peer) {
    let listener = listener();
    let mut settings = settings(&listener);
    change(&mut settings);
    let accept = async {
        let (tcp, _) = listener.accept().await.unwrap();
        tokio_tungstenite::accept_async(tcp).await.unwrap()
    };
    let (link, peer) = tokio::join!(connect(settings), accept);
    (link.unwrap(), peer)
}

pub(crate) async fn session() -> (Box<dyn ModelLink>, Peer) {
    session_with(|_| ()).await
}

/// The next event, however long it takes.
pub(crate) async fn next(link: &mut dyn ModelLink) -> Result<ModelEvent, ModelLost> {
    poll_fn(|cx| link.poll_event(cx)).await
}

/// The end of the session; what is told before it is passed over.
pub(crate) async fn lost(link: &mut dyn ModelLink) -> ModelLost {
    loop {
        if let Err(lost) = next(link).await {
            return lost;
        }
    }
}

/// Moves the link on while `other` happens.
pub(crate) async fn while_polling<T>(
    link: &mut dyn ModelLink,
    other: impl Future<Output = T>,
) -> T {
    let link = async {
        loop {
            next(link).await.unwrap();
        }
    };
    tokio::select! {
        never = link => never,
        done = other => done,
    }
}

pub(crate) async fn say(peer: &mut Peer, text: &str) {
    peer.send(Message::text(text)).await.unwrap();
}

pub(crate) async fn close_with(peer: &mut Peer, code: u16, reason: &str) {
    let frame = CloseFrame {
        code: code.into(),
        reason: reason.into(),
    };
    peer.close(Some(frame)).await.unwrap();
}

/// The next event the peer was sent.
pub(crate) async fn heard(peer: &mut Peer) -> Value {
    loop {
        if let Message::Text(text) = peer.next().await.unwrap().unwrap() {
            return serde_json::from_str(&text).unwrap();
        }
    }
}
