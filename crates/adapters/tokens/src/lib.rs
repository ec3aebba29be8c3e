//! What accounts need to be computed: access tokens signed with HMAC ([`HmacAccessTokens`]),
//! passwords hashed with argon2id ([`Argon2Hasher`]), secrets drawn from the operating system
//! ([`SystemSecrets`]).

mod access;
mod claims;
mod key;
mod passwords;
mod secrets;

pub use access::{HmacAccessTokens, InvalidTokenSettings, TokenSettings};
pub use passwords::{Argon2Hasher, HashCost};
pub use secrets::SystemSecrets;
