//! What looks cost their users.

use kernel::UserId;
use spending::{OverBudget, Spending, Tokens, Usage, Work};

use crate::usage::{Bill, BilledAnswer, TokenUsage};
use crate::vision::Vision;

impl Vision {
    /// The same, keeping account of what models are paid for.
    #[must_use]
    pub fn billed_to(self, spending: Spending) -> Self {
        Self {
            spending: Some(spending),
            ..self
        }
    }

    /// Whether a model may be asked for this user.
    pub(crate) async fn admit(&self, user: UserId) -> Result<(), OverBudget> {
        match &self.spending {
            Some(spending) => spending.admit(user).await,
            None => Ok(()),
        }
    }

    /// The account of one call.
    pub(crate) fn account(&self, user: UserId) -> Account<'_> {
        Account {
            spending: self.spending.as_ref(),
            user,
            bill: Bill::default(),
        }
    }
}

/// Charges the user what one call cost when the call ends, in whatever way: an answer may be billed
/// that was of no use, or that nobody waited for any more.
pub(crate) struct Account<'a> {
    spending: Option<&'a Spending>,
    user: UserId,
    bill: Bill,
}

impl Account<'_> {
    /// Where the call's answers are noted.
    pub(crate) fn bill(&self) -> Bill {
        self.bill.clone()
    }
}

impl Drop for Account<'_> {
    fn drop(&mut self) {
        let Some(spending) = self.spending else {
            return;
        };
        for answer in self.bill.answers() {
            spending.charge(self.user, answer.into());
        }
    }
}

impl From<BilledAnswer> for spending::Bill {
    fn from(answer: BilledAnswer) -> Self {
        let BilledAnswer {
            provider,
            model,
            usage,
        } = answer;
        Self {
            work: Work::Vision,
            provider: provider.to_owned(),
            model,
            usage: usage.into(),
        }
    }
}

impl From<TokenUsage> for Usage {
    /// What was cached counts as text as far as there is text. Writing to a cache costs what input
    /// costs: no cache is asked for. Reasoning is output.
    fn from(usage: TokenUsage) -> Self {
        let TokenUsage {
            input,
            input_image,
            cached,
            cache_written: _,
            output,
            reasoning: _,
        } = usage;
        let text = input.saturating_sub(input_image);
        let tokens = |text, image| Tokens {
            text,
            audio: 0,
            image,
        };
        Self {
            input: tokens(text, input_image),
            cached: tokens(cached.min(text), cached.saturating_sub(text)),
            output: tokens(output, 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_has_its_kind_and_is_counted_once() {
        let usage = Usage::from(TokenUsage {
            input: 1400,
            input_image: 1120,
            cached: 300,
            cache_written: 20,
            output: 100,
            reasoning: 40,
        });
        assert_eq!((usage.input.text, usage.input.image), (280, 1120));
        assert_eq!((usage.cached.text, usage.cached.image), (280, 20));
        assert_eq!(usage.input.total() + usage.output.total(), 1500);
    }
}
