//! Accounts: signing in and out, tokens, devices, mail.

mod devices;
mod forgot_password;
mod google;
mod google_callback;
mod google_start;
mod login;
mod logout;
mod mail_accepted;
mod me;
mod refresh;
mod register;
mod resend_verification;
mod reset_password;
mod sign_out_device;
mod tokens;
mod verify_email;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::Shared;

/// What sets cookies; open to everybody.
pub(super) fn signing() -> OpenApiRouter<Shared> {
    OpenApiRouter::default()
        .routes(routes!(register::register))
        .routes(routes!(login::log_in))
        .routes(routes!(google::sign_in_with_google))
        .routes(routes!(google_start::start_google))
        .routes(routes!(google_callback::finish_google))
        .routes(routes!(refresh::refresh))
        .routes(routes!(logout::log_out))
}

/// What goes by mail; open to everybody.
pub(super) fn mailed() -> OpenApiRouter<Shared> {
    OpenApiRouter::default()
        .routes(routes!(forgot_password::forgot_password))
        .routes(routes!(reset_password::reset_password))
        .routes(routes!(verify_email::verify_email))
}

/// What needs a token.
pub(super) fn own() -> OpenApiRouter<Shared> {
    OpenApiRouter::default()
        .routes(routes!(me::me))
        .routes(routes!(devices::list_devices))
        .routes(routes!(sign_out_device::sign_out_device))
        .routes(routes!(resend_verification::resend_verification))
}
