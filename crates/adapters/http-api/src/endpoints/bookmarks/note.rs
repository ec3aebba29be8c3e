//! Notes as clients write them.

use sessions::Note;
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};

use crate::error::ApiError;

/// The note; `None` for null and for blank text.
pub(super) fn parse(text: Option<&str>) -> Result<Option<Note>, ApiError> {
    let text = text.unwrap_or_default();
    let must = "must have at most 2000 characters and no NUL";
    if text.chars().count() > Note::MAX_CHARS {
        return Err(ApiError::invalid("note", must));
    }
    Note::parse(text).map_err(|_| ApiError::invalid("note", must))
}

/// The schema of what [`parse`] accepts.
pub(super) fn schema() -> Object {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .max_length(Some(Note::MAX_CHARS))
        .pattern(Some("^[^\\u0000]*$"))
        .description(Some("The student's words. Blank and null mean none."))
        .build()
}
