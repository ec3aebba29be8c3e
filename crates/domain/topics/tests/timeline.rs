//! The rules of counting study time, one test or more for each.

use std::time::Duration;

use chrono::TimeDelta;
use kernel::{LearningEventId, Timestamp, Zone};
use proptest::prelude::*;
use topics::{
    AliasTable, Attention, Observation, OutOfOrder, Rules, Stats, Timeline, TopicName, Totals,
};
use uuid::Uuid;

const BERLIN: Zone = chrono_tz::Europe::Berlin;

// Rule 1

#[test]
fn the_same_topic_continues_the_span_and_another_one_closes_it() {
    let mut timeline = Timeline::new(BERLIN);
    assert_eq!(timeline.observe(rules(), seen(0, "Bio")), Ok(None));
    assert_eq!(timeline.observe(rules(), seen(30, "Bio")), Ok(None));
    let closed = timeline
        .observe(rules(), seen(50, "Math"))
        .unwrap()
        .unwrap();
    assert_eq!(
        (closed.topic.as_str(), closed.from, closed.to),
        ("Bio", at(0), at(50))
    );
    assert_eq!(
        timeline.current_topic().map(TopicName::as_str),
        Some("Math")
    );
    let closed = timeline.close(rules(), at(60)).unwrap();
    assert_eq!(
        (closed.topic.as_str(), closed.from, closed.to),
        ("Math", at(50), at(60))
    );
}

// Rule 2

#[test]
fn a_stretch_belongs_to_the_topic_and_attention_it_began_with() {
    let events = [
        active(seen(0, "Bio")),
        distracted(seen(10, "Math")),
        seen(40, "Bio"),
    ];
    let stats = closed(events, 45);
    let bio = totals(&stats, "Bio");
    assert_eq!(
        (bio.duration_sec(), bio.active_sec(), bio.passive_sec()),
        (15, 10, 5)
    );
    let math = totals(&stats, "Math");
    assert_eq!(
        (
            math.duration_sec(),
            math.distracted_sec(),
            math.active_sec()
        ),
        (30, 30, 0)
    );
}

// Rule 3

#[test]
fn a_stretch_counts_the_longest_gap_at_most() {
    assert_eq!(
        totals(&closed([seen(0, "Bio"), seen(119, "Bio")], 119), "Bio").duration_sec(),
        119
    );
    assert_eq!(
        totals(&closed([seen(0, "Bio"), seen(500, "Bio")], 500), "Bio").duration_sec(),
        120
    );
}

#[test]
fn a_gap_of_zero_sets_no_limit() {
    let rules = Rules::new(Duration::ZERO);
    let timeline = Timeline::fold(BERLIN, rules, [seen(0, "Bio"), seen(5000, "Bio")]);
    assert_eq!(totals(timeline.settled(), "Bio").duration_sec(), 5000);
}

#[test]
fn a_running_stretch_counts_up_to_now_and_the_longest_gap_at_most() {
    let timeline = Timeline::fold(BERLIN, rules(), [seen(0, "Bio")]);
    for (now, counted) in [(-5, 0), (0, 0), (70, 70), (9999, 120)] {
        let stats = timeline.stats(rules(), at(now));
        assert_eq!(totals(&stats, "Bio").duration_sec(), counted, "{now}");
    }
}

// Rule 4

#[test]
fn distraction_is_counted_when_attention_turns_and_not_by_image() {
    let events = [
        distracted(seen(0, "Bio")),
        distracted(seen(10, "Bio")),
        seen(20, "Bio"),
        distracted(seen(30, "Math")),
        distracted(seen(40, "Bio")),
    ];
    let stats = closed(events, 50);
    let (bio, math) = (totals(&stats, "Bio"), totals(&stats, "Math"));
    assert_eq!((bio.num_distracted, bio.distracted_sec()), (1, 30));
    assert_eq!((math.num_distracted, math.distracted_sec()), (1, 10));
}

#[test]
fn active_and_passive_seconds_add_up_to_all_of_them() {
    let mut event = active(seen(0, "Bio"));
    event.at += TimeDelta::milliseconds(300);
    let stats = closed([event, seen(10, "Bio")], 20);
    let bio = totals(&stats, "Bio");
    assert_eq!(
        (bio.duration_sec(), bio.active_sec(), bio.passive_sec()),
        (19, 9, 10)
    );
}

// Rule 5

#[test]
fn names_for_one_subject_are_one_topic_and_a_missing_one_is_unknown() {
    let table = AliasTable::default();
    let said = [
        Some("physics"),
        Some("Physics "),
        Some("PHYSICS"),
        None,
        Some(" "),
    ];
    let events = said.into_iter().zip(0..).map(|(name, number)| Observation {
        topic: table.canonical(name),
        ..seen(number * 10, "")
    });
    let stats = closed(events, 50);
    assert_eq!(totals(&stats, "Physics").duration_sec(), 30);
    assert_eq!(totals(&stats, "Unknown").duration_sec(), 20);
    assert_eq!(stats.by_topic().len(), 2);
}

// Rule 6

#[test]
fn the_end_closes_the_open_stretch_once() {
    let mut timeline = Timeline::fold(BERLIN, rules(), [seen(0, "Bio")]);
    assert!(timeline.close(rules(), at(30)).is_some());
    assert!(timeline.close(rules(), at(90)).is_none());
    assert_eq!(
        totals(&timeline.stats(rules(), at(999)), "Bio").duration_sec(),
        30
    );
    assert_eq!(
        totals(&closed([seen(0, "Bio")], 999), "Bio").duration_sec(),
        120
    );
}

// Rule 7

#[test]
fn a_span_over_midnight_is_split_between_the_days_of_the_zone() {
    let stats = stretch(BERLIN, "2026-06-10T21:59:30Z", "2026-06-10T22:00:50Z");
    assert_eq!(
        days(&stats),
        [("2026-06-10".to_owned(), 30), ("2026-06-11".to_owned(), 50)]
    );
}

#[test]
fn a_day_on_which_the_clock_changes_counts_the_seconds_that_passed() {
    let spring = stretch(BERLIN, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z");
    assert_eq!(days(&spring), [("2026-03-29".to_owned(), 23 * 3600)]);
    let autumn = stretch(BERLIN, "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z");
    assert_eq!(days(&autumn), [("2026-10-25".to_owned(), 25 * 3600)]);
    let new_york = chrono_tz::America::New_York;
    let autumn = stretch(new_york, "2026-11-01T03:59:00Z", "2026-11-02T05:01:00Z");
    let expected = [
        ("2026-10-31", 60),
        ("2026-11-01", 25 * 3600),
        ("2026-11-02", 60),
    ];
    assert_eq!(
        days(&autumn),
        expected.map(|(day, seconds)| (day.to_owned(), seconds))
    );
}

#[test]
fn a_midnight_that_the_clock_jumps_over_or_repeats_loses_no_second() {
    // Cairo goes from midnight to one; St John's went from a minute past midnight back to 23:01;
    // Samoa left a whole day out.
    for (zone, from, to) in [
        (
            chrono_tz::Africa::Cairo,
            "2026-04-23T21:00:00Z",
            "2026-04-24T03:00:00Z",
        ),
        (
            chrono_tz::America::St_Johns,
            "2010-11-06T20:00:00Z",
            "2010-11-08T20:00:00Z",
        ),
        (
            chrono_tz::Pacific::Apia,
            "2011-12-29T10:00:00Z",
            "2012-01-01T10:00:00Z",
        ),
    ] {
        let passed = moment(to) - moment(from);
        let counted: i64 = days(&stretch(zone, from, to))
            .iter()
            .map(|(_, seconds)| seconds)
            .sum();
        assert_eq!(counted, passed.num_seconds(), "{zone}");
    }
}

// Rule 8

#[test]
fn an_older_event_is_refused_so_that_the_session_is_folded_again() {
    let mut timeline = Timeline::fold(BERLIN, rules(), [seen(0, "Bio"), seen(20, "Bio")]);
    let before = timeline.clone();
    assert_eq!(timeline.observe(rules(), seen(10, "Math")), Err(OutOfOrder));
    assert_eq!(timeline, before);
}

#[test]
fn the_same_event_twice_counts_once() {
    let mut timeline = Timeline::fold(
        BERLIN,
        rules(),
        [seen(0, "Bio"), distracted(seen(20, "Bio"))],
    );
    let before = timeline.clone();
    assert_eq!(
        timeline.observe(rules(), distracted(seen(20, "Bio"))),
        Ok(None)
    );
    assert_eq!(timeline, before);
}

proptest! {
    #[test]
    fn any_order_of_arrival_gives_the_same_fold(
        (events, shuffled) in events().prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle())),
    ) {
        let twice = shuffled.iter().chain(&shuffled).cloned();
        prop_assert_eq!(
            Timeline::fold(BERLIN, rules(), events),
            Timeline::fold(BERLIN, rules(), twice)
        );
    }

    #[test]
    fn one_event_at_a_time_gives_the_same_as_all_at_once_also_through_storage(events in events()) {
        let whole = Timeline::fold(BERLIN, rules(), events.clone());
        let mut sorted = events;
        sorted.sort_by_key(|event| (event.at, event.id));
        let mut timeline = Timeline::new(BERLIN);
        for event in sorted {
            timeline.observe(rules(), event).unwrap();
            let stored = serde_json::to_string(&timeline).unwrap();
            timeline = serde_json::from_str(&stored).unwrap();
        }
        prop_assert_eq!(timeline, whole);
    }

    #[test]
    fn no_more_is_counted_than_has_passed_and_parts_are_no_more_than_the_whole(events in events()) {
        let first = events.iter().map(|event| event.at).min();
        let stats = Timeline::fold(BERLIN, rules(), events).stats(rules(), at(100_000));
        let all: Vec<Totals> = stats.by_topic().into_values().collect();
        let counted: i64 = all.iter().map(|totals| totals.duration_ms).sum();
        let passed = first.map_or(0, |first| (at(100_000) - first).num_milliseconds());
        prop_assert!(counted <= passed);
        for totals in all {
            prop_assert!(totals.active_ms <= totals.duration_ms);
            prop_assert!(totals.distracted_ms <= totals.duration_ms);
        }
    }
}

// Storage

#[test]
fn the_stored_form_of_version_1_stays_readable() {
    let stored = r#"{"version":1,"zone":"Europe/Berlin","newest":{"id":"00000000-0000-0000-0000-000000000007","at":"2026-03-01T10:00:07Z","topic":"Bio","attention":{"isActive":true,"isDistracted":false},"spanFrom":"2026-03-01T10:00:00Z"},"settled":[{"date":"2026-03-01","topic":"Bio","durationMs":7000,"activeMs":7000,"distractedMs":0,"numDistracted":0}]}"#;
    let timeline: Timeline = serde_json::from_str(stored).unwrap();
    assert_eq!(
        timeline,
        Timeline::fold(
            BERLIN,
            rules(),
            [active(seen(0, "Bio")), active(seen(7, "Bio"))]
        )
    );
    assert_eq!(serde_json::to_string(&timeline).unwrap(), stored);
}

#[test]
fn a_stored_form_of_an_unknown_version_is_an_error_and_not_a_guess() {
    let stored = r#"{"version":2,"zone":"UTC","newest":null,"settled":[]}"#;
    assert!(serde_json::from_str::<Timeline>(stored).is_err());
}

fn rules() -> Rules {
    Rules::default()
}

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
}

/// `seconds` after ten o'clock (UTC) on a day in March.
fn at(seconds: i64) -> Timestamp {
    moment("2026-03-01T10:00:00Z") + TimeDelta::seconds(seconds)
}

/// A passive look at a topic; its id is its second.
fn seen(seconds: i64, topic: &str) -> Observation {
    Observation {
        id: Uuid::from_u128(u128::from(seconds.unsigned_abs())).into(),
        at: at(seconds),
        topic: TopicName::stored(topic),
        attention: Attention {
            is_active: false,
            is_distracted: false,
        },
    }
}

fn active(mut event: Observation) -> Observation {
    event.attention.is_active = true;
    event
}

fn distracted(mut event: Observation) -> Observation {
    event.attention.is_distracted = true;
    event
}

fn closed(events: impl IntoIterator<Item = Observation>, end: i64) -> Stats {
    let mut timeline = Timeline::fold(BERLIN, rules(), events);
    timeline.close(rules(), at(end));
    timeline.settled().clone()
}

fn totals(stats: &Stats, topic: &str) -> Totals {
    let found = stats.by_topic().remove(&TopicName::stored(topic));
    found.unwrap_or_default()
}

/// One stretch without a limit.
fn stretch(zone: Zone, from: &str, to: &str) -> Stats {
    let rules = Rules::new(Duration::ZERO);
    let event = Observation {
        at: moment(from),
        ..seen(0, "Bio")
    };
    let mut timeline = Timeline::fold(zone, rules, [event]);
    timeline.close(rules, moment(to));
    timeline.settled().clone()
}

fn days(stats: &Stats) -> Vec<(String, i64)> {
    let rows = stats.iter();
    rows.map(|(key, totals)| (key.date.to_string(), totals.duration_sec()))
        .collect()
}

fn events() -> impl Strategy<Value = Vec<Observation>> {
    let event = (0_i64..90_000, 0..3_usize, any::<(bool, bool)>());
    prop::collection::vec(event, 0..30).prop_map(|events| {
        let numbered = events.into_iter().zip(1_u128..);
        let event = |((second, topic, attention), number): ((i64, usize, (bool, bool)), u128)| {
            Observation {
                id: LearningEventId::from(Uuid::from_u128(number)),
                attention: Attention {
                    is_active: attention.0,
                    is_distracted: attention.1,
                },
                ..seen(second, ["Bio", "Math", "Unknown"][topic])
            }
        };
        numbered.map(event).collect()
    })
}
