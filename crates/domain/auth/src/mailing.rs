//! Having a secret sent by mail.

use std::time::Duration;

use kernel::{PortResult, Timestamp};

use crate::attempts::mail_bucket;
use crate::auth::{About, Auth};
use crate::mail::MAILED_FOR;
use crate::outcome::MailError;
use crate::{
    Account, AttemptKind, AuditEvent, Audited, Caller, EmailAddress, Mail, MailedToken,
    OpaqueToken, Origin, Purpose,
};

/// By then the answer is out, even of a busy server. Work for those who have an account would
/// otherwise compete with it for processor and disk, and its time would tell.
const AFTER_THE_ANSWER: Duration = Duration::from_millis(200);

impl Auth {
    /// Has a mail to reset the password sent, if there is an account. Everything but the counting
    /// happens after the answer, so neither its words nor its time tell.
    pub async fn forgot_password(
        &self,
        email: &EmailAddress,
        origin: &Origin,
    ) -> Result<(), MailError> {
        let now = self.now();
        let kind = AttemptKind::Mail;
        self.admit(kind, Some(email), origin, now).await?;
        let (auth, email, origin) = (self.clone(), email.clone(), origin.clone());
        self.later("mail a password reset", async move {
            auth.ports.timer.sleep(AFTER_THE_ANSWER).await;
            let found = auth.ports.accounts.find_by_email(&email).await?;
            let Some(account) = found.filter(Account::is_active) else {
                return Ok(());
            };
            let about = About::stranger_to(account.id, &origin);
            let audit = auth.event(now, Audited::ResetRequested, &about);
            auth.mail(&account, Purpose::ResetPassword, Some(audit), now)
                .await
        });
        Ok(())
    }

    /// Has the mail that verifies the caller's address sent again, unless it is verified.
    pub async fn resend_verification(
        &self,
        caller: &Caller,
        origin: &Origin,
    ) -> Result<(), MailError> {
        let now = self.now();
        let kind = AttemptKind::Mail;
        self.admit(kind, Some(&caller.email), origin, now).await?;
        let account = self.ports.accounts.find(caller.user).await?;
        if let Some(account) = account.filter(|account| !account.is_verified()) {
            self.mail_later(account, Purpose::VerifyAddress, None, now);
        }
        Ok(())
    }

    /// Has a new account's first mail sent, unless too many went to its address today: whoever makes
    /// and erases accounts fills nobody's mailbox. The account is there either way.
    pub(crate) async fn welcome(&self, account: &Account, now: Timestamp) {
        let bucket = mail_bucket(&account.email);
        match self.ports.limiter.take(&[bucket], now).await {
            Ok(admission) if admission.is_admitted() => {
                self.mail_later(account.clone(), Purpose::VerifyAddress, None, now);
            }
            Ok(_) => tracing::info!(user = %account.id, "too many mails to one address, none sent"),
            Err(error) => tracing::warn!(user = %account.id, error = %error,
                "mail not sent, it cannot be counted"),
        }
    }

    fn mail_later(
        &self,
        account: Account,
        purpose: Purpose,
        audit: Option<AuditEvent>,
        now: Timestamp,
    ) {
        let auth = self.clone();
        self.later("send a mail", async move {
            auth.mail(&account, purpose, audit, now).await
        });
    }

    async fn mail(
        &self,
        account: &Account,
        purpose: Purpose,
        audit: Option<AuditEvent>,
        now: Timestamp,
    ) -> PortResult<()> {
        let token = OpaqueToken::draw(self.ports.secrets.as_ref())?;
        let kept = MailedToken {
            hash: token.hash(),
            purpose,
            user: account.id,
            expires_at: now + MAILED_FOR,
        };
        self.ports.mailed.issue(&kept, audit.as_ref()).await?;
        let to = account.email.clone();
        self.ports.mailer.send(&Mail { to, purpose, token }).await
    }

    fn later(
        &self,
        name: &'static str,
        work: impl Future<Output = PortResult<()>> + Send + 'static,
    ) {
        let task = async move {
            if let Err(error) = work.await {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                tracing::warn!(task = name, error = %error, cause, "mail not sent");
            }
        };
        self.ports.tasks.spawn(name, Box::pin(task));
    }
}
