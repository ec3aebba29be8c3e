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
    SessionInactive = "SESSION_INACTIVE", BAD_REQUEST: "the session has ended";
    ValidationFailed = "VALIDATION_FAILED", BAD_REQUEST: "a header, parameter, field or the body is malformed; `details.field` names it where one is at fault";
    Unauthorized = "UNAUTHORIZED", UNAUTHORIZED: "no token, or one that is malformed, expired or revoked";
    Forbidden = "FORBIDDEN", FORBIDDEN: "the caller may not do this, or the page it comes from is not an allowed origin";
    LinkExpired = "LINK_EXPIRED", FORBIDDEN: "the signed link has expired";
    LinkInvalid = "LINK_INVALID", FORBIDDEN: "the link's signature does not fit";
    NotFound = "NOT_FOUND", NOT_FOUND: "there is no such route";
    SessionNotFound = "SESSION_NOT_FOUND", NOT_FOUND: "the caller has no session with this id, or it is not an id";
    ObjectNotFound = "OBJECT_NOT_FOUND", NOT_FOUND: "the caller has no stored object with this key";
    AnalysisNotFound = "ANALYSIS_NOT_FOUND", NOT_FOUND: "the caller has no analysis with this id, or it is not an id";
    BookmarkNotFound = "BOOKMARK_NOT_FOUND", NOT_FOUND: "the caller has no bookmark with this id, or it is not an id";
    MethodNotAllowed = "METHOD_NOT_ALLOWED", METHOD_NOT_ALLOWED: "the route does not know this method; the header `Allow` lists those it knows";
    RequestTimeout = "REQUEST_TIMEOUT", REQUEST_TIMEOUT: "the request was not received and answered in time";
    IdempotencyMismatch = "IDEMPOTENCY_MISMATCH", CONFLICT: "the idempotency key was used for another request";
    IdempotencyInProgress = "IDEMPOTENCY_IN_PROGRESS", CONFLICT: "the request with this idempotency key is being carried out";
    BodyTooLarge = "BODY_TOO_LARGE", PAYLOAD_TOO_LARGE: "the body is larger than this route takes";
    UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE", UNSUPPORTED_MEDIA_TYPE: "the route does not take bodies of this media type";
    Internal = "INTERNAL", INTERNAL_SERVER_ERROR: "a fault in the server; the request id finds it in the log";
    VisionBadOutput = "VISION_BAD_OUTPUT", BAD_GATEWAY: "the vision model refused or gave an answer that cannot be used";
    VisionUnavailable = "VISION_UNAVAILABLE", BAD_GATEWAY: "the vision model cannot be reached or failed";
    VisionRateLimited = "VISION_RATE_LIMITED", SERVICE_UNAVAILABLE: "the vision model's quota is used up; the header `Retry-After` says when to ask again";
    StorageUnavailable = "STORAGE_UNAVAILABLE", SERVICE_UNAVAILABLE: "neither the object store nor the local spool takes the image";
    DatabaseUnavailable = "DATABASE_UNAVAILABLE", SERVICE_UNAVAILABLE: "the database does not answer; the same request may succeed later";
    NotReady = "NOT_READY", SERVICE_UNAVAILABLE: "a dependency is down; `details.dependencies` names the state of each";
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
