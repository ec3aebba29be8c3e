//! The outcomes of accounts as codes.

use auth::{
    AdminError, GoogleSignInError, InvalidEmail, LinkRefused, MailError, RedeemError, RefreshError,
    RegisterError, SignInError, Unauthenticated, WeakPassword,
};
use chrono::TimeDelta;

use super::outcomes::whole_seconds;
use super::{ApiError, ErrorCode};

impl From<Unauthenticated> for ApiError {
    fn from(error: Unauthenticated) -> Self {
        match error {
            Unauthenticated::Expired | Unauthenticated::Invalid | Unauthenticated::Revoked => {
                Self::new(ErrorCode::Unauthorized, error.to_string())
            }
            Unauthenticated::Port(error) => error.into(),
        }
    }
}

impl From<InvalidEmail> for ApiError {
    fn from(InvalidEmail: InvalidEmail) -> Self {
        ErrorCode::InvalidEmail.into()
    }
}

impl From<WeakPassword> for ApiError {
    fn from(weak: WeakPassword) -> Self {
        Self::new(ErrorCode::WeakPassword, weak.to_string())
    }
}

impl From<RegisterError> for ApiError {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::EmailTaken => ErrorCode::EmailTaken.into(),
            RegisterError::TooManyAttempts { retry_after } => wait(retry_after),
            RegisterError::Port(error) => error.into(),
        }
    }
}

impl From<SignInError> for ApiError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::WrongCredentials => ErrorCode::WrongCredentials.into(),
            SignInError::Disabled => ErrorCode::AccountDisabled.into(),
            SignInError::TooManyAttempts { retry_after } => wait(retry_after),
            SignInError::Port(error) => error.into(),
        }
    }
}

impl From<GoogleSignInError> for ApiError {
    fn from(error: GoogleSignInError) -> Self {
        match error {
            GoogleSignInError::NotSetUp => ErrorCode::GoogleNotSetUp.into(),
            GoogleSignInError::Invalid(_) => {
                Self::from(ErrorCode::GoogleTokenInvalid).caused_by(error)
            }
            GoogleSignInError::Link(LinkRefused::Unverified) => {
                ErrorCode::AccountNotVerified.into()
            }
            GoogleSignInError::Link(LinkRefused::OtherIdentity) => {
                ErrorCode::OtherGoogleIdentity.into()
            }
            GoogleSignInError::Disabled => ErrorCode::AccountDisabled.into(),
            GoogleSignInError::TooManyAttempts { retry_after } => wait(retry_after),
            GoogleSignInError::Port(error) => error.into(),
        }
    }
}

impl From<RefreshError> for ApiError {
    fn from(error: RefreshError) -> Self {
        match error {
            RefreshError::Invalid => ErrorCode::RefreshInvalid.into(),
            RefreshError::Reused => ErrorCode::RefreshReused.into(),
            RefreshError::Port(error) => error.into(),
        }
    }
}

impl From<MailError> for ApiError {
    fn from(error: MailError) -> Self {
        match error {
            MailError::TooManyAttempts { retry_after } => wait(retry_after),
            MailError::Port(error) => error.into(),
        }
    }
}

impl From<RedeemError> for ApiError {
    fn from(error: RedeemError) -> Self {
        match error {
            RedeemError::Invalid => ErrorCode::MailedTokenInvalid.into(),
            RedeemError::TooManyAttempts { retry_after } => wait(retry_after),
            RedeemError::Port(error) => error.into(),
        }
    }
}

impl From<AdminError> for ApiError {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::NotFound => ErrorCode::UserNotFound.into(),
            AdminError::OwnAccount => ErrorCode::OwnAccount.into(),
            AdminError::Port(error) => error.into(),
        }
    }
}

fn wait(time: TimeDelta) -> ApiError {
    let seconds = whole_seconds(time.to_std().unwrap_or_default());
    ApiError::from(ErrorCode::TooManyAttempts).with_retry_after(seconds)
}
