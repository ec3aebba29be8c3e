//! Who keeps account of what models cost.

use std::sync::Arc;

use ::spending::{Budget, Spending, SpendingPorts};
use anyhow::Context;
use database::Database;
use files::{DataFolder, FolderCharges};
use kernel::{Clock, Ids};

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
        store: base.database,
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
