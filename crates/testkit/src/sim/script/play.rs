//! A script being played.

use std::collections::HashMap;

use super::{Asked, Rule, Script, Step};

/// A script and how far it has come.
#[derive(Debug, Default)]
pub(in crate::sim) struct Player {
    rules: Vec<(Rule, Taken)>,
    requests: u64,
    per_student: HashMap<String, u64>,
}

/// Steps taken of one rule, by student where the rule counts so.
type Taken = HashMap<String, usize>;

impl Player {
    pub(in crate::sim) fn new(script: Script) -> Self {
        let rules = script.rules.into_iter();
        Self {
            rules: rules.map(|rule| (rule, Taken::new())).collect(),
            ..Self::default()
        }
    }

    /// Numbers the request and finds its step.
    pub(in crate::sim) fn next(&mut self, asked: &mut Asked) -> Step {
        self.requests += 1;
        asked.number = self.requests;
        let of_student = self.per_student.entry(asked.student.clone()).or_default();
        *of_student += 1;
        asked.student_number = *of_student;
        self.rules
            .iter_mut()
            .find_map(|(rule, taken)| step_of(rule, taken, asked))
            .unwrap_or_default()
    }
}

fn step_of(rule: &Rule, taken: &mut Taken, asked: &Asked) -> Option<Step> {
    match rule {
        Rule::Queue(steps) => take(steps, taken, ""),
        Rule::EachStudent(steps) => take(steps, taken, &asked.student),
        Rule::Student { student, steps } if *student == asked.student => take(steps, taken, ""),
        Rule::Image { sha256, step } if asked.images.contains(sha256) => Some(step.clone()),
        Rule::By(decide) => decide(asked),
        Rule::Always(step) => Some(step.clone()),
        Rule::Student { .. } | Rule::Image { .. } => None,
    }
}

fn take(steps: &[Step], taken: &mut Taken, counter: &str) -> Option<Step> {
    let position = taken.entry(counter.to_owned()).or_default();
    let step = steps.get(*position)?;
    *position += 1;
    Some(step.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn play(script: Script, students: &[&str]) -> Vec<String> {
        let mut player = Player::new(script);
        let ask = |student: &&str| Asked {
            student: (*student).to_owned(),
            images: vec![format!("image of {student}")],
            ..Asked::default()
        };
        let texts = students
            .iter()
            .map(|student| match player.next(&mut ask(student)).reply {
                super::super::Reply::Text(text) => text,
                other => format!("{other:?}"),
            });
        texts.collect()
    }

    fn texts(texts: &[&str]) -> Vec<Step> {
        texts.iter().map(|text| Step::text(text)).collect()
    }

    #[test]
    fn the_kth_request_takes_the_kth_step_and_then_the_next_rule() {
        let script = Script::new()
            .queue(texts(&["1", "2"]))
            .always(Step::text("rest"));
        assert_eq!(
            play(script, &["a", "b", "a", "b"]),
            ["1", "2", "rest", "rest"]
        );
    }

    #[test]
    fn each_student_is_counted_alone() {
        let script = Script::new().each_student(texts(&["1", "2"]));
        assert_eq!(
            play(script, &["a", "b", "a", "a"]),
            ["1", "1", "2", "Sample"]
        );
    }

    #[test]
    fn one_students_queue_leaves_others_alone() {
        let script = Script::new()
            .student("b", texts(&["1"]))
            .always(Step::text("rest"));
        assert_eq!(play(script, &["a", "b", "b"]), ["rest", "1", "rest"]);
    }

    #[test]
    fn an_image_is_known_by_its_hash() {
        let script = Script::new().image("image of b", Step::text("b"));
        assert_eq!(play(script, &["a", "b", "b"]), ["Sample", "b", "b"]);
    }

    #[test]
    fn a_function_sees_the_numbers() {
        let script = Script::new().by(|asked| {
            (asked.number > 1)
                .then(|| Step::text(&format!("{} {}", asked.number, asked.student_number)))
        });
        assert_eq!(play(script, &["a", "b", "a"]), ["Sample", "2 1", "3 2"]);
    }
}
