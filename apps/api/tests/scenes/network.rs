//! Uploads while the ways to Postgres, S3 and Redis fail in every manner, one after another.

use std::net::SocketAddr;
use std::time::Duration;

use testkit::postgres::Cluster;
use testkit::proxy::{Proxy, Weather};
use testkit::redis_server::RedisServer;
use testkit::s3_server::S3Server;
use testkit::sim::{Script, Simulator, Step};
use url::Url;

use super::chance::Chance;
use super::insist::Server;
use super::load::Load;
use super::verdict::nothing_is_lost_or_doubled;
use crate::harness::Setup;

/// How long each lasts.
const LASTS: Duration = Duration::from_millis(1200);
/// Between two, so that the load goes on.
const CLEAR: Duration = Duration::from_millis(600);
const WEATHERS: [Weather; 5] = [
    Weather::Refuse,
    Weather::CutAfter(3000),
    Weather::Stall,
    Weather::Trickle(400, Duration::from_millis(40)),
    Weather::Delay(Duration::from_millis(300)),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_networks_to_postgres_s3_and_redis_fail_in_every_manner() {
    let chance = Chance::of_the_run();
    let model = Simulator::start().await;
    let thinks = Duration::from_millis(100);
    model.script(Script::new().always(Step::sample().after(thinks)));
    let (postgres, s3, redis) = (Cluster::start(), S3Server::start(), RedisServer::start());
    let mut ways = Vec::new();
    let (database, way) = through(&postgres.url()).await;
    ways.push(way);
    let (bucket, way) = through(s3.endpoint().as_str()).await;
    ways.push(way);
    let (cache, way) = through(&redis.url()).await;
    ways.push(way);
    let server = Setup::embedded(model.base_url().as_ref())
        .on(database.as_str(), &s3)
        .with("S3_ENDPOINT_URL", bucket.as_str())
        .with("REDIS_URL", cache.as_str())
        .with("RATE_LIMIT_REQUESTS_PER_MIN", "100000")
        .with("RATE_LIMIT_ANALYSES_PER_MIN", "100000")
        .with("RATE_LIMIT_ADDRESS_PER_MIN", "100000")
        .start()
        .await;
    let load = Load::begin(&server.base, &chance, Server::Stays);
    for weather in WEATHERS {
        for way in &ways {
            way.set(weather);
            tokio::time::sleep(LASTS).await;
            way.set(Weather::Clear);
            tokio::time::sleep(CLEAR).await;
        }
    }
    let students = load.finish().await;
    nothing_is_lost_or_doubled(server, &students).await;
}

/// The address of the same thing behind a proxy.
async fn through(url: &str) -> (Url, Proxy) {
    let mut url = Url::parse(url).unwrap();
    let port = url.port().unwrap();
    let proxy = Proxy::start(SocketAddr::from(([127, 0, 0, 1], port))).await;
    url.set_port(Some(proxy.address().port())).unwrap();
    (url, proxy)
}
