//! What a failed call means to a caller.

use std::error::Error;

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use kernel::{Fault, PortError};

/// S3 answered, but not what was asked for.
#[derive(Debug, thiserror::Error)]
#[error("bucket {bucket} answered {status}{}", explained(code))]
struct Refusal {
    bucket: String,
    status: u16,
    code: String,
    #[source]
    source: Box<dyn Error + Send + Sync>,
}

/// No answer came, or not all of it.
#[derive(Debug, thiserror::Error)]
#[error("bucket {bucket} cannot be reached")]
struct NoAnswer {
    bucket: String,
    #[source]
    source: Box<dyn Error + Send + Sync>,
}

/// The port's error for a failed call.
pub(crate) fn failure<E>(
    context: &'static str,
    bucket: &str,
    error: SdkError<E, HttpResponse>,
) -> PortError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    match &error {
        SdkError::ServiceError(answer) => {
            let status = answer.raw().status().as_u16();
            let code = answer.err().code().unwrap_or_default().to_owned();
            let fault = fault_of(status, &code);
            let bucket = bucket.to_owned();
            let source = error.into();
            let refusal = Refusal {
                bucket,
                status,
                code,
                source,
            };
            PortError::new(fault, context, refusal)
        }
        SdkError::ConstructionFailure(_) => PortError::new(Fault::Refused, context, error),
        SdkError::DispatchFailure(failure) if failure.is_user() => {
            PortError::new(Fault::Refused, context, error)
        }
        _ => no_answer(context, bucket, error),
    }
}

/// The port's error for an answer that did not come, or broke off.
pub(crate) fn no_answer(
    context: &'static str,
    bucket: &str,
    source: impl Into<Box<dyn Error + Send + Sync>>,
) -> PortError {
    let bucket = bucket.to_owned();
    let source = source.into();
    PortError::new(Fault::Unavailable, context, NoAnswer { bucket, source })
}

/// Codes first: S3 has put "slow down" under several statuses, and tells of a time-out with 400.
fn fault_of(status: u16, code: &str) -> Fault {
    match (status, code) {
        (_, "SlowDown" | "RequestTimeout" | "Throttling" | "ThrottlingException") => {
            Fault::Unavailable
        }
        (_, "OperationAborted" | "InternalError" | "ServiceUnavailable") => Fault::Unavailable,
        (507, _) | (_, "QuotaExceeded") => Fault::Full,
        (408 | 429 | 500.., _) => Fault::Unavailable,
        _ => Fault::Refused,
    }
}

/// The code and what to do about it; nothing for an answer to HEAD, which has no code.
fn explained(code: &str) -> String {
    match code {
        "" => String::new(),
        code => format!(" {code}{}", hint(code)),
    }
}

fn hint(code: &str) -> &'static str {
    match code {
        "NoSuchBucket" => ": create the bucket or correct its name",
        "AccessDenied" | "AllAccessDisabled" => ": the access key lacks a right to it",
        "InvalidAccessKeyId" | "SignatureDoesNotMatch" | "NotSignedUp" => {
            ": check the access key and its secret"
        }
        "ExpiredToken" | "InvalidToken" => ": the session token is no longer valid",
        "PermanentRedirect"
        | "AuthorizationHeaderMalformed"
        | "IllegalLocationConstraintException" => ": check the region",
        "RequestTimeTooSkewed" => ": this machine's clock is wrong",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overload_is_a_reason_to_come_back_and_missing_rights_are_not() {
        for (status, code, fault) in [
            (503, "SlowDown", Fault::Unavailable),
            (400, "RequestTimeout", Fault::Unavailable),
            (429, "", Fault::Unavailable),
            (502, "", Fault::Unavailable),
            (507, "XMinioStorageFull", Fault::Full),
            (403, "AccessDenied", Fault::Refused),
            (403, "", Fault::Refused),
            (404, "NoSuchBucket", Fault::Refused),
            (301, "PermanentRedirect", Fault::Refused),
        ] {
            assert_eq!(fault_of(status, code), fault, "{status} {code}");
        }
    }
}
