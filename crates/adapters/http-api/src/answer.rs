//! The envelope of success.

use axum::Json;
use axum::response::{IntoResponse, Response};
use kernel::Page;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use crate::error::ApiError;

/// What handlers return.
pub(crate) type Answer<T> = Result<Success<T>, ApiError>;

/// The envelope of every success.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Success<T> {
    #[schema(schema_with = always_true)]
    success: bool,
    #[schema(required = true)]
    data: T,
}

/// A list, or one page of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Listing<T> {
    items: Vec<T>,
    /// Give it as `cursor` to get the next page; null at the end.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// A success with this data.
#[expect(
    clippy::unnecessary_wraps,
    reason = "it is the last line of handlers that can fail"
)]
pub(crate) fn success<T>(data: T) -> Answer<T> {
    Ok(Success {
        success: true,
        data,
    })
}

impl<T: Serialize> IntoResponse for Success<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

impl<T> Listing<T> {
    /// A list that is never paged.
    pub(crate) fn whole(items: Vec<T>) -> Self {
        Self {
            items,
            next_cursor: None,
        }
    }

    /// A page, each item converted.
    pub(crate) fn page<D>(page: Page<D>, convert: impl FnMut(D) -> T) -> Self {
        let Page { items, next } = page.map(convert);
        Self {
            items,
            next_cursor: next.map(|cursor| cursor.to_string()),
        }
    }
}

fn always_true() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::Boolean)
        .enum_values(Some([true]))
        .build()
}
