//! Refreshing: lost answers are forgiven, thieves are not.

use std::collections::HashSet;

use auth::{Audited, RefreshError, TokenPair, Unauthenticated};
use chrono::TimeDelta;
use futures_util::future::join_all;

use crate::house::{House, origin};

async fn refresh(house: &House, pair: &TokenPair) -> Result<TokenPair, RefreshError> {
    house.auth.refresh(pair.refresh.expose(), origin()).await
}

#[tokio::test]
async fn a_lost_answer_may_be_asked_for_again_and_both_successors_live() {
    let house = House::new();
    let first = house.register("ada@example.org").await.tokens;
    let lost = refresh(&house, &first).await.unwrap();
    house.later(TimeDelta::seconds(10));
    let found = refresh(&house, &first).await.unwrap();
    house.later(TimeDelta::minutes(5));
    refresh(&house, &found).await.unwrap();
    refresh(&house, &lost).await.unwrap();
    assert_eq!(house.memory.live_families(), 1);
}

#[tokio::test]
async fn a_stolen_old_token_ends_the_family_and_its_access_tokens() {
    let house = House::new();
    let first = house.register("ada@example.org").await.tokens;
    let second = refresh(&house, &first).await.unwrap();
    house.later(TimeDelta::minutes(1));
    assert!(matches!(
        refresh(&house, &first).await,
        Err(RefreshError::Reused)
    ));
    assert!(matches!(
        refresh(&house, &second).await,
        Err(RefreshError::Invalid)
    ));
    for pair in [&first, &second] {
        let refused = house.auth.authenticate(&pair.access).await;
        assert!(matches!(refused, Err(Unauthenticated::Revoked)));
    }
    assert_eq!(house.memory.audited().last(), Some(&Audited::RefreshReused));
}

#[tokio::test]
async fn a_hundred_refreshes_at_once_leave_one_family_and_log_nobody_out() {
    let house = House::new();
    let first = house.register("ada@example.org").await.tokens;
    let all = join_all((0..100).map(|_| refresh(&house, &first))).await;
    let all: Vec<_> = all.into_iter().map(Result::unwrap).collect();
    let distinct: HashSet<_> = all.iter().map(|pair| pair.refresh.hash()).collect();
    assert_eq!((distinct.len(), house.memory.live_families()), (100, 1));
    for pair in &all {
        refresh(&house, pair).await.unwrap();
    }
}

#[tokio::test]
async fn a_refresh_token_lives_thirty_days_from_its_swap() {
    let house = House::new();
    let first = house.register("ada@example.org").await.tokens;
    house.later(TimeDelta::days(29));
    let second = refresh(&house, &first).await.unwrap();
    house.later(TimeDelta::days(29));
    let third = refresh(&house, &second).await.unwrap();
    house.later(TimeDelta::days(30));
    assert!(matches!(
        refresh(&house, &third).await,
        Err(RefreshError::Invalid)
    ));
    assert_eq!(house.auth.purge().await.unwrap().refresh_tokens, 2);
}

#[tokio::test]
async fn what_was_never_handed_out_is_not_valid() {
    let house = House::new();
    for text in ["", "abc", &"a".repeat(64)] {
        let refused = house.auth.refresh(text, origin()).await;
        assert!(matches!(refused, Err(RefreshError::Invalid)), "{text}");
    }
}
