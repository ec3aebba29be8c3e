//! How many sockets somebody has open.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts sockets by whom they are of, in this process.
#[derive(Debug)]
pub(super) struct Seats<K>(Arc<Mutex<HashMap<K, u32>>>);

/// One socket; gone, it no longer counts.
#[derive(Debug)]
pub(crate) struct Seat<K: Eq + Hash> {
    seats: Arc<Mutex<HashMap<K, u32>>>,
    of: K,
}

impl<K> Default for Seats<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Eq + Hash + Clone> Seats<K> {
    /// One more, unless there are so many already.
    pub(super) fn take(&self, of: K, most: u32) -> Option<Seat<K>> {
        let mut seats = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = seats.entry(of.clone()).or_default();
        if *taken >= most {
            return None;
        }
        *taken += 1;
        let seats = self.0.clone();
        Some(Seat { seats, of })
    }
}

impl<K: Eq + Hash> Drop for Seat<K> {
    fn drop(&mut self) {
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = seats.get_mut(&self.of) {
            *taken -= 1;
            if *taken == 0 {
                seats.remove(&self.of);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_that_is_left_can_be_taken_again_and_leaves_nothing_behind() {
        let seats = Seats::default();
        let first = seats.take("ada", 2).unwrap();
        let second = seats.take("ada", 2).unwrap();
        assert!(seats.take("ada", 2).is_none());
        assert!(seats.take("bob", 2).is_some());
        drop(first);
        assert!(seats.take("ada", 2).is_some());
        drop(second);
        assert!(seats.0.lock().unwrap().is_empty());
    }
}
