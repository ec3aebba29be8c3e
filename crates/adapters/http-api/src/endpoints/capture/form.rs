//! The upload forms in the document.

use chrono::{DateTime, Utc};
use utoipa::ToSchema;
use uuid::Uuid;

/// An image and what belongs to it. Other fields are ignored.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(
    dead_code,
    reason = "only its schema is used; ImageForm reads the form"
)]
pub(super) struct AnalyzeForm {
    /// JPEG, PNG or WebP, told by its content, at most 10 MB. The field may also be called `file`.
    #[schema(value_type = String, format = Binary)]
    image: (),
    /// The session it belongs to; the header `X-Session-Id` wins. Blank for none.
    session_id: Option<Uuid>,
    /// When the picture was taken. Believed within the last 24 h and up to 2 min ahead.
    captured_at: Option<DateTime<Utc>>,
}

/// An image.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "only its schema is used; ImageForm reads the form"
)]
pub(super) struct StoreForm {
    /// JPEG, PNG or WebP, told by its content, at most 10 MB. The field may also be called `file`.
    #[schema(value_type = String, format = Binary)]
    image: (),
}
