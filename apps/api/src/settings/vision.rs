//! The settings of who looks at images.

use std::time::Duration;

use super::model::{HostedSettings, OpenAiSettings, Provider, VisionSettings};
use super::parse::Reader;
use super::registry;

/// What is left of a request's time for receiving, decoding and storing the image.
const BESIDES_VISION: Duration = Duration::from_secs(30);
const NAMES: [&str; 4] = ["openai", "anthropic", "gemini", "local"];

/// The variables of a provider that is reached with a key.
struct Hosted {
    name: &'static str,
    key: &'static str,
    base_url: &'static str,
    default_url: &'static str,
    model: &'static str,
}

const OPENAI: Hosted = Hosted {
    name: "openai",
    key: "OPENAI_API_KEY",
    base_url: "OPENAI_BASE_URL",
    default_url: "https://api.openai.com/v1",
    model: "OPENAI_VISION_MODEL",
};
const ANTHROPIC: Hosted = Hosted {
    name: "anthropic",
    key: "ANTHROPIC_API_KEY",
    base_url: "ANTHROPIC_BASE_URL",
    default_url: "https://api.anthropic.com",
    model: "ANTHROPIC_VISION_MODEL",
};
const GEMINI: Hosted = Hosted {
    name: "gemini",
    key: "GEMINI_API_KEY",
    base_url: "GEMINI_BASE_URL",
    default_url: "https://generativelanguage.googleapis.com",
    model: "GEMINI_VISION_MODEL",
};

impl Reader<'_> {
    pub(super) fn vision(&mut self) -> VisionSettings {
        let providers = self.providers();
        VisionSettings {
            timeout: self.vision_timeout(),
            max_side_px: self.number("VISION_MAX_SIDE_PX", 1600, 256..=8192),
            checks_text: self.checks_text(&providers),
            providers,
        }
    }

    /// Without a provider before it, local OCR would contradict itself.
    fn checks_text(&mut self, providers: &[Provider]) -> bool {
        let is_local = |provider: &Provider| matches!(provider, Provider::Local);
        let has_others = providers.first().is_some_and(|first| !is_local(first));
        match self.raw.get("VISION_CHECK_TEXT") {
            None => has_others && providers.iter().any(is_local),
            Some("on") => has_others,
            Some("off") => false,
            Some(_) => {
                self.faults.add("VISION_CHECK_TEXT", "must be on or off");
                false
            }
        }
    }

    /// What all providers together may take. They must leave time for the upload, else the request
    /// would end before they do.
    fn vision_timeout(&mut self) -> Duration {
        let request = http_api::Limits::default().request_timeout;
        let most = request.saturating_sub(BESIDES_VISION).as_millis();
        let most_ms = u32::try_from(most).unwrap_or(u32::MAX);
        let timeout_ms = self.number("VISION_TIMEOUT_MS", 20_000, 100..=most_ms);
        Duration::from_millis(timeout_ms.into())
    }

    fn providers(&mut self) -> Vec<Provider> {
        let names_openai = [OPENAI.key, OPENAI.base_url]
            .iter()
            .any(|name| self.raw.get(name).is_some());
        let fallback = if names_openai { "openai" } else { "local" };
        let list = self.raw.get("VISION_PROVIDERS").unwrap_or(fallback);
        let names: Vec<&str> = list.split(',').map(str::trim).collect();
        // Models have one name at one provider only.
        let first = names.iter().position(|name| *name != "local");
        let providers = names.iter().enumerate();
        let providers = providers.filter_map(|(at, name)| self.provider(name, Some(at) == first));
        providers.collect()
    }

    fn provider(&mut self, name: &str, is_first: bool) -> Option<Provider> {
        match name {
            "openai" => self.openai(is_first).map(Provider::OpenAi),
            "anthropic" => self.hosted(&ANTHROPIC, is_first).map(Provider::Anthropic),
            "gemini" => self.hosted(&GEMINI, is_first).map(Provider::Gemini),
            "local" => Some(Provider::Local),
            other => {
                let known = NAMES.join(", ");
                let fix = format!("`{other}` is not a provider; use a list of {known}");
                self.faults.add("VISION_PROVIDERS", fix);
                None
            }
        }
    }

    /// Servers in the own house may need no key.
    fn openai(&mut self, is_first: bool) -> Option<OpenAiSettings> {
        let api_key = self.raw.get(OPENAI.key);
        if api_key.is_none() && self.raw.get(OPENAI.base_url).is_none() {
            let fix =
                "must be set for the provider openai; without a key use VISION_PROVIDERS=local";
            self.faults.add(OPENAI.key, fix);
        }
        let model = self.vision_model(&OPENAI, is_first);
        let base_url = self.url_or(OPENAI.base_url, Some(OPENAI.default_url))?;
        Some(OpenAiSettings {
            base_url,
            api_key: api_key.map(Into::into),
            model: model?,
        })
    }

    fn hosted(&mut self, hosted: &Hosted, is_first: bool) -> Option<HostedSettings> {
        let api_key = self.raw.get(hosted.key);
        if api_key.is_none() {
            let fix = format!("must be set for the provider {}", hosted.name);
            self.faults.add(hosted.key, fix);
        }
        let model = self.vision_model(hosted, is_first);
        let base_url = self.url_or(hosted.base_url, Some(hosted.default_url));
        Some(HostedSettings {
            base_url: base_url?,
            api_key: api_key?.into(),
            model: model?,
        })
    }

    /// The provider's own setting, else `VISION_MODEL` where the provider is the first one that has
    /// models to choose from, else what the registry names.
    fn vision_model(&mut self, hosted: &Hosted, is_first: bool) -> Option<String> {
        let common = self.raw.get("VISION_MODEL").filter(|_| is_first);
        let set = self.raw.get(hosted.model).or(common);
        let model = set.map(str::to_owned);
        let model = model.or_else(|| registry::default_model(hosted.name, "vision"));
        if model.is_none() {
            let fix = "must be set: the registry names no default";
            self.faults.add(hosted.model, fix);
        }
        model
    }
}
