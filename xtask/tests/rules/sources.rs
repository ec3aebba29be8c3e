//! What every source file keeps to.

use std::path::PathBuf;

use crate::repository::{files, none, shown, text};

/// Past this many lines, look for the missing idea.
const LONGEST: usize = 400;

/// Written in two parts, so that this file does not hold what it looks for.
const BANNED: [(&str, &str, &str); 4] = [
    ("todo", "!(", "finish it"),
    ("unimplemented", "!(", "finish it"),
    (
        "[allow",
        "(",
        "#[expect(…, reason = \"…\")] goes away when its reason does",
    ),
    ("[ig", "nore", "a test that does not run proves nothing"),
];

fn sources() -> Vec<PathBuf> {
    let rooms = ["apps", "crates", "migrations", "xtask"];
    rooms.iter().flat_map(|room| files(room, ".rs")).collect()
}

#[test]
fn no_source_file_is_longer_than_400_lines() {
    let measured = sources()
        .into_iter()
        .map(|file| (text(&file).lines().count(), file));
    let long = measured.filter(|(lines, _)| *lines > LONGEST);
    let wrong: Vec<_> = long
        .map(|(lines, f)| format!("{}: {lines} lines", shown(&f)))
        .collect();
    none(&wrong);
}

#[test]
fn nothing_is_left_open_or_silenced() {
    let mut wrong = Vec::new();
    for file in sources() {
        for (number, line) in text(&file).lines().enumerate() {
            wrong.extend(banned(line).map(|why| format!("{}:{}: {why}", shown(&file), number + 1)));
        }
    }
    none(&wrong);
}

fn banned(line: &str) -> impl Iterator<Item = String> {
    BANNED.iter().filter_map(move |(head, tail, why)| {
        let word = format!("{head}{tail}");
        line.contains(&word).then(|| format!("{word}: {why}"))
    })
}

#[test]
fn every_workspace_source_is_reached_from_a_table_of_contents() {
    let mut wrong = Vec::new();
    for file in sources() {
        let folder = file.parent().unwrap();
        let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
        let is_root = ["lib", "main", "build", "mod"].contains(&stem.as_str());
        let is_module_folder = folder.components().any(|c| c.as_os_str() == "src");
        if !is_root && is_module_folder && !is_declared(&file, &stem) {
            wrong.push(format!("{}: no `mod {stem}` declares it", shown(&file)));
        }
    }
    none(&wrong);
}

fn is_declared(file: &std::path::Path, stem: &str) -> bool {
    let folder = file.parent().unwrap();
    let beside = ["lib.rs", "main.rs", "mod.rs"].map(|name| folder.join(name));
    let above = folder.with_extension("rs");
    if folder.ends_with("src/bin") {
        return true;
    }
    let parents = beside
        .into_iter()
        .chain([above])
        .filter(|parent| parent.is_file());
    parents.map(|parent| text(&parent)).any(|t| {
        let line = format!("mod {stem};");
        t.lines()
            .any(|l| l.trim() == line || l.trim().ends_with(&format!(" {line}")))
    })
}
