//! What is said of a picture.

use crate::model::Sighting;

/// What is said of a picture, and who says it.
#[derive(Debug, Clone)]
pub(crate) struct Insight {
    pub(crate) said_by: SaidBy,
    pub(crate) sighting: Sighting,
    /// A witness says otherwise of whether there is text.
    pub(crate) text_disputed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SaidBy {
    /// The model that is asked first.
    First,
    /// Another model of the chain.
    Fallback,
    /// It was said of the picture before.
    Before,
}

impl Insight {
    pub(crate) const fn new(said_by: SaidBy, sighting: Sighting) -> Self {
        Self {
            said_by,
            sighting,
            text_disputed: false,
        }
    }

    pub(crate) fn is_reused(&self) -> bool {
        self.said_by == SaidBy::Before
    }

    /// The same beside what a witness has seen, if it could tell.
    pub(crate) fn compared_with(self, witnessed: Option<bool>) -> Self {
        let has_text = !self.sighting.content.extracted_text.trim().is_empty();
        Self {
            text_disputed: witnessed.is_some_and(|witnessed| witnessed != has_text),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use sessions::ContentAnalysis;

    use super::*;

    fn says(text: &str) -> Insight {
        let content = ContentAnalysis {
            is_studying: true,
            is_active: true,
            is_distracted: false,
            topic: None,
            subtopic: None,
            extracted_text: text.to_owned(),
        };
        let model = "a-model".to_owned();
        Insight::new(SaidBy::First, Sighting { content, model })
    }

    #[test]
    fn a_witness_that_says_otherwise_of_text_disputes_it() {
        for (text, witnessed, disputed) in [
            ("page a", Some(true), false),
            ("page a", Some(false), true),
            (" ", Some(true), true),
            ("", Some(false), false),
            ("page a", None, false),
        ] {
            let insight = says(text).compared_with(witnessed);
            assert_eq!(insight.text_disputed, disputed, "{text:?} {witnessed:?}");
        }
    }
}
