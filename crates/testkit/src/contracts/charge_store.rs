//! What `spending::ChargeStore` promises.

#![expect(
    clippy::missing_panics_doc,
    reason = "each function panics where its promise is broken"
)]

use chrono::TimeDelta;
use kernel::{Date, Page, PageRequest, PortResult, Timestamp, UserId};
use spending::{Bill, Charge, ChargeStore, DaySpending, Tokens, Usage, Work};
use uuid::Uuid;

/// Ten o'clock (UTC) on the first of March.
fn first() -> Timestamp {
    Timestamp::UNIX_EPOCH + TimeDelta::seconds(1_772_359_200)
}

fn day(number: i64) -> Date {
    (first() + TimeDelta::days(number)).date_naive()
}

fn ada() -> UserId {
    UserId::from_name("ada")
}

fn bob() -> UserId {
    UserId::from_name("bob")
}

/// A charge of one cent.
fn charge(number: u8, user: UserId, days: i64) -> Charge {
    let tokens = |text, audio, image| Tokens { text, audio, image };
    Charge {
        id: Uuid::from_u64_pair(7, number.into()).into(),
        user,
        at: first() + TimeDelta::days(days),
        bill: Bill {
            work: Work::Vision,
            provider: "openai".to_owned(),
            model: "a-model".to_owned(),
            usage: Usage {
                input: tokens(1, 2, 3),
                cached: tokens(4, 5, 6),
                output: tokens(7, 8, u64::from(u32::MAX)),
            },
        },
        cost_micros: Some(10_000),
    }
}

/// A charge of Ada's for another model.
fn by(number: u8, work: Work, provider: &str, model: &str) -> Charge {
    let mut charge = charge(number, ada(), 0);
    charge.bill.work = work;
    provider.clone_into(&mut charge.bill.provider);
    model.clone_into(&mut charge.bill.model);
    charge
}

async fn keep(store: &dyn ChargeStore, charges: &[Charge]) {
    for charge in charges {
        ok(store.store(charge).await);
    }
}

async fn all(store: &dyn ChargeStore, of: Option<UserId>) -> Vec<DaySpending> {
    let page = PageRequest::new(PageRequest::MAX_LIMIT, None);
    ok(store.days(of, page).await).items
}

/// To the last token.
pub async fn a_charge_comes_back_in_the_sum_of_its_day(store: &dyn ChargeStore) {
    let one = charge(1, ada(), 0);
    keep(store, &[one.clone(), charge(2, ada(), 0)]).await;
    let days = all(store, Some(ada())).await;
    assert_eq!((days.len(), days[0].date, days[0].user), (1, day(0), ada()));
    let [model] = &days[0].models[..] else {
        panic!("{days:?}");
    };
    let mut both = one.bill.usage;
    both += one.bill.usage;
    assert_eq!(model.usage, both);
    assert_eq!((model.calls, model.unpriced), (2, 0));
    assert_eq!(model.cost_micros, 20_000);
}

/// As when a journal is replayed.
pub async fn a_charge_counts_once(store: &dyn ChargeStore) {
    let one = charge(1, ada(), 0);
    keep(store, &[one.clone(), one.clone(), one]).await;
    assert_eq!(all(store, None).await[0].models[0].calls, 1);
}

/// By work, provider and name, in this order.
pub async fn models_are_told_apart(store: &dyn ChargeStore) {
    let charges = [
        by(1, Work::Voice, "openai", "v"),
        by(2, Work::Vision, "openai", "b"),
        by(3, Work::Vision, "gemini", "b"),
        by(4, Work::Vision, "openai", "a"),
        by(5, Work::Vision, "openai", "a"),
    ];
    keep(store, &charges).await;
    let days = all(store, Some(ada())).await;
    let told = days[0].models.iter().map(|model| {
        let name = (model.provider.as_str(), model.model.as_str());
        (model.work, name, model.calls)
    });
    let expected = [
        (Work::Vision, ("gemini", "b"), 1),
        (Work::Vision, ("openai", "a"), 2),
        (Work::Vision, ("openai", "b"), 1),
        (Work::Voice, ("openai", "v"), 1),
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

/// They add nothing to the cost.
pub async fn charges_without_a_price_are_counted_apart(store: &dyn ChargeStore) {
    let without = Charge {
        cost_micros: None,
        ..charge(1, ada(), 0)
    };
    keep(store, &[without, charge(2, ada(), 0)]).await;
    let model = &all(store, None).await[0].models[0];
    assert_eq!((model.calls, model.unpriced), (2, 1));
    assert_eq!(model.cost_micros, 10_000);
    assert_eq!(ok(store.spent(ada(), first()).await).micros, 10_000);
}

/// Of one user or of all; no day is told twice.
pub async fn days_are_listed_newest_first_in_pages(store: &dyn ChargeStore) {
    let (low, high) = (ada().min(bob()), ada().max(bob()));
    let charges = [
        charge(1, low, 0),
        charge(2, low, 2),
        charge(3, high, 0),
        charge(4, high, 1),
        charge(5, low, 0),
    ];
    keep(store, &charges).await;
    let (mut told, mut after) = (Vec::new(), None);
    for _ in 0..3 {
        let page = PageRequest::new(2, after);
        let Page { items, next } = ok(store.days(None, page).await);
        assert!(items.len() <= 2);
        told.extend(items.iter().map(|item| (item.date, item.user)));
        after = next;
        if after.is_none() {
            break;
        }
    }
    let expected = [(day(2), low), (day(1), high), (day(0), high), (day(0), low)];
    assert_eq!((told, after), (expected.to_vec(), None));
    let own = all(store, Some(low)).await;
    let own: Vec<_> = own.iter().map(|item| item.date).collect();
    assert_eq!(own, [day(2), day(0)]);
}

/// Not of other days, nor of other users.
pub async fn what_was_spent_today_is_added_up(store: &dyn ChargeStore) {
    let charges = [
        charge(1, ada(), 0),
        charge(2, ada(), 0),
        charge(3, ada(), -1),
        charge(4, ada(), 1),
        charge(5, bob(), 0),
    ];
    keep(store, &charges).await;
    let spent = ok(store.spent(ada(), first() + TimeDelta::hours(3)).await);
    assert_eq!((spent.micros, spent.zone), (20_000, kernel::Zone::UTC));
    let nobody = UserId::from_name("nobody");
    assert_eq!(ok(store.spent(nobody, first()).await).micros, 0);
}

/// Nothing was spent.
pub async fn where_nothing_is_stored_there_are_no_days(store: &dyn ChargeStore) {
    assert!(all(store, None).await.is_empty());
    assert!(all(store, Some(ada())).await.is_empty());
}

/// The value, or the port's failure as a panic.
#[track_caller]
fn ok<T>(result: PortResult<T>) -> T {
    result.unwrap_or_else(|e| panic!("{e}: {:?}", std::error::Error::source(&e)))
}
