//! Every operation of the served document with every kind of credentials.
//!
//! `rows` is the table: a new operation gets its line there, and its ids theirs in `others`. The
//! columns are in `who`.

mod call;
mod document;
mod forged;
mod others;
mod people;
mod rows;
mod who;

use std::collections::BTreeSet;

use crate::harness::{Answer, Setup, everywhere};
use document::{Document, MOUNT, OTHER_MOUNT};
use people::World;
use rows::{ROWS, Row};
use who::Who;

everywhere! {
    every_operation_answers_all_kinds_of_credentials_as_documented,
}

async fn every_operation_answers_all_kinds_of_credentials_as_documented(setup: Setup) {
    let world = World::start(setup).await;
    let document = Document::served(&world).await;
    let mut wrong = Vec::new();
    for row in ROWS {
        for who in Who::ALL {
            wrong.extend(check((row, *who), &world, &document, mount(row)).await);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn the_other_mount_asks_for_the_same() {
    let world = World::start(Setup::default().secured()).await;
    let document = Document::served(&world).await;
    let mut wrong = Vec::new();
    for row in ROWS {
        for who in [Who::Nobody, Who::CookieOnAForeignPage, Who::User] {
            wrong.extend(check((row, who), &world, &document, OTHER_MOUNT).await);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_operation_of_the_document_has_one_row_and_every_row_an_operation() {
    let world = World::start(Setup::default().secured()).await;
    let documented = Document::served(&world).await.operations();
    let rows: BTreeSet<String> = ROWS.iter().map(|row| row.operation.to_owned()).collect();
    assert_eq!(rows, documented);
    assert_eq!(ROWS.len(), rows.len());
}

fn mount(row: &Row) -> &'static str {
    if row.is_mounted() { MOUNT } else { "" }
}

/// What is wrong about a cell.
async fn check(
    (row, who): (&Row, Who),
    world: &World,
    document: &Document,
    mount: &str,
) -> Option<String> {
    let mut me = world.anybody(who).clone();
    let expected = row.expected(who, &me);
    if row.costs(who, &me) {
        me = world.somebody(who).await;
    }
    let call = (row.call)(&me);
    let answer = world.ask_as((who, &me), row.method(), mount, &call).await;
    let named = format!("{} × {who:?}", row.operation);
    if !is(&answer, expected) {
        return Some(format!("{named}: {expected:?} expected, not {answer:?}"));
    }
    let is_documented = document.lists(row.operation, &answer);
    (!is_documented).then(|| format!("{named}: {answer:?} is not documented"))
}

fn is(answer: &Answer, (status, code): (u16, &str)) -> bool {
    let told = document::code_of(answer).unwrap_or_default();
    (answer.status.as_u16(), told) == (status, code)
}
