//! What clients see of the domain.

mod account;
mod analysis;
mod bookmark;
mod job;
mod session;
mod totals;
mod usage;

pub(crate) use account::{AccountView, RoleView};
pub(crate) use analysis::{AnalysisView, AnalyzedView, Marks, StoredView};
pub(crate) use bookmark::BookmarkView;
pub(crate) use job::{JobErrorView, JobStateView};
pub(crate) use session::SessionView;
pub(crate) use totals::{DayTopicsView, TopicTotalsView, TotalsView, by_topic, sum};
pub(crate) use usage::UsageView;
