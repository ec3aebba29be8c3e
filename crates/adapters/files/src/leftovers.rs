//! What waits on disk goes with its user.

use async_trait::async_trait;
use kernel::PortResult;
use privacy::{Amount, Leftovers, Whose};

use crate::{FolderCharges, FolderJournal, FolderRecordings, FolderSpool};

#[async_trait]
impl Leftovers for FolderJournal {
    fn name(&self) -> &'static str {
        "journal"
    }

    async fn sweep(&self, whose: &Whose) -> PortResult<Amount> {
        self.remove_of(whose.user).await
    }
}

#[async_trait]
impl Leftovers for FolderCharges {
    fn name(&self) -> &'static str {
        "charges"
    }

    async fn sweep(&self, whose: &Whose) -> PortResult<Amount> {
        self.remove_of(whose.user).await
    }
}

#[async_trait]
impl Leftovers for FolderSpool {
    fn name(&self) -> &'static str {
        "spool"
    }

    async fn sweep(&self, whose: &Whose) -> PortResult<Amount> {
        self.remove_of(whose.user).await
    }
}

#[async_trait]
impl Leftovers for FolderRecordings {
    fn name(&self) -> &'static str {
        "recordings"
    }

    async fn sweep(&self, whose: &Whose) -> PortResult<Amount> {
        self.remove_of(whose.user).await
    }
}

/// Whether the name stands anywhere in the content.
pub(crate) fn names(content: &[u8], name: &str) -> bool {
    let name = name.as_bytes();
    content.windows(name.len()).any(|window| window == name)
}
