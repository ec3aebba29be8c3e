//! A vision model that is timed and counted.

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use vision::{ImageInput, ModelError, Sighting, ViewSpec, VisionModel};

/// Wraps a model: `vision_requests_total{provider,outcome}` and
/// `vision_request_duration_seconds{provider}`.
pub(crate) struct Measured(pub(crate) Arc<dyn VisionModel>);

#[async_trait]
impl VisionModel for Measured {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn view(&self) -> ViewSpec {
        self.0.view()
    }

    async fn analyze(&self, image: &ImageInput) -> Result<Sighting, ModelError> {
        let begun = Instant::now();
        let seen = self.0.analyze(image).await;
        let (provider, outcome) = (self.0.name(), outcome(&seen));
        metrics::histogram!("vision_request_duration_seconds", "provider" => provider)
            .record(begun.elapsed());
        metrics::counter!("vision_requests_total", "provider" => provider, "outcome" => outcome)
            .increment(1);
        seen
    }
}

fn outcome(seen: &Result<Sighting, ModelError>) -> &'static str {
    match seen {
        Ok(_) => "ok",
        Err(ModelError::BadOutput(_)) => "bad_output",
        Err(ModelError::Unavailable(_)) => "unavailable",
        Err(ModelError::Timeout) => "timeout",
        Err(ModelError::RateLimited { .. }) => "rate_limited",
    }
}
