//! Attempts are limited.

use std::net::IpAddr;

use auth::{Attempt, AttemptKind, SignInError};
use chrono::TimeDelta;
use kernel::Timestamp;
use limits::{InProcessLimiter, RateLimiter};

use crate::house::{House, PASSWORD, address, origin};

fn attempt(account: &str, from: &str) -> Attempt {
    Attempt {
        kind: AttemptKind::SignIn,
        account: Some(address(account)),
        address: Some(from.parse::<IpAddr>().unwrap()),
    }
}

async fn admitted(limiter: &InProcessLimiter, attempt: &Attempt) -> bool {
    let now = Timestamp::from_timestamp_millis(1_763_719_200_000).unwrap();
    let admission = limiter.take(&attempt.buckets(), now).await.unwrap();
    admission.is_admitted()
}

#[tokio::test]
async fn known_and_unknown_addresses_are_limited_alike_and_the_wait_is_named() {
    let house = House::new();
    house.register("ada@example.org").await;
    for email in ["ada@example.org", "nobody@example.org"] {
        for _ in 0..5 {
            let wrong = house.sign_in(email, "Wrong-Word-3").await;
            assert!(matches!(wrong, Err(SignInError::WrongCredentials)));
        }
        let Err(SignInError::TooManyAttempts { retry_after }) =
            house.sign_in(email, PASSWORD).await
        else {
            panic!("admitted");
        };
        assert_eq!(retry_after, TimeDelta::minutes(3));
    }
    house.later(TimeDelta::minutes(3));
    house.sign_in("ada@example.org", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_stranger_elsewhere_does_not_lock_the_owner_out() {
    let limiter = InProcessLimiter::default();
    let stranger = attempt("ada@example.org", "198.51.100.9");
    for _ in 0..20 {
        admitted(&limiter, &stranger).await;
    }
    let owner = attempt("ada@example.org", "192.0.2.7");
    assert!(admitted(&limiter, &owner).await);
}

#[tokio::test]
async fn an_address_is_limited_over_all_accounts_and_a_64_is_one_address() {
    let limiter = InProcessLimiter::default();
    let mut count = 0;
    for n in 0..150 {
        let from = format!("2001:db8::{n:x}");
        let attempt = attempt(&format!("a{n}@example.org"), &from);
        count += u32::from(admitted(&limiter, &attempt).await);
    }
    assert_eq!(count, 100);
    let elsewhere = attempt("a1@example.org", "2001:db8:0:1::1");
    assert!(admitted(&limiter, &elsewhere).await);
}

#[tokio::test]
async fn who_gets_in_has_not_used_an_attempt_up() {
    let house = House::new();
    house.register("ada@example.org").await;
    for _ in 0..20 {
        house.sign_in("ada@example.org", PASSWORD).await.unwrap();
    }
}

#[test]
fn no_bucket_names_an_account_in_clear() {
    let buckets = attempt("ada@example.org", "192.0.2.7").buckets();
    let clear = |(key, _): &(limits::BucketKey, _)| key.as_str().contains("ada");
    assert_eq!(buckets.len(), 3);
    assert!(!buckets.iter().any(clear));
}

/// Asks for a mail at every quarter of an hour of a day; gives how many were let through.
async fn asked_all_day(house: &House, email: &str) -> usize {
    let (mut admitted, email) = (0, address(email));
    for _ in 0..96 {
        let asked = house.auth.forgot_password(&email, origin());
        admitted += usize::from(asked.await.is_ok());
        house.later(TimeDelta::minutes(15));
    }
    admitted
}

#[tokio::test]
async fn an_address_gets_few_mails_a_day_whether_it_is_known_or_not() {
    let house = House::new();
    house.register("ada@example.org").await;
    house.later(TimeDelta::days(1));
    for email in ["ada@example.org", "nobody@example.org"] {
        let admitted = asked_all_day(&house, email).await;
        assert!((5..=10).contains(&admitted), "{admitted}");
    }
    house.tasks.run().await;
    let sent = house.outbox.0.lock().unwrap().len();
    assert!((6..=11).contains(&sent), "{sent}");
}

#[tokio::test]
async fn accounts_made_and_erased_over_and_over_fill_nobodys_mailbox() {
    let house = House::new();
    for _ in 0..40 {
        let registered = house.register("ada@example.org").await.account;
        house.memory.forget(registered.id).await;
        house.later(TimeDelta::minutes(15));
    }
    house.tasks.run().await;
    let sent = house.outbox.0.lock().unwrap().len();
    assert!((5..=10).contains(&sent), "{sent}");
}
