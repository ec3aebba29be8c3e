//! A vision model that is timed and counted.

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use tracing::Instrument;
use vision::{BilledAnswer, ImageInput, ModelError, Sighting, TokenUsage, ViewSpec, VisionModel};

/// Wraps a model: `vision_requests_total{provider,outcome}`,
/// `vision_request_duration_seconds{provider}` and `vision_tokens_total{provider,model,kind}`.
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
        let mut call = Call {
            provider: self.0.name(),
            begun: Instant::now(),
            image,
            outcome: "given_up",
        };
        let span = tracing::info_span!(
            "look at an image",
            otel.kind = "client",
            provider = call.provider,
            outcome = tracing::field::Empty
        );
        let seen = self.0.analyze(image).instrument(span.clone()).await;
        call.outcome = outcome(&seen);
        span.record("outcome", call.outcome);
        seen
    }
}

/// One call; counted when it ends, also when nobody waits for it any more.
struct Call<'a> {
    provider: &'static str,
    begun: Instant,
    image: &'a ImageInput,
    outcome: &'static str,
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        let (provider, outcome) = (self.provider, self.outcome);
        metrics::histogram!("vision_request_duration_seconds", "provider" => provider)
            .record(self.begun.elapsed());
        metrics::counter!("vision_requests_total", "provider" => provider, "outcome" => outcome)
            .increment(1);
        self.image.bill.answers().iter().for_each(count_tokens);
    }
}

/// The kinds add up to what is billed: what is cached is no part of the rest of the input.
fn count_tokens(answer: &BilledAnswer) {
    let TokenUsage {
        input,
        input_image: _,
        cached,
        cache_written: _,
        output,
        reasoning: _,
    } = answer.usage;
    let fresh = input.saturating_sub(cached);
    for (kind, tokens) in [("input", fresh), ("cached", cached), ("output", output)] {
        let model = answer.model.clone();
        metrics::counter!("vision_tokens_total", "provider" => answer.provider, "model" => model,
            "kind" => kind)
        .increment(tokens);
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
