//! The one list of what can go wrong, with its words and close codes.

/// What a device is told went wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VoiceError {
    /// A binary frame of a wrong length; it was dropped.
    #[error(
        "an audio frame holds a multiple of {sample_bytes} bytes, at most 65536; this one has {len}"
    )]
    BadAudioFrame {
        /// Its length in bytes.
        len: usize,
        /// Bytes in a sample.
        sample_bytes: usize,
    },
    /// A text frame that is no message of the protocol, or one that has no place now.
    #[error("{0}")]
    BadMessage(String),
    /// A message of a type that the protocol does not have.
    #[error("there is no message `{0}`")]
    UnknownMessage(String),
    /// A message longer than any of the protocol.
    #[error("a message is longer than {limit} bytes")]
    MessageTooLong {
        /// The limit.
        limit: usize,
    },
    /// Nobody signed in in time, or wrongly, or the access has ended.
    #[error("sign in first")]
    Unauthenticated,
    /// No model is set up.
    #[error("no realtime model is set up: set {setting}")]
    NotConfigured {
        /// The setting that is missing.
        setting: &'static str,
    },
    /// The user has no such session.
    #[error("no such session")]
    SessionNotFound,
    /// The session of study has ended.
    #[error("the session has ended")]
    SessionEnded,
    /// The user has no such picture.
    #[error("no such analysis")]
    AnalysisNotFound,
    /// The user talks on as many devices as allowed.
    #[error("at most {limit} conversations at a time")]
    TooManySessions {
        /// The limit.
        limit: u32,
    },
    /// The server is full.
    #[error("the voice tutor is busy, try again later")]
    Busy,
    /// The user has talked enough for today.
    #[error("the {minutes} minutes of today are used up")]
    DailyLimit {
        /// The limit.
        minutes: u32,
    },
    /// The user has spent what may be spent on one day.
    #[error("what may be spent today is used up")]
    BudgetExceeded,
    /// Nobody said anything for a while.
    #[error("nothing was said for {seconds} s")]
    Idle {
        /// How long.
        seconds: u64,
    },
    /// One side does not read what is sent to it.
    #[error("the {side} does not keep up")]
    Backpressure {
        /// `device` or `model`.
        side: &'static str,
    },
    /// The device gave no sign of life.
    #[error("no sign of life for {seconds} s")]
    Dead {
        /// How long.
        seconds: u64,
    },
    /// The provider refuses: key, model or quota.
    #[error("the voice provider refuses the connection ({code})")]
    ProviderRefused {
        /// The provider's code.
        code: String,
    },
    /// The provider could not be reached for too long.
    #[error("the voice provider cannot be reached")]
    ProviderUnavailable,
    /// An answer could not be made; ask again.
    #[error("the answer could not be made ({code})")]
    AnswerFailed {
        /// The provider's code.
        code: String,
    },
    /// The server failed.
    #[error("the voice tutor failed")]
    Internal,
    /// The server is being shut down; connect again.
    #[error("the server is restarting, connect again")]
    GoingAway,
}

/// WebSocket close codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CloseCode(u16);

impl CloseCode {
    /// The conversation ended as wanted.
    pub const NORMAL: Self = Self(1000);
    /// The server goes away.
    pub const GOING_AWAY: Self = Self(1001);

    /// The number.
    pub const fn number(self) -> u16 {
        self.0
    }
}

impl VoiceError {
    /// The code of the protocol.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BadAudioFrame { .. } => "BAD_AUDIO_FRAME",
            Self::BadMessage(_) => "BAD_MESSAGE",
            Self::UnknownMessage(_) => "UNKNOWN_MESSAGE",
            Self::MessageTooLong { .. } => "MESSAGE_TOO_LONG",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::NotConfigured { .. } => "VOICE_NOT_CONFIGURED",
            Self::SessionNotFound => "SESSION_NOT_FOUND",
            Self::SessionEnded => "SESSION_ENDED",
            Self::AnalysisNotFound => "ANALYSIS_NOT_FOUND",
            Self::TooManySessions { .. } => "VOICE_TOO_MANY_SESSIONS",
            Self::Busy => "VOICE_BUSY",
            Self::DailyLimit { .. } => "VOICE_DAILY_LIMIT",
            Self::BudgetExceeded => "BUDGET_EXCEEDED",
            Self::Idle { .. } => "VOICE_IDLE",
            Self::Backpressure { .. } => "VOICE_BACKPRESSURE",
            Self::Dead { .. } => "VOICE_DEAD",
            Self::ProviderRefused { .. } => "VOICE_PROVIDER_REFUSED",
            Self::ProviderUnavailable => "VOICE_PROVIDER_UNAVAILABLE",
            Self::AnswerFailed { .. } => "VOICE_ANSWER_FAILED",
            Self::Internal => "INTERNAL",
            Self::GoingAway => "GOING_AWAY",
        }
    }

    /// The code the socket closes with; `None` when the conversation goes on.
    pub const fn close_code(&self) -> Option<CloseCode> {
        Some(match self {
            Self::BadAudioFrame { .. }
            | Self::BadMessage(_)
            | Self::UnknownMessage(_)
            | Self::AnalysisNotFound
            | Self::AnswerFailed { .. } => return None,
            Self::MessageTooLong { .. } => CloseCode(1009),
            Self::Unauthenticated => CloseCode(4401),
            Self::SessionNotFound => CloseCode(4404),
            Self::Backpressure { .. } | Self::Dead { .. } => CloseCode(4408),
            Self::SessionEnded => CloseCode(4409),
            Self::Idle { .. } => CloseCode(4410),
            Self::TooManySessions { .. } | Self::DailyLimit { .. } | Self::BudgetExceeded => {
                CloseCode(4429)
            }
            Self::Internal => CloseCode(4500),
            Self::ProviderRefused { .. } => CloseCode(4502),
            Self::NotConfigured { .. } | Self::Busy => CloseCode(4503),
            Self::ProviderUnavailable => CloseCode(4504),
            Self::GoingAway => CloseCode::GOING_AWAY,
        })
    }

    /// Whether the conversation ends with it.
    pub const fn is_fatal(&self) -> bool {
        self.close_code().is_some()
    }
}
