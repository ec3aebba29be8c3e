//! Storing what waits in the journal.

use kernel::{ChargeId, Fault, PortError, PortResult};

use crate::spending::Spending;

const BATCH: usize = 100;

/// What one round has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Replayed {
    /// Charges stored.
    pub stored: usize,
    /// Charges that can never be stored and were moved aside.
    pub set_aside: usize,
}

impl Spending {
    /// Stores waiting charges, oldest first, until none is left or the store is away. May run beside
    /// requests and other processes: each charge counts once.
    ///
    /// # Errors
    /// When the journal fails.
    pub async fn replay(&self) -> PortResult<Replayed> {
        let mut done = Replayed::default();
        loop {
            let waiting = self.ports.journal.waiting(BATCH).await?;
            if waiting.is_empty() {
                return Ok(done);
            }
            for id in waiting {
                match self.replay_one(id).await {
                    Ok(()) => done.stored += 1,
                    Err(error) if is_for_good(&error) => {
                        tracing::error!(charge_id = %id,
                            error = &error as &dyn std::error::Error,
                            "a charge can never be stored, moved aside");
                        self.ports.journal.set_aside(id).await?;
                        self.unsettled.settle(id);
                        done.set_aside += 1;
                    }
                    Err(error) => {
                        tracing::debug!(charge_id = %id, %error, "charge still waits");
                        return Ok(done);
                    }
                }
            }
        }
    }

    /// What belongs to an erased user is forgotten.
    async fn replay_one(&self, id: ChargeId) -> PortResult<()> {
        if let Some(charge) = self.ports.journal.read(id).await? {
            match self.ports.store.store(&charge).await {
                Err(error) if error.fault() == Fault::Gone => {}
                stored => stored?,
            }
        }
        self.ports.journal.remove(id).await?;
        self.unsettled.settle(id);
        Ok(())
    }
}

/// Whether trying again cannot help.
fn is_for_good(error: &PortError) -> bool {
    matches!(
        error.fault(),
        Fault::Corrupt | Fault::Dangling | Fault::Conflict
    )
}
