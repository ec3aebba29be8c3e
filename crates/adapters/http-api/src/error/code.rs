//! The error catalogue. Codes are never renamed and never change their status.

use http::StatusCode;

macro_rules! catalogue {
    ($($variant:ident = $code:literal, $status:ident: $meaning:literal;)+) => {
        /// Why a request was not carried out.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ErrorCode {
            $(#[doc = $meaning] $variant,)+
        }

        impl ErrorCode {
            /// Every code there is.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The code as clients see it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The HTTP status it comes with.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)+ }
            }

            /// What it means, for people.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }
        }
    };
}

catalogue! {
    NoFile = "NO_FILE", BAD_REQUEST: "the request holds neither an image nor the key of a stored one";
    FileTooLarge = "FILE_TOO_LARGE", BAD_REQUEST: "the file is larger than 10 MB, or the whole form larger than 11 MB";
    NotAnImage = "NOT_AN_IMAGE", BAD_REQUEST: "the file is no image that can be read: JPEG, PNG or WebP, whole, within the pixel limit";
    SegmentEmpty = "SEGMENT_EMPTY", BAD_REQUEST: "signedUrl or audioBase64 required";
    NotAudio = "NOT_AUDIO", BAD_REQUEST: "audioBase64 holds no sound that is taken: M4A, AAC, MP3, WAV, Ogg or `WebM`";
    UploadMismatch = "UPLOAD_MISMATCH", BAD_REQUEST: "what was uploaded is not what the link was made for; `details.field` names what differs: size, contentType or sha256";
    SessionInactive = "SESSION_INACTIVE", BAD_REQUEST: "the session has ended";
    ValidationFailed = "VALIDATION_FAILED", BAD_REQUEST: "a header, parameter, field or the body is malformed; `details.field` names it where one is at fault";
    InvalidEmail = "INVALID_EMAIL", BAD_REQUEST: "the text is no e-mail address";
    WeakPassword = "WEAK_PASSWORD", BAD_REQUEST: "the password is too short, too long or too simple; the message says which";
    MailedTokenInvalid = "MAILED_TOKEN_INVALID", BAD_REQUEST: "the code from the mail is unknown, expired, used before, or for something else";
    Unauthorized = "UNAUTHORIZED", UNAUTHORIZED: "no token, or one that is malformed, expired or revoked";
    WrongCredentials = "WRONG_CREDENTIALS", UNAUTHORIZED: "no account of this address has this password";
    GoogleTokenInvalid = "GOOGLE_TOKEN_INVALID", UNAUTHORIZED: "what came from Google is not valid: signature, audience, issuer, time, state, or an unverified address";
    RefreshInvalid = "REFRESH_INVALID", UNAUTHORIZED: "no refresh token, or one that is unknown, expired or signed out";
    RefreshReused = "REFRESH_REUSED", UNAUTHORIZED: "the refresh token was used before; all that followed from its sign-in is signed out";
    AccountDisabled = "ACCOUNT_DISABLED", FORBIDDEN: "an admin has closed the account";
    Forbidden = "FORBIDDEN", FORBIDDEN: "the caller may not do this, or the page it comes from is not an allowed origin";
    ForeignPage = "FOREIGN_PAGE", FORBIDDEN: "in open mode only pages of this server may call, and those of the origins that the setting `CORS_ORIGINS` lists";
    LinkExpired = "LINK_EXPIRED", FORBIDDEN: "the signed link has expired";
    LinkInvalid = "LINK_INVALID", FORBIDDEN: "the link's signature does not fit";
    NotFound = "NOT_FOUND", NOT_FOUND: "there is no such route";
    SessionNotFound = "SESSION_NOT_FOUND", NOT_FOUND: "the caller has no session with this id, or it is not an id";
    ObjectNotFound = "OBJECT_NOT_FOUND", NOT_FOUND: "the caller has no stored object with this key";
    AnalysisNotFound = "ANALYSIS_NOT_FOUND", NOT_FOUND: "the caller has no analysis with this id, or it is not an id";
    BookmarkNotFound = "BOOKMARK_NOT_FOUND", NOT_FOUND: "the caller has no bookmark with this id, or it is not an id";
    UserNotFound = "USER_NOT_FOUND", NOT_FOUND: "there is no account with this id, or it is not an id";
    VoiceSessionNotFound = "VOICE_SESSION_NOT_FOUND", NOT_FOUND: "the caller has no voice session with this id, or it is not an id";
    JobNotFound = "JOB_NOT_FOUND", NOT_FOUND: "the caller has no job with this id, or it is not an id, or it ended more than a week ago";
    DeviceNotFound = "DEVICE_NOT_FOUND", NOT_FOUND: "the caller is not signed in on a device with this id, or it is not an id";
    GoogleNotSetUp = "GOOGLE_NOT_SET_UP", NOT_FOUND: "this server offers no sign-in with Google, or none in a browser";
    MethodNotAllowed = "METHOD_NOT_ALLOWED", METHOD_NOT_ALLOWED: "the route does not know this method; the header `Allow` lists those it knows";
    RequestTimeout = "REQUEST_TIMEOUT", REQUEST_TIMEOUT: "the request was not received and answered in time";
    IdempotencyMismatch = "IDEMPOTENCY_MISMATCH", CONFLICT: "the idempotency key was used for another request";
    IdempotencyInProgress = "IDEMPOTENCY_IN_PROGRESS", CONFLICT: "the request with this idempotency key is being carried out";
    EmailTaken = "EMAIL_TAKEN", CONFLICT: "there is an account with this address";
    AccountNotVerified = "ACCOUNT_NOT_VERIFIED", CONFLICT: "there is an account with this address that nobody has verified; sign in with its password and verify it";
    OtherGoogleIdentity = "OTHER_GOOGLE_IDENTITY", CONFLICT: "another Google identity signs in to the account of this address";
    OwnAccount = "OWN_ACCOUNT", CONFLICT: "admins do not change their own role or access";
    ObjectExists = "OBJECT_EXISTS", PRECONDITION_FAILED: "something was put behind this upload link already";
    RangeNotSatisfiable = "RANGE_NOT_SATISFIABLE", RANGE_NOT_SATISFIABLE: "the bytes that `Range` asks for lie behind the end";
    BodyTooLarge = "BODY_TOO_LARGE", PAYLOAD_TOO_LARGE: "the body is larger than this route takes";
    UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE", UNSUPPORTED_MEDIA_TYPE: "the route does not take bodies of this media type";
    UnknownHost = "UNKNOWN_HOST", MISDIRECTED_REQUEST: "in open mode the server is asked by an IP address, as localhost, or by the host of `SMARTSIGHT_PUBLIC_URL` or of an origin that `CORS_ORIGINS` lists";
    UpgradeRequired = "UPGRADE_REQUIRED", UPGRADE_REQUIRED: "the route is a WebSocket, and the request asks for none";
    TooManyAttempts = "TOO_MANY_ATTEMPTS", TOO_MANY_REQUESTS: "this was tried too often; the header `Retry-After` says when to try again";
    RateLimited = "RATE_LIMITED", TOO_MANY_REQUESTS: "too many requests; `details.limit` names the limit, the header `Retry-After` says when to ask again";
    BudgetExceeded = "BUDGET_EXCEEDED", TOO_MANY_REQUESTS: "what models may cost for one user on one day is used up; `details` names the cap and when the next day begins, as the header `Retry-After` does";
    Internal = "INTERNAL", INTERNAL_SERVER_ERROR: "a fault in the server; the request id finds it in the log";
    VisionBadOutput = "VISION_BAD_OUTPUT", BAD_GATEWAY: "the vision model refused or gave an answer that cannot be used";
    VisionUnavailable = "VISION_UNAVAILABLE", BAD_GATEWAY: "the vision model cannot be reached or failed";
    VisionRateLimited = "VISION_RATE_LIMITED", SERVICE_UNAVAILABLE: "the vision model's quota is used up; the header `Retry-After` says when to ask again";
    StorageUnavailable = "STORAGE_UNAVAILABLE", SERVICE_UNAVAILABLE: "neither the object store nor the local spool takes the image";
    DatabaseUnavailable = "DATABASE_UNAVAILABLE", SERVICE_UNAVAILABLE: "the database does not answer; the same request may succeed later";
    NotReady = "NOT_READY", SERVICE_UNAVAILABLE: "a dependency is down; `details.dependencies` names the state of each";
    Overloaded = "OVERLOADED", SERVICE_UNAVAILABLE: "too much is being uploaded at once; the header `Retry-After` says when to try again";
    VisionTimeout = "VISION_TIMEOUT", GATEWAY_TIMEOUT: "the vision model did not answer in time";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_an_error_and_named_once() {
        let mut codes: Vec<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ErrorCode::ALL.len());
        assert!(
            ErrorCode::ALL
                .iter()
                .all(|code| code.status().as_u16() >= 400)
        );
    }
}
