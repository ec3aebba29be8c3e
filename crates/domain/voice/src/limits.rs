//! How many may talk at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use kernel::{PortResult, UserId, VoiceSessionId};

/// Counts conversations, in one process or over all replicas.
#[async_trait]
pub trait Places: Send + Sync {
    /// Takes a place for a conversation of `user`, of which there are `per_user` for each and `in_all`
    /// together (0: no limit). The place is given back when [`Place`] is dropped, and also when its
    /// process dies.
    async fn take(
        &self,
        user: UserId,
        id: VoiceSessionId,
        per_user: u32,
        in_all: u32,
    ) -> PortResult<Result<Place, Refused>>;
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The user has all of theirs.
    User,
    /// The server has none left.
    Server,
}

/// A place that is given back when dropped.
pub struct Place(Option<Box<dyn FnOnce() + Send>>);

impl Place {
    /// A place that calls `give_back` once, when dropped.
    pub fn new(give_back: impl FnOnce() + Send + 'static) -> Self {
        Self(Some(Box::new(give_back)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(give_back) = self.0.take() {
            give_back();
        }
    }
}

/// Counts in this process alone.
#[derive(Debug, Default, Clone)]
pub struct InProcessPlaces(Arc<Mutex<HashMap<UserId, u32>>>);

#[async_trait]
impl Places for InProcessPlaces {
    async fn take(
        &self,
        user: UserId,
        _: VoiceSessionId,
        per_user: u32,
        in_all: u32,
    ) -> PortResult<Result<Place, Refused>> {
        let mut taken = self.lock();
        let all: u32 = taken.values().sum();
        if in_all > 0 && all >= in_all {
            return Ok(Err(Refused::Server));
        }
        let own = taken.entry(user).or_default();
        if per_user > 0 && *own >= per_user {
            return Ok(Err(Refused::User));
        }
        *own += 1;
        let places = self.clone();
        Ok(Ok(Place::new(move || places.give_back(user))))
    }
}

impl InProcessPlaces {
    fn give_back(&self, user: UserId) {
        let mut taken = self.lock();
        if let Some(own) = taken.get_mut(&user) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&user);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UserId, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use uuid::Uuid;

    use super::*;

    fn take(places: &InProcessPlaces, name: &str) -> Result<Place, Refused> {
        let id = Uuid::from_u128(1).into();
        let taken = places.take(UserId::from_name(name), id, 1, 2);
        taken.now_or_never().unwrap().unwrap()
    }

    #[test]
    fn a_place_is_free_again_once_dropped() {
        let places = InProcessPlaces::default();
        let ada = take(&places, "ada").unwrap();
        assert_eq!(take(&places, "ada").err(), Some(Refused::User));
        let _bob = take(&places, "bob").unwrap();
        assert_eq!(take(&places, "eve").err(), Some(Refused::Server));
        drop(ada);
        assert!(take(&places, "ada").is_ok());
    }
}
