//! What is wrong with the settings.

use std::fmt;

/// One or more faults, a line each.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Faults(Vec<String>);

impl Faults {
    /// One fault of a variable and its fix.
    pub(crate) fn of(variable: &str, fix: impl fmt::Display) -> Self {
        let mut faults = Self::default();
        faults.add(variable, fix);
        faults
    }

    /// Notes a fault of a variable and its fix.
    pub(crate) fn add(&mut self, variable: &str, fix: impl fmt::Display) {
        self.0.push(format!("{variable}: {fix}"));
    }

    /// The value, unless there was a fault.
    pub(crate) fn unless_any<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() {
            Ok(value)
        } else {
            Err(self)
        }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for Faults {}
