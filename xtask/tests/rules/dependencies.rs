//! Arrows point inward: apps → adapters → domain → kernel.

use std::collections::BTreeMap;

use crate::repository::{Kind, Package, none, packages};

/// Who may see whom inside the domain; whoever adds an arrow writes it here. Without a cycle: a
/// crate names only those above it.
const DOMAIN: [(&str, &[&str]); 16] = [
    ("audio-dsp", &[]),
    ("kernel", &[]),
    ("limits", &["kernel"]),
    ("patience", &["kernel"]),
    ("spending", &["kernel"]),
    ("auth", &["kernel", "limits"]),
    ("objects", &["kernel"]),
    ("ledger", &["kernel"]),
    ("jobs", &["kernel", "ledger"]),
    ("topics", &["kernel", "ledger"]),
    ("sessions", &["kernel", "ledger", "objects", "topics"]),
    ("segments", &["kernel", "ledger", "objects", "sessions"]),
    (
        "vision",
        &[
            "jobs", "kernel", "ledger", "objects", "patience", "sessions", "spending", "topics",
        ],
    ),
    (
        "voice",
        &[
            "audio-dsp",
            "kernel",
            "ledger",
            "objects",
            "sessions",
            "spending",
            "topics",
        ],
    ),
    ("privacy", &["kernel", "objects", "topics"]),
    ("moving", &["kernel", "objects", "privacy"]),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    Domain,
    Adapter,
    App,
    /// How adapters travel: seen by them alone.
    Travel,
    /// The schema: seen by the database and by the program that applies it.
    Migrations,
    /// Clocks, simulators and servers for tests: a dev-dependency, and what measurements run on.
    Testkit,
    Bench,
    /// Throws bytes at what others read: a dev-dependency, whose own tests see everything.
    Fuzz,
    /// Programs of contributors, which see nothing of the product.
    Tool,
}

fn room(package: &Package) -> Room {
    match package.folder.split('/').collect::<Vec<_>>()[..] {
        ["crates", "domain", _] => Room::Domain,
        ["crates", "adapters", _] => Room::Adapter,
        ["apps", _] => Room::App,
        ["migrations"] => Room::Migrations,
        ["crates", "calls" | "provider-http" | "trace-context"] => Room::Travel,
        ["crates", "testkit"] => Room::Testkit,
        ["crates", "bench"] => Room::Bench,
        ["crates", "fuzz"] => Room::Fuzz,
        ["xtask", ..] => Room::Tool,
        _ => panic!("{}: in no room of ARCHITECTURE.md", package.folder),
    }
}

#[test]
fn every_arrow_between_rooms_points_inward() {
    let packages = packages();
    let rooms: BTreeMap<_, _> = packages
        .iter()
        .map(|p| (p.name.as_str(), room(p)))
        .collect();
    let mut wrong = Vec::new();
    for from in &packages {
        for to in &from.dependencies {
            let Some(&to_room) = rooms.get(to.name.as_str()) else {
                continue;
            };
            if !allowed((&from.name, room(from)), (&to.name, to_room), to.kind) {
                let kind = to.kind;
                wrong.push(format!(
                    "{} must not depend on {} ({kind:?})",
                    from.name, to.name
                ));
            }
        }
    }
    none(&wrong);
}

fn allowed((from, room): (&str, Room), (to, to_room): (&str, Room), kind: Kind) -> bool {
    if kind == Kind::Dev && matches!(to_room, Room::Testkit | Room::Fuzz | Room::Tool) {
        return true;
    }
    // A test of one adapter may stand on another, real one; nothing that ships does.
    if kind == Kind::Dev && (room, to_room) == (Room::Adapter, Room::Adapter) {
        return true;
    }
    match (room, to_room) {
        (Room::Domain, Room::Domain) => kind == Kind::Dev || domain_edges(from).contains(&to),
        (Room::Adapter, Room::Migrations) => from == "database",
        (Room::Adapter | Room::Travel | Room::Testkit, Room::Domain)
        | (Room::Adapter | Room::Travel, Room::Travel)
        | (Room::App, Room::Domain | Room::Adapter | Room::Migrations)
        | (Room::Bench, _) => true,
        (Room::Fuzz, _) => kind == Kind::Dev,
        _ => false,
    }
}

fn domain_edges(from: &str) -> &'static [&'static str] {
    let known = DOMAIN.iter().find(|(name, _)| *name == from);
    known
        .unwrap_or_else(|| panic!("{from}: say in DOMAIN whom it may see"))
        .1
}

#[test]
fn the_domain_has_no_cycle() {
    for (at, (name, sees)) in DOMAIN.iter().enumerate() {
        let above = &DOMAIN[..at];
        let known = |seen: &&str| above.iter().any(|(other, _)| other == seen);
        assert!(sees.iter().all(known), "{name} sees one below itself");
    }
}
