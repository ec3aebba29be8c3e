//! The rule.

use chrono::TimeDelta;
use kernel::Timestamp;
use limits::{Left, Quota, network};
use proptest::prelude::*;

fn moment(millis: i64) -> Timestamp {
    Timestamp::from_timestamp_millis(1_763_719_200_000 + millis).unwrap()
}

#[test]
fn what_is_left_goes_down_and_the_time_until_full_goes_up() {
    let quota = Quota::per_minute(60).unwrap();
    let full = quota.left(None, moment(0));
    let one_taken = quota.take(None, moment(0)).unwrap();
    let after_one = quota.left(Some(one_taken), moment(0));
    let expected = |remaining, seconds| Left {
        remaining,
        refilled_after: TimeDelta::seconds(seconds),
    };
    assert_eq!([full, after_one], [expected(60, 0), expected(59, 1)]);
    let empty = quota.left(Some(moment(60_000)), moment(0));
    assert_eq!(empty, expected(0, 1));
}

#[test]
fn a_clock_that_ran_ahead_locks_nobody_out_for_longer_than_one_interval() {
    let quota = Quota::per_minute(60).unwrap();
    let wait = quota.take(Some(moment(3_600_000)), moment(0));
    assert_eq!(wait, Err(TimeDelta::seconds(1)));
}

#[test]
fn no_requests_a_minute_means_no_limit() {
    assert_eq!(Quota::per_minute(0), None);
}

#[test]
fn a_64_of_ipv6_and_an_address_of_ipv4_count_as_one() {
    let of = |text: &str| network(text.parse().unwrap()).to_string();
    assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7");
}

proptest! {
    #[test]
    fn exactly_the_burst_is_admitted_at_once(burst in 1_u32..100_000) {
        let quota = Quota::per_minute(burst).unwrap();
        let last = quota.interval() * i32::try_from(burst - 1).unwrap();
        let before_last = quota.take(Some(moment(0) + last), moment(0)).unwrap();
        prop_assert!(quota.take(Some(before_last), moment(0)).is_err());
        prop_assert_eq!(quota.left(Some(before_last), moment(0)).remaining, 0);
    }

    #[test]
    fn in_no_span_are_more_admitted_than_the_burst_and_its_refill(
        steps in prop::collection::vec(0_i64..20_000, 1..200),
        burst in 1_u32..8,
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
    fn who_waits_as_long_as_told_is_admitted(burst in 1_u32..8, tries in 1_usize..40) {
        let quota = Quota { burst, per: TimeDelta::seconds(60) };
        let (mut free_at, mut now) = (None, moment(0));
        for _ in 0..tries {
            match quota.take(free_at, now) {
                Ok(next) => free_at = Some(next),
                Err(wait) => {
                    prop_assert_eq!(quota.left(free_at, now).refilled_after, wait);
                    now += wait;
                    free_at = Some(quota.take(free_at, now).unwrap());
                }
            }
        }
    }
}
