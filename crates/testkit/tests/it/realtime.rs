//! What tests rely on beside the protocol: marks, records, deeds and fates.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use testkit::python::validate_realtime_client_events;
use testkit::sim::realtime::voice::{self, Span};
use testkit::sim::realtime::{
    Answer, Comes, Deed, Life, Plan, RealtimeEnd, RealtimeOptions, RealtimeScript, Refusal,
    Transcript, When,
};
use testkit::sim::{SimOptions, Simulator};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::command_line::start;

const PATIENCE: Duration = Duration::from_secs(30);

/// A client that knows nothing but JSON.
struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Client {
    async fn try_connect(simulator: &Simulator) -> Result<Self, Error> {
        Self::dial(simulator.websocket_base_url().as_str()).await
    }

    async fn dial(base: &str) -> Result<Self, Error> {
        let url = format!("{base}/realtime?model=m");
        let mut request = url.into_client_request()?;
        let key = "Bearer any".parse().unwrap();
        request.headers_mut().insert("authorization", key);
        Ok(Self(connect_async(request).await?.0))
    }

    async fn connect(simulator: &Simulator) -> Self {
        let mut client = Self::try_connect(simulator).await.unwrap();
        assert_eq!(client.next().await.unwrap()["type"], "session.created");
        client
    }

    async fn send(&mut self, event: Value) {
        self.0.send(Message::text(event.to_string())).await.unwrap();
    }

    /// The next event; the closing code, or `None` for an end without one.
    async fn next(&mut self) -> Result<Value, Option<u16>> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next()).await.unwrap();
            match message {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => return Err(frame.map(|f| f.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    async fn until(&mut self, kind: &str) -> Vec<Value> {
        let mut events = Vec::new();
        while events
            .last()
            .is_none_or(|event: &Value| event["type"] != kind)
        {
            events.push(self.next().await.unwrap());
        }
        events
    }

    /// Everything to the end, and the closing code.
    async fn rest(&mut self) -> (Vec<Value>, Option<u16>) {
        let mut events = Vec::new();
        loop {
            match self.next().await {
                Ok(event) => events.push(event),
                Err(code) => return (events, code),
            }
        }
    }

    async fn hear(&mut self, samples: &[i16]) {
        for piece in samples.chunks(2400) {
            let audio = STANDARD.encode(voice::bytes(piece));
            self.send(json!({"type": "input_audio_buffer.append", "audio": audio}))
                .await;
        }
    }

    async fn manual(&mut self) {
        let audio = json!({"input": {"turn_detection": null,
            "transcription": {"model": "gpt-realtime-whisper"}}});
        let session = json!({"type": "realtime", "audio": audio});
        self.send(json!({"type": "session.update", "session": session}))
            .await;
        self.until("session.updated").await;
    }

    async fn commit(&mut self, samples: &[i16]) {
        self.hear(samples).await;
        self.send(json!({"type": "input_audio_buffer.commit"}))
            .await;
    }

    async fn ask(&mut self) {
        self.send(json!({"type": "response.create"})).await;
    }
}

async fn scripted(script: RealtimeScript) -> Simulator {
    let simulator = Simulator::start().await;
    simulator.realtime().script(script);
    simulator
}

fn sound_of(events: &[Value]) -> Vec<i16> {
    let deltas = events
        .iter()
        .filter(|event| event["type"] == "response.output_audio.delta");
    let bytes = deltas.flat_map(|event| STANDARD.decode(event["delta"].as_str().unwrap()).unwrap());
    voice::samples(&bytes.collect::<Vec<_>>())
}

#[tokio::test]
async fn sound_tells_which_answer_and_which_part_of_it_was_heard() {
    let simulator = scripted(RealtimeScript::new().always(Answer::say_for("Light.", 1230))).await;
    let mut client = Client::connect(&simulator).await;
    for number in [1, 2] {
        client.ask().await;
        let events = client.until("response.done").await;
        let whole = Span {
            answer: number,
            from_ms: 0,
            to_ms: 1230,
        };
        assert_eq!(voice::spans(&sound_of(&events)), [whole]);
    }
    let answers = simulator.realtime().connections()[0].record().answers;
    let told: Vec<_> = answers
        .iter()
        .map(|a| (a.number, a.spoken_ms, a.text.as_str()))
        .collect();
    assert_eq!(told, [(1, 1230, "Light."), (2, 1230, "Light.")]);
}

#[tokio::test]
async fn everything_received_is_recorded_bit_for_bit() {
    let simulator = Simulator::start().await;
    let mut client = Client::connect(&simulator).await;
    client.manual().await;
    let sound = voice::speech(9, 0, 333);
    client.commit(&sound).await;
    client.until("input_audio_buffer.committed").await;
    let connection = simulator.realtime().connection(1).await;
    let record = connection.record();
    assert!(record.sound == sound);
    assert_eq!(record.received_samples, sound.len() as u64);
    assert_eq!(connection.received("session.update").len(), 1);
    assert_eq!(record.items.len(), 1);
    assert_eq!(
        record.session["audio"]["input"]["turn_detection"],
        Value::Null
    );
    assert_eq!(
        validate_realtime_client_events(&connection.received_lines()),
        Ok(())
    );
}

#[test]
fn client_events_that_are_wrong_are_told() {
    let lines = [
        json!({"type": "response.stop"}),
        json!({"type": "session.update", "session": {"type": "realtime", "voice": "alloy"}}),
        json!({"type": "conversation.item.truncate", "item_id": "i", "content_index": 0}),
        json!({"type": "input_audio_buffer.append", "audio": "AAA="}),
        json!({"type": "input_audio_buffer.append", "audio": "AQ=="}),
    ];
    let lines = lines.map(|line| format!("{line}\n")).concat();
    let told = validate_realtime_client_events(&lines).unwrap_err();
    for line in [1, 2, 3, 5] {
        assert!(told.contains(&format!("line {line}: ")), "{told}");
    }
    assert!(told.contains("unknown field session.voice"), "{told}");
    assert!(!told.contains("line 4"), "{told}");
}

#[tokio::test]
async fn a_held_answer_goes_on_when_it_is_released() {
    let answer = Answer::say_for("A long story.", 900).hold_at(500);
    let simulator = scripted(RealtimeScript::new().always(answer)).await;
    let mut client = Client::connect(&simulator).await;
    client.ask().await;
    let connection = simulator.realtime().connection(1).await;
    connection
        .wait_for("half an answer", |r| {
            r.answers.iter().any(|a| a.spoken_ms == 500)
        })
        .await;
    connection.perform(Deed::Release);
    let events = client.until("response.done").await;
    assert_eq!(sound_of(&events).len(), 900 * voice::PER_MS);
}

#[tokio::test]
async fn a_cancel_that_comes_late_can_strike_the_next_answer() {
    let script = RealtimeScript::new()
        .always(Answer::say_for("A long story.", 3000).hold_at(500))
        .every_plan(Plan::new().cancel_strikes_next());
    let simulator = scripted(script).await;
    let mut client = Client::connect(&simulator).await;
    client.ask().await;
    client.until("response.output_audio.delta").await;
    client.hear(&voice::speech(1, 0, 600)).await;
    client.until("input_audio_buffer.speech_started").await;
    client.send(json!({"type": "response.cancel"})).await;
    client.hear(&vec![0; 24_000]).await;
    client.until("response.done").await;
    let next = client.until("response.done").await;
    let details = &next.last().unwrap()["response"]["status_details"];
    assert_eq!(details["reason"], "client_cancelled");
}

#[tokio::test]
async fn a_transcript_may_come_after_the_next_turn() {
    let script = RealtimeScript::new().transcripts([
        Transcript::text("first").comes(Comes::AfterNextTurn),
        Transcript::failed(),
    ]);
    let simulator = scripted(script).await;
    let mut client = Client::connect(&simulator).await;
    client.manual().await;
    for _ in 0..2 {
        client.commit(&voice::speech(1, 0, 200)).await;
    }
    let kind = "conversation.item.input_audio_transcription.completed";
    let mut events = client.until(kind).await;
    let failed = "conversation.item.input_audio_transcription.failed";
    if !events.iter().any(|event| event["type"] == failed) {
        events.extend(client.until(failed).await);
    }
    let kinds: Vec<_> = events.iter().map(|e| e["type"].as_str().unwrap()).collect();
    let place = |kind: &str| kinds.iter().rposition(|one| *one == kind).unwrap();
    assert!(
        place("input_audio_buffer.committed") < place(kind),
        "{kinds:?}"
    );
}

/// How a client sees the end, with what it saw before.
async fn end_of(plan: Plan) -> (Vec<Value>, Option<u16>, RealtimeEnd) {
    let script = RealtimeScript::new()
        .always(Answer::say_for("Some words.", 1000))
        .every_plan(plan);
    let simulator = scripted(script).await;
    let mut client = Client::connect(&simulator).await;
    client.ask().await;
    let (events, code) = client.rest().await;
    drop(client);
    let end = simulator.realtime().connections()[0].wait_for_end().await;
    (events, code, end)
}

#[tokio::test]
async fn connections_end_as_the_script_wants() {
    let half = When::SpokenMs(400);
    let (events, code, end) = end_of(Plan::new().at(half, Deed::Lose)).await;
    assert_eq!((code, end), (None, RealtimeEnd::Cut));
    assert_eq!(sound_of(&events).len(), 400 * voice::PER_MS);
    let (_, code, end) = end_of(Plan::new().at(half, Deed::Reset)).await;
    assert_eq!((code, end), (None, RealtimeEnd::Cut));
    let (events, code, end) = end_of(Plan::new().at(half, Deed::Expire)).await;
    assert_eq!((code, end), (Some(1001), RealtimeEnd::ByServer(1001)));
    assert_eq!(events.last().unwrap()["error"]["code"], "session_expired");
    let (_, code, _) = end_of(Plan::new().life(Life::Seconds(0)).at(half, Deed::Lose)).await;
    assert_eq!(code, Some(1001));
}

#[tokio::test]
async fn a_server_that_stops_reading_lets_the_client_wait() {
    let options = RealtimeOptions {
        receive_buffer: Some(8 * 1024),
        ..RealtimeOptions::default()
    };
    let simulator = Simulator::start_with(SimOptions {
        realtime: options,
        ..SimOptions::default()
    })
    .await;
    let plan = Plan::new().at(When::Events(1), Deed::StopReading);
    simulator
        .realtime()
        .script(RealtimeScript::new().every_plan(plan));
    let mut client = Client::connect(&simulator).await;
    client.manual().await;
    let connection = simulator.realtime().connection(1).await;
    let piece = vec![0; 240_000];
    let mut sent = Box::pin(async {
        for _ in 0..60 {
            client.hear(&piece).await;
        }
    });
    // Sixty times 640 kB do not fit into the buffers of the system, so this cannot end.
    let moment = Duration::from_millis(200);
    assert!(tokio::time::timeout(moment, &mut sent).await.is_err());
    assert_eq!(connection.read(|record| record.received_count), 1);
    connection.perform(Deed::ReadAgain);
    sent.await;
    connection
        .wait_for("all", |r| r.received_samples == 60 * 240_000)
        .await;
}

#[tokio::test]
async fn upgrades_may_be_refused_or_hang() {
    let script = RealtimeScript::new()
        .plan(1, Plan::refused(Refusal::Http(503)))
        .plan(2, Plan::refused(Refusal::Quota));
    let simulator = scripted(script).await;
    let Err(Error::Http(answer)) = Client::try_connect(&simulator).await else {
        panic!("upgraded");
    };
    assert_eq!(answer.status(), 503);
    let mut client = Client::try_connect(&simulator).await.unwrap();
    let (events, code) = client.rest().await;
    assert_eq!(events[0]["error"]["code"], "insufficient_quota");
    assert_eq!(code, Some(4000));
}

#[tokio::test]
async fn usage_adds_up_over_answers_and_connections() {
    let simulator = scripted(RealtimeScript::new().always(Answer::say_for("Words.", 1000))).await;
    for _ in 0..2 {
        let mut client = Client::connect(&simulator).await;
        for _ in 0..2 {
            client.ask().await;
            client.until("response.done").await;
        }
    }
    let connections = simulator.realtime().connections();
    let each = connections[0].read(|record| record.usage);
    assert_eq!(each.audio_out, 40);
    assert_eq!(each.audio_in, 20);
    assert!(each.text_cached > 0);
    let all = simulator.realtime().usage();
    let other = connections[1].read(|record| record.usage);
    assert_eq!(all.output(), each.output() + other.output());
}

#[tokio::test]
async fn the_program_plays_a_realtime_script_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let script = r#"{"answers": [{"queue": [{"parts": [{"say": {"text": "From a file."}}]}]}]}"#;
    std::fs::write(&file, script).unwrap();
    let path = file.path().to_str().unwrap();
    let (_running, base) = start(&["--realtime-script", path, "--realtime-light", "--quiet"]);
    let mut client = Client::dial(&base.replace("http", "ws")).await.unwrap();
    client.ask().await;
    let kind = "response.output_audio_transcript.done";
    let events = client.until(kind).await;
    assert_eq!(events.last().unwrap()["transcript"], "From a file.");
}
