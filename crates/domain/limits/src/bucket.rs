//! What is counted apart.

use std::fmt::{self, Display};
use std::net::{IpAddr, Ipv6Addr};

/// One bucket, such as `requests:user:0197…`. Holds nothing that must not be seen in a shared
/// store: of an account's address its hash.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BucketKey(String);

impl BucketKey {
    /// The bucket of this one among those of a kind (`requests:user`).
    pub fn new(kind: &str, one: impl Display) -> Self {
        Self(format!("{kind}:{one}"))
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for BucketKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What counts as one address: all of IPv4, the /64 of IPv6, of which one household has a whole.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address @ IpAddr::V4(_) => address,
    }
}
