//! Which records there are, how many bytes they take, and since when.

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

/// The count of a folder of records.
#[derive(Debug)]
pub(crate) struct Index<T> {
    records: BTreeMap<String, Counted<T>>,
    /// The names again, those that wait longest first.
    since: BTreeSet<(SystemTime, String)>,
    capacity: u64,
    /// Bytes of all records.
    used: u64,
    /// Bytes promised to records that are being written.
    reserved: u64,
}

#[derive(Debug)]
struct Counted<T> {
    size: u64,
    since: SystemTime,
    kept: T,
}

impl<T> Index<T> {
    pub(crate) fn new(capacity: u64) -> Self {
        Self {
            records: BTreeMap::new(),
            since: BTreeSet::new(),
            capacity,
            used: 0,
            reserved: 0,
        }
    }

    /// Promises `size` bytes to `name`; says no if there is no room. A record makes room for its
    /// own replacement.
    pub(crate) fn reserve(&mut self, name: &str, size: u64) -> bool {
        let replaced = self.records.get(name).map_or(0, |record| record.size);
        let needed = (self.used + self.reserved - replaced).saturating_add(size);
        let fits = needed <= self.capacity;
        if fits {
            self.reserved += size;
        }
        fits
    }

    /// Takes a promise back, kept or not.
    pub(crate) fn release(&mut self, size: u64) {
        self.reserved -= size;
    }

    /// A record that replaces another has waited as long as that one.
    pub(crate) fn insert(&mut self, name: &str, (size, since): (u64, SystemTime), kept: T) {
        let before = self.remove(name);
        let since = before.map_or(since, |before| before.min(since));
        self.used += size;
        self.since.insert((since, name.to_owned()));
        let counted = Counted { size, since, kept };
        self.records.insert(name.to_owned(), counted);
    }

    /// Says since when it has waited, if it was there.
    pub(crate) fn remove(&mut self, name: &str) -> Option<SystemTime> {
        let record = self.records.remove(name)?;
        self.used -= record.size;
        self.since.remove(&(record.since, name.to_owned()));
        Some(record.since)
    }

    /// Since when the one has waited that waits longest.
    pub(crate) fn oldest(&self) -> Option<SystemTime> {
        self.since.first().map(|(since, _)| *since)
    }

    pub(crate) fn kept(&self) -> impl Iterator<Item = &T> {
        self.records.values().map(|record| &record.kept)
    }

    pub(crate) fn named(&self) -> impl Iterator<Item = (&String, &T)> {
        self.records
            .iter()
            .map(|(name, record)| (name, &record.kept))
    }

    /// How many records there are, and their bytes.
    pub(crate) fn held(&self) -> (usize, u64) {
        (self.records.len(), self.used)
    }

    pub(crate) fn free(&self) -> u64 {
        self.capacity.saturating_sub(self.used + self.reserved)
    }
}
