//! Asking for copies.

use jobs::{Kind, NewJob, Owner};
use kernel::{Fault, PortResult, UserId};
use objects::ObjectKey;

use super::make::task;
use super::{KIND, Renditions};

impl Renditions {
    /// Accepts a job that makes the copies of this user's image; one that waits already is enough.
    pub async fn ask(&self, user: UserId, key: &ObjectKey) -> PortResult<()> {
        let now = self.ports.clock.now();
        let zone = self.ports.profiles.get(user).await?.zone;
        let id = self.ports.ids.next(now).into();
        let job = NewJob::now(id, Kind::new(KIND), task(key), now)
            .owned_by(Owner { user, zone })
            .once(key.as_str());
        match self.ports.jobs.enqueue(&job).await {
            // Nothing is made for who is gone.
            Err(error) if error.fault() == Fault::Gone => Ok(()),
            accepted => accepted.map(drop),
        }
    }
}
