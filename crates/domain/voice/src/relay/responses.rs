//! One answer at a time: the model refuses a second one while the first is being made.

use crate::ResponseId;

/// Who may ask for an answer, and when.
#[derive(Default)]
pub(crate) struct Responses {
    state: State,
    /// Somebody asked while another answer was being made.
    wanted: bool,
    /// Answers that were talked over: nothing of them is passed on any more.
    muted: Vec<ResponseId>,
    /// The answer asked for is to be stopped as soon as it has a name.
    stop_next: bool,
}

/// What to do about an answer that is not wanted any more.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub(crate) enum Stop {
    /// Nothing is being made, or it was stopped before, or it will be.
    Nothing,
    /// This one, or the one in progress.
    Cancel(Option<ResponseId>),
}

#[derive(Default, PartialEq, Eq)]
enum State {
    #[default]
    Free,
    Asked,
    Active(Option<ResponseId>),
}

/// The command is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(crate) enum Ask {
    Now,
    Later,
}

impl Responses {
    /// Somebody wants an answer.
    pub(crate) fn want(&mut self) -> Ask {
        if self.state == State::Free {
            self.state = State::Asked;
            self.wanted = false;
            return Ask::Now;
        }
        self.wanted = true;
        Ask::Later
    }

    /// What was wanted has no point any more: the student speaks.
    pub(crate) const fn forget_wanted(&mut self) {
        self.wanted = false;
    }

    /// An answer begins. It may have to be stopped at once.
    pub(crate) fn created(&mut self, response: ResponseId) -> Stop {
        self.state = State::Active(Some(response.clone()));
        if !std::mem::take(&mut self.stop_next) {
            return Stop::Nothing;
        }
        self.muted.push(response.clone());
        Stop::Cancel(Some(response))
    }

    /// Whether another answer is to be asked for now.
    pub(crate) fn done(&mut self, response: &ResponseId) -> Ask {
        self.muted.retain(|muted| muted != response);
        self.state = State::Free;
        if self.wanted { self.want() } else { Ask::Later }
    }

    /// The model is busy with an answer we do not know of; ours waits for its end.
    pub(crate) fn busy(&mut self) {
        if self.state == State::Asked {
            self.state = State::Active(None);
            self.wanted = true;
        }
    }

    /// The model refused to answer.
    pub(crate) fn refused(&mut self) {
        if self.state == State::Asked {
            self.state = State::Free;
        }
    }

    /// The answer being made is talked over: nothing of it is passed on any more.
    pub(crate) fn mute(&mut self) {
        if let State::Active(Some(response)) = &self.state
            && !self.is_muted(response)
        {
            self.muted.push(response.clone());
        }
    }

    /// Like [`mute`](Self::mute), where the model does not stop by itself.
    pub(crate) fn stop(&mut self) -> Stop {
        self.wanted = false;
        let active = match &self.state {
            State::Free => return Stop::Nothing,
            State::Asked => {
                self.stop_next = true;
                return Stop::Nothing;
            }
            State::Active(active) => active.clone(),
        };
        if active
            .as_ref()
            .is_some_and(|response| self.is_muted(response))
        {
            return Stop::Nothing;
        }
        self.mute();
        Stop::Cancel(active)
    }

    pub(crate) fn is_muted(&self, response: &ResponseId) -> bool {
        self.muted.contains(response)
    }

    /// Nothing is being made and nothing is wanted.
    pub(crate) fn is_free(&self) -> bool {
        self.state == State::Free && !self.wanted
    }

    /// The connection is lost. Returns whether an answer is owed: one was wanted, or in the making
    /// and not talked over.
    pub(crate) fn lose(&mut self) -> bool {
        let active = match &self.state {
            State::Free => false,
            State::Asked | State::Active(None) => true,
            State::Active(Some(response)) => !self.is_muted(response),
        };
        let owed = active || self.wanted;
        *self = Self::default();
        owed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_answer_waits_for_the_end_of_the_first() {
        let mut responses = Responses::default();
        assert_eq!(responses.want(), Ask::Now);
        assert_eq!(responses.created("a".into()), Stop::Nothing);
        assert_eq!(responses.want(), Ask::Later);
        assert_eq!(responses.done(&"a".into()), Ask::Now);
        assert_eq!(responses.created("b".into()), Stop::Nothing);
        assert_eq!(responses.done(&"b".into()), Ask::Later);
        assert!(responses.is_free());
    }

    #[test]
    fn a_lost_race_for_the_answer_is_asked_again_once() {
        let mut responses = Responses::default();
        assert_eq!(responses.want(), Ask::Now);
        responses.busy();
        assert_eq!(responses.done(&"other".into()), Ask::Now);
    }

    #[test]
    fn a_stopped_answer_is_not_owed_after_a_loss() {
        let mut responses = Responses::default();
        assert_eq!(responses.created("a".into()), Stop::Nothing);
        assert_eq!(responses.stop(), Stop::Cancel(Some("a".into())));
        assert_eq!(responses.stop(), Stop::Nothing);
        assert!(!responses.lose());
        assert_eq!(responses.created("b".into()), Stop::Nothing);
        assert!(responses.lose());
    }

    #[test]
    fn an_answer_stopped_before_it_has_a_name_is_stopped_by_name_when_it_begins() {
        let mut responses = Responses::default();
        assert_eq!(responses.want(), Ask::Now);
        assert_eq!(responses.stop(), Stop::Nothing);
        assert_eq!(
            responses.created("a".into()),
            Stop::Cancel(Some("a".into()))
        );
        assert!(responses.is_muted(&"a".into()));
    }
}
