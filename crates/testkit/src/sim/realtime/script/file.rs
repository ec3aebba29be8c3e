//! Scripts as JSON; the format is described in [`crate::sim::realtime`].

use std::str::FromStr;

use serde::Deserialize;

use super::{Answer, AnswerRule, Plan, PlanRule, RealtimeScript, Transcript};
use crate::sim::ScriptFault;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct File {
    answers: Vec<Answers>,
    connections: Vec<Connections>,
    transcripts: Vec<Transcript>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum Answers {
    Queue(Vec<Answer>),
    EachConnection(Vec<Answer>),
    Connection { number: u64, queue: Vec<Answer> },
    Always(Box<Answer>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum Connections {
    Connection { number: u64, plan: Plan },
    Every(Plan),
    Random { seed: u64, within_audio_ms: u64 },
}

impl FromStr for RealtimeScript {
    type Err = ScriptFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let file: File =
            serde_json::from_str(text).map_err(|error| ScriptFault::new(error.to_string()))?;
        Ok(Self {
            answers: file.answers.into_iter().map(answers).collect(),
            plans: file.connections.into_iter().map(connections).collect(),
            transcripts: file.transcripts,
        })
    }
}

fn answers(rule: Answers) -> AnswerRule {
    match rule {
        Answers::Queue(queue) => AnswerRule::Queue(queue),
        Answers::EachConnection(queue) => AnswerRule::EachConnection(queue),
        Answers::Connection { number, queue } => AnswerRule::Connection(number, queue),
        Answers::Always(answer) => AnswerRule::Always(answer),
    }
}

fn connections(rule: Connections) -> PlanRule {
    match rule {
        Connections::Connection { number, plan } => PlanRule::Connection(number, plan),
        Connections::Every(plan) => PlanRule::Every(plan),
        Connections::Random {
            seed,
            within_audio_ms,
        } => PlanRule::By(std::sync::Arc::new(move |number| {
            Some(Plan::random(seed, number, within_audio_ms))
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Comes, Deed, Life, Part, When};
    use super::*;

    #[test]
    fn everything_is_read() {
        let script: RealtimeScript = r#"{
            "answers": [
                {"queue": [{"parts": [{"say": {"text": "Hi.", "ms": 400}}], "hold_at_ms": 200},
                           {"parts": [{"call": {"name": "f", "arguments": {"a": 1}}}]},
                           {"end": {"failed": "server_error"}},
                           {"deeds": [[100, "lose"]]}]},
                {"always": {}}],
            "connections": [
                {"connection": {"number": 2, "plan": {"refusal": "invalid_key"}}},
                {"every": {"life": {"audio_ms": 60000},
                           "deeds": [[{"events": 9}, {"close": {"code": 1011, "reason": "x"}}]]}}],
            "transcripts": [{"text": "Yes.", "comes": "after_next_turn"}, {"fails": true}]
        }"#
        .parse()
        .unwrap();
        let AnswerRule::Queue(queue) = &script.answers[0] else {
            panic!("{script:?}");
        };
        let text = "Hi.".to_owned();
        assert_eq!(
            queue[0].parts,
            [Part::Say {
                text,
                ms: Some(400)
            }]
        );
        assert_eq!(queue[3].deeds, [(100, Deed::Lose)]);
        let PlanRule::Every(plan) = &script.plans[1] else {
            panic!("{script:?}");
        };
        assert_eq!(plan.life, Life::AudioMs(60_000));
        assert_eq!(plan.deeds[0].0, When::Events(9));
        assert_eq!(script.transcripts[0].comes, Comes::AfterNextTurn);
    }

    #[test]
    fn a_mistake_is_named() {
        let error = r#"{"answers": [{"queue": [{"txt": 1}]}]}"#.parse::<RealtimeScript>();
        assert!(error.unwrap_err().to_string().contains("`txt`"));
    }
}
