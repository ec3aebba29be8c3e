//! What fails tells what a caller can do about it.

use std::time::Duration;

use database::{Database, Options};
use kernel::Fault;
use sessions::{HelpStore, ProfileStore};
use testkit::postgres::{Cluster, Server, empty};
use tokio::task::JoinSet;
use topics::Projection;

use crate::backend::{Backend, connect};
use crate::given::{Given, ada, bob};

crate::on_both!(
    a_database_in_order_passes_its_check,
    a_closed_database_is_unavailable,
);

async fn a_database_in_order_passes_its_check(db: Backend) {
    db.check().await.unwrap();
}

async fn a_closed_database_is_unavailable(db: Backend) {
    connect(db.url()).await.close().await.unwrap();
    let clone = (*db).clone();
    clone.clone().close().await.unwrap();
    assert_eq!(clone.check().await.unwrap_err().fault(), Fault::Unavailable);
    assert_eq!(
        clone.find(ada()).await.unwrap_err().fault(),
        Fault::Unavailable
    );
}

#[tokio::test]
async fn an_address_of_another_kind_is_refused() {
    for url in ["mysql://localhost/x", "nonsense", ""] {
        assert_eq!(failure(url).await, Fault::Refused, "{url}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_unavailable() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    assert_eq!(
        failure(&format!("postgres://u@127.0.0.1:{port}/x")).await,
        Fault::Unavailable
    );
    drop(free);
    assert_eq!(
        failure(&format!("postgres://u@127.0.0.1:{port}/x")).await,
        Fault::Unavailable
    );
}

#[tokio::test]
async fn a_database_that_is_not_there_yet_is_unavailable() {
    assert_eq!(
        failure(&Server::shared().url("no_such_database")).await,
        Fault::Unavailable
    );
}

#[tokio::test]
async fn a_file_that_is_no_database_is_corrupt() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("photo.db");
    std::fs::write(&file, [0xff; 8192]).unwrap();
    assert_eq!(
        failure(&format!("sqlite:{}", file.display())).await,
        Fault::Corrupt
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_is_unavailable() {
    let server = Server::start();
    let db = connect(&server.url("postgres")).await;
    db.migrate().await.unwrap();
    drop(server);
    let given = Given::new();
    let failed = HelpStore::add(&db, &given.help(ada()), &given.entry(ada())).await;
    assert_eq!(failed.unwrap_err().fault(), Fault::Unavailable);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stays_away_holds_nobody_and_is_used_again_once_it_is_back() {
    let mut server = Cluster::start();
    let db = connect(&server.url()).await;
    db.migrate().await.unwrap();
    server.freeze();
    let given = Given::new();
    let mut refused = Vec::new();
    while !refused
        .iter()
        .any(|failed: &String| failed.contains("left alone"))
    {
        let all = (0..10)
            .map(|_| async { HelpStore::add(&db, &given.help(ada()), &given.entry(ada())).await });
        let all = futures_util::future::join_all(all).await;
        refused.extend(
            all.into_iter()
                .map(|failed| format!("{:?}", failed.unwrap_err())),
        );
    }
    server.kill();
    server.restart();
    while db.check().await.is_err() {
        tokio::task::yield_now().await;
    }
    let again = HelpStore::add(&db, &given.help(ada()), &given.entry(ada())).await;
    again.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn when_all_connections_are_taken_the_database_is_unavailable() {
    let backend = Backend::postgres().await;
    let options = Options {
        max_connections: 1,
        acquire_timeout: Duration::from_millis(50),
        ..Options::default()
    };
    let db = Database::connect(backend.url(), options).await.unwrap();
    let taken = db.begin(ada()).await.unwrap();
    assert_eq!(
        db.find(bob()).await.unwrap_err().fault(),
        Fault::Unavailable
    );
    drop(taken);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_may_migrate_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = format!("sqlite:{}/new/folder/x.db", folder.path().display());
    let database = empty();
    for url in [file, database.url().to_owned()] {
        let mut starts = JoinSet::new();
        for _ in 0..4 {
            let url = url.clone();
            starts.spawn(async move { connect(&url).await.migrate().await.unwrap() });
        }
        starts.join_all().await;
        connect(&url).await.find(ada()).await.unwrap();
    }
}

#[tokio::test]
async fn a_database_in_memory_serves_every_port() {
    let db = connect("sqlite::memory:").await;
    db.migrate().await.unwrap();
    let given = Given::new();
    HelpStore::add(&db, &given.help(ada()), &given.entry(ada()))
        .await
        .unwrap();
    assert!(db.is_behind(ada()).await.unwrap());
}

async fn failure(url: &str) -> Fault {
    let options = Options {
        acquire_timeout: Duration::from_millis(300),
        ..Options::default()
    };
    let database = Database::connect(url, options).await;
    database.unwrap_err().fault()
}
