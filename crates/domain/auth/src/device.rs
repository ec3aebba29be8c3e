//! Where somebody is.

use std::net::IpAddr;

const MAX_CHARS: usize = 200;

/// What is known of the device that signs in. Texts hold at most 200 characters, none of them
/// control characters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Device {
    name: Option<String>,
    user_agent: Option<String>,
}

impl Device {
    /// A device as it describes itself; what is too long is cut.
    pub fn new(name: Option<&str>, user_agent: Option<&str>) -> Self {
        Self {
            name: name.and_then(cleaned),
            user_agent: user_agent.and_then(cleaned),
        }
    }

    /// What its owner calls it.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// What its program calls itself.
    pub fn user_agent(&self) -> Option<&str> {
        self.user_agent.as_deref()
    }
}

/// Where a request comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The client's address, as far as the server knows it.
    pub address: Option<IpAddr>,
    /// The device.
    pub device: Device,
}

fn cleaned(text: &str) -> Option<String> {
    let printable = text.chars().filter(|c| !c.is_control());
    let text: String = printable.take(MAX_CHARS).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_says_at_most_two_hundred_printable_characters() {
        let device = Device::new(Some(" Ada's\r\n phone "), Some(&"x".repeat(500)));
        assert_eq!(device.name(), Some("Ada's phone"));
        assert_eq!(device.user_agent().map(str::len), Some(200));
        assert_eq!(Device::new(Some("\0 "), None), Device::default());
    }
}
