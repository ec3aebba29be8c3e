//! What every model of vision promises, in this provider's words.

use gemini::{Gemini, GeminiSettings};
use testkit::contracts::vision_model::{Adapter, Wishes, Words};
use testkit::sim::Simulator;
use url::Url;

struct Ours;

impl Adapter for Ours {
    type Model = Gemini;

    const NAME: &'static str = "gemini";
    const KEY_HEADER: (&'static str, &'static str) = ("x-goog-api-key", "");
    const WORDS: Words = Words {
        failed: "500 INTERNAL",
        wrong_key: "API_KEY_INVALID",
        api: "generateContent",
        no_image: "INVALID_ARGUMENT",
        refused_image: "INVALID_ARGUMENT",
        refusal: "the provider blocked the question (SAFETY)",
        cut: "the answer is incomplete (MAX_TOKENS)",
        filtered: "the model refused (SAFETY)",
    };

    fn base(simulator: &Simulator) -> Url {
        simulator.origin()
    }

    fn model(wishes: Wishes) -> Result<Gemini, String> {
        let settings = GeminiSettings {
            timeout: wishes.timeout,
            max_side_px: wishes.max_side_px,
            topics: wishes.topics,
            max_output_tokens: wishes.max_tokens,
            ..GeminiSettings::new(wishes.base, wishes.key.into(), wishes.model)
        };
        Gemini::new(settings).map_err(|fault| fault.to_string())
    }
}

testkit::vision_model_contract!(Ours);
