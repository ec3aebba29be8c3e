//! What every model of vision promises, in this provider's words.

use anthropic::{Anthropic, AnthropicSettings};
use testkit::contracts::vision_model::{Adapter, Wishes, Words};
use testkit::sim::Simulator;
use url::Url;

struct Ours;

impl Adapter for Ours {
    type Model = Anthropic;

    const NAME: &'static str = "anthropic";
    const KEY_HEADER: (&'static str, &'static str) = ("x-api-key", "");
    const WORDS: Words = Words {
        failed: "500 api_error",
        wrong_key: "authentication_error",
        api: "Messages API",
        no_image: "invalid_request_error",
        refused_image: "invalid_request_error",
        refusal: "the model refused",
        cut: "the answer is incomplete (max_tokens)",
        filtered: "the model refused",
    };

    fn base(simulator: &Simulator) -> Url {
        simulator.origin()
    }

    fn model(wishes: Wishes) -> Result<Anthropic, String> {
        let mut settings = AnthropicSettings::new(wishes.base, wishes.key.into(), wishes.model);
        settings.timeout = wishes.timeout;
        settings.max_side_px = wishes.max_side_px;
        settings.topics = wishes.topics;
        settings.max_tokens = wishes.max_tokens.unwrap_or(settings.max_tokens);
        Anthropic::new(settings).map_err(|fault| fault.to_string())
    }
}

testkit::vision_model_contract!(Ours);
