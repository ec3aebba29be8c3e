//! Reading bodies within bounds.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, StreamExt};

use crate::error::{ApiError, ErrorCode};

/// A body read up to a limit.
pub(crate) enum Limited {
    /// All of it.
    Whole(Bytes),
    /// It goes on: the body as it was.
    Longer(Body),
}

/// Reads at most about `limit` bytes.
pub(crate) async fn read_limited(body: Body, limit: usize) -> Result<Limited, ApiError> {
    let mut rest = body.into_data_stream();
    let mut read = BytesMut::new();
    while let Some(chunk) = rest.next().await {
        let cut = |error| {
            ApiError::new(ErrorCode::ValidationFailed, "the body is cut off").caused_by(error)
        };
        read.extend_from_slice(&chunk.map_err(cut)?);
        if read.len() > limit {
            let read = stream::iter([Ok(read.freeze())]);
            return Ok(Limited::Longer(Body::from_stream(read.chain(rest))));
        }
    }
    Ok(Limited::Whole(read.freeze()))
}
