//! Every figure is in the operator's table, and the dashboard shows what there is.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::repository::{files, none, root, shown, text};

const TABLE: &str = "docs/operate.md";
const DASHBOARD: &str = "deploy/grafana/smartsight.json";
/// What Prometheus and the exporter add.
const ADDED_LABELS: [&str; 3] = ["job", "instance", "le"];
const ADDED_ENDINGS: [&str; 3] = ["_bucket", "_sum", "_count"];
/// Words of its language that are written like a figure's name.
const QUERY_WORDS: [&str; 9] = [
    "sum",
    "max",
    "rate",
    "by",
    "topk",
    "histogram_quantile",
    "__rate_interval",
    "label_values",
    "job",
];

/// The names in the calls that make figures; tests and what they share make none.
fn emitted() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for source in files("crates", ".rs")
        .into_iter()
        .chain(files("apps", ".rs"))
    {
        let path = shown(&source);
        if path.contains("/tests/") || path.contains("/testkit/") {
            continue;
        }
        let text = text(&source);
        for kind in ["counter!(", "gauge!(", "histogram!("] {
            let calls = text.split(kind).skip(1).map(str::trim_start);
            let quoted = calls.filter_map(|call| call.strip_prefix('"')?.split('"').next());
            names.extend(quoted.map(str::to_owned));
        }
    }
    names
}

/// Names and labels of the operator's table: lines such as ``| `name{label,label}` | … |``.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let page = text(&root().join(TABLE));
    let (_, page) = page.split_once("## Metrics").unwrap();
    let page = page.split("\n## ").next().unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.filter_map(|row| row.split('|').nth(1));
    let named = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let named = named.map(|name| {
        let (name, labels) = name.split_once('{').unwrap_or((name, ""));
        let labels = labels.trim_end_matches('}').split(',');
        let labels = labels.filter(|label| !label.is_empty());
        (name.to_owned(), labels.map(str::to_owned).collect())
    });
    named.collect()
}

#[test]
fn every_figure_is_in_the_operators_table_and_every_row_is_a_figure() {
    let (emitted, documented) = (emitted(), documented());
    let mut wrong = Vec::new();
    for name in &emitted {
        if !documented.contains_key(name) {
            wrong.push(format!("{TABLE} does not name {name}"));
        }
    }
    for name in documented.keys() {
        if !emitted.contains(name) {
            wrong.push(format!("{TABLE} names {name}, which nobody counts"));
        }
    }
    none(&wrong);
}

fn queries(panel: &Value) -> Vec<&str> {
    let targets = panel["targets"].as_array().into_iter().flatten();
    targets.filter_map(|t| t["expr"].as_str()).collect()
}

/// Words of letters, digits and underscores, without what stands in quotation marks.
fn words(query: &str) -> impl Iterator<Item = &str> {
    let outside = query.split('"').step_by(2);
    let words = outside.flat_map(|part| part.split(|c: char| !c.is_alphanumeric() && c != '_'));
    words.filter(|word| word.starts_with(|c: char| c.is_alphabetic() || c == '_'))
}

fn figure(word: &str) -> &str {
    let mut endings = ADDED_ENDINGS.iter().rev();
    let bare = endings.find_map(|ending| word.strip_suffix(ending));
    bare.unwrap_or(word)
}

#[test]
fn the_dashboard_shows_figures_there_are_by_labels_they_have() {
    let documented = documented();
    let dashboard: Value = serde_json::from_str(&text(&root().join(DASHBOARD))).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let mut wrong = Vec::new();
    let mut shown = BTreeSet::new();
    for query in panels.iter().flat_map(queries) {
        let labels: BTreeSet<_> = words(query)
            .filter_map(|word| documented.get(figure(word)))
            .flatten()
            .map(String::as_str)
            .collect();
        for word in words(query) {
            let is_known = documented.contains_key(figure(word))
                || labels.contains(word)
                || ADDED_LABELS.contains(&word)
                || QUERY_WORDS.contains(&word);
            if !is_known {
                wrong.push(format!("{DASHBOARD}: {word} in {query}"));
            }
            shown.insert(figure(word));
        }
    }
    for name in documented
        .keys()
        .filter(|name| !shown.contains(name.as_str()))
    {
        wrong.push(format!("{DASHBOARD} does not show {name}"));
    }
    none(&wrong);
}
