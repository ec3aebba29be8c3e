//! Ids as the provider writes them.

const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// The same ids in the same order for the same connection of the same seed.
#[derive(Debug)]
pub(super) struct Ids(u64);

impl Ids {
    pub(super) fn new(seed: u64, connection: u64) -> Self {
        Self(mixed(seed ^ mixed(connection)))
    }

    /// `event_…`, `item_…`, `resp_…`, ….
    pub(super) fn next(&mut self, kind: &str) -> String {
        self.sized(kind, 21)
    }

    /// `call_…`, shorter than the others.
    pub(super) fn call(&mut self) -> String {
        self.sized("call", 16)
    }

    fn sized(&mut self, kind: &str, letters: usize) -> String {
        let mut id = String::with_capacity(kind.len() + 1 + letters);
        id.push_str(kind);
        id.push('_');
        self.junk(letters, &mut id);
        id
    }

    /// Letters that mean nothing.
    pub(super) fn junk(&mut self, letters: usize, into: &mut String) {
        let mut bits = 0;
        for at in 0..letters {
            if at % 10 == 0 {
                bits = self.draw();
            }
            let letter = usize::try_from(bits % 62).unwrap_or_default();
            into.push(char::from(LETTERS[letter]));
            bits /= 62;
        }
    }

    /// 64 bits, by `SplitMix64` (Steele, Lea, Flood 2014).
    pub(super) fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed(self.0)
    }
}

fn mixed(seed: u64) -> u64 {
    let mut z = seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_repeat_for_the_same_connection_only() {
        let first = |seed, connection| Ids::new(seed, connection).next("item");
        assert_eq!(first(1, 1), first(1, 1));
        assert_ne!(first(1, 1), first(1, 2));
        assert_ne!(first(1, 1), first(2, 1));
        assert_eq!(first(1, 1).len(), "item_".len() + 21);
    }
}
