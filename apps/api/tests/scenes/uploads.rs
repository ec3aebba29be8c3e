//! 500 uploads of 20 people while something breaks, one thing at a time.

use std::net::TcpListener;
use std::sync::Mutex;
use std::time::Duration;

use testkit::postgres::Cluster;
use testkit::s3_server::S3Server;
use testkit::sim::{Asked, Fault, Script, Simulator, Step};

use super::chance::Chance;
use super::insist::Server;
use super::load::Load;
use super::verdict::nothing_is_lost_or_doubled;
use crate::harness::{self, Setup};

/// Pages answered before something breaks.
const FIRST: usize = 100;
/// How long it stays broken.
const AWAY: Duration = Duration::from_secs(5);
/// How long Postgres is stopped in the middle of what it does.
const FROZEN: Duration = Duration::from_secs(30);

/// A server on a Postgres and an S3 server of its own.
struct Scene {
    chance: Chance,
    model: Simulator,
    postgres: Cluster,
    s3: S3Server,
    server: harness::Server,
}

impl Scene {
    async fn set() -> Self {
        Self::on(Cluster::start()).await
    }

    async fn on(postgres: Cluster) -> Self {
        let chance = Chance::of_the_run();
        let model = Simulator::start().await;
        let thinks = Duration::from_millis(100);
        model.script(Script::new().always(Step::sample().after(thinks)));
        let s3 = S3Server::start();
        let server = Setup::embedded(model.base_url().as_ref())
            .on(&postgres.url(), &s3)
            .with("SMARTSIGHT_LISTEN", &free_address())
            .with("RATE_LIMIT_REQUESTS_PER_MIN", "0")
            .with("RATE_LIMIT_ANALYSES_PER_MIN", "0")
            .with("RATE_LIMIT_ADDRESS_PER_MIN", "0")
            .start()
            .await;
        Self {
            chance,
            model,
            postgres,
            s3,
            server,
        }
    }

    fn uploads(&self, server: Server) -> Load {
        Load::begin(&self.server.base, &self.chance, server)
    }

    async fn ends_well(self, load: Load) {
        let students = load.finish().await;
        nothing_is_lost_or_doubled(self.server, &students).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_is_killed_and_returns() {
    let mut scene = Scene::set().await;
    let mut load = scene.uploads(Server::Stays);
    load.reaches(FIRST).await;
    scene.postgres.kill();
    tokio::time::sleep(AWAY).await;
    scene.postgres.restart();
    scene.ends_well(load).await;
}

/// Longer than any time-out on the way to the database.
#[tokio::test(flavor = "multi_thread")]
async fn postgres_is_frozen_for_thirty_seconds() {
    let scene = Scene::set().await;
    let mut load = scene.uploads(Server::Stays);
    load.reaches(FIRST).await;
    scene.postgres.freeze();
    tokio::time::sleep(FROZEN).await;
    scene.postgres.thaw();
    scene.ends_well(load).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_disk_of_postgres_is_full() {
    let postgres = match Cluster::on_small_disk() {
        Ok(postgres) => postgres,
        Err(reason) => return eprintln!("skipped: no disk can be mounted here: {reason}"),
    };
    let mut scene = Scene::on(postgres).await;
    let mut load = scene.uploads(Server::Stays);
    load.reaches(FIRST).await;
    scene.postgres.fill_disk();
    tokio::time::sleep(AWAY).await;
    scene.postgres.empty_disk();
    scene.ends_well(load).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_object_store_dies_and_returns() {
    let mut scene = Scene::set().await;
    let mut load = scene.uploads(Server::Stays);
    load.reaches(FIRST).await;
    scene.s3.stop();
    tokio::time::sleep(AWAY).await;
    scene.s3.restart();
    scene.ends_well(load).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_model_fails_three_times_in_ten() {
    let scene = Scene::set().await;
    let chance = Mutex::new(scene.chance.of(1000));
    let faults = [
        Fault::ServerError,
        Fault::CutConnection,
        Fault::NotJson,
        Fault::MissingContentAnalysis,
        Fault::CutBody,
    ];
    let fails = move |_: &Asked| {
        let mut chance = chance.lock().unwrap();
        let fault = &faults[usize::try_from(chance.below(5)).unwrap()];
        (chance.below(10) < 3).then(|| Step::fault(fault.clone()))
    };
    scene.model.script(Script::new().by(fails));
    let load = scene.uploads(Server::Stays);
    scene.ends_well(load).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_is_killed_ten_times() {
    let mut scene = Scene::set().await;
    let mut chance = scene.chance.of(2000);
    let mut load = scene.uploads(Server::Falls);
    load.reaches(20).await;
    for _ in 0..10 {
        let run = Duration::from_millis(300 + chance.below(1500));
        tokio::time::sleep(run).await;
        scene.server = scene.server.kill_and_restart().await;
    }
    scene.ends_well(load).await;
}

/// The same address at each start of a server.
pub(super) fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}
