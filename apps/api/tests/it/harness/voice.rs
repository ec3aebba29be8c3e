//! Devices that talk to the tutor.

use serde_json::Value;
use testkit::sim::realtime::Realtime;
use testkit::voice_client::{Refused, VoiceClient};

use super::{Client, Model, Server, eventually};

/// Samples of silence that end a turn: 1.2 s at 16 kHz.
const PAUSE: usize = 19_200;

impl Model {
    /// The half that talks.
    pub(crate) fn realtime(&self) -> Realtime<'_> {
        self.simulator().realtime()
    }
}

impl Server {
    /// A device of a user that open mode takes by name.
    pub(crate) async fn device(&self, user: &str, query: &str) -> VoiceClient {
        let device = self.knock(query, &[("X-User-Id", user)]).await;
        device.unwrap()
    }

    /// Whether the server lets this device in.
    pub(crate) async fn knock(
        &self,
        query: &str,
        headers: &[(&str, &str)],
    ) -> Result<VoiceClient, Refused> {
        VoiceClient::connect(&format!("{}/ws{query}", self.base), headers).await
    }
}

impl Client {
    /// A conversation that has ended, once it and these recordings of it are stored.
    pub(crate) async fn stored_talk(&self, id: &Value, tracks: &[&str]) -> Value {
        let path = format!("/api/v1/voice/{}", id.as_str().unwrap());
        eventually(async || {
            let answer = self.get(&path).await;
            let talk = answer.data().clone();
            let has = |track: &&str| talk["recordings"][*track].is_object();
            let is_whole = talk["status"] == "ended" && tracks.iter().all(has);
            is_whole.then_some(talk)
        })
        .await
    }
}

/// Silence long enough to end a turn, as a device sends it.
pub(crate) fn pause() -> Vec<u8> {
    vec![0; 4 * PAUSE]
}

/// A question as a device sends it: Float32 at 16 kHz.
pub(crate) fn question() -> Vec<u8> {
    let wav = testkit::data::bytes("speech/question-photosynthesis.wav");
    let samples = testkit::sim::realtime::voice::samples(&wav[44..]);
    let floats = samples.iter().map(|sample| f32::from(*sample) / 32_768.0);
    floats.flat_map(f32::to_le_bytes).collect()
}
