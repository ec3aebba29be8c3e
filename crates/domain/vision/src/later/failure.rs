//! Why an analysis in a job failed.

use jobs::{Again, Failure, Reason};
use kernel::{Fault, PortError};
use serde_json::json;
use sessions::SessionError;

use crate::error::AnalyzeError;
use crate::image::ImageFault;
use crate::model::ModelError;

macro_rules! failures {
    ($($(#[$doc:meta])* $variant:ident = $code:literal;)+) => {
        /// Why an analysis was not made, as it is stored with its job.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum AnalyzeFailure {
            $($(#[$doc])* $variant,)+
        }

        impl AnalyzeFailure {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The stored word, which never changes its meaning.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }
        }
    };
}

failures! {
    /// The session is missing.
    SessionNotFound = "session_not_found";
    /// The session has ended.
    SessionInactive = "session_inactive";
    /// The file is too large.
    TooLarge = "too_large";
    /// The file is no image that can be used.
    NotAnImage = "not_an_image";
    /// The stored image is missing.
    ObjectNotFound = "object_not_found";
    /// The stored image is not what was promised.
    UploadMismatch = "upload_mismatch";
    /// The user has spent what may be spent on one day.
    OverBudget = "over_budget";
    /// A model's answer cannot be used.
    BadOutput = "bad_output";
    /// The models cannot be reached.
    ModelUnavailable = "model_unavailable";
    /// The models took too long.
    ModelTimeout = "model_timeout";
    /// The models' quotas are used up.
    ModelRateLimited = "model_rate_limited";
    /// Nothing more can be stored.
    Storage = "storage";
    /// The database did not answer, or has not confirmed the event yet.
    Database = "database";
    /// The user was erased.
    Gone = "gone";
    /// A fault in the server.
    Internal = "internal";
}

impl AnalyzeFailure {
    /// The failure of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.as_str() == word)
    }

    /// What this error is stored as.
    pub fn of(error: &AnalyzeError) -> Self {
        match error {
            AnalyzeError::Session(SessionError::NotFound) => Self::SessionNotFound,
            AnalyzeError::Session(SessionError::Inactive) => Self::SessionInactive,
            AnalyzeError::Session(SessionError::Port(error)) => Self::of_database(error),
            AnalyzeError::TooLarge { .. } => Self::TooLarge,
            AnalyzeError::Image(ImageFault::Port(_)) => Self::Internal,
            AnalyzeError::Image(_) => Self::NotAnImage,
            AnalyzeError::ObjectNotFound => Self::ObjectNotFound,
            AnalyzeError::Mismatch(_) => Self::UploadMismatch,
            AnalyzeError::Budget(_) => Self::OverBudget,
            AnalyzeError::Model { error, .. } => Self::of_model(error),
            AnalyzeError::Storage(error) if error.fault() == Fault::Gone => Self::Gone,
            AnalyzeError::Storage(_) => Self::Storage,
        }
    }

    fn of_database(error: &PortError) -> Self {
        match error.fault() {
            Fault::Unavailable | Fault::Full | Fault::Refused => Self::Database,
            Fault::Conflict | Fault::Dangling | Fault::Corrupt => Self::Internal,
            Fault::Gone => Self::Gone,
        }
    }

    const fn of_model(error: &ModelError) -> Self {
        match error {
            ModelError::BadOutput(_) => Self::BadOutput,
            ModelError::Unavailable(_) => Self::ModelUnavailable,
            ModelError::Timeout => Self::ModelTimeout,
            ModelError::RateLimited { .. } => Self::ModelRateLimited,
        }
    }

    /// Whether it may be gone at the next attempt.
    const fn may_pass(self) -> bool {
        match self {
            Self::ModelUnavailable
            | Self::ModelTimeout
            | Self::ModelRateLimited
            | Self::Storage
            | Self::Database
            | Self::Internal => true,
            Self::SessionNotFound
            | Self::SessionInactive
            | Self::TooLarge
            | Self::NotAnImage
            | Self::ObjectNotFound
            | Self::UploadMismatch
            | Self::OverBudget
            | Self::BadOutput
            | Self::Gone => false,
        }
    }
}

/// The failure of an attempt. An image that came with the request may still be on its way into the
/// store.
pub(super) fn failure(error: &AnalyzeError, uploaded: bool) -> Failure {
    let what = AnalyzeFailure::of(error);
    let is_on_its_way = uploaded && what == AnalyzeFailure::ObjectNotFound;
    let again = match error {
        AnalyzeError::Model {
            error: ModelError::RateLimited {
                retry_after: Some(wait),
            },
            ..
        } => Again::NotBefore(*wait),
        _ if what.may_pass() || is_on_its_way => Again::Usual,
        _ => Again::Never,
    };
    let mut reason = Reason::new(what.as_str(), error.to_string());
    if let AnalyzeError::Model { object, .. } = error {
        reason.details = Some(json!({ "s3Key": object.as_str() }));
    }
    Failure { reason, again }
}

/// The event waits in a journal: the job is not done before the database has it.
pub(super) fn unconfirmed() -> Failure {
    let word = AnalyzeFailure::Database.as_str();
    Failure::passing(Reason::new(word, "the event waits for the database"))
}
