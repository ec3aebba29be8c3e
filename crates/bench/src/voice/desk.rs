//! From an analyzed picture to the model: how long until the tutor knows what lies on the desk.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use reqwest::Client;
use reqwest::multipart::{Form, Part};
use serde_json::json;
use testkit::sim::{Script, Simulator, Step};
use tokio::time::timeout;

use super::load;
use super::talk::Talk;
use crate::server::Server;

/// Pictures, one of a conversation each: no conversation is told more than once a second.
const PICTURES: usize = 50;
const WITHIN: Duration = Duration::from_secs(10);
const FILE: &str = "pages/p01.jpg";

/// A conversation and the session of study it belongs to.
pub(super) struct Seat {
    pub(super) talk: Arc<Talk>,
    pub(super) user: String,
    pub(super) session: String,
}

/// Sends pictures one after the other while everybody talks. For each: from its answer, which
/// leaves when the picture is analyzed and stored, to the moment the model has read the window;
/// zero when the model knew before.
///
/// # Errors
/// When a picture is not analyzed, or a window does not come.
pub(super) async fn delays(
    seats: &[Seat],
    server: &Server,
    eyes: &Simulator,
) -> anyhow::Result<Vec<Duration>> {
    let talks: Vec<_> = seats.iter().map(|seat| seat.talk.clone()).collect();
    let look = look_at_all(seats, server, eyes);
    tokio::select! {
        delays = look => delays,
        () = load::go_on(&talks) => unreachable!("they talk for ever"),
    }
}

async fn look_at_all(
    seats: &[Seat],
    server: &Server,
    eyes: &Simulator,
) -> anyhow::Result<Vec<Duration>> {
    let (client, picture) = (Client::new(), testkit::data::bytes(FILE));
    let mut delays = Vec::new();
    for (number, seat) in seats.iter().enumerate().take(PICTURES) {
        eyes.script(Script::new().always(Step::content(page(number))));
        seat.talk.await_window();
        let answered = analyze(&client, server, seat, picture.clone()).await?;
        let told = timeout(WITHIN, seat.talk.window()).await;
        let told = told.with_context(|| format!("conversation {number} is told of no picture"))?;
        delays.push(told.saturating_duration_since(answered));
    }
    Ok(delays)
}

fn page(number: usize) -> serde_json::Value {
    json!({
        "isStudying": true, "isActive": true, "isDistracted": false,
        "topic": "Biology", "subtopic": "", "extractedText": format!("page {number}"),
    })
}

async fn analyze(
    client: &Client,
    server: &Server,
    seat: &Seat,
    picture: Vec<u8>,
) -> anyhow::Result<Instant> {
    let form = Form::new().part("image", Part::bytes(picture).file_name("page.jpg"));
    let answer = client
        .post(format!("{}/api/v1/upload-and-analyze", server.base))
        .header("X-User-Id", &seat.user)
        .header("X-Session-Id", &seat.session)
        .multipart(form)
        .send()
        .await?;
    let answered = Instant::now();
    answer.error_for_status()?;
    Ok(answered)
}
