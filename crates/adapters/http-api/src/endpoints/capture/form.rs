//! The upload forms in the document; [`crate::extract::ImageForm`] reads them.

use std::borrow::Cow;

use utoipa::openapi::schema::{KnownFormat, Object, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::extract::SessionIdOrBlank;

/// The media types of images.
pub(super) const IMAGES: &str = "image/jpeg, image/png, image/webp";

/// An image and what belongs to it.
pub(super) struct AnalyzeForm;

/// An image.
pub(super) struct StoreForm;

impl PartialSchema for AnalyzeForm {
    fn schema() -> RefOr<Schema> {
        let moment =
            "When the picture was taken. Believed within the last 24 h and up to 2 min ahead.";
        let form = form()
            .property("sessionId", SessionIdOrBlank::schema())
            .property("capturedAt", date_time(moment));
        form.build().into()
    }
}

impl ToSchema for AnalyzeForm {
    fn name() -> Cow<'static, str> {
        "AnalyzeForm".into()
    }
}

impl PartialSchema for StoreForm {
    fn schema() -> RefOr<Schema> {
        form().build().into()
    }
}

impl ToSchema for StoreForm {
    fn name() -> Cow<'static, str> {
        "StoreForm".into()
    }
}

/// An image among other fields, whose names must survive the head of a part.
fn form() -> ObjectBuilder {
    let name = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some("^[A-Za-z0-9_.-]{1,64}$"));
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some(
            "An image and what belongs to it. Other fields are ignored.",
        ))
        .property("image", image())
        .required("image")
        .property_names(Some(name.build()))
}

fn image() -> Object {
    let about = "JPEG, PNG or WebP, told by its content, at most 10 MB. The field may also be called `file`.";
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
        .min_length(Some(1))
        .description(Some(about))
        .build()
}

fn date_time(about: &str) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
        .description(Some(about))
        .build()
}
