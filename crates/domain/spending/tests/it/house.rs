//! The facade over stand-ins that fail when told to.

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt;
use kernel::{
    ChargeId, Fault, Page, PageRequest, PortError, PortResult, Task, Tasks, Timer, Timestamp,
    UserId, Zone,
};
use spending::{
    Bill, Budget, Charge, ChargeJournal, ChargeStore, DaySpending, Price, PriceTable, Prices,
    Spending, SpendingPorts, Spent, Tokens, Usage, Work,
};
use testkit::{FixedClock, SeededBits};

/// What the store does.
#[derive(Clone, Copy, PartialEq)]
#[repr(u8)]
pub(crate) enum Store {
    Stores,
    Fails,
    Hangs,
    Refuses,
    HasErased,
}

const WAYS: [Store; 5] = [
    Store::Stores,
    Store::Fails,
    Store::Hangs,
    Store::Refuses,
    Store::HasErased,
];

/// Keeps charges in memory, as told.
#[derive(Default)]
pub(crate) struct Shelf {
    way: AtomicU8,
    pub(crate) stored: Mutex<BTreeMap<ChargeId, Charge>>,
    pub(crate) waiting: Mutex<BTreeMap<ChargeId, Charge>>,
    pub(crate) aside: Mutex<Vec<ChargeId>>,
}

impl Shelf {
    pub(crate) fn goes(&self, way: Store) {
        self.way.store(way as u8, Ordering::SeqCst);
    }

    async fn outcome(&self) -> PortResult<()> {
        let fail = |fault| Err(PortError::bare(fault, "store"));
        match WAYS[usize::from(self.way.load(Ordering::SeqCst))] {
            Store::Stores => Ok(()),
            Store::Fails => fail(Fault::Unavailable),
            Store::Hangs => pending().await,
            Store::Refuses => fail(Fault::Conflict),
            Store::HasErased => fail(Fault::Gone),
        }
    }
}

#[async_trait]
impl ChargeStore for Shelf {
    async fn store(&self, charge: &Charge) -> PortResult<()> {
        self.outcome().await?;
        let mut stored = self.stored.lock().unwrap();
        stored.entry(charge.id).or_insert_with(|| charge.clone());
        Ok(())
    }

    async fn spent(&self, user: UserId, _: Timestamp) -> PortResult<Spent> {
        self.outcome().await?;
        let stored = self.stored.lock().unwrap();
        let own = stored.values().filter(|charge| charge.user == user);
        Ok(Spent {
            micros: own.filter_map(|charge| charge.cost_micros).sum(),
            zone: Zone::UTC,
        })
    }

    async fn days(&self, _: Option<UserId>, page: PageRequest) -> PortResult<Page<DaySpending>> {
        let nowhere = |_: &DaySpending| unreachable!("there are no days");
        Ok(Page::from_overfull(Vec::new(), page.limit(), nowhere))
    }
}

#[async_trait]
impl ChargeJournal for Shelf {
    async fn append(&self, charge: &Charge) -> PortResult<()> {
        let mut waiting = self.waiting.lock().unwrap();
        waiting.insert(charge.id, charge.clone());
        Ok(())
    }

    async fn waiting(&self, limit: usize) -> PortResult<Vec<ChargeId>> {
        let waiting = self.waiting.lock().unwrap();
        Ok(waiting.keys().copied().take(limit).collect())
    }

    async fn read(&self, id: ChargeId) -> PortResult<Option<Charge>> {
        Ok(self.waiting.lock().unwrap().get(&id).cloned())
    }

    async fn remove(&self, id: ChargeId) -> PortResult<()> {
        self.waiting.lock().unwrap().remove(&id);
        Ok(())
    }

    async fn set_aside(&self, id: ChargeId) -> PortResult<()> {
        self.waiting.lock().unwrap().remove(&id);
        self.aside.lock().unwrap().push(id);
        Ok(())
    }
}

/// Every wait is over at once: what hangs is late.
struct Impatient;

#[async_trait]
impl Timer for Impatient {
    async fn sleep(&self, _: Duration) {}
}

/// Carries tasks out on the spot.
struct AtOnce;

impl Tasks for AtOnce {
    fn spawn(&self, _: &'static str, task: Task) {
        task.now_or_never().expect("nothing here waits");
    }
}

/// The facade and what stands behind it.
pub(crate) struct House {
    pub(crate) spending: Spending,
    pub(crate) shelf: Arc<Shelf>,
}

impl House {
    /// A token of the model `m` costs a millionth of a dollar.
    pub(crate) fn with_cap(daily_cap_micros: Option<u64>) -> Self {
        let shelf = Arc::new(Shelf::default());
        let mut prices = PriceTable::default();
        let price = Price::alike(1000);
        let alike = Prices {
            input: price,
            cached: price,
            output: price,
        };
        prices.set("p", "m", alike);
        let ports = SpendingPorts {
            store: shelf.clone(),
            journal: shelf.clone(),
            clock: Arc::new(FixedClock::at("2026-03-01T10:00:00Z")),
            ids: Arc::new(SeededBits::new(1)),
            timer: Arc::new(Impatient),
            tasks: Arc::new(AtOnce),
        };
        let budget = Budget {
            prices,
            daily_cap_micros,
        };
        Self {
            spending: Spending::new(ports, budget),
            shelf,
        }
    }

    /// Charges so many tokens of a model.
    pub(crate) fn charge(&self, model: &str, tokens: u64) {
        let input = Tokens {
            text: tokens,
            ..Tokens::default()
        };
        let bill = Bill {
            work: Work::Vision,
            provider: "p".to_owned(),
            model: model.to_owned(),
            usage: Usage {
                input,
                ..Usage::default()
            },
        };
        self.spending.charge(ada(), bill);
    }

    pub(crate) fn stored(&self) -> usize {
        self.shelf.stored.lock().unwrap().len()
    }

    pub(crate) fn waiting(&self) -> usize {
        self.shelf.waiting.lock().unwrap().len()
    }

    pub(crate) fn replay(&self) -> spending::Replayed {
        self.spending.replay().now_or_never().unwrap().unwrap()
    }

    pub(crate) fn admits(&self, user: UserId) -> bool {
        self.spending.admit(user).now_or_never().unwrap().is_ok()
    }
}

pub(crate) fn ada() -> UserId {
    UserId::from_name("ada")
}
