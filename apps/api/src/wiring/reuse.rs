//! Taking over what was said of the picture before.

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use imaging::Imaging;
use kernel::PortResult;
use privacy::{Amount, Leftovers, Whose};
use vision::{Held, Likeness, ReuseRules, SceneComparer, Signature, Vision};

use crate::settings::Settings;

/// The same, reusing analyses unless the settings say otherwise.
pub(super) fn reusing(vision: Vision, images: &Arc<Imaging>, settings: &Settings) -> Vision {
    let Some(max_age) = settings.reuse else {
        return vision;
    };
    let rules = ReuseRules {
        max_age,
        ..ReuseRules::default()
    };
    vision.reusing(Arc::new(Counted(images.clone())), rules)
}

/// Counts what is recognised: `vision_reused_total`, `vision_compare_duration_seconds`.
struct Counted(Arc<Imaging>);

#[async_trait]
impl SceneComparer for Counted {
    async fn compare(&self, now: Signature, before: Signature) -> PortResult<Likeness> {
        let begun = Instant::now();
        let likeness = self.0.compare(now, before).await?;
        metrics::histogram!("vision_compare_duration_seconds").record(begun.elapsed());
        if likeness.is_same_view() {
            metrics::counter!("vision_reused_total").increment(1);
        }
        Ok(likeness)
    }
}

/// The last pictures that this process remembers, as a place an erasure sweeps. Other processes
/// forget theirs with age.
pub(super) struct LastPictures(pub(super) Vision);

#[async_trait]
impl Leftovers for LastPictures {
    fn name(&self) -> &'static str {
        "lastPictures"
    }

    async fn sweep(&self, whose: &Whose) -> PortResult<Amount> {
        let Held { count, bytes } = self.0.forget(whose.user);
        Ok(Amount {
            count: count as u64,
            bytes,
        })
    }
}
