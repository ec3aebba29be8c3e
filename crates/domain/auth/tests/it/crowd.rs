//! Refreshing, stealing, signing out and resetting side by side, in any order.

use auth::{Purpose, RefreshError, TokenPair};
use chrono::TimeDelta;
use futures_util::future::{BoxFuture, join_all};
use proptest::prelude::*;

use crate::house::{House, PASSWORD, address, new_password, origin};

#[derive(Debug, Clone, Copy)]
enum Act {
    Refresh,
    ReuseOld,
    SignOut,
    Reset,
    SignIn,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => Just(Act::Refresh),
        1 => Just(Act::ReuseOld),
        1 => Just(Act::SignOut),
        1 => Just(Act::Reset),
        3 => Just(Act::SignIn),
    ]
}

/// What a crowd works with: a token swapped long ago, its live successor, a reset token.
struct Scene {
    house: House,
    old: TokenPair,
    live: TokenPair,
    reset: String,
}

impl Scene {
    async fn new(order: u64) -> Self {
        let house = House::of_order(order);
        let old = house.register("ada@example.org").await.tokens;
        let live = house.auth.refresh(old.refresh.expose(), origin()).await;
        house.later(TimeDelta::minutes(1));
        let email = address("ada@example.org");
        house.auth.forgot_password(&email, origin()).await.unwrap();
        let reset = house.mailed(Purpose::ResetPassword).await;
        Self {
            house,
            old,
            live: live.unwrap(),
            reset,
        }
    }

    /// The tokens that were handed out, if any.
    fn act(&self, act: Act) -> BoxFuture<'_, Option<TokenPair>> {
        let auth = &self.house.auth;
        let (old, live) = (self.old.refresh.expose(), self.live.refresh.expose());
        Box::pin(async move {
            match act {
                Act::Refresh => auth.refresh(live, origin()).await.ok(),
                Act::ReuseOld => {
                    let refused = auth.refresh(old, origin()).await.unwrap_err();
                    assert!(!matches!(refused, RefreshError::Port(_)));
                    None
                }
                Act::SignOut => {
                    let access = Some(self.live.access.as_str());
                    auth.sign_out(None, access, origin()).await.unwrap();
                    None
                }
                Act::Reset => {
                    let password = new_password("Brand-New-4");
                    let reset = auth.reset_password(&self.reset, &password, origin());
                    reset.await.ok();
                    None
                }
                Act::SignIn => {
                    let signed_in = self.house.sign_in("ada@example.org", PASSWORD).await;
                    signed_in.ok().map(|signed_in| signed_in.tokens)
                }
            }
        })
    }
}

async fn run(order: u64, acts: Vec<Act>) {
    let scene = Scene::new(order).await;
    let handed_out = join_all(acts.iter().map(|act| scene.act(*act))).await;
    let ends = |act: &Act| matches!(act, Act::ReuseOld | Act::SignOut | Act::Reset);
    let is_ended = acts.iter().any(ends);
    let is_reset = acts.iter().any(|act| matches!(act, Act::Reset));
    for (act, pair) in acts.iter().zip(handed_out) {
        let Some(pair) = pair else { continue };
        let expected = match act {
            Act::Refresh => !is_ended,
            _ => !is_reset,
        };
        let access = scene.house.auth.authenticate(&pair.access).await;
        assert_eq!(access.is_ok(), expected, "{act:?}: {access:?}");
        let refresh = pair.refresh.expose();
        let next = scene.house.auth.refresh(refresh, origin()).await;
        assert_eq!(next.is_ok(), expected, "{act:?}: {next:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn nothing_handed_out_outlives_the_end_of_its_family_and_nobody_else_is_logged_out(
        order in any::<u64>(),
        acts in prop::collection::vec(act(), 1..12),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(run(order, acts));
    }
}
