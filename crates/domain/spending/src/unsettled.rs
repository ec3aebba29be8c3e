//! Charges that the store does not have yet.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use kernel::{ChargeId, UserId};

use crate::charge::Charge;

/// What they cost, so that a cap holds before they are stored.
#[derive(Debug, Default)]
pub(crate) struct Unsettled(Mutex<HashMap<ChargeId, (UserId, u64)>>);

impl Unsettled {
    pub(crate) fn add(&self, charge: &Charge) {
        let cost = (charge.user, charge.cost_micros.unwrap_or_default());
        self.charges().insert(charge.id, cost);
    }

    pub(crate) fn settle(&self, id: ChargeId) {
        self.charges().remove(&id);
    }

    /// In millionths of a US dollar.
    pub(crate) fn of(&self, user: UserId) -> u64 {
        let charges = self.charges();
        let of_user = charges.values().filter(|(of, _)| *of == user);
        of_user.map(|(_, micros)| micros).sum()
    }

    fn charges(&self) -> MutexGuard<'_, HashMap<ChargeId, (UserId, u64)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
