//! Commands that the documents name exist.

use std::process::Command;

use crate::repository::{files, none, root, shown, text};

#[test]
fn every_cargo_xtask_command_that_a_document_names_exists() {
    let known = commands();
    let mut wrong = Vec::new();
    for file in documents() {
        for named in text(&file).split("cargo xtask ").skip(1) {
            let word: String = named.chars().take_while(char::is_ascii_lowercase).collect();
            if !word.is_empty() && !known.contains(&word) {
                wrong.push(format!("{}: cargo xtask {word}", shown(&file)));
            }
        }
    }
    none(&wrong);
}

#[test]
fn continuous_integration_runs_the_test_command_of_the_readme() {
    let run = text(&root().join(".ci/run"));
    let commands: Vec<_> = run.lines().filter(|l| l.contains("cargo")).collect();
    assert_eq!(commands, ["cargo xtask test"]);
    assert!(text(&root().join("README.md")).contains("cargo xtask test"));
    assert!(text(&root().join(".github/workflows/ci.yml")).contains("run: .ci/run"));
}

fn documents() -> Vec<std::path::PathBuf> {
    let mut documents = files("docs", ".md");
    documents.extend(["README.md", "ARCHITECTURE.md"].map(|name| root().join(name)));
    documents
}

fn commands() -> Vec<String> {
    let help = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("--help")
        .output()
        .unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let list = list.take_while(|line| !line.is_empty());
    list.filter_map(|line| Some(line.split_whitespace().next()?.to_owned()))
        .collect()
}
