//! `PATCH /user/profile`

use axum::extract::State;
use kernel::parse_zone;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};

use super::view::{ProfileView, zone_schema};
use crate::answer::{Answer, Success, success};
use crate::error::{ApiError, failing};
use crate::extract::{Attempted, Caller, JsonBody, present};
use crate::state::Shared;

failing!(Failures: UnsupportedMediaType);

const MAX_NAME_CHARS: usize = 200;

/// What to change; what is missing stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangedProfile {
    #[serde(default, deserialize_with = "blank_for_null")]
    #[schema(required = false, schema_with = name_schema)]
    name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    #[schema(required = false, schema_with = zone_schema)]
    time_zone: Option<String>,
}

fn name_schema() -> Object {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .max_length(Some(MAX_NAME_CHARS))
        .pattern(Some("^[^\\u0000]*$"))
        .description(Some(
            "How they want to be called. Blank and null remove it.",
        ))
        .build()
}

/// Tells null from missing.
fn blank_for_null<'de, D: Deserializer<'de>>(name: D) -> Result<Option<String>, D::Error> {
    let name: Option<String> = Option::deserialize(name)?;
    Ok(Some(name.unwrap_or_default()))
}

/// Change the caller's name or time zone
///
/// Sessions keep the time zone they started with.
#[utoipa::path(
    patch, path = "/user/profile", tag = "Profile",
    request_body = ChangedProfile,
    responses((status = 200, description = "The profile as it is now.", body = Success<ProfileView>), Failures),
)]
pub(super) async fn change_profile(
    State(state): State<Shared>,
    Caller(user): Caller,
    Attempted(attempt): Attempted,
    JsonBody(changed): JsonBody<ChangedProfile>,
) -> Answer<ProfileView> {
    let name = changed.name;
    if name
        .as_ref()
        .is_some_and(|name| name.chars().count() > MAX_NAME_CHARS)
    {
        return Err(ApiError::invalid(
            "name",
            "must have at most 200 characters",
        ));
    }
    let unknown = |_| ApiError::invalid("timeZone", "must be an IANA time zone");
    let zone = changed.time_zone.as_deref().map(parse_zone);
    let zone = zone.transpose().map_err(unknown)?;
    success(
        state
            .profiles
            .attempting(attempt)
            .change(user, name.as_deref(), zone)
            .await?
            .into(),
    )
}
