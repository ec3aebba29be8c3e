//! Models that look at images.

use std::time::Duration;

use async_trait::async_trait;
use sessions::ContentAnalysis;
use url::Url;

use crate::image::{View, ViewSpec};
use crate::usage::Bill;

/// One image for a model.
#[derive(Debug, Clone)]
pub struct ImageInput {
    /// What [`VisionModel::view`] asked for.
    pub view: View,
    /// A link to the same view that the model's provider can open; the view's bytes need not be
    /// sent then.
    pub link: Option<Url>,
    /// An opaque name for the student, safe to hand to a provider.
    pub student: String,
    /// How long the call may take, all its attempts together.
    pub within: Duration,
    /// Where answers are noted that the provider bills, used or not, as they come.
    pub bill: Bill,
}

/// What a model says of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// What is seen, complete and checked.
    pub content: ContentAnalysis,
    /// The model that said it, as the provider names it.
    pub model: String,
}

/// Why a model gave no answer that can be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// It refused, gave no text, cut or invalid JSON, or left fields out. The text says which.
    #[error("the model's answer cannot be used: {0}")]
    BadOutput(String),
    /// It cannot be reached, or failed, also after retries.
    #[error("the model is unavailable: {0}")]
    Unavailable(String),
    /// It took too long.
    #[error("the model did not answer in time")]
    Timeout,
    /// The quota or rate limit is used up.
    #[error("the model's quota is used up")]
    RateLimited {
        /// When to try again, if the provider says.
        retry_after: Option<Duration>,
    },
}

/// Looks at one image. The call keeps to [`ImageInput::within`] and makes its own retries.
#[async_trait]
pub trait VisionModel: Send + Sync {
    /// The provider's name in settings, logs and metrics.
    fn name(&self) -> &'static str;

    /// What it wants to see.
    fn view(&self) -> ViewSpec;

    /// Looks at the image.
    async fn analyze(&self, image: &ImageInput) -> Result<Sighting, ModelError>;
}
