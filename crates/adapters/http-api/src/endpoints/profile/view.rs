//! A profile as clients see it.

use serde::Serialize;
use sessions::Profile;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use uuid::Uuid;

/// Name and time zone of a user.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProfileView {
    user_id: Uuid,
    /// How they want to be called.
    #[schema(required = true)]
    name: Option<String>,
    /// Where their days begin and end: an IANA time zone.
    #[schema(schema_with = zone_schema)]
    time_zone: String,
}

impl From<Profile> for ProfileView {
    fn from(profile: Profile) -> Self {
        let Profile { user, name, zone } = profile;
        Self {
            user_id: user.uuid(),
            name,
            time_zone: zone.name().to_owned(),
        }
    }
}

/// All names that are known.
pub(super) fn zone_schema() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name())))
        .description(Some("An IANA time zone, such as `Europe/Berlin`."))
        .build()
}
