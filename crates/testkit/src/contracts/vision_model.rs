//! What `vision::VisionModel` promises, for adapters of providers on the network; run against the
//! simulator of the provider.

#![expect(
    clippy::missing_panics_doc,
    reason = "each function panics where its promise is broken"
)]

mod answers;
mod failures;
mod house;
mod images;
mod settings;

use std::fmt::Debug;
use std::time::Duration;

use url::Url;
use vision::VisionModel;

use crate::sim::Simulator;

pub use answers::*;
pub use failures::*;
pub use house::page;
pub use images::*;
pub use settings::*;

/// An adapter, and what is its own.
pub trait Adapter {
    /// The adapter. It must not show its key.
    type Model: VisionModel + Debug;

    /// The provider's name.
    const NAME: &'static str;
    /// The header the key travels in, and what stands before the key there.
    const KEY_HEADER: (&'static str, &'static str);
    /// How the adapter says things.
    const WORDS: Words;

    /// Where this provider is in a simulator.
    fn base(simulator: &Simulator) -> Url;

    /// The adapter of these settings; what is wrong with them otherwise, in its words.
    fn model(wishes: Wishes) -> Result<Self::Model, String>;
}

/// What an operator sets.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// Above the provider's paths.
    pub base: Url,
    /// The key.
    pub key: String,
    /// The model.
    pub model: String,
    /// For one call and its retries.
    pub timeout: Duration,
    /// The longer side, in pixels.
    pub max_side_px: u32,
    /// What the model chooses from.
    pub topics: Vec<String>,
    /// An upper bound of the answer; `None` leaves the adapter's own.
    pub max_tokens: Option<u32>,
}

/// How an adapter says what has happened: names in brackets are the provider's.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// A failed provider: status and name.
    pub failed: &'static str,
    /// A refused key.
    pub wrong_key: &'static str,
    /// What is missing where the base URL is wrong.
    pub api: &'static str,
    /// Bytes that are no image.
    pub no_image: &'static str,
    /// An image refused as `image_parse_error`.
    pub refused_image: &'static str,
    /// A refusal.
    pub refusal: &'static str,
    /// An answer that was cut at the bound.
    pub cut: &'static str,
    /// An answer that was filtered.
    pub filtered: &'static str,
}

/// A test for each promise. Give the adapter's [`vision_model::Adapter`](Adapter).
#[macro_export]
macro_rules! vision_model_contract {
    ($adapter:ty) => {
        $crate::vision_model_contract!($adapter:
            every_field_arrives,
            an_empty_topic_is_none,
            an_answer_behind_reasoning_is_found,
            what_answers_cost_is_noted_as_the_provider_counts_it,
            an_answer_without_text_is_of_no_use,
            an_answer_that_is_no_json_is_of_no_use,
            missing_and_wrong_fields_are_named,
            a_refusal_is_told,
            a_cut_answer_is_told,
            an_answer_beyond_the_token_limit_is_incomplete,
            an_answer_without_bound_is_not_read_to_its_end,
            answers_that_are_of_no_use_are_billed_all_the_same,
            a_passing_fault_is_tried_again_and_forgotten,
            a_lasting_fault_is_unavailable_after_two_retries,
            a_rate_limit_is_waited_out,
            a_rate_limit_longer_than_the_deadline_is_told_at_once,
            a_used_up_quota_is_not_tried_again,
            silence_is_a_timeout,
            a_wrong_key_is_named_and_not_repeated,
            a_forbidden_model_is_named,
            an_unknown_model_is_named,
            a_base_url_without_the_api_is_named,
            a_provider_that_is_not_there_is_unavailable,
            bytes_arrive_as_they_are,
            a_link_is_opened_by_the_provider,
            when_the_provider_cannot_open_the_link_the_bytes_follow,
            bytes_that_are_no_image_are_refused,
            a_refused_image_is_told,
            the_key_travels_in_its_header_alone_and_does_not_show,
            the_view_is_a_jpeg_of_the_size_that_is_set,
            settings_that_cannot_work_are_refused,
        );
    };
    ($adapter:ty: $($promise:ident,)+) => {
        $(#[tokio::test]
        async fn $promise() {
            $crate::contracts::vision_model::$promise::<$adapter>().await;
        })+
    };
}
