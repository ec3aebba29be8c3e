//! What the operator's doctor asks of Redis.

use kernel::{Fault, PortError, PortResult};
use redis::RedisResult;
use redis::aio::ConnectionManager;

use crate::Redis;

const EXAMINE: &str = "set, get and expire a key in redis";
const ASK_VERSION: &str = "ask redis for its version";
/// A probe that is left behind goes by itself.
const PROBE_LIVES_S: u64 = 60;

impl Redis {
    /// The server's version, once a key could be set, read, bounded and removed.
    ///
    /// # Errors
    /// `Unavailable` when it does not answer in time or this user may not do that, `Corrupt` when
    /// it gives back something else.
    pub async fn examine(&self) -> PortResult<String> {
        let mut random = [0; 16];
        let filled = getrandom::fill(&mut random);
        filled.map_err(|error| PortError::new(Fault::Unavailable, "name a probe", error))?;
        let word = hex::encode(random);
        let key = self.key(format_args!("doctor:{word}"));
        let (key, word) = (&key, &word);
        let ask = |manager| async move { tried(manager, key, word).await };
        if self.ask(EXAMINE, ask).await? {
            return self.ask(ASK_VERSION, version).await;
        }
        Err(PortError::bare(Fault::Corrupt, EXAMINE))
    }
}

/// Whether the key held what was written, with an end.
async fn tried(mut manager: ConnectionManager, key: &str, word: &str) -> RedisResult<bool> {
    let (read, lives, _): (String, i64, i64) = redis::pipe()
        .cmd("SET")
        .arg(&[key, word, "EX"])
        .arg(PROBE_LIVES_S)
        .ignore()
        .cmd("GET")
        .arg(key)
        .cmd("TTL")
        .arg(key)
        .cmd("DEL")
        .arg(key)
        .query_async(&mut manager)
        .await?;
    Ok(read == word && lives > 0)
}

async fn version(mut manager: ConnectionManager) -> RedisResult<String> {
    let told: String = redis::cmd("INFO")
        .arg("server")
        .query_async(&mut manager)
        .await?;
    let line = told.lines().find_map(|l| l.strip_prefix("redis_version:"));
    Ok(line.unwrap_or("of an unknown version").trim().to_owned())
}
