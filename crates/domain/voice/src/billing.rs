//! What conversations cost their users.

use kernel::UserId;
use spending::{Bill, Spending, Usage, Work};

use crate::voice::Voice;
use crate::{VoiceError, VoiceSession};

/// Who keeps account, and whom the model is paid to.
#[derive(Clone)]
pub(crate) struct Billed {
    spending: Spending,
    provider: &'static str,
}

impl Voice {
    /// The same, keeping account of what this provider is paid for.
    #[must_use]
    pub fn billed_to(mut self, spending: Spending, provider: &'static str) -> Self {
        self.billed = Some(Billed { spending, provider });
        self
    }

    /// Whether the user may begin a conversation. One that has begun goes on.
    pub(crate) async fn admit(&self, user: UserId) -> Result<(), VoiceError> {
        let Some(Billed { spending, .. }) = &self.billed else {
            return Ok(());
        };
        let admitted = spending.admit(user).await;
        admitted.map_err(|_| VoiceError::BudgetExceeded)
    }

    /// Charges the user of a conversation what an answer has used, cancelled ones too.
    pub(crate) fn charge(&self, session: &VoiceSession, usage: Usage) {
        let Some(Billed { spending, provider }) = &self.billed else {
            return;
        };
        if usage == Usage::default() {
            return;
        }
        let bill = Bill {
            work: Work::Voice,
            provider: (*provider).to_owned(),
            model: session.model.clone(),
            usage,
        };
        spending.charge(session.user, bill);
    }
}
