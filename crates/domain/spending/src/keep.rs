//! Keeping a charge without making anybody wait.

use std::time::Duration;

use futures_util::future::{Either, select};
use kernel::{Fault, PortError, PortResult, UserId};

use crate::charge::{Bill, Charge};
use crate::spending::Spending;

/// How long the store may take before the charge is put on disk first.
const STORE_WITHIN: Duration = Duration::from_millis(500);

impl Spending {
    /// Keeps what a provider has billed for this user. Returns at once; a task of its own stores the
    /// charge, or puts it into the journal when the store fails or takes longer than half a second.
    /// A process that is killed within this time loses the charge.
    pub fn charge(&self, user: UserId, bill: Bill) {
        let at = self.ports.clock.now();
        let prices = self.budget.prices.of(&bill.provider, &bill.model);
        let charge = Charge {
            id: self.ports.ids.next(at).into(),
            user,
            at,
            cost_micros: prices.map(|prices| prices.cost_micros(&bill.usage)),
            bill,
        };
        self.unsettled.add(&charge);
        let spending = self.clone();
        let keeping = async move { spending.keep(charge).await };
        self.ports.tasks.spawn("keep a charge", Box::pin(keeping));
    }

    async fn keep(&self, charge: Charge) {
        match self.stored_in_time(&charge).await {
            Ok(()) => self.unsettled.settle(charge.id),
            // Nothing of an erased user is kept.
            Err(error) if error.fault() == Fault::Gone => self.unsettled.settle(charge.id),
            Err(error) => {
                tracing::warn!(charge_id = %charge.id, error = &error as &dyn std::error::Error,
                    "a charge could not be stored, kept in the journal");
                self.journal(&charge).await;
            }
        }
    }

    async fn stored_in_time(&self, charge: &Charge) -> PortResult<()> {
        let storing = self.ports.store.store(charge);
        match select(storing, self.ports.timer.sleep(STORE_WITHIN)).await {
            Either::Left((stored, _)) => stored,
            Either::Right(((), _)) => Err(PortError::bare(
                Fault::Unavailable,
                "store a charge: no answer in time",
            )),
        }
    }

    /// What no disk takes is told in full: the log is the last place it can be read from.
    async fn journal(&self, charge: &Charge) {
        if let Err(error) = self.ports.journal.append(charge).await {
            let Charge {
                id,
                user,
                at,
                bill,
                cost_micros,
            } = charge;
            tracing::error!(charge_id = %id, user_id = %user, %at, ?bill, ?cost_micros,
                error = &error as &dyn std::error::Error, "a charge is lost");
        }
    }
}
