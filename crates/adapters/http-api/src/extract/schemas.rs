//! Schemas of what accounts take.

use utoipa::openapi::schema::{KnownFormat, Object, ObjectBuilder, SchemaFormat, SchemaType, Type};

fn text(about: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(about))
}

/// An address that [`auth::EmailAddress`] takes.
pub(crate) fn email() -> Object {
    text("The account's address; upper and lower case are the same.")
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Email)))
        .max_length(Some(254))
        .build()
}

/// A password somebody presents.
pub(crate) fn password() -> Object {
    text("The account's password.")
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
        .build()
}

/// A password that [`auth::NewPassword`] takes.
pub(crate) fn new_password() -> Object {
    text(
        "At least 8 characters and at most 1,000 bytes, with an upper-case letter, a lower-case \
         letter, and a digit or symbol.",
    )
    .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
    .min_length(Some(8))
    .max_length(Some(1000))
    .build()
}

/// What the owner calls the device.
pub(crate) fn device_name() -> Object {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .description(Some(
            "What the owner calls the device; wins over `X-Device-Name`. Cut after 200 characters.",
        ))
        .build()
}
