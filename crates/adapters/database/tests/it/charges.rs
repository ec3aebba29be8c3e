//! The database keeps the contract of the store of charges, and more.

use kernel::Fault;
use privacy::Erasures;
use sessions::{ProfileChange, ProfileStore};
use spending::{Bill, Charge, ChargeStore, Usage, Work};
use testkit::contracts::charge_store as contract;

use crate::backend::Backend;
use crate::erasing_given::erase;
use crate::given::{Given, ada, at};

macro_rules! contracts {
    ($($name:ident,)+) => {
        $(async fn $name(db: Backend) {
            contract::$name(&*db).await;
        })+
        crate::on_both!(
            $($name,)+
            a_charge_counts_for_the_day_where_the_user_is,
            nothing_is_charged_to_an_erased_user,
        );
    };
}

contracts![
    a_charge_comes_back_in_the_sum_of_its_day,
    a_charge_counts_once,
    models_are_told_apart,
    charges_without_a_price_are_counted_apart,
    days_are_listed_newest_first_in_pages,
    what_was_spent_today_is_added_up,
    where_nothing_is_stored_there_are_no_days,
];

pub(crate) fn charge(number: u128, seconds: i64) -> Charge {
    Charge {
        id: uuid::Uuid::from_u128(number).into(),
        user: ada(),
        at: at(seconds),
        bill: Bill {
            work: Work::Vision,
            provider: "p".to_owned(),
            model: "m".to_owned(),
            usage: Usage::default(),
        },
        cost_micros: Some(5),
    }
}

async fn a_charge_counts_for_the_day_where_the_user_is(db: Backend) {
    let given = Given::new();
    let change = ProfileChange {
        user: ada(),
        name: None,
        zone: Some(chrono_tz::Pacific::Kiritimati),
    };
    db.change(&change, &given.entry(ada())).await.unwrap();
    // Kiritimati is fourteen hours ahead.
    let late = charge(1, 0);
    db.store(&late).await.unwrap();
    let page = kernel::PageRequest::new(9, None);
    let days = db.days(Some(ada()), page).await.unwrap().items;
    let local = kernel::local_date(late.at, chrono_tz::Pacific::Kiritimati);
    assert_eq!(days[0].date, local);
    let spent = db.spent(ada(), late.at).await.unwrap();
    assert_eq!(
        (spent.micros, spent.zone),
        (5, chrono_tz::Pacific::Kiritimati)
    );
}

async fn nothing_is_charged_to_an_erased_user(db: Backend) {
    db.store(&charge(1, 0)).await.unwrap();
    let removed = erase(&db, ada()).await;
    assert_eq!(removed["charges"], 1);
    let late = db.store(&charge(2, 1)).await.unwrap_err();
    assert_eq!(late.fault(), Fault::Gone);
    assert!(!db.is_erased(ada(), Some(at(9999))).await.unwrap());
}
