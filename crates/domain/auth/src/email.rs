//! Addresses people sign in with.

use std::fmt;
use std::str::FromStr;

const MAX_BYTES: usize = 254;
const MAX_LOCAL_BYTES: usize = 64;
const MAX_LABEL_BYTES: usize = 63;

/// An e-mail address in lower case, at most 254 bytes of ASCII: two spellings of one address are
/// the same account. International domains come in their `xn--` form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

/// The text is not an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct InvalidEmail;

impl EmailAddress {
    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EmailAddress {
    type Err = InvalidEmail;

    /// Accepts what RFC 5321 calls a dot-string at a domain; no quoted names, no address literals.
    fn from_str(text: &str) -> Result<Self, InvalidEmail> {
        let text = text.trim().to_ascii_lowercase();
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidEmail)?;
        let valid = text.len() <= MAX_BYTES && is_local(local) && is_domain(domain);
        if valid {
            Ok(Self(text))
        } else {
            Err(InvalidEmail)
        }
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_local(local: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b);
    local.len() <= MAX_LOCAL_BYTES
        && local
            .split('.')
            .all(|atom| !atom.is_empty() && atom.bytes().all(allowed))
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=MAX_LABEL_BYTES).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    domain.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_are_equal() {
        let plain: EmailAddress = "ada@example.org".parse().unwrap();
        assert_eq!(" Ada@EXAMPLE.org ".parse(), Ok(plain));
    }

    #[test]
    fn unusual_but_right_addresses_are_taken() {
        for text in [
            "a@b",
            "ada+study@xn--bcher-kva.example",
            "o'neil@mail.example.co.uk",
            "x_1.y-2@1.example",
        ] {
            assert!(text.parse::<EmailAddress>().is_ok(), "{text}");
        }
    }

    #[test]
    fn other_text_is_no_address() {
        let long = format!("{}@example.org", "a".repeat(65));
        for text in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "a@b@c.org",
            "a..b@c.org",
            ".a@c.org",
            "a@-c.org",
            "a@c..org",
            "a b@c.org",
            "a@c.org\r\nBcc: x@y.org",
            "a@[127.0.0.1]",
            "\u{e5}@c.org",
            &long,
        ] {
            assert_eq!(text.parse::<EmailAddress>(), Err(InvalidEmail), "{text:?}");
        }
    }
}
