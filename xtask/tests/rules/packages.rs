//! How packages are named and what they inherit.

use crate::repository::{none, packages, root, text};

#[test]
fn every_package_is_named_as_its_folder() {
    let packages = packages();
    let misnamed = packages
        .iter()
        .filter(|p| p.folder.split('/').next_back() != Some(&p.name));
    let wrong: Vec<_> = misnamed
        .map(|p| format!("{} lives in {}", p.name, p.folder))
        .collect();
    none(&wrong);
}

#[test]
fn every_package_inherits_the_lints_and_the_versions_of_the_workspace() {
    let mut wrong = Vec::new();
    for package in packages() {
        let manifest = text(&root().join(&package.folder).join("Cargo.toml"));
        if !manifest.contains("[lints]\nworkspace = true") {
            wrong.push(format!("{}: no [lints] workspace = true", package.name));
        }
        for line in own_versions(&manifest) {
            wrong.push(format!("{}: a version of its own: {line}", package.name));
        }
    }
    none(&wrong);
}

/// Dependency lines that name a version; they belong into the table of the root manifest.
fn own_versions(manifest: &str) -> Vec<&str> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]");
        } else if inside && (line.contains("= \"") && !line.contains("path = ")) {
            found.push(line);
        }
    }
    found
}

#[test]
fn the_domain_repeats_the_thresholds_of_clippy() {
    let domain = text(&root().join("crates/domain/clippy.toml"));
    let everywhere = text(&root().join("clippy.toml"));
    let missing = everywhere.lines().filter(|line| !domain.contains(line));
    let wrong: Vec<_> = missing
        .map(|line| format!("crates/domain/clippy.toml lacks: {line}"))
        .collect();
    none(&wrong);
}
