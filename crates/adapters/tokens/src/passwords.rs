//! Passwords hashed with argon2id, away from the runtime's threads.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use async_trait::async_trait;
use auth::{Password, PasswordHash, PasswordHasher, Verdict};
use kernel::{Fault, PortError, PortResult};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;

use crate::secrets::random;

/// For each hash at work this many may wait; more are turned away.
const WAITING_PER_WORKER: usize = 32;

/// What one hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for HashCost {
    /// 19 MiB, 2 passes, 1 lane: the OWASP password storage cheat sheet's argon2id parameters.
    fn default() -> Self {
        Self {
            memory_kib: 19 * 1024,
            passes: 2,
            lanes: 1,
        }
    }
}

/// Hashes passwords on threads for blocking work, a bounded number at a time.
pub struct Argon2Hasher {
    argon2: Argon2<'static>,
    decoy: PasswordHash,
    workers: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

/// The right to hash now; given back when the work has ended, even if nobody waits for it.
struct Place {
    _worker: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
}

impl Argon2Hasher {
    /// A hasher that works on up to `workers` passwords (at least one) at a time. Hashes once, to
    /// have a decoy.
    ///
    /// # Errors
    /// [`Fault::Refused`] for a cost outside of argon2's limits.
    pub fn new(cost: HashCost, workers: usize) -> PortResult<Self> {
        let HashCost {
            memory_kib,
            passes,
            lanes,
        } = cost;
        let params = Params::new(memory_kib, passes, lanes, None)
            .map_err(|cause| PortError::new(Fault::Refused, "set up argon2", cause))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobodys: [u8; 32] = random()?;
        let workers = workers.max(1);
        Ok(Self {
            decoy: hash(&argon2, &nobodys)?,
            argon2,
            workers: Arc::new(Semaphore::new(workers)),
            places: Arc::new(Semaphore::new(workers * (1 + WAITING_PER_WORKER))),
        })
    }

    async fn place(&self) -> PortResult<Place> {
        let place = self.places.clone().try_acquire_owned();
        let place = place.map_err(|cause| unavailable("wait to hash a password", cause))?;
        let worker = self.workers.clone().acquire_owned().await;
        let worker = worker.map_err(|cause| unavailable("wait to hash a password", cause))?;
        Ok(Place {
            _worker: worker,
            _place: place,
        })
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>) -> PortResult<T> + Send + 'static,
    ) -> PortResult<T> {
        let place = self.place().await?;
        let argon2 = self.argon2.clone();
        let done = spawn_blocking(move || {
            let result = work(&argon2);
            drop(place);
            result
        });
        done.await
            .map_err(|cause| unavailable("hash a password", cause))?
    }
}

#[async_trait]
impl PasswordHasher for Argon2Hasher {
    async fn hash(&self, password: &Password) -> PortResult<PasswordHash> {
        let password = password.clone();
        self.run(move |argon2| hash(argon2, password.expose().as_bytes()))
            .await
    }

    async fn verify(&self, password: &Password, hash: &PasswordHash) -> PortResult<Verdict> {
        let (password, hash) = (password.clone(), hash.clone());
        self.run(move |argon2| verify(argon2, &password, &hash))
            .await
    }

    fn decoy(&self) -> &PasswordHash {
        &self.decoy
    }
}

fn hash(argon2: &Argon2<'_>, password: &[u8]) -> PortResult<PasswordHash> {
    let salt: [u8; 16] = random()?;
    let hash = argon2
        .hash_password_with_salt(password, &salt)
        .map_err(|cause| PortError::new(Fault::Refused, "hash a password", cause))?;
    Ok(hash.to_string().into())
}

fn verify(argon2: &Argon2<'_>, password: &Password, hash: &PasswordHash) -> PortResult<Verdict> {
    let hash = Phc::new(hash.as_str()).map_err(corrupt)?;
    match argon2.verify_password(password.expose().as_bytes(), &hash) {
        Ok(()) if is_current(argon2, &hash) => Ok(Verdict::Right),
        Ok(()) => Ok(Verdict::RightButOutdated),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(Verdict::Wrong),
        Err(cause) => Err(corrupt(cause)),
    }
}

fn is_current(argon2: &Argon2<'_>, hash: &Phc) -> bool {
    let cost = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
    let params = Params::try_from(hash);
    hash.algorithm == Algorithm::Argon2id.ident()
        && hash.version == Some(Version::V0x13.into())
        && params.is_ok_and(|params| cost(&params) == cost(argon2.params()))
}

fn corrupt(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> PortError {
    PortError::new(Fault::Corrupt, "read a password hash", cause)
}

fn unavailable(
    context: &'static str,
    cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> PortError {
    PortError::new(Fault::Unavailable, context, cause)
}
