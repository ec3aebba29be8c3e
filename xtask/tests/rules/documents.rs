//! Documents name what exists, and decisions stay short.

use std::path::{Path, PathBuf};

use crate::repository::{files, none, root, shown, text};

/// What a page holds, in characters and in lines.
const PAGE_CHARS: usize = 3500;
const PAGE_LINES: usize = 60;

fn documents() -> Vec<PathBuf> {
    let mut documents = files("docs", ".md");
    documents.extend(["README.md", "ARCHITECTURE.md"].map(|name| root().join(name)));
    documents
}

#[test]
fn every_path_that_a_document_names_exists() {
    let mut wrong = Vec::new();
    for document in documents() {
        for path in paths(&text(&document)) {
            if !exists(&document, &path) {
                wrong.push(format!("{} names {path}", shown(&document)));
            }
        }
    }
    none(&wrong);
}

/// Targets of links, and words in back-ticks that begin as a path of this repository does.
fn paths(document: &str) -> Vec<String> {
    let links = document
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let links = links.map(|link| link.split('#').next().unwrap_or_default());
    let local = links.filter(|link| !link.is_empty() && !link.contains("://"));
    let code = document
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| is_path(word));
    local.chain(code).map(str::to_owned).collect()
}

fn is_path(word: &str) -> bool {
    let rooms = [
        "apps/",
        "crates/",
        "docs/",
        "fixtures/",
        "migrations/",
        "xtask/",
        ".ci/",
        ".github/",
    ];
    let root_file = |w: &str| {
        ["toml", "md"]
            .iter()
            .any(|end| w.ends_with(&format!(".{end}")))
    };
    !word.contains(char::is_whitespace)
        && (rooms.iter().any(|room| word.starts_with(room))
            || (root_file(word) && word != "smartsight.toml"))
}

/// From the root or from the document's own folder; `*` stands for any one name.
fn exists(document: &Path, path: &str) -> bool {
    let fixed = path
        .split('*')
        .next()
        .unwrap_or_default()
        .trim_end_matches('/');
    let beside = document.parent().unwrap().join(fixed);
    root().join(fixed).exists() || beside.exists()
}

#[test]
fn every_room_on_the_map_exists_and_every_room_is_on_the_map() {
    let map = text(&root().join("ARCHITECTURE.md"));
    let mut wrong = Vec::new();
    for package in crate::repository::packages() {
        if !map.contains(&format!("{}/", package.name)) {
            wrong.push(format!("ARCHITECTURE.md does not name {}", package.folder));
        }
    }
    for line in map.lines().filter(|line| line.starts_with("    ")) {
        let name = line.split_whitespace().next().unwrap_or_default();
        if name.ends_with('/') && !is_somewhere(name.trim_end_matches('/')) {
            wrong.push(format!("ARCHITECTURE.md names {name}, which is gone"));
        }
    }
    none(&wrong);
}

fn is_somewhere(room: &str) -> bool {
    let parents = [
        "",
        "apps",
        "crates",
        "crates/domain",
        "crates/adapters",
        "docs",
        "xtask",
    ];
    parents
        .iter()
        .any(|parent| root().join(parent).join(room).is_dir())
}

#[test]
fn every_decision_fits_a_page() {
    let mut wrong = Vec::new();
    for file in files("docs/decisions", ".md") {
        let (chars, lines) = (text(&file).chars().count(), text(&file).lines().count());
        if chars > PAGE_CHARS || lines > PAGE_LINES {
            wrong.push(format!(
                "{}: {chars} characters, {lines} lines",
                shown(&file)
            ));
        }
    }
    none(&wrong);
}
