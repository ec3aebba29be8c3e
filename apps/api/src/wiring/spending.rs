//! Who keeps account of what models cost.

use std::sync::Arc;

use ::spending::{Budget, Charge, ChargeStore, DaySpending, Spending, SpendingPorts, Spent};
use anyhow::Context;
use async_trait::async_trait;
use database::Database;
use files::{DataFolder, FolderCharges};
use kernel::{Clock, Ids, Page, PageRequest, PortResult, Timestamp, UserId};

use crate::runtime::{OwnedTasks, TokioTimer};
use crate::settings::SpendingSettings;

/// Room for some 80,000 charges.
const JOURNAL_BYTES: u64 = 32 << 20;

/// What is asked besides the folder.
pub(super) struct Base {
    pub(super) database: Arc<Database>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn Ids>,
    pub(super) tasks: OwnedTasks,
}

/// Joins it to its ports; the journal comes too, as a place an erasure sweeps.
pub(super) fn spending(
    settings: &SpendingSettings,
    folder: &DataFolder,
    base: Base,
) -> anyhow::Result<(Spending, FolderCharges)> {
    let journal = FolderCharges::open(folder.charges(), JOURNAL_BYTES);
    let journal = journal.context("the journal of charges cannot be opened")?;
    let ports = SpendingPorts {
        store: Arc::new(Counted(base.database)),
        journal: Arc::new(journal.clone()),
        clock: base.clock,
        ids: base.ids,
        timer: Arc::new(TokioTimer),
        tasks: Arc::new(base.tasks),
    };
    let SpendingSettings {
        prices,
        daily_cap_micros,
    } = settings.clone();
    let budget = Budget {
        prices,
        daily_cap_micros,
    };
    Ok((Spending::new(ports, budget), journal))
}

/// Counts what was billed, in millionths of a US dollar, where the price is known:
/// `model_cost_micros_total{work,provider}`.
struct Counted(Arc<Database>);

#[async_trait]
impl ChargeStore for Counted {
    async fn store(&self, charge: &Charge) -> PortResult<()> {
        self.0.store(charge).await?;
        let (work, provider) = (charge.bill.work.as_str(), charge.bill.provider.clone());
        let cost = charge.cost_micros.unwrap_or_default();
        metrics::counter!("model_cost_micros_total", "work" => work, "provider" => provider)
            .increment(cost);
        Ok(())
    }

    async fn spent(&self, user: UserId, now: Timestamp) -> PortResult<Spent> {
        self.0.spent(user, now).await
    }

    async fn days(&self, of: Option<UserId>, page: PageRequest) -> PortResult<Page<DaySpending>> {
        self.0.days(of, page).await
    }
}
