//! The facade.

use std::sync::Arc;

use kernel::{Clock, Ids, Page, PageRequest, PortResult, Tasks, Timer, UserId};

use crate::day::DaySpending;
use crate::ports::{ChargeJournal, ChargeStore};
use crate::prices::PriceTable;
use crate::unsettled::Unsettled;

/// Keeps account of what models cost. Cheap to clone; one verb, one file.
#[derive(Clone)]
pub struct Spending {
    pub(crate) ports: Arc<SpendingPorts>,
    pub(crate) budget: Arc<Budget>,
    pub(crate) unsettled: Arc<Unsettled>,
}

/// What [`Spending`] works with.
pub struct SpendingPorts {
    /// Keeps charges.
    pub store: Arc<dyn ChargeStore>,
    /// Keeps them while the store is away.
    pub journal: Arc<dyn ChargeJournal>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
    /// Waits.
    pub timer: Arc<dyn Timer>,
    /// Keeps charges behind the answers.
    pub tasks: Arc<dyn Tasks>,
}

/// Prices and limits.
#[derive(Debug, Clone, Default)]
pub struct Budget {
    /// What models cost.
    pub prices: PriceTable,
    /// What one user may spend on a day, in millionths of a US dollar; `None` is no limit.
    pub daily_cap_micros: Option<u64>,
}

impl Spending {
    /// The facade over its ports.
    pub fn new(ports: SpendingPorts, budget: Budget) -> Self {
        Self {
            ports: Arc::new(ports),
            budget: Arc::new(budget),
            unsettled: Arc::default(),
        }
    }

    /// Days on which something was spent, the newest first: a user's own, or those of all users.
    pub async fn days(
        &self,
        of: Option<UserId>,
        page: PageRequest,
    ) -> PortResult<Page<DaySpending>> {
        self.ports.store.days(of, page).await
    }
}
