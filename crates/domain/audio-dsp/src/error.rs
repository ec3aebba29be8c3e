use core::fmt;

/// The output slice cannot hold what this call makes. Nothing was consumed and no state changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutputTooSmall {
    /// How many elements this call makes.
    pub needed: usize,
    /// How many the slice holds.
    pub available: usize,
}

impl OutputTooSmall {
    pub(crate) const fn check(needed: usize, available: usize) -> Result<(), Self> {
        if needed <= available {
            Ok(())
        } else {
            Err(Self { needed, available })
        }
    }
}

impl fmt::Display for OutputTooSmall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "output holds {} elements, {} are needed",
            self.available, self.needed
        )
    }
}

impl core::error::Error for OutputTooSmall {}

/// A byte string that is no whole number of samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RaggedBytes {
    /// Its length in bytes.
    pub len: usize,
    /// The bytes in one sample.
    pub sample_bytes: usize,
}

impl fmt::Display for RaggedBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} bytes are no whole number of {}-byte samples",
            self.len, self.sample_bytes
        )
    }
}

impl core::error::Error for RaggedBytes {}
