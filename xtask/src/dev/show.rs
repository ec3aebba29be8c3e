//! What is printed about the pages, the study time and where to look next.

use std::path::Path;

use serde_json::Value;

/// How much of the text of a page is shown.
const FIRST_WORDS: usize = 10;

/// One page: topic, subtopic, whether it is study, its first words.
pub(super) fn understood(photo: &Path, answer: &Value) {
    let content = &answer["analysis"]["contentAnalysis"];
    let name = photo.file_name().unwrap_or_default().to_string_lossy();
    let studying = match content["isStudying"].as_bool() {
        Some(true) => "studying",
        _ => "not studying",
    };
    let subtopic = content["subtopic"].as_str().unwrap_or("–");
    let topic = answer["analysis"]["topicEnum"].as_str().unwrap_or("?");
    println!("\n{name:<20} {topic} / {subtopic} · {studying}");
    println!(
        "    {}",
        first_words(content["extractedText"].as_str().unwrap_or_default())
    );
}

/// The time per topic of a session that has ended.
pub(super) fn study_time(ended: &Value) {
    println!("\nStudy time, as if a page had been turned every 45 s");
    let topics = ended["topicStats"].as_array();
    for topic in topics.into_iter().flatten() {
        let name = topic["topic"].as_str().unwrap_or("?");
        let seconds = topic["durationSec"].as_f64().unwrap_or_default();
        println!("    {name:<12} {seconds:>6.0} s");
    }
}

/// Where to look next.
pub(super) fn links(url: &str, last_photo: &str) {
    println!("\nAPI documentation  {url}/api-docs");
    println!("Health             {url}/health/ready");
    println!("Metrics            {url}/metrics");
    println!("Today              {url}/api/v1/today/topic-stats");
    println!("Last photo         {last_photo}");
}

fn first_words(text: &str) -> String {
    let mut words = text.split_whitespace();
    let first: Vec<&str> = words.by_ref().take(FIRST_WORDS).collect();
    let more = if words.next().is_some() { " …" } else { "" };
    match first.as_slice() {
        [] => "(nothing to read)".to_owned(),
        some => format!("“{}{more}”", some.join(" ")),
    }
}
