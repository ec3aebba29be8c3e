//! Domain crates reach no socket, entropy, database, web framework or runtime, however indirectly.

use crate::repository::{cargo, none, packages};

const OUTSIDE: [&str; 12] = [
    "axum",
    "getrandom",
    "hyper",
    "mio",
    "reqwest",
    "rustls",
    "sea-orm",
    "socket2",
    "sqlx",
    "sqlx-core",
    "tokio",
    "ureq",
];

/// Crate by crate: in the whole workspace at once, features switched on elsewhere would be seen.
#[test]
fn no_domain_crate_reaches_the_outside() {
    let mut wrong = Vec::new();
    for package in packages()
        .iter()
        .filter(|p| p.folder.starts_with("crates/domain/"))
    {
        for outside in reached(&package.name) {
            let why = format!("cargo tree -p {} -e normal -i {outside}", package.name);
            wrong.push(format!("{} reaches {outside}; see {why}", package.name));
        }
    }
    none(&wrong);
}

fn reached(package: &str) -> Vec<String> {
    let flags = ["--edges=normal", "--prefix=none", "--format={p}"];
    let tree = cargo(&[&["tree", "--package", package], &flags[..]].concat());
    let names = tree.lines().filter_map(|line| line.split(' ').next());
    let mut reached: Vec<_> = names
        .filter(|n| OUTSIDE.contains(n))
        .map(str::to_owned)
        .collect();
    reached.sort();
    reached.dedup();
    reached
}
