//! What clients see of costs.

use kernel::Date;
use serde::Serialize;
use spending::{DaySpending, ModelSpending};
use utoipa::ToSchema;

use crate::views::UsageView;

/// What models have cost on one day.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DayView {
    /// In the user's time zone.
    date: Date,
    /// What all models together cost, in millionths of a US dollar; what has no price is left out.
    cost_micros: u64,
    /// By model; never empty.
    models: Vec<ModelView>,
}

/// What one model has cost.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ModelView {
    /// What it was asked for: `vision` or `voice`.
    work: &'static str,
    #[schema(example = "openai")]
    provider: String,
    /// As the provider names it.
    model: String,
    /// Answers that were billed.
    calls: u64,
    /// How many of them have no known price.
    unpriced_calls: u64,
    usage: UsageView,
    /// What the others cost, in millionths of a US dollar.
    cost_micros: u64,
}

impl From<DaySpending> for DayView {
    fn from(day: DaySpending) -> Self {
        let DaySpending {
            date,
            user: _,
            models,
        } = day;
        Self {
            date,
            cost_micros: models.iter().map(|model| model.cost_micros).sum(),
            models: models.into_iter().map(ModelView::from).collect(),
        }
    }
}

impl From<ModelSpending> for ModelView {
    fn from(spending: ModelSpending) -> Self {
        let ModelSpending {
            work,
            provider,
            model,
            calls,
            unpriced,
            usage,
            cost_micros,
        } = spending;
        Self {
            work: work.as_str(),
            provider,
            model,
            calls,
            unpriced_calls: unpriced,
            usage: usage.into(),
            cost_micros,
        }
    }
}
