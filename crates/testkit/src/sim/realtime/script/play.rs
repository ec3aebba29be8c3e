//! A script being played.

use std::collections::{HashMap, VecDeque};

use super::{Answer, AnswerRule, Plan, PlanRule, RealtimeScript, Transcript, TurnAsked};

/// A script and how far it has come.
#[derive(Debug, Default)]
pub(in crate::sim::realtime) struct Player {
    answers: Vec<(AnswerRule, Taken)>,
    plans: Vec<PlanRule>,
    transcripts: VecDeque<Transcript>,
    turns: u64,
    per_connection: HashMap<u64, u64>,
}

/// Answers taken of one rule, by connection where the rule counts so.
type Taken = HashMap<u64, usize>;

impl Player {
    pub(in crate::sim::realtime) fn new(script: RealtimeScript) -> Self {
        let answers = script.answers.into_iter();
        Self {
            answers: answers.map(|rule| (rule, Taken::new())).collect(),
            plans: script.plans,
            transcripts: script.transcripts.into(),
            ..Self::default()
        }
    }

    pub(in crate::sim::realtime) fn plan(&self, connection: u64) -> Plan {
        let plan = self.plans.iter().find_map(|rule| match rule {
            PlanRule::Connection(number, plan) => (*number == connection).then(|| plan.clone()),
            PlanRule::By(decide) => decide(connection),
            PlanRule::Every(plan) => Some(plan.clone()),
        });
        plan.unwrap_or_default()
    }

    /// The next transcript; `None` when the script has no more.
    pub(in crate::sim::realtime) fn transcript(&mut self) -> Option<Transcript> {
        self.transcripts.pop_front()
    }

    /// A transcript that its session did not live to send is that of the next turn.
    pub(in crate::sim::realtime) fn give_back(&mut self, transcript: Transcript) {
        self.transcripts.push_front(transcript);
    }

    /// Numbers the turn and finds its answer.
    pub(in crate::sim::realtime) fn answer(&mut self, mut asked: TurnAsked) -> Answer {
        self.turns += 1;
        asked.number = self.turns;
        let of_connection = self.per_connection.entry(asked.connection).or_default();
        *of_connection += 1;
        asked.connection_number = *of_connection;
        self.answers
            .iter_mut()
            .find_map(|(rule, taken)| answer_of(rule, taken, &asked))
            .unwrap_or_default()
    }
}

fn answer_of(rule: &AnswerRule, taken: &mut Taken, asked: &TurnAsked) -> Option<Answer> {
    match rule {
        AnswerRule::Queue(answers) => take(answers, taken, 0),
        AnswerRule::EachConnection(answers) => take(answers, taken, asked.connection),
        AnswerRule::Connection(number, answers) if *number == asked.connection => {
            take(answers, taken, 0)
        }
        AnswerRule::Connection(..) => None,
        AnswerRule::By(decide) => decide(asked),
        AnswerRule::Always(answer) => Some((**answer).clone()),
    }
}

fn take(answers: &[Answer], taken: &mut Taken, counter: u64) -> Option<Answer> {
    let position = taken.entry(counter).or_default();
    let answer = answers.get(*position)?;
    *position += 1;
    Some(answer.clone())
}

#[cfg(test)]
mod tests {
    use super::super::Part;
    use super::*;

    fn words(player: &mut Player, connection: u64) -> String {
        let asked = TurnAsked {
            connection,
            ..TurnAsked::default()
        };
        match player.answer(asked).parts.first() {
            Some(Part::Say { text, .. }) => text.clone(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn each_connection_is_counted_alone_and_the_next_rule_takes_the_rest() {
        let script = RealtimeScript::new()
            .connection(2, [Answer::say("two")])
            .each_connection([Answer::say("first")])
            .by(|asked| (asked.connection_number == 3).then(|| Answer::say("third")))
            .always(Answer::say("rest"));
        let mut player = Player::new(script);
        let said: Vec<_> = [1, 1, 2, 2, 1].map(|c| words(&mut player, c)).into();
        assert_eq!(said, ["first", "rest", "two", "first", "third"]);
    }

    #[test]
    fn random_fates_repeat() {
        let script =
            |seed| RealtimeScript::new().plans_by(move |n| Some(Plan::random(seed, n, 9000)));
        let plans = |seed| {
            (1..9)
                .map(|n| Player::new(script(seed)).plan(n))
                .collect::<Vec<_>>()
        };
        assert_eq!(plans(4), plans(4));
        assert_ne!(plans(4), plans(5));
    }
}
