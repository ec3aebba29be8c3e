//! What the use cases answer. The edge turns each variant into one status and code.

use chrono::TimeDelta;
use kernel::{PortError, Timestamp};

use crate::{Account, GoogleError, LinkRefused, OpaqueToken};

/// A pair of tokens, handed out once.
#[derive(Debug, Clone)]
pub struct TokenPair {
    /// The signed access token.
    pub access: String,
    /// When it ends.
    pub access_expires_at: Timestamp,
    /// The refresh token; works once.
    pub refresh: OpaqueToken,
    /// When it ends unused.
    pub refresh_expires_at: Timestamp,
}

/// Somebody is in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Their account.
    pub account: Account,
    /// Their tokens.
    pub tokens: TokenPair,
    /// The name Google knows a new account's owner by, for a first profile.
    pub suggested_name: Option<String>,
}

/// Too many attempts, or they could not be counted.
#[derive(Debug, thiserror::Error)]
pub enum TooManyAttempts {
    /// Not before this time has passed.
    #[error("too many attempts")]
    Wait {
        /// How long to wait; more than zero.
        retry_after: TimeDelta,
    },
    /// A port failed.
    #[error("the attempt could not be counted")]
    Port(#[from] PortError),
}

macro_rules! limited {
    ($($error:ident),*) => {$(
        impl From<TooManyAttempts> for $error {
            fn from(refused: TooManyAttempts) -> Self {
                match refused {
                    TooManyAttempts::Wait { retry_after } => Self::TooManyAttempts { retry_after },
                    TooManyAttempts::Port(error) => Self::Port(error),
                }
            }
        }
    )*};
}

limited!(
    SignInError,
    RegisterError,
    GoogleSignInError,
    MailError,
    RedeemError
);

/// Why nobody got in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// No account of this address has this password.
    #[error("address or password is wrong")]
    WrongCredentials,
    /// The password is right, but an admin has closed the account.
    #[error("the account is disabled")]
    Disabled,
    /// Not before this time has passed.
    #[error("too many attempts")]
    TooManyAttempts {
        /// How long to wait.
        retry_after: TimeDelta,
    },
    /// A port failed.
    #[error("the sign-in could not be carried out")]
    Port(#[from] PortError),
}

/// Why no account was made.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// There is an account with this address.
    #[error("the address has an account")]
    EmailTaken,
    /// Not before this time has passed.
    #[error("too many attempts")]
    TooManyAttempts {
        /// How long to wait.
        retry_after: TimeDelta,
    },
    /// A port failed.
    #[error("the account could not be made")]
    Port(#[from] PortError),
}

/// Why nobody got in with Google.
#[derive(Debug, thiserror::Error)]
pub enum GoogleSignInError {
    /// No client id is set.
    #[error("sign-in with Google is not set up")]
    NotSetUp,
    /// Google's word is not valid; says why.
    #[error("the Google token is not valid: {0}")]
    Invalid(&'static str),
    /// An account of this address does not let the identity join.
    #[error("the identity cannot join the account of its address")]
    Link(#[from] LinkRefused),
    /// An admin has closed the account.
    #[error("the account is disabled")]
    Disabled,
    /// Not before this time has passed.
    #[error("too many attempts")]
    TooManyAttempts {
        /// How long to wait.
        retry_after: TimeDelta,
    },
    /// A port failed.
    #[error("the sign-in could not be carried out")]
    Port(#[from] PortError),
}

impl From<GoogleError> for GoogleSignInError {
    fn from(error: GoogleError) -> Self {
        match error {
            GoogleError::Invalid(reason) => Self::Invalid(reason),
            GoogleError::Port(error) => Self::Port(error),
        }
    }
}

/// Why a refresh token was not swapped.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// Unknown, expired, or its family has ended.
    #[error("the refresh token is not valid")]
    Invalid,
    /// It was swapped long ago; its family has ended now.
    #[error("the refresh token was used before")]
    Reused,
    /// A port failed.
    #[error("the refresh could not be carried out")]
    Port(#[from] PortError),
}

/// Why an access token does not let anybody in.
#[derive(Debug, thiserror::Error)]
pub enum Unauthenticated {
    /// Its time is over: refresh.
    #[error("the access token has expired")]
    Expired,
    /// It is not one of ours.
    #[error("the access token is not valid")]
    Invalid,
    /// It was revoked.
    #[error("the access token was revoked")]
    Revoked,
    /// A port failed.
    #[error("the access token could not be checked")]
    Port(#[from] PortError),
}

/// Why no mail is sent. That there is no such account is no reason one hears of.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// Not before this time has passed.
    #[error("too many attempts")]
    TooManyAttempts {
        /// How long to wait.
        retry_after: TimeDelta,
    },
    /// A port failed.
    #[error("the mail could not be prepared")]
    Port(#[from] PortError),
}

/// Why a mailed token had no effect.
#[derive(Debug, thiserror::Error)]
pub enum RedeemError {
    /// Unknown, expired, used before, or for something else.
    #[error("the mailed token is not valid")]
    Invalid,
    /// Not before this time has passed.
    #[error("too many attempts")]
    TooManyAttempts {
        /// How long to wait.
        retry_after: TimeDelta,
    },
    /// A port failed.
    #[error("the mailed token could not be redeemed")]
    Port(#[from] PortError),
}
