//! Canonical topic names.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};

const UNKNOWN: &str = "Unknown";
const MAX_CHARS: usize = 80;

/// The name of a topic as it is stored and served: not blank, at most 80 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TopicName(String);

impl TopicName {
    /// The topic of an image whose subject cannot be told.
    pub fn unknown() -> Self {
        Self(UNKNOWN.to_owned())
    }

    /// A name read back from storage, taken as it is.
    pub fn stored(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TopicName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Folds the many words for a subject into one canonical name.
#[derive(Debug, Clone)]
pub struct AliasTable {
    canonical: HashMap<String, TopicName>,
    listed: Vec<TopicName>,
}

/// The text does not describe an alias table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected `Name` or `Name=alias|alias`, comma-separated, each alias for one name; at fault: `{0}`"
)]
pub struct InvalidTopicTable(String);

const DEFAULTS: &[(&str, &[&str])] = &[
    (
        "Bio",
        &[
            "biology",
            "life science",
            "cell biology",
            "molecular biology",
            "genetics",
            "botany",
            "zoology",
            "anatomy",
            "physiology",
            "ecology",
            "microbiology",
            "photosynthesis",
        ],
    ),
    (
        "Math",
        &[
            "mathematics",
            "maths",
            "algebra",
            "geometry",
            "calculus",
            "trigonometry",
            "arithmetic",
            "statistics",
            "probability",
            "linear algebra",
            "precalculus",
        ],
    ),
    (
        "English",
        &[
            "english literature",
            "english language",
            "literature",
            "language arts",
            "english language arts",
            "grammar",
            "rhetoric",
            "composition",
            "reading",
        ],
    ),
    (
        "Chem",
        &[
            "chemistry",
            "organic chemistry",
            "inorganic chemistry",
            "biochemistry",
            "physical chemistry",
            "general chemistry",
        ],
    ),
    (
        "Physics",
        &["mechanics", "thermodynamics", "electromagnetism", "optics"],
    ),
    (
        "CS",
        &[
            "computer science",
            "programming",
            "computing",
            "informatics",
            "software engineering",
        ],
    ),
    (
        "History",
        &["world history", "us history", "european history"],
    ),
];

impl Default for AliasTable {
    /// The table without any setting: Bio, Math, English, Chem and a few neighbours.
    fn default() -> Self {
        let mut table = Self {
            canonical: HashMap::new(),
            listed: Vec::new(),
        };
        for (name, aliases) in DEFAULTS {
            table.add(name);
            for alias in *aliases {
                table
                    .canonical
                    .insert(fold_key(alias), TopicName::stored(*name));
            }
        }
        table
    }
}

impl AliasTable {
    /// A table from a setting: `Bio=biology|botany,Physics`. A name that the default table knows
    /// keeps its default aliases; the rest of the default table is dropped.
    ///
    /// # Errors
    /// [`InvalidTopicTable`] names the part at fault.
    pub fn parse(setting: &str) -> Result<Self, InvalidTopicTable> {
        let mut table = Self {
            canonical: HashMap::new(),
            listed: Vec::new(),
        };
        for part in setting
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            table.add_part(part)?;
        }
        if table.listed.is_empty() {
            Err(InvalidTopicTable(setting.to_owned()))
        } else {
            Ok(table)
        }
    }

    /// The names of the table, in its order.
    pub fn names(&self) -> &[TopicName] {
        &self.listed
    }

    /// The canonical name for what vision said. Missing or blank gives `Unknown`; a name outside
    /// the table is kept, with white space folded and its first letter in upper case, the rest in
    /// lower case.
    pub fn canonical(&self, raw: Option<&str>) -> TopicName {
        let key = fold_key(raw.unwrap_or_default());
        if key.is_empty() || key == fold_key(UNKNOWN) {
            return TopicName::unknown();
        }
        self.canonical
            .get(&key)
            .cloned()
            .unwrap_or_else(|| TopicName(one_case(&key)))
    }

    fn add(&mut self, name: &str) {
        let name = TopicName::stored(name);
        self.canonical.insert(fold_key(name.as_str()), name.clone());
        self.listed.push(name);
    }

    fn add_part(&mut self, part: &str) -> Result<(), InvalidTopicTable> {
        let (name, aliases) = part.split_once('=').unwrap_or((part, ""));
        let name = name.trim();
        if name.is_empty() || name.chars().count() > MAX_CHARS || self.knows(name) {
            return Err(InvalidTopicTable(part.to_owned()));
        }
        self.add(name);
        let defaults = DEFAULTS
            .iter()
            .find(|(known, _)| fold_key(known) == fold_key(name));
        for alias in defaults.map_or(&[][..], |(_, aliases)| aliases) {
            self.canonical
                .entry(fold_key(alias))
                .or_insert_with(|| TopicName::stored(name));
        }
        for alias in aliases
            .split('|')
            .map(str::trim)
            .filter(|alias| !alias.is_empty())
        {
            self.canonical
                .insert(fold_key(alias), TopicName::stored(name));
        }
        Ok(())
    }

    fn knows(&self, name: &str) -> bool {
        self.listed
            .iter()
            .any(|listed| fold_key(listed.as_str()) == fold_key(name))
    }
}

/// Lower case, runs of white space and control characters as one space, at most 80 characters.
fn fold_key(raw: &str) -> String {
    let spaced: String = raw
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let words = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    words
        .to_lowercase()
        .chars()
        .take(MAX_CHARS)
        .collect::<String>()
        .trim_end()
        .to_owned()
}

/// The first letter in upper case where that is one letter ("ß" has none of its own).
fn one_case(key: &str) -> String {
    let mut chars = key.chars();
    let Some(first) = chars.next() else {
        return String::new();
    };
    let mut upper = first.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(single), None) => format!("{single}{}", chars.as_str()),
        _ => key.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: Option<&str>, expected: &str) {
        assert_eq!(AliasTable::default().canonical(raw).as_str(), expected);
    }

    #[test]
    fn aliases_fold_into_the_canonical_name() {
        check(Some("biology"), "Bio");
        check(Some("  Cell \t Biology "), "Bio");
        check(Some("MATHEMATICS"), "Math");
        check(Some("Bio"), "Bio");
    }

    #[test]
    fn missing_and_blank_are_unknown() {
        for raw in [None, Some(""), Some(" \n\t"), Some("unknown"), Some("\0")] {
            check(raw, "Unknown");
        }
    }

    #[test]
    fn a_name_outside_the_table_is_kept_in_one_case_form() {
        check(Some("astronomy"), "Astronomy");
        check(Some("ASTRONOMY "), "Astronomy");
        check(Some("산수"), "산수");
    }

    #[test]
    fn a_folded_name_is_a_fixed_point() {
        let table = AliasTable::default();
        let long = format!("{} x", "ß".repeat(79));
        let once = table.canonical(Some(&long));
        assert_eq!(table.canonical(Some(once.as_str())), once);
    }

    #[test]
    fn a_setting_replaces_the_table_and_keeps_default_aliases_of_its_names() {
        let table = AliasTable::parse("Bio=nature, Art").unwrap();
        assert_eq!(table.canonical(Some("Nature")).as_str(), "Bio");
        assert_eq!(table.canonical(Some("botany")).as_str(), "Bio");
        assert_eq!(table.canonical(Some("algebra")).as_str(), "Algebra");
        assert!(AliasTable::parse("Bio,bio").is_err());
        assert!(AliasTable::parse(" , ").is_err());
    }
}
