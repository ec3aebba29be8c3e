//! Error answers in words, the same for all providers.

use std::time::Duration;

use vision::ModelError;

use crate::failure::excerpt;

/// What an adapter has read from an error answer.
#[derive(Debug, Clone, Copy)]
pub struct Refusal<'a> {
    /// The status.
    pub status: u16,
    /// The most telling name of the error.
    pub name: &'a str,
    /// The provider's message; of it only the beginning is passed on.
    pub message: &'a str,
    /// The model that was asked for.
    pub model: &'a str,
    /// What the protocol is called.
    pub api: &'a str,
    /// What is wrong, where the status alone does not tell.
    pub about: About,
    /// The wait that the provider asks for.
    pub retry_after: Option<Duration>,
}

/// What a provider refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// What the status tells.
    Status,
    /// The image.
    Image,
    /// The key.
    Key,
    /// The model's name.
    Model,
}

impl Refusal<'_> {
    /// What the caller hears. A message may repeat a part of the key or of the image, so only the
    /// beginning of one about the request is passed on.
    pub fn error(&self) -> ModelError {
        let Self {
            status,
            name,
            model,
            api,
            retry_after,
            ..
        } = *self;
        let unavailable = match (self.about, status) {
            (About::Image, _) => {
                return ModelError::BadOutput(format!("the provider refused the image ({name})"));
            }
            (About::Status, 429) => return ModelError::RateLimited { retry_after },
            (About::Key, _) | (_, 401) => format!("the provider refused the API key ({name})"),
            (About::Model, _) => {
                format!("the provider has no model `{model}`, or the key may not use it")
            }
            (_, 403) => format!("the provider denies access to model `{model}` ({name})"),
            (_, 404) => format!("there is no {api} at the base URL ({name})"),
            (_, 300..400) => format!("the base URL redirects ({status})"),
            (_, 400..500) => format!("the provider refused the request ({})", self.described()),
            _ => format!("the provider failed ({status} {name})"),
        };
        ModelError::Unavailable(unavailable)
    }

    /// The name and the beginning of the message.
    fn described(&self) -> String {
        match excerpt(self.message) {
            message if message.is_empty() => self.name.to_owned(),
            message => format!("{}: {message}", self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check((status, about): (u16, About), expected: &str) {
        let refusal = Refusal {
            status,
            name: "a_name",
            message: "key\n sk-1",
            model: "m-1",
            api: "API",
            about,
            retry_after: None,
        };
        assert_eq!(refusal.error().to_string(), expected);
    }

    #[test]
    fn the_request_alone_is_told_with_the_providers_words() {
        check(
            (422, About::Status),
            "the model is unavailable: the provider refused the request (a_name: key sk-1)",
        );
        check(
            (401, About::Status),
            "the model is unavailable: the provider refused the API key (a_name)",
        );
        check(
            (400, About::Key),
            "the model is unavailable: the provider refused the API key (a_name)",
        );
    }

    #[test]
    fn a_wrong_address_and_a_wrong_model_are_told_apart() {
        check(
            (404, About::Status),
            "the model is unavailable: there is no API at the base URL (a_name)",
        );
        check(
            (404, About::Model),
            "the model is unavailable: the provider has no model `m-1`, or the key may not use it",
        );
        check(
            (301, About::Status),
            "the model is unavailable: the base URL redirects (301)",
        );
    }

    #[test]
    fn limits_and_images_have_errors_of_their_own() {
        check((429, About::Status), "the model's quota is used up");
        check(
            (400, About::Image),
            "the model's answer cannot be used: the provider refused the image (a_name)",
        );
    }
}
