//! The chain of vision models.

use std::sync::Arc;

use anyhow::Context;
use local_vision::LocalVision;
use openai::{OpenAi, OpenAiSettings};
use topics::TopicName;
use vision::{Chain, ChainRules, VisionModel};

use crate::measured::Measured;
use crate::settings::{self, Provider, Settings};

/// The models of the settings, first to last.
pub(crate) async fn chain(settings: &Settings) -> anyhow::Result<Chain> {
    let mut models: Vec<Arc<dyn VisionModel>> = Vec::new();
    for provider in &settings.vision.providers {
        let model: Arc<dyn VisionModel> = match provider {
            Provider::OpenAi(openai) => Arc::new(openai_model(settings, openai)?),
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
    let names = settings.topics.names().iter().map(TopicName::as_str);
    let model = OpenAi::new(OpenAiSettings {
        api_key: openai.api_key.clone(),
        timeout: settings.vision.timeout,
        max_side_px: settings.vision.max_side_px,
        topics: names.map(str::to_owned).collect(),
        ..OpenAiSettings::new(openai.base_url.clone(), &openai.model)
    });
    model.context("the provider openai cannot be used")
}

/// The server starts without the reader all the same, and says what to install.
async fn local_model(settings: &Settings) -> LocalVision {
    let deadline = settings.vision.timeout;
    let model = LocalVision::new(local_vision::Settings {
        deadline,
        ..local_vision::Settings::default()
    });
    match model.check().await {
        Ok(version) => tracing::info!(version, "local vision is ready"),
        Err(error) => tracing::warn!(error = %error, "local vision cannot be used"),
    }
    model
}
