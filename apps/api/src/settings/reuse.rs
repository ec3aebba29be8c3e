//! The settings of taking over what was said of the picture before.

use std::time::Duration;

use super::parse::Reader;

impl Reader<'_> {
    /// For how long an analysis is taken over; `None` when every image goes to a model.
    pub(super) fn reuse(&mut self) -> Option<Duration> {
        let max_age = Duration::from_secs(self.number("REUSE_MAX_S", 300, 1..=86_400).into());
        match self.raw.get("VISION_REUSE") {
            Some("on") | None => Some(max_age),
            Some("off") => None,
            Some(_) => {
                self.faults.add("VISION_REUSE", "must be on or off");
                None
            }
        }
    }
}
