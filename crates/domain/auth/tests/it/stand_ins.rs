//! Stand-ins for what computes, sends or waits.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use auth::{
    AccessClaims, AccessTokenError, AccessTokens, GoogleAccounts, GoogleError, GoogleIdentity,
    Mail, Mailer, Password, PasswordHash, PasswordHasher, PendingGoogle, Role, SecretBytes,
    Verdict,
};
use kernel::{PortResult, RandomBits, Task, Tasks, Timer, Timestamp};
use testkit::SeededBits;
use url::Url;

/// Hashes are `today:password` or `old:password`; counts comparisons.
pub(crate) struct PlainHasher {
    decoy: PasswordHash,
    pub(crate) compared: AtomicUsize,
}

impl PlainHasher {
    pub(crate) fn new() -> Self {
        Self {
            decoy: "today:\0".to_owned().into(),
            compared: AtomicUsize::new(0),
        }
    }
}

#[async_trait]
impl PasswordHasher for PlainHasher {
    async fn hash(&self, password: &Password) -> PortResult<PasswordHash> {
        Ok(format!("today:{}", password.expose()).into())
    }

    async fn verify(&self, password: &Password, hash: &PasswordHash) -> PortResult<Verdict> {
        self.compared.fetch_add(1, Ordering::SeqCst);
        let (made, of) = hash.as_str().split_once(':').unwrap();
        Ok(match (of == password.expose(), made) {
            (false, _) => Verdict::Wrong,
            (true, "today") => Verdict::Right,
            (true, _) => Verdict::RightButOutdated,
        })
    }

    fn decoy(&self) -> &PasswordHash {
        &self.decoy
    }
}

/// Tokens are their claims in plain text.
pub(crate) struct PlainAccess;

impl AccessTokens for PlainAccess {
    fn sign(&self, claims: &AccessClaims) -> PortResult<String> {
        let AccessClaims {
            user,
            email,
            role,
            id,
            issued_at,
            expires_at,
        } = claims;
        let (from, to) = (issued_at.timestamp(), expires_at.timestamp());
        let role = role.as_str();
        Ok(format!("{user}|{email}|{role}|{id}|{from}|{to}"))
    }

    fn verify(&self, token: &str, now: Timestamp) -> Result<AccessClaims, AccessTokenError> {
        let claims = self.read(token).ok_or(AccessTokenError::Invalid)?;
        if claims.expires_at <= now {
            return Err(AccessTokenError::Expired);
        }
        Ok(claims)
    }

    fn read(&self, token: &str) -> Option<AccessClaims> {
        let parts: Vec<_> = token.split('|').collect();
        let [user, email, role, id, from, to] = parts[..] else {
            return None;
        };
        let moment = |text: &str| Timestamp::from_timestamp(text.parse().unwrap(), 0).unwrap();
        Some(AccessClaims {
            user: user.parse().unwrap(),
            email: email.parse().unwrap(),
            role: Role::parse(role).unwrap(),
            id: id.parse().unwrap(),
            issued_at: moment(from),
            expires_at: moment(to),
        })
    }
}

/// Knows ID tokens and codes by name.
#[derive(Default)]
pub(crate) struct KnownGoogle(pub(crate) Mutex<HashMap<String, GoogleIdentity>>);

#[async_trait]
impl GoogleAccounts for KnownGoogle {
    async fn verify(&self, token: &str, _: Timestamp) -> Result<GoogleIdentity, GoogleError> {
        let known = self.0.lock().unwrap();
        known
            .get(token)
            .cloned()
            .ok_or(GoogleError::Invalid("signature"))
    }

    async fn authorization_url(&self, pending: &PendingGoogle, _: Timestamp) -> PortResult<Url> {
        let url = format!("https://idp.example/?state={}", pending.state.expose());
        Ok(url.parse().unwrap())
    }

    async fn redeem(
        &self,
        code: &str,
        _: &PendingGoogle,
        now: Timestamp,
    ) -> Result<GoogleIdentity, GoogleError> {
        self.verify(code, now).await
    }
}

#[derive(Default)]
pub(crate) struct Outbox(pub(crate) Mutex<Vec<Mail>>);

#[async_trait]
impl Mailer for Outbox {
    async fn send(&self, mail: &Mail) -> PortResult<()> {
        self.0.lock().unwrap().push(mail.clone());
        Ok(())
    }
}

/// Keeps tasks until the test runs them.
#[derive(Default)]
pub(crate) struct KeptTasks(Mutex<Vec<Task>>);

impl KeptTasks {
    pub(crate) async fn run(&self) {
        let tasks = std::mem::take(&mut *self.0.lock().unwrap());
        for task in tasks {
            task.await;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.lock().unwrap().is_empty()
    }
}

impl Tasks for KeptTasks {
    fn spawn(&self, _: &'static str, task: Task) {
        self.0.lock().unwrap().push(task);
    }
}

/// Less than a quarter of a second is over at once, anything longer never.
pub(crate) struct Forever;

#[async_trait]
impl Timer for Forever {
    async fn sleep(&self, duration: Duration) {
        if duration >= Duration::from_millis(250) {
            std::future::pending::<()>().await;
        }
    }
}

pub(crate) struct SeededSecrets(pub(crate) SeededBits);

impl SecretBytes for SeededSecrets {
    fn draw(&self) -> PortResult<[u8; 48]> {
        let mut bytes = [0; 48];
        for chunk in bytes.chunks_mut(10) {
            chunk.copy_from_slice(&self.0.ten_bytes()[..chunk.len()]);
        }
        Ok(bytes)
    }
}
