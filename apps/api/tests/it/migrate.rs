//! Processes that start at once on an empty database.

use crate::harness::{Client, Setup};

#[tokio::test]
async fn of_four_that_migrate_at_once_one_does_it_and_all_succeed() {
    let (setup, _stores) = Setup::default().on_production_stores();
    let folder = tempfile::tempdir().unwrap();
    let started: Vec<_> = (0..4)
        .map(|number| {
            let home = folder.path().join(number.to_string());
            std::fs::create_dir(&home).unwrap();
            setup.command(&home).arg("migrate").spawn().unwrap()
        })
        .collect();
    for mut process in started {
        assert!(process.wait().unwrap().success());
    }
    setup.start().await;
}

#[tokio::test]
async fn two_servers_that_start_at_once_on_an_empty_database_both_serve() {
    let (setup, _stores) = Setup::default().on_production_stores();
    let (first, second) = tokio::join!(setup.start(), setup.start());
    let session = first.client("ada").start_session().await;
    let at_the_other: Client = second.client("ada");
    let active = at_the_other.get("/api/session/active").await;
    assert_eq!(active.data()["sessionId"], session);
}
