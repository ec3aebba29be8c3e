//! What a session keeps.

use std::sync::mpsc;

use tokio::runtime::Builder;

use crate::given;

#[test]
fn an_open_session_keeps_less_than_24_kib() {
    let runtime = || Builder::new_current_thread().enable_all().build().unwrap();
    let (tell, told) = mpsc::channel();
    let (end, ended) = mpsc::channel();
    // On a thread of its own, so that what the other side keeps is not counted.
    let peer = std::thread::spawn(move || {
        runtime().block_on(async {
            let listener = given::listener();
            tell.send(given::settings(&listener)).unwrap();
            let (tcp, _) = listener.accept().await.unwrap();
            let mut peer = tokio_tungstenite::accept_async(tcp).await.unwrap();
            given::say(&mut peer, r#"{"type":"session.created"}"#).await;
            ended.recv().unwrap();
        });
    });
    let runtime = runtime();
    let settings = told.recv().unwrap();
    let mut link = None;
    let kept = allocation_counter::measure(|| {
        let opened = runtime.block_on(async {
            let mut link = given::connect(settings).await.unwrap();
            given::next(&mut *link).await.unwrap();
            link
        });
        link = Some(opened);
    });
    assert!(kept.bytes_current < 24 * 1024, "{kept:?}");
    end.send(()).unwrap();
    peer.join().unwrap();
}
