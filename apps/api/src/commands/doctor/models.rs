//! The models that look at images: known, not shut down, and is the key taken?

use chrono::{NaiveDate, TimeDelta};
use futures_util::future::join_all;
use kernel::Clock;
use probe::{Api, Probe, ProviderFault};
use secrecy::SecretString;
use url::Url;

use super::finding::Finding;
use super::{ANSWER_WITHIN, told};
use crate::runtime::SystemClock;
use crate::settings::{Provider, Settings, default_model, known_model};
use crate::wiring::parts;

pub(super) const NAME: &str = "models";
/// Enough to try another model out.
const NOTICE: TimeDelta = TimeDelta::days(60);

pub(super) async fn check(settings: &Settings) -> Vec<Finding> {
    let asked = settings.vision.providers.iter().map(|provider| async move {
        match Hosted::of(provider) {
            Some(hosted) => hosted.check().await,
            None => vec![local(settings).await],
        }
    });
    join_all(asked).await.into_iter().flatten().collect()
}

/// A provider that is asked over HTTP.
struct Hosted<'a> {
    name: &'static str,
    api: Api,
    base_url: &'a Url,
    key: Option<&'a SecretString>,
    model: &'a str,
    /// The settings of its key and its model.
    variables: [&'static str; 2],
}

impl<'a> Hosted<'a> {
    fn of(provider: &'a Provider) -> Option<Self> {
        let (name, api, hosted, variables) = match provider {
            Provider::OpenAi(openai) => {
                return Some(Self {
                    name: "openai",
                    api: Api::OpenAi,
                    base_url: &openai.base_url,
                    key: openai.api_key.as_ref(),
                    model: &openai.model,
                    variables: ["OPENAI_API_KEY", "OPENAI_VISION_MODEL"],
                });
            }
            Provider::Anthropic(hosted) => (
                "anthropic",
                Api::Anthropic,
                hosted,
                ["ANTHROPIC_API_KEY", "ANTHROPIC_VISION_MODEL"],
            ),
            Provider::Gemini(hosted) => (
                "gemini",
                Api::Gemini,
                hosted,
                ["GEMINI_API_KEY", "GEMINI_VISION_MODEL"],
            ),
            Provider::Local => return None,
        };
        Some(Self {
            name,
            api,
            base_url: &hosted.base_url,
            key: Some(&hosted.api_key),
            model: &hosted.model,
            variables,
        })
    }

    async fn check(&self) -> Vec<Finding> {
        let [_, variable] = self.variables;
        let today = SystemClock.now().date_naive();
        let known = lifetime(NAME, (self.name, "vision", self.model), variable, today);
        known.into_iter().chain([self.asked().await]).collect()
    }

    async fn asked(&self) -> Finding {
        let provider = probe::Provider {
            api: self.api,
            base_url: self.base_url.clone(),
            key: self.key.cloned(),
        };
        let answered = match Probe::new(ANSWER_WITHIN) {
            Ok(probe) => provider.has(self.model, &probe).await,
            Err(error) => Err(ProviderFault::Silent(error)),
        };
        match answered {
            Ok(()) => Finding::ok(NAME, format!("{} {}: key taken", self.name, self.model)),
            Err(fault) => self.fault(fault),
        }
    }

    fn fault(&self, fault: ProviderFault) -> Finding {
        let [key, model] = self.variables;
        let fix = match &fault {
            ProviderFault::Key(_) | ProviderFault::Unsendable => {
                format!("set {key} to a key that is valid, without blanks or line ends")
            }
            ProviderFault::Model(_) => {
                format!("set {model} (or VISION_MODEL) to a model this key may use")
            }
            ProviderFault::Limited => {
                let message = format!("{}: {}", self.name, told(fault));
                return Finding::warning(NAME, message, "look at the account's limits and billing");
            }
            ProviderFault::Silent(_) | ProviderFault::Status(_) => {
                format!(
                    "check the base URL of {}, and the way out of this machine",
                    self.name
                )
            }
        };
        Finding::failure(NAME, format!("{}: {}", self.name, told(fault)), fix)
    }
}

async fn local(settings: &Settings) -> Finding {
    match parts::local_vision(settings).check().await {
        Ok(version) => Finding::ok(NAME, format!("local: {version}")),
        Err(error) => {
            let fix = "apt-get install tesseract-ocr tesseract-ocr-eng tesseract-ocr-osd";
            Finding::failure(NAME, told(error), fix)
        }
    }
}

/// What the registry tells of a model, where somebody should hear of it.
pub(super) fn lifetime(
    check: &'static str,
    (provider, used_for, model): (&str, &str, &str),
    variable: &str,
    today: NaiveDate,
) -> Option<Finding> {
    let instead = default_model(provider, used_for).unwrap_or_default();
    let fix = format!("set {variable} to another model, such as {instead}");
    let Some(known) = known_model(provider, model) else {
        let message = format!("{provider} {model}: not in the list of known models");
        let fix = "see that the name is right; cost and shut-down date are not known";
        return Some(Finding::warning(check, message, fix));
    };
    let last = known.shutdown_date?;
    if last <= today {
        let message = format!("{provider} {model}: shut down since {last}");
        return Some(Finding::failure(check, message, fix));
    }
    let message = format!("{provider} {model}: will be shut down on {last}");
    (last - today <= NOTICE).then(|| Finding::warning(check, message, fix))
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;

    #[track_caller]
    fn check(model: &str, today: &str, expected: Option<State>) {
        let about = ("anthropic", "vision", model);
        let found = lifetime(NAME, about, "X", today.parse().unwrap());
        assert_eq!(found.map(|found| found.state), expected, "{model} {today}");
    }

    #[test]
    fn a_model_is_told_of_two_months_before_its_end_and_fails_from_that_day_on() {
        let model = "claude-sonnet-4-5";
        check(model, "2026-09-01", None);
        check(model, "2026-10-01", Some(State::Warning));
        check(model, "2026-11-29", Some(State::Warning));
        check(model, "2026-11-30", Some(State::Failure));
    }

    #[test]
    fn a_model_without_an_end_is_well_and_an_unknown_one_a_warning() {
        check("claude-haiku-5-5", "2030-01-01", None);
        check("claude-x", "2026-09-01", Some(State::Warning));
    }
}
