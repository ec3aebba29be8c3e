//! Erasing.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use futures_util::TryStreamExt;
use kernel::{PortError, PortResult, UserId};
use objects::{KeyPrefix, ObjectKey};

use crate::ports::{Amount, Whose};
use crate::{Privacy, Receipt};

/// An erasure that has taken longer was broken off.
const UNDER_WAY: TimeDelta = TimeDelta::minutes(2);

/// Why an erasure was broken off. What it has removed is gone; erasing again goes on.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// The database failed.
    #[error("rows could not be removed")]
    Rows(#[source] PortError),
    /// The object store failed.
    #[error("objects could not be removed")]
    Objects(#[source] PortError),
    /// Another place failed.
    #[error("what waits on disk could not be removed")]
    Leftovers(#[source] PortError),
}

impl Privacy {
    /// Removes everything of this user. Somebody of whom nothing is kept can be erased too, and
    /// again: the receipt tells what went this time.
    ///
    /// Rows go last: until then they tell which objects there are, and that the erasure is not
    /// complete.
    pub async fn erase(&self, user: UserId) -> Result<Receipt, EraseError> {
        let erasures = &self.ports.erasures;
        let whose = erasures.mark(user, self.now()).await;
        let whose = whose.map_err(EraseError::Rows)?;
        let mut waiting = BTreeMap::new();
        self.remove_leftovers(&whose, &mut waiting).await?;
        let objects = self.remove_objects(user).await;
        let mut objects = objects.map_err(EraseError::Objects)?;
        let now = self.now();
        let note = self.ports.ids.next(now).into();
        let rows = erasures.remove_rows(user, now, note).await;
        let rows = rows.map_err(EraseError::Rows)?;
        // What was under way when the mark was set has put its images by now, or does not.
        self.remove_leftovers(&whose, &mut waiting).await?;
        let late = self.remove_uploads(user).await;
        objects.merge(late.map_err(EraseError::Objects)?);
        waiting.retain(|_, removed| *removed != Amount::default());
        tracing::info!(objects = objects.count, "everything of a user was erased");
        Ok(Receipt {
            erased_at: self.now(),
            objects,
            rows,
            waiting,
        })
    }

    /// Completes erasures that were broken off; returns how many. One that fails does not keep the
    /// others waiting.
    ///
    /// # Errors
    /// The first failure, after all had a turn.
    pub async fn resume(&self) -> Result<usize, EraseError> {
        let before = self.now() - UNDER_WAY;
        let (mut done, mut failure) = (0, None);
        let unfinished = self.ports.erasures.unfinished(before).await;
        for user in unfinished.map_err(EraseError::Rows)? {
            match self.erase(user).await {
                Ok(_) => done += 1,
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        failure.map_or(Ok(done), Err)
    }

    async fn remove_leftovers(
        &self,
        whose: &Whose,
        removed: &mut BTreeMap<String, Amount>,
    ) -> Result<(), EraseError> {
        for place in &self.ports.leftovers {
            let more = place.sweep(whose).await.map_err(EraseError::Leftovers)?;
            removed
                .entry(place.name().to_owned())
                .or_default()
                .merge(more);
        }
        Ok(())
    }

    async fn remove_objects(&self, user: UserId) -> PortResult<Amount> {
        let mut removed = self.remove_uploads(user).await?;
        let mut named = self.ports.rows.object_keys(user);
        while let Some(key) = named.try_next().await? {
            // An object of another user is theirs, whatever a row says.
            if key.owner().is_none_or(|owner| owner == user) {
                self.remove_object(&key, &mut removed).await?;
            }
        }
        Ok(removed)
    }

    async fn remove_uploads(&self, user: UserId) -> PortResult<Amount> {
        let mut removed = Amount::default();
        for prefix in KeyPrefix::of(user) {
            self.remove_below(&prefix, &mut removed).await?;
        }
        Ok(removed)
    }

    async fn remove_below(&self, prefix: &KeyPrefix, removed: &mut Amount) -> PortResult<()> {
        let mut after = None;
        loop {
            let page = self.ports.objects.list(prefix, after.as_ref()).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = Some(last.key.clone());
            for object in page {
                self.ports.objects.delete(&object.key).await?;
                removed.add(object.size);
            }
        }
    }

    async fn remove_object(&self, key: &ObjectKey, removed: &mut Amount) -> PortResult<()> {
        if let Some(meta) = self.ports.objects.head(key).await? {
            self.ports.objects.delete(key).await?;
            removed.add(meta.size);
        }
        Ok(())
    }
}
