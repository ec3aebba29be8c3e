//! Removing what has expired.

use kernel::PortResult;

use crate::auth::Auth;
use crate::revocations::KEEP;

/// How much was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purged {
    /// Refresh tokens.
    pub refresh_tokens: u64,
    /// Mailed tokens.
    pub mailed_tokens: u64,
    /// Lines of the stored blacklist.
    pub revocations: u64,
    /// Events of the audit.
    pub audited: u64,
    /// Lines of the blacklist left in memory.
    pub known: usize,
}

impl Auth {
    /// Removes expired tokens, lines of the blacklist, and of the audit what is older than the rules
    /// say. Harmless at any time and in any number of processes.
    pub async fn purge(&self) -> PortResult<Purged> {
        let now = self.now();
        let ports = &self.ports;
        Ok(Purged {
            refresh_tokens: ports.families.purge(now).await?,
            mailed_tokens: ports.mailed.purge(now).await?,
            revocations: ports.feed.purge(now - KEEP).await?,
            audited: match self.rules.audit_for {
                Some(kept) => ports.audit.purge(now - kept).await?,
                None => 0,
            },
            known: self.revocations.forget_expired(now),
        })
    }

    /// Reads the blacklist before the first request does.
    pub async fn warm_up(&self) -> PortResult<()> {
        self.revocations.catch_up(self.now()).await
    }
}
