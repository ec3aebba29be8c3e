//! The effective settings in words.

use super::raw::Raw;
use super::variables::VARIABLES;

/// One line a setting: name, value (secrets masked) and where it came from.
pub(crate) fn show(raw: &Raw) -> String {
    let width = VARIABLES
        .iter()
        .map(|variable| variable.name.len())
        .max()
        .unwrap_or(0);
    let line = |variable: &super::variables::Variable| {
        let value = match raw.get(variable.name) {
            Some(_) if variable.secret => "********".to_owned(),
            Some(value) if variable.name.ends_with("_URL") => without_password(value),
            Some(value) => value.to_owned(),
            None => variable.default.to_owned(),
        };
        format!(
            "{:width$}  {value}  [{}]\n",
            variable.name,
            raw.source(variable.name)
        )
    };
    VARIABLES.iter().map(line).collect()
}

fn without_password(value: &str) -> String {
    match url::Url::parse(value) {
        Ok(mut url) if url.password().is_some() => {
            if url.set_password(Some("********")).is_err() {
                return "********".to_owned();
            }
            url.to_string()
        }
        Ok(_) => value.to_owned(),
        Err(_) => "(not a URL)".to_owned(),
    }
}
