//! Attempts are limited.

use std::net::IpAddr;

use auth::{Admission, Attempt, AttemptKind, AttemptLimiter, InProcessLimiter, Quota, SignInError};
use chrono::TimeDelta;
use kernel::Timestamp;
use proptest::prelude::*;

use crate::house::{House, PASSWORD, address};

fn moment(millis: i64) -> Timestamp {
    Timestamp::from_timestamp_millis(1_763_719_200_000 + millis).unwrap()
}

fn attempt(account: &str, from: &str) -> Attempt {
    Attempt {
        kind: AttemptKind::SignIn,
        account: Some(address(account)),
        address: Some(from.parse::<IpAddr>().unwrap()),
    }
}

async fn admitted(limiter: &InProcessLimiter, attempt: &Attempt, millis: i64) -> bool {
    let admission = limiter.admit(attempt, moment(millis)).await.unwrap();
    admission == Admission::Admitted
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
        admitted(&limiter, &stranger, 0).await;
    }
    let owner = attempt("ada@example.org", "192.0.2.7");
    assert!(admitted(&limiter, &owner, 0).await);
}

#[tokio::test]
async fn an_address_is_limited_over_all_accounts_and_a_64_is_one_address() {
    let limiter = InProcessLimiter::default();
    let mut count = 0;
    for n in 0..150 {
        let from = format!("2001:db8::{n:x}");
        let attempt = attempt(&format!("a{n}@example.org"), &from);
        count += u32::from(admitted(&limiter, &attempt, 0).await);
    }
    assert_eq!(count, 100);
    let elsewhere = attempt("a1@example.org", "2001:db8:0:1::1");
    assert!(admitted(&limiter, &elsewhere, 0).await);
}

#[tokio::test]
async fn who_gets_in_has_not_used_an_attempt_up() {
    let house = House::new();
    house.register("ada@example.org").await;
    for _ in 0..20 {
        house.sign_in("ada@example.org", PASSWORD).await.unwrap();
    }
}

#[tokio::test]
async fn more_buckets_than_fit_do_not_stop_anybody() {
    let limiter = InProcessLimiter::default();
    for n in 0..60_000_i64 {
        let attempt = attempt(&format!("a{n}@example.org"), "192.0.2.7");
        admitted(&limiter, &attempt, n * 10_000).await;
    }
    let last = attempt("last@example.org", "192.0.2.7");
    assert!(admitted(&limiter, &last, 600_000_000).await);
}

proptest! {
    #[test]
    fn in_no_span_are_more_admitted_than_the_burst_and_its_refill(
        steps in prop::collection::vec(0_i64..20_000, 1..200),
        burst in 1_u16..8,
    ) {
        let quota = Quota { burst, per: TimeDelta::seconds(60) };
        let (mut free_at, mut now, mut admitted) = (None, 0, Vec::new());
        for step in steps {
            now += step;
            if let Ok(next) = quota.take(free_at, moment(now)) {
                free_at = Some(next);
                admitted.push(now);
            }
        }
        let interval = quota.interval().num_milliseconds();
        for (first, from) in admitted.iter().enumerate() {
            for (last, to) in admitted.iter().enumerate().skip(first) {
                let count = i64::try_from(last - first + 1).unwrap();
                prop_assert!(count <= i64::from(burst) + (to - from) / interval + 1);
            }
        }
    }

    #[test]
    fn who_waits_as_long_as_told_is_admitted(burst in 1_u16..8, tries in 1_usize..40) {
        let quota = Quota { burst, per: TimeDelta::seconds(60) };
        let (mut free_at, mut now) = (None, moment(0));
        for _ in 0..tries {
            match quota.take(free_at, now) {
                Ok(next) => free_at = Some(next),
                Err(wait) => {
                    now += wait;
                    free_at = Some(quota.take(free_at, now).unwrap());
                }
            }
        }
    }
}
