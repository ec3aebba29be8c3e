//! Attempts of one call, and the waits between them.

use std::time::Duration;

use calls::chance;
use patience::Backoff;
use tokio::time::{Instant, sleep, timeout_at};
use vision::{ModelError, Sighting};

use crate::failure::{Again, Failure};
use crate::passage::Passage;

const RETRIES: Backoff = Backoff {
    retries: 2,
    first: Duration::from_millis(500),
    longest: Duration::from_secs(8),
};
/// A provider that asks for more is not waited for.
const LONGEST_OBEYED: Duration = Duration::from_mins(2);

/// Attempts until one succeeds, none is left or the time is up: at most two retries, and none whose
/// wait would not end in time.
///
/// # Errors
/// The last attempt's, or [`ModelError::Timeout`].
pub(crate) async fn call<A, F>(
    within: Duration,
    first: Passage,
    attempt: A,
) -> Result<Sighting, ModelError>
where
    A: FnMut(Passage) -> F,
    F: Future<Output = Result<Sighting, Failure>>,
{
    run(within, first, chance, attempt).await
}

async fn run<A, F>(
    timeout: Duration,
    first: Passage,
    chance: impl Fn() -> u32,
    attempt: A,
) -> Result<Sighting, ModelError>
where
    A: FnMut(Passage) -> F,
    F: Future<Output = Result<Sighting, Failure>>,
{
    let deadline = Instant::now() + timeout;
    timeout_at(deadline, attempts(deadline, first, chance, attempt))
        .await
        .unwrap_or(Err(ModelError::Timeout))
}

async fn attempts<A, F>(
    deadline: Instant,
    first: Passage,
    chance: impl Fn() -> u32,
    mut attempt: A,
) -> Result<Sighting, ModelError>
where
    A: FnMut(Passage) -> F,
    F: Future<Output = Result<Sighting, Failure>>,
{
    let (mut passage, mut retries) = (first, 0);
    loop {
        let failure = match attempt(passage).await {
            Ok(sighting) => return Ok(sighting),
            Err(failure) => failure,
        };
        // A link that the provider cannot open is no fault of the request; it costs no retry.
        if failure.again == Again::Inline && passage == Passage::Link {
            passage = Passage::Inline;
            continue;
        }
        let Some(wait) = wait(failure.again, retries, chance()) else {
            return Err(failure.error);
        };
        if Instant::now() + wait >= deadline {
            return Err(failure.error);
        }
        tracing::warn!(reason = %failure.error, wait_ms = wait.as_millis(), "vision is asked again");
        sleep(wait).await;
        retries += 1;
    }
}

/// How long to wait before the next attempt; `None` for no further attempt.
fn wait(again: Again, retries: u32, chance: u32) -> Option<Duration> {
    let own = RETRIES.wait(retries, chance)?;
    match again {
        Again::Never | Again::Inline => None,
        Again::After(wait) => (wait <= LONGEST_OBEYED).then_some(wait),
        Again::Backoff => Some(own),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::future::pending;

    use sessions::ContentAnalysis;

    use super::*;

    fn failure(again: Again) -> Failure {
        Failure {
            error: ModelError::Unavailable("x".to_owned()),
            again,
        }
    }

    fn seen() -> Sighting {
        Sighting {
            content: ContentAnalysis {
                is_studying: false,
                is_active: false,
                is_distracted: false,
                topic: None,
                subtopic: None,
                extracted_text: String::new(),
            },
            model: "m".to_owned(),
        }
    }

    /// Fails by `script`, then succeeds; returns the outcome and when each attempt began.
    async fn play(script: Vec<Again>) -> (Result<Sighting, ModelError>, Vec<u128>) {
        let begun = Instant::now();
        let starts = RefCell::new(Vec::new());
        let mut script = script.into_iter();
        let attempt = |_| {
            starts.borrow_mut().push(begun.elapsed().as_millis());
            let next = script.next();
            async move { next.map_or_else(|| Ok(seen()), |again| Err(failure(again))) }
        };
        let outcome = run(Duration::from_secs(20), Passage::Link, || 0, attempt).await;
        (outcome, starts.into_inner())
    }

    #[tokio::test(start_paused = true)]
    async fn two_retries_wait_half_a_second_and_then_a_second() {
        let (outcome, starts) = play(vec![Again::Backoff, Again::Backoff]).await;
        assert!(outcome.is_ok());
        assert_eq!(starts, [0, 500, 1500]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_third_retry_is_not_made() {
        let (outcome, starts) = play(vec![Again::Backoff; 3]).await;
        assert!(matches!(outcome, Err(ModelError::Unavailable(_))));
        assert_eq!(starts.len(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn the_providers_wait_is_obeyed() {
        let (_, starts) = play(vec![Again::After(Duration::from_millis(2345))]).await;
        assert_eq!(starts, [0, 2345]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_beyond_the_deadline_is_not_begun() {
        let begun = Instant::now();
        let (outcome, starts) = play(vec![Again::After(Duration::from_secs(20))]).await;
        assert!(outcome.is_err() && starts == [0]);
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn what_must_not_be_retried_is_not() {
        let (_, starts) = play(vec![Again::Never]).await;
        assert_eq!(starts, [0]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_link_that_cannot_be_opened_is_followed_by_the_bytes_at_once() {
        let (outcome, starts) = play(vec![Again::Inline, Again::Backoff, Again::Backoff]).await;
        assert!(outcome.is_ok());
        assert_eq!(starts, [0, 0, 500, 1500]);
    }

    #[tokio::test(start_paused = true)]
    async fn bytes_that_are_refused_are_not_sent_again() {
        let (outcome, starts) = play(vec![Again::Inline, Again::Inline]).await;
        assert!(outcome.is_err());
        assert_eq!(starts, [0, 0]);
    }

    #[tokio::test(start_paused = true)]
    async fn silence_ends_at_the_deadline() {
        let begun = Instant::now();
        let outcome = run(
            Duration::from_secs(20),
            Passage::Inline,
            || 0,
            |_| pending(),
        )
        .await;
        assert!(matches!(outcome, Err(ModelError::Timeout)));
        assert_eq!(begun.elapsed(), Duration::from_secs(20));
    }

    #[test]
    fn a_wait_of_more_than_two_minutes_is_not_obeyed() {
        assert_eq!(wait(Again::After(Duration::from_secs(121)), 0, 0), None);
    }
}
