//! A server, a model that follows a script, and devices.

use std::f32::consts::TAU;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use testkit::sim::realtime::{RealtimeOptions, RealtimeScript};
use testkit::sim::{SimOptions, Simulator};
use testkit::voice_client::{Heard, VoiceClient, f32_frames};

use crate::harness::{Server, Setup, eventually};

/// Bytes of 100 ms of f32 at 16 kHz.
pub(crate) const FRAME: usize = 6_400;

/// Bytes of a WAV file without sound.
const HEADER: u64 = 44;

/// A model and a server that talks with it.
pub(crate) struct Given {
    pub(crate) model: Simulator,
    pub(crate) server: Server,
}

/// One conversation.
pub(crate) struct Talk {
    pub(crate) device: VoiceClient,
    pub(crate) id: String,
}

impl Given {
    pub(crate) async fn new(script: RealtimeScript) -> Self {
        Self::with(RealtimeOptions::default(), script).await
    }

    pub(crate) async fn with(realtime: RealtimeOptions, script: RealtimeScript) -> Self {
        let options = SimOptions {
            realtime,
            ..SimOptions::default()
        };
        let model = Simulator::start_with(options).await;
        model.realtime().script(script);
        let setup = Setup::embedded(model.base_url().as_str()).with("VOICE_MAX_PER_USER", "0");
        let server = setup.start().await;
        Self { model, server }
    }

    /// A device that may speak.
    pub(crate) async fn talk(&self) -> Talk {
        self.talk_in(None).await
    }

    /// The same in a session of study.
    pub(crate) async fn talk_in(&self, session: Option<&str>) -> Talk {
        let url = format!("{}/ws", self.server.base);
        let device = VoiceClient::connect(&url, &[("X-User-Id", "ada")]).await;
        let mut device = device.unwrap();
        device
            .say(json!({ "type": "start", "sessionId": session }))
            .await;
        let ready = device.event("ready").await;
        let id = ready["voiceSessionId"].as_str().unwrap().to_owned();
        Talk { device, id }
    }

    /// What is stored of a conversation.
    pub(crate) async fn stored(&self, id: &str) -> Value {
        let client = self.server.client("ada");
        let answer = client.get(&format!("/api/v1/voice/{id}")).await;
        answer.data().clone()
    }

    /// The same once it has ended.
    pub(crate) async fn ended(&self, id: &str) -> Value {
        self.once(id, |stored| stored["status"] == "ended").await
    }

    /// The same once both recordings are there.
    pub(crate) async fn recorded(&self, id: &str) -> Value {
        let are_there = |stored: &Value| {
            let recordings = &stored["recordings"];
            recordings["input"].is_object() && recordings["output"].is_object()
        };
        self.once(id, are_there).await
    }

    /// Waits until some sound of both sides is in files, which nothing that happens takes away.
    pub(crate) async fn some_sound_is_kept(&self, id: &str) {
        let folder = self.server.folder().join("data/recordings");
        let size = |track: &str| {
            let file = folder.join(format!("{id}.{track}.wav"));
            std::fs::metadata(file).map_or(0, |file| file.len())
        };
        eventually(async || {
            ["input", "output"]
                .iter()
                .all(|t| size(t) > HEADER)
                .then_some(())
        })
        .await;
    }

    async fn once(&self, id: &str, is: impl Fn(&Value) -> bool) -> Value {
        let asked = async || Some(self.stored(id).await).filter(|stored| is(stored));
        eventually(asked).await
    }

    /// Waits until the server says that nobody talks. One that nobody has talked to says nothing.
    pub(crate) async fn nobody_talks(&self) {
        let is_quiet = async || {
            let metrics = reqwest::get(format!("{}/metrics", self.server.base)).await;
            let text = metrics.ok()?.text().await.ok()?;
            let mut lines = text.lines();
            let gauge = lines.find(|line| line.starts_with("voice_sessions_open"));
            let open = gauge.is_some_and(|line| !line.ends_with(" 0"));
            (!open).then_some(())
        };
        eventually(is_quiet).await;
    }

    /// Nothing in the server has panicked.
    #[track_caller]
    pub(crate) fn assert_calm(&self) {
        let log = self.server.log();
        let panicked: Vec<_> = log.lines().filter(|line| line.contains("panick")).collect();
        assert!(panicked.is_empty(), "{panicked:#?}");
    }
}

impl Talk {
    /// Says something loud for so long, and then nothing until the turn is over.
    pub(crate) async fn speak(&mut self, ms: usize, pace: Option<Duration>) {
        let sound = [voice(ms), silence(800)].concat();
        self.device.speak(f32_frames(&sound, &[FRAME]), pace).await;
    }

    pub(crate) async fn played(&mut self, item: &str, ms: u64) {
        let played = json!({ "type": "played", "itemId": item, "ms": ms });
        self.device.say(played).await;
    }

    /// Reads until so many bytes of sound have come.
    pub(crate) async fn hears(&mut self, bytes: usize) {
        while self.device.audio().len() < bytes {
            let heard = self.device.next().await;
            assert!(!matches!(heard, Heard::Closed(_)), "{heard:?}");
        }
    }

    /// Says good-bye; the id.
    pub(crate) async fn end(self) -> String {
        self.device.end().await;
        self.id
    }
}

/// f32 at 16 kHz, as loud as speech.
pub(crate) fn voice(ms: usize) -> Vec<u8> {
    #[expect(clippy::cast_precision_loss, reason = "seconds of sound")]
    let sample = |at: usize| 0.3 * (TAU * 180.0 * at as f32 / 16_000.0).sin();
    (0..16 * ms)
        .flat_map(|at| sample(at).to_le_bytes())
        .collect()
}

/// The same of nothing.
pub(crate) fn silence(ms: usize) -> Vec<u8> {
    vec![0; 64 * ms]
}

/// So many words that differ, all equally long; at most 100.
pub(crate) fn words(count: usize) -> String {
    let words: Vec<_> = (0..count).map(|n| format!("w{n:02}")).collect();
    words.join(" ")
}

/// Frames of nothing, 20 ms each.
pub(crate) fn short_frames(count: usize) -> Vec<Bytes> {
    vec![Bytes::from(silence(20)); count]
}
