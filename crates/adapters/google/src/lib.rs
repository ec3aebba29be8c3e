//! Google accounts, or those of any other identity provider.
//!
//! [`Google`] implements [`auth::GoogleAccounts`]: it takes ID tokens that the issuer has signed
//! for one of our client ids, and carries out the authorization code flow with PKCE, state and
//! nonce for browsers. Where keys and endpoints are is read from the issuer's discovery document;
//! both are kept as long as their cache headers say.
//!
//! Reading order: [`GoogleSettings`], `discovery` and `keys` (what is fetched), `id_token` (what is
//! checked), `code_flow`.

mod code_flow;
mod discovery;
mod fetch;
mod google;
mod id_token;
mod keys;
mod settings;

pub use google::Google;
pub use settings::{BrowserClient, GoogleSettings, InvalidGoogleSettings};
