//! A glance: is there text at all?

use async_trait::async_trait;
use tokio::time::timeout;
use vision::{ModelError, TextWitness, View, ViewSpec};

use crate::LocalVision;
use crate::look;
use crate::model::picture;

/// Lines of print are found on half of what is needed to read them all.
const MAX_SIDE: u32 = 2048;

#[async_trait]
impl TextWitness for LocalVision {
    fn view(&self) -> ViewSpec {
        ViewSpec::Grey { max_side: MAX_SIDE }
    }

    /// By a few of its lines. Without any line there is no text; lines of which hardly a word can be
    /// read may be writing or none. While all lanes are taken nothing is looked at: reading comes
    /// first.
    async fn sees_text(&self, view: &View) -> Option<bool> {
        let _lane = self.lanes.try_acquire().ok()?;
        let glance = async { look::glance(&self.reader, picture(view)?).await };
        let seen = timeout(self.settings.deadline, glance).await;
        seen.unwrap_or(Err(ModelError::Timeout))
            .inspect_err(|error| tracing::debug!(%error, "no second look for text"))
            .ok()
            .flatten()
    }
}
