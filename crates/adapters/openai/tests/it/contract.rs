//! What every model of vision promises, in this provider's words.

use openai::{OpenAi, OpenAiSettings};
use testkit::contracts::vision_model::{Adapter, Wishes, Words};
use testkit::sim::Simulator;
use url::Url;

struct Ours;

impl Adapter for Ours {
    type Model = OpenAi;

    const NAME: &'static str = "openai";
    const KEY_HEADER: (&'static str, &'static str) = ("authorization", "Bearer ");
    const WORDS: Words = Words {
        failed: "500 server_error",
        wrong_key: "invalid_api_key",
        api: "Responses API",
        no_image: "invalid_image_format",
        refused_image: "image_parse_error",
        refusal: "the model refused",
        cut: "the answer is incomplete (max_output_tokens)",
        filtered: "the answer is incomplete (content_filter)",
    };

    fn base(simulator: &Simulator) -> Url {
        simulator.base_url()
    }

    fn model(wishes: Wishes) -> Result<OpenAi, String> {
        let settings = OpenAiSettings {
            api_key: Some(wishes.key.into()),
            timeout: wishes.timeout,
            max_side_px: wishes.max_side_px,
            topics: wishes.topics,
            max_output_tokens: wishes.max_tokens,
            ..OpenAiSettings::new(wishes.base, wishes.model)
        };
        OpenAi::new(settings).map_err(|fault| fault.to_string())
    }
}

testkit::vision_model_contract!(Ours);
