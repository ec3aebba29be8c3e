//! A real Postgres for tests: one server a process, one database a test.
//!
//! `SMARTSIGHT_TEST_POSTGRES` names a server where databases may be made and dropped
//! (`postgres://user:password@host:port`). Without it a server is started from the Postgres found
//! in `PATH` or in `/usr/lib/postgresql`, as somebody else than root, and goes with the process
//! however that ends. [`Cluster`] is for tests that make a server fail.

mod cluster;
mod install;
mod server;

use std::process::Child;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::OnceCell;

pub use cluster::{Cluster, HeldSession};
pub use server::Server;

static TEMPLATE: OnceCell<Template> = OnceCell::const_new();
static NEXT: AtomicU32 = AtomicU32::new(1);

/// What the databases of this process are copies of. It goes with the process.
struct Template {
    name: String,
    _last_will: Option<Child>,
}

/// A database of its own, dropped with this value.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    url: String,
}

impl TestDatabase {
    /// Where to connect.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        if let Err(error) = Server::shared().run(&drop) {
            eprintln!("{error}");
        }
    }
}

/// An empty database.
///
/// # Panics
/// When there is no server, or it refuses.
pub fn empty() -> TestDatabase {
    create("")
}

/// A copy of a database that `migrate` has brought to its schema; it is called with the address
/// of the original once in this process, and must have closed its connections when it returns.
///
/// # Panics
/// When there is no server, or it refuses.
pub async fn migrated<F>(migrate: impl FnOnce(String) -> F) -> TestDatabase
where
    F: Future<Output = ()>,
{
    let template = TEMPLATE.get_or_init(|| async {
        let original = create("");
        migrate(original.url.clone()).await;
        let name = original.name.clone();
        // Not dropped here, so that it can be copied.
        std::mem::forget(original);
        let last_will = Server::shared().drop_at_exit(&name);
        Template {
            name,
            _last_will: last_will,
        }
    });
    create(&format!(" TEMPLATE {}", template.await.name))
}

fn create(options: &str) -> TestDatabase {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("smartsight_test_{}_{number}", std::process::id());
    let server = Server::shared();
    if let Err(error) = server.run(&format!("CREATE DATABASE {name}{options}")) {
        panic!("{error}");
    }
    let url = server.url(&name);
    TestDatabase { name, url }
}
