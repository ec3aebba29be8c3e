//! The facade and what it works with.

use std::sync::Arc;

use chrono::TimeDelta;
use kernel::{AuditId, Clock, Ids, PortResult, Tasks, Timer, Timestamp, UserId};
use limits::{Admission, RateLimiter};

use crate::ports::{AccountStore, FamilyStore, MailedTokens, RevocationFeed};
use crate::{
    AccessTokens, Attempt, AttemptKind, AuditEvent, AuditLog, Audited, Census, EmailAddress,
    GoogleAccounts, Mailer, Origin, PasswordHasher, Revocations, SecretBytes, TooManyAttempts,
};

/// Signs people in and out. One verb, one file.
#[derive(Clone)]
pub struct Auth {
    pub(crate) ports: Arc<AuthPorts>,
    pub(crate) revocations: Arc<Revocations>,
    pub(crate) rules: AuthRules,
}

/// What [`Auth`] and [`crate::Admin`] work with.
pub struct AuthPorts {
    /// Keeps accounts.
    pub accounts: Arc<dyn AccountStore>,
    /// Keeps refresh tokens.
    pub families: Arc<dyn FamilyStore>,
    /// Keeps mailed tokens.
    pub mailed: Arc<dyn MailedTokens>,
    /// Reads the blacklist.
    pub feed: Arc<dyn RevocationFeed>,
    /// Keeps the audit.
    pub audit: Arc<dyn AuditLog>,
    /// Counts what is stored.
    pub census: Arc<dyn Census>,
    /// Counts attempts.
    pub limiter: Arc<dyn RateLimiter>,
    /// Hashes passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Signs and checks access tokens.
    pub access: Arc<dyn AccessTokens>,
    /// Asks Google; `None` where no client id is set.
    pub google: Option<Arc<dyn GoogleAccounts>>,
    /// Sends mail.
    pub mailer: Arc<dyn Mailer>,
    /// Makes secrets.
    pub secrets: Arc<dyn SecretBytes>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
    /// Runs what goes on after the answer.
    pub tasks: Arc<dyn Tasks>,
    /// Waits.
    pub timer: Arc<dyn Timer>,
}

/// How long tokens live and the audit is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuthRules {
    /// An access token's life.
    pub access_for: TimeDelta,
    /// A refresh token's life; each swap begins a new one.
    pub refresh_for: TimeDelta,
    /// How long events stay in the audit; `None` is for ever.
    pub audit_for: Option<TimeDelta>,
}

impl Default for AuthRules {
    /// 15 minutes, 30 days, a year.
    fn default() -> Self {
        Self {
            access_for: TimeDelta::minutes(15),
            refresh_for: TimeDelta::days(30),
            audit_for: Some(TimeDelta::days(365)),
        }
    }
}

impl Auth {
    /// The facade over its ports.
    pub fn new(ports: AuthPorts, rules: AuthRules) -> Self {
        let revocations = Revocations::new(ports.feed.clone(), ports.timer.clone());
        Self {
            ports: Arc::new(ports),
            revocations: Arc::new(revocations),
            rules,
        }
    }

    /// The life of tokens, for cookies.
    pub const fn rules(&self) -> &AuthRules {
        &self.rules
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }

    pub(crate) fn event(&self, at: Timestamp, what: Audited, about: &About<'_>) -> AuditEvent {
        let id: AuditId = self.ports.ids.next(at).into();
        AuditEvent {
            id,
            at,
            what,
            actor: about.actor,
            subject: about.subject,
            address: about.origin.address,
            user_agent: about.origin.device.user_agent().map(str::to_owned),
        }
    }

    pub(crate) async fn note(
        &self,
        at: Timestamp,
        what: Audited,
        about: &About<'_>,
    ) -> PortResult<()> {
        self.ports.audit.append(&self.event(at, what, about)).await
    }

    /// Counts an attempt. A refusal is logged and not kept: it must cost less than the attempt.
    pub(crate) async fn admit(
        &self,
        kind: AttemptKind,
        account: Option<&EmailAddress>,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<Attempt, TooManyAttempts> {
        let attempt = Attempt {
            kind,
            account: account.cloned(),
            address: origin.address,
        };
        match self.ports.limiter.take(&attempt.buckets(), now).await? {
            Admission::Admitted(_) => Ok(attempt),
            Admission::Refused { retry_after, .. } => {
                tracing::info!(kind = kind.as_str(), address = ?origin.address, "too many attempts");
                Err(TooManyAttempts::Wait { retry_after })
            }
        }
    }
}

/// Who did something to whom, from where.
pub(crate) struct About<'a> {
    pub(crate) actor: Option<UserId>,
    pub(crate) subject: Option<UserId>,
    pub(crate) origin: &'a Origin,
}

impl<'a> About<'a> {
    /// Somebody unknown.
    pub(crate) const fn stranger(origin: &'a Origin) -> Self {
        Self {
            actor: None,
            subject: None,
            origin,
        }
    }

    /// Somebody unknown, to this account.
    pub(crate) const fn stranger_to(subject: UserId, origin: &'a Origin) -> Self {
        Self {
            actor: None,
            subject: Some(subject),
            origin,
        }
    }

    /// A user, to their own account.
    pub(crate) const fn own(user: UserId, origin: &'a Origin) -> Self {
        Self {
            actor: Some(user),
            subject: Some(user),
            origin,
        }
    }
}
