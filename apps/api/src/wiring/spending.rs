//! Who keeps account of what models cost.

use std::sync::Arc;

use ::spending::{Budget, Charge, ChargeStore, DaySpending, Spending, SpendingPorts, Spent};
use anyhow::Context;
use async_trait::async_trait;
use database::Database;
use files::{DataFolder, FolderCharges};
use kernel::{Page, PageRequest, PortResult, Timestamp, UserId};

use super::Ground;
use crate::runtime::TokioTimer;
use crate::settings::SpendingSettings;

/// Room for some 80,000 charges.
const JOURNAL_BYTES: u64 = 32 << 20;

/// Joins it to its ports; the journal comes too, as a place an erasure sweeps.
pub(super) fn spending(
    settings: &SpendingSettings,
    folder: &DataFolder,
    ground: Ground,
) -> anyhow::Result<(Spending, FolderCharges)> {
    let journal = FolderCharges::open(folder.charges(), JOURNAL_BYTES);
    let journal = journal.context("the journal of charges cannot be opened")?;
    let ports = SpendingPorts {
        store: Arc::new(Counted(ground.database)),
        journal: Arc::new(journal.clone()),
        clock: ground.clock,
        ids: ground.ids,
        timer: Arc::new(TokioTimer),
        tasks: Arc::new(ground.tasks),
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
