//! The settings as they were given: text and where it came from.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::fault::Faults;
use super::variables::{VARIABLES, variable};

/// What was given, by variable name.
#[derive(Debug, Default)]
pub(crate) struct Raw(BTreeMap<String, Given>);

#[derive(Debug)]
struct Given {
    value: String,
    source: &'static str,
}

impl Raw {
    /// Reads the file, if it is there, and the environment, which wins.
    pub(crate) fn read(file: &str) -> Result<Self, Faults> {
        let mut raw = Self::default();
        raw.take_file(file)?;
        for variable in VARIABLES {
            if let Some(value) = std::env::var_os(variable.name) {
                let value = value.to_string_lossy().into_owned();
                raw.insert(variable.name, value, "environment");
            }
        }
        Ok(raw)
    }

    /// Settings given as pairs; for tests.
    #[cfg(test)]
    pub(crate) fn of(pairs: &[(&str, &str)]) -> Self {
        let given = |value: &str| Given {
            value: value.to_owned(),
            source: "test",
        };
        Self(
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), given(value)))
                .collect(),
        )
    }

    /// The value of a variable, if it was given.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|given| given.value.trim())
    }

    /// Where the value came from; `default` when it was not given.
    pub(crate) fn source(&self, name: &str) -> &'static str {
        self.get(name)
            .and_then(|_| self.0.get(name))
            .map_or("default", |given| given.source)
    }

    fn take_file(&mut self, file: &str) -> Result<(), Faults> {
        let mut faults = Faults::default();
        let table = read_table(file).unwrap_or_else(|error| {
            faults.add(file, format!("cannot be read: {error}"));
            Table::new()
        });
        for (key, value) in table {
            let name = key.to_uppercase();
            match (variable(&name), as_text(&value)) {
                (Some(_), Some(value)) => self.insert(&name, value, "smartsight.toml"),
                (Some(_), None) => faults.add(
                    &name,
                    "must be a text, a number, true or false, or a list of these",
                ),
                (None, _) => faults.add(
                    file,
                    format!("`{key}` is not a setting; `smartsight settings` lists all names"),
                ),
            }
        }
        faults.unless_any(())
    }

    /// A blank value counts as not given.
    fn insert(&mut self, name: &str, value: String, source: &'static str) {
        if !value.trim().is_empty() {
            self.0.insert(name.to_owned(), Given { value, source });
        }
    }
}

/// The file's table; empty where there is no file.
fn read_table(file: &str) -> Result<Table, Box<dyn std::error::Error>> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(text.parse()?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Table::new()),
        Err(error) => Err(error.into()),
    }
}

/// A value as the environment would give it; a list is comma-separated.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::Array(items) => {
            let items: Option<Vec<_>> = items.iter().map(as_text).collect();
            items.map(|items| items.join(","))
        }
        Value::String(text) => Some(text.clone()),
        Value::Boolean(flag) => Some(flag.to_string()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Table(_) | Value::Datetime(_) => None,
    }
}
