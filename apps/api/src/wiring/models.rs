//! The chain of vision models.

use std::num::NonZeroUsize;
use std::sync::Arc;

use anthropic::{Anthropic, AnthropicSettings};
use anyhow::Context;
use gemini::{Gemini, GeminiSettings};
use local_vision::LocalVision;
use openai::{OpenAi, OpenAiSettings};
use topics::TopicName;
use vision::{Chain, ChainRules, Vision, VisionModel};

use crate::measured::Measured;
use crate::settings::{self, HostedSettings, Provider, Settings};

/// The models of the settings, first to last.
pub(crate) async fn chain(settings: &Settings) -> anyhow::Result<Chain> {
    let mut models: Vec<Arc<dyn VisionModel>> = Vec::new();
    for provider in &settings.vision.providers {
        let model: Arc<dyn VisionModel> = match provider {
            Provider::OpenAi(openai) => Arc::new(openai_model(settings, openai)?),
            Provider::Anthropic(hosted) => Arc::new(anthropic_model(settings, hosted)?),
            Provider::Gemini(hosted) => Arc::new(gemini_model(settings, hosted)?),
            Provider::Local => Arc::new(local_model(settings).await),
        };
        models.push(Arc::new(Measured(model)));
    }
    let rules = ChainRules {
        within: settings.vision.timeout,
        ..ChainRules::default()
    };
    Ok(Chain::new(models, rules))
}

fn openai_model(settings: &Settings, openai: &settings::OpenAiSettings) -> anyhow::Result<OpenAi> {
    let model = OpenAi::new(OpenAiSettings {
        api_key: openai.api_key.clone(),
        timeout: settings.vision.timeout,
        max_side_px: settings.vision.max_side_px,
        topics: topics(settings),
        ..OpenAiSettings::new(openai.base_url.clone(), &openai.model)
    });
    model.context("the provider openai cannot be used")
}

fn anthropic_model(settings: &Settings, hosted: &HostedSettings) -> anyhow::Result<Anthropic> {
    let HostedSettings {
        base_url,
        api_key,
        model,
    } = hosted.clone();
    let model = Anthropic::new(AnthropicSettings {
        timeout: settings.vision.timeout,
        max_side_px: settings.vision.max_side_px,
        topics: topics(settings),
        ..AnthropicSettings::new(base_url, api_key, model)
    });
    model.context("the provider anthropic cannot be used")
}

fn gemini_model(settings: &Settings, hosted: &HostedSettings) -> anyhow::Result<Gemini> {
    let HostedSettings {
        base_url,
        api_key,
        model,
    } = hosted.clone();
    let model = Gemini::new(GeminiSettings {
        timeout: settings.vision.timeout,
        max_side_px: settings.vision.max_side_px,
        topics: topics(settings),
        ..GeminiSettings::new(base_url, api_key, model)
    });
    model.context("the provider gemini cannot be used")
}

/// What models choose from.
fn topics(settings: &Settings) -> Vec<String> {
    let names = settings.topics.names().iter().map(TopicName::as_str);
    names.map(str::to_owned).collect()
}

/// The server starts without the reader all the same, and says what to install.
async fn local_model(settings: &Settings) -> LocalVision {
    let model = local(settings);
    match model.check().await {
        Ok(version) => tracing::info!(version, "local vision is ready"),
        Err(error) => tracing::warn!(error = %error, "local vision cannot be used"),
    }
    model
}

/// The reader on this machine.
pub(super) fn local(settings: &Settings) -> LocalVision {
    let deadline = settings.vision.timeout;
    LocalVision::new(local_vision::Settings {
        deadline,
        ..local_vision::Settings::default()
    })
}

/// The same with the reader on this machine as a second pair of eyes, which looks at one picture at
/// a time.
pub(super) fn with_witness(vision: Vision, settings: &Settings) -> Vision {
    if !settings.vision.checks_text {
        return vision;
    }
    let witness = LocalVision::new(local_vision::Settings {
        deadline: settings.vision.timeout,
        processes: NonZeroUsize::MIN,
        ..local_vision::Settings::default()
    });
    vision.with_witness(Arc::new(witness))
}
