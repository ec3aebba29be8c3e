//! One row: so many conversations through the server, and as many through the bare relay.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::{Value, json};
use testkit::sim::Simulator;
use tokio::net::TcpListener;

use super::desk::{self, Seat};
use super::load::{self, Line, Run};
use super::speech::Kind;
use super::{bare, talk::Talk};
use crate::mode::{Ground, borrowed};
use crate::server::{Server, Start, cpu_time, memory_kib};

const WARM_UP: Duration = Duration::from_secs(3);

/// No limits but those that are measured, and every picture is a new one.
const SETTINGS: [(&str, &str); 3] = [
    ("VOICE_MAX_PER_USER", "100000"),
    ("VOICE_MAX_SESSIONS", "100000"),
    ("VISION_REUSE", "off"),
];

/// What every row has in common.
pub(super) struct Bench {
    pub(super) binary: PathBuf,
    pub(super) ground: Ground,
    pub(super) core: usize,
    pub(super) measure: Duration,
}

/// What came of so many conversations on one relay.
pub(super) struct Side {
    pub(super) run: Run,
    /// Processor time in a second of real time.
    pub(super) cpu: Duration,
    /// Resident memory above that without conversations, at the end.
    pub(super) memory_kib: u64,
}

/// A row.
pub(super) struct Row {
    pub(super) sessions: usize,
    pub(super) product: Side,
    pub(super) bare: Side,
    /// From analyzed pictures to the model's window, through the product.
    pub(super) desk: Vec<Duration>,
}

impl Bench {
    pub(super) async fn row(&self, sessions: usize) -> anyhow::Result<Row> {
        let bare = self.bare(sessions).await?;
        let (product, desk) = self.product(sessions).await?;
        Ok(Row {
            sessions,
            product,
            bare,
            desk,
        })
    }

    async fn product(&self, sessions: usize) -> anyhow::Result<(Side, Vec<Duration>)> {
        let models = TcpListener::bind("127.0.0.1:0").await?;
        let eyes = Simulator::start().await;
        let model = eyes.base_url();
        let voice = format!("ws://{}/v1/realtime", models.local_addr()?);
        let stores = self.ground.next_settings()?;
        let own = [("REALTIME_URL", voice.as_str())];
        let settings = [&SETTINGS[..], &own[..], &borrowed(&stores)[..]].concat();
        let start = Start {
            binary: &self.binary,
            model: &model,
            core: Some(self.core),
            settings: &settings,
        };
        let server = Server::start(&start).await?;
        let address = server.base.trim_start_matches("http://").to_owned();
        let line = Line {
            address,
            kind: Kind::Product,
        };
        let client = reqwest::Client::new();
        // The first conversation brings what all share.
        let _first = seat(&line, &models, &client, &server, sessions).await?;
        let before = memory_kib(server.id(), "VmRSS:")?;
        let mut seats = Vec::with_capacity(sessions);
        for number in 0..sessions {
            seats.push(seat(&line, &models, &client, &server, number).await?);
        }
        let talks: Vec<_> = seats.iter().map(|seat| seat.talk.clone()).collect();
        let side = self.measure(&talks, server.id(), before).await?;
        Ok((side, desk::delays(&seats, &server, &eyes).await?))
    }

    async fn bare(&self, sessions: usize) -> anyhow::Result<Side> {
        let models = TcpListener::bind("127.0.0.1:0").await?;
        let relay = bare::Running::start(self.core, &models.local_addr()?.to_string()).await?;
        let line = Line {
            address: relay.address.clone(),
            kind: Kind::Bare,
        };
        let before = memory_kib(relay.id(), "VmRSS:")?;
        let mut talks = Vec::with_capacity(sessions);
        for number in 0..sessions {
            talks.push(load::open(&line, &models, number, None).await?);
        }
        self.measure(&talks, relay.id(), before).await
    }

    async fn measure(
        &self,
        talks: &[Arc<Talk>],
        process: u32,
        before: u64,
    ) -> anyhow::Result<Side> {
        let begin = || Ok((cpu_time(process)?, Instant::now()));
        let end = |(cpu, begun): (Duration, Instant)| {
            let spent = cpu_time(process)?.saturating_sub(cpu);
            Ok((
                spent.div_f64(begun.elapsed().as_secs_f64()),
                memory_kib(process, "VmRSS:")?,
            ))
        };
        let (run, (cpu, memory)) = load::run(talks, WARM_UP, self.measure, begin, end).await?;
        Ok(Side {
            run,
            cpu,
            memory_kib: memory.saturating_sub(before),
        })
    }
}

async fn seat(
    line: &Line,
    models: &TcpListener,
    client: &reqwest::Client,
    server: &Server,
    number: usize,
) -> anyhow::Result<Seat> {
    let user = load::user(number);
    let started = client
        .post(format!("{}/api/v1/session/start", server.base))
        .header("X-User-Id", &user)
        .json(&json!({}))
        .send()
        .await?;
    let body: Value = started.error_for_status()?.json().await?;
    let session = body["data"]["sessionId"]
        .as_str()
        .context("no session id")?
        .to_owned();
    Ok(Seat {
        talk: load::open(line, models, number, Some(&session)).await?,
        user,
        session,
    })
}
