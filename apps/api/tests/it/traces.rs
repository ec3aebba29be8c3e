//! One trace through everything a request sets off, to a real receiver.

use futures_util::{SinkExt, StreamExt};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use testkit::otlp::{Collector, TracedSpan};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::harness::{Model, Server, Setup, eventually, page};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLER: &str = "b7ad6b7169203331";
const WORDS: &str = "words that stand on the page";

fn parent() -> String {
    format!("00-{TRACE}-{CALLER}-01")
}

fn traced(model: &Model, collector: &Collector) -> Setup {
    model.says("Biology", "Stomata", WORDS);
    Setup::embedded(&model.url()).with("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint().as_str())
}

fn photo() -> Form {
    Form::new().part("image", Part::bytes(page()).file_name("p.jpg"))
}

async fn send(server: &Server, path: &str) -> Value {
    let client = server.client("ada");
    let request = client.request(Method::POST, path).multipart(photo());
    let answer = client.send(request.header("traceparent", parent())).await;
    assert!(answer.status.is_success(), "{answer:?}");
    answer.body["data"].clone()
}

/// Names of the spans of our trace.
fn ours(spans: &[TracedSpan]) -> Vec<&str> {
    let ours = spans.iter().filter(|span| span.trace_id == TRACE);
    ours.map(|span| span.name.as_str()).collect()
}

fn all_of(wanted: &'static [&'static str]) -> impl Fn(&[TracedSpan]) -> bool {
    move |spans| wanted.iter().all(|name| ours(spans).contains(name))
}

#[tokio::test]
async fn an_upload_is_one_trace_from_the_caller_to_the_model_and_the_database() {
    let (model, collector) = (Model::start().await, Collector::start().await);
    let server = traced(&model, &collector).start().await;
    send(&server, "/api/upload-and-analyze").await;
    let wanted = all_of(&[
        "POST /api/upload-and-analyze",
        "put object",
        "look at an image",
        "record event",
    ]);
    let spans = collector.wait_for(wanted).await;
    let top = spans.iter().find(|span| span.parent_id == CALLER).unwrap();
    let look = spans.iter().find(|span| span.name == "look at an image");
    assert_eq!(top.name, "POST /api/upload-and-analyze");
    let sent = model.newest_header("traceparent").unwrap();
    assert_eq!(sent, format!("00-{TRACE}-{}-01", look.unwrap().span_id));
    assert!(server.log().contains(&format!("\"trace_id\":\"{TRACE}\"")));
    let said = format!("{spans:?}");
    for secret in [WORDS, "Stomata", "test-key", "p.jpg"] {
        assert!(!said.contains(secret), "{secret}: {said}");
    }
}

#[tokio::test]
async fn a_job_and_what_sockets_hear_of_it_stay_in_the_trace_of_who_asked() {
    let (model, collector) = (Model::start().await, Collector::start().await);
    let server = traced(&model, &collector).start().await;
    let base = server.base.replace("http", "ws");
    model.thinks(std::time::Duration::from_millis(300));
    let accepted = send(&server, "/api/v1/analyze?mode=async").await;
    let topic = format!("job:{}", accepted["jobId"].as_str().unwrap());
    let mut door = format!("{base}/ws/events").into_client_request().unwrap();
    door.headers_mut()
        .insert("X-User-Id", "ada".parse().unwrap());
    let (mut socket, _) = connect_async(door).await.unwrap();
    let subscribe = json!({ "type": "subscribe", "topic": topic }).to_string();
    let seen_by = all_of(&["POST /api/v1/analyze", "job", "look at an image"]);
    socket.send(Message::Text(subscribe.into())).await.unwrap();
    tokio::spawn(async move { while let Some(Ok(_)) = socket.next().await {} });
    let spans = collector.wait_for(seen_by).await;
    let job = spans.iter().find(|span| span.name == "job").unwrap();
    let look = spans.iter().find(|span| span.name == "look at an image");
    let look = look.unwrap();
    assert_eq!(
        (look.trace_id.as_str(), job.trace_id.as_str()),
        (TRACE, TRACE)
    );
    collector.wait_for(all_of(&["tell a socket"])).await;
}

#[tokio::test]
async fn an_error_answer_names_its_trace_where_there_is_one() {
    let (model, collector) = (Model::start().await, Collector::start().await);
    let server = traced(&model, &collector).start().await;
    let client = server.client("ada");
    let request = client.request(Method::GET, "/api/nowhere");
    let answer = client.send(request.header("traceparent", parent())).await;
    assert_eq!(answer.body["error"]["traceId"], TRACE);
    let untraced = Setup::embedded(&model.url()).start().await;
    let answer = untraced.client("ada").get("/api/nowhere").await;
    assert_eq!(answer.body["error"]["traceId"], Value::Null);
}

#[tokio::test]
async fn a_collector_that_is_away_hurts_no_request() {
    let model = Model::start().await;
    model.says("Biology", "", "x");
    let setup = Setup::embedded(&model.url());
    let server = setup
        .with("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
        .start()
        .await;
    send(&server, "/api/upload-and-analyze").await;
    let dropped = "trace_spans_dropped_total{reason=\"not_sent\"}";
    let counted = async || server.metrics().await.contains(dropped).then_some(());
    eventually(counted).await;
    send(&server, "/api/upload-and-analyze").await;
}

#[tokio::test]
async fn what_was_traced_last_is_sent_before_the_process_ends() {
    let (model, collector) = (Model::start().await, Collector::start().await);
    let server = traced(&model, &collector).start().await;
    send(&server, "/api/upload-and-analyze").await;
    server.terminate();
    let server = server.restart_when_ended().await;
    let whole = all_of(&["POST /api/upload-and-analyze"]);
    assert!(whole(&collector.spans()), "{:?}", collector.spans());
    drop(server);
}
