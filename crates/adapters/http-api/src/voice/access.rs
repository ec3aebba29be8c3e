//! Whether somebody who talks may still do so.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use auth::{Auth, Unauthenticated};
use chrono::TimeDelta;
use futures_util::future::BoxFuture;
use kernel::{Timestamp, UserId};
use tokio::time::{Instant, Sleep, sleep};

use crate::state::Shared;

/// How long a conversation goes on after its token has ended, for a new one to come. Shorter than
/// revoked tokens are remembered.
const GRACE: TimeDelta = TimeDelta::seconds(60);

/// Why a token lets nobody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It is not valid.
    Unauthenticated,
    /// Whether it is valid cannot be told.
    NotKnown,
}

/// Lets whoever shows a good token in.
pub(crate) async fn sign_in(state: &Shared, token: String) -> Result<(UserId, Access), Refused> {
    match state.auth.authenticate(&token).await {
        Ok(caller) => {
            let access = Access::new(state.clone(), token, &caller);
            Ok((caller.user, access))
        }
        Err(Unauthenticated::Port(error)) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a device cannot sign in"
            );
            Err(Refused::NotKnown)
        }
        Err(_) => Err(Refused::Unauthenticated),
    }
}

/// A token and what is asked of it from time to time.
pub(crate) struct Access {
    state: Shared,
    token: String,
    user: UserId,
    expires_at: Timestamp,
    next: Pin<Box<Sleep>>,
    asked: Option<Asked>,
}

struct Asked {
    /// Not the token held, but one that is to take its place.
    replacement: Option<String>,
    answer: BoxFuture<'static, Result<auth::Caller, Unauthenticated>>,
}

impl Access {
    /// Access by this token, which was just taken.
    pub(crate) fn new(state: Shared, token: String, caller: &auth::Caller) -> Self {
        let next = Box::pin(sleep(state.limits.access_check));
        Self {
            state,
            token,
            user: caller.user,
            expires_at: caller.expires_at,
            next,
            asked: None,
        }
    }

    /// Takes another token of the same user.
    pub(crate) fn renew(&mut self, token: String) {
        let answer = asked(self.state.auth.clone(), token.clone());
        let replacement = Some(token);
        self.asked = Some(Asked {
            replacement,
            answer,
        });
    }

    /// Ready when the access has ended: revoked, not renewed, or renewed wrongly.
    pub(crate) fn poll_ended(&mut self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            if self.asked.is_none() {
                ready!(self.next.as_mut().poll(context));
                let answer = asked(self.state.auth.clone(), self.token.clone());
                self.asked = Some(Asked {
                    replacement: None,
                    answer,
                });
            }
            let Some(asked) = &mut self.asked else {
                continue;
            };
            let answer = ready!(asked.answer.as_mut().poll(context));
            let replacement = asked.replacement.take();
            self.asked = None;
            if !self.goes_on(answer, replacement) {
                return Poll::Ready(());
            }
            self.wait(self.state.limits.access_check);
        }
    }

    fn wait(&mut self, duration: Duration) {
        self.next.as_mut().reset(Instant::now() + duration);
    }

    fn goes_on(
        &mut self,
        answer: Result<auth::Caller, Unauthenticated>,
        replacement: Option<String>,
    ) -> bool {
        match (answer, replacement) {
            (Ok(caller), Some(token)) => {
                self.token = token;
                self.expires_at = caller.expires_at;
                caller.user == self.user
            }
            (Ok(_), None) => true,
            (Err(Unauthenticated::Port(error)), _) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "whether a device may still talk is not known"
                );
                true
            }
            (Err(Unauthenticated::Expired), None) => {
                self.state.clock.now() < self.expires_at + GRACE
            }
            (Err(_), _) => false,
        }
    }
}

fn asked(auth: Auth, token: String) -> BoxFuture<'static, Result<auth::Caller, Unauthenticated>> {
    Box::pin(async move { auth.authenticate(&token).await })
}
