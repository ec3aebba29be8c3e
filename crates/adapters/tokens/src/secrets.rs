//! Chance from the operating system.

use auth::SecretBytes;
use kernel::{Fault, PortError, PortResult};

/// The operating system's random number generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemSecrets;

impl SecretBytes for SystemSecrets {
    fn draw(&self) -> PortResult<[u8; 48]> {
        random()
    }
}

pub(crate) fn random<const N: usize>() -> PortResult<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|cause| PortError::new(Fault::Unavailable, "draw random bytes", cause))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_draws_differ() {
        assert_ne!(SystemSecrets.draw().unwrap(), SystemSecrets.draw().unwrap());
    }
}
