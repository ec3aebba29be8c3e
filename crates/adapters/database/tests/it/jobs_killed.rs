//! Worker processes that are killed. A process is this test program again, told by its environment
//! to be a worker.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jobs::{
    Failure, Handler, Handlers, Job, JobStore, Kind, NewJob, Owner, Reason, Reporter, Retries,
    Worker, WorkerPorts, WorkerRules,
};
use kernel::{Clock, RandomBits, Task, Tasks, Timer, Timestamp, Zone};
use ledger::{Ledger, Position};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use serde_json::{Value, json};
use testkit::SeededBits;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::backend::{Backend, connect};
use crate::given::{ada, at};

const JOBS: i64 = 10_000;
/// Some of them are somebody's, whose log tells of them.
const ADAS: u128 = 200;
const KILLS: usize = 10;
const SEED: u64 = 20_260_301;
const URL: &str = "SMARTSIGHT_TEST_WORKER_URL";
const HOLDER: &str = "SMARTSIGHT_TEST_WORKER_HOLDER";
const PATIENCE: Duration = Duration::from_mins(3);

const TABLES: &str = "CREATE TABLE effects (id uuid PRIMARY KEY, job uuid NOT NULL); \
    CREATE TABLE runs (job uuid NOT NULL, holder uuid NOT NULL)";
/// Jobs of nobody, as they are accepted.
const GIVEN: &str = "INSERT INTO jobs (id, kind, state, payload, progress, attempts, accepted_at, \
    due_at) SELECT lpad(to_hex(n * 256), 32, '0')::uuid, 'effect', 'waiting', '{}', 0, 0, 0, 0 \
    FROM generate_series(1000001, 1000000 + $1) n";
const EFFECT: &str = "WITH run AS (INSERT INTO runs VALUES ($2, $3)) \
    INSERT INTO effects VALUES ($1, $2) ON CONFLICT DO NOTHING";

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_jobs_are_done_once_each_by_two_workers_that_are_killed_ten_times() {
    let db = Backend::postgres().await;
    let sql = sea_orm::Database::connect(db.url()).await.unwrap();
    sql.execute_unprepared(TABLES).await.unwrap();
    given(&db, &sql).await;
    let chance = SeededBits::new(SEED);
    let mut workers = [Process::start(db.url(), 1), Process::start(db.url(), 2)];
    for kill in 1..=KILLS {
        let after = JOBS / 11 * i64::try_from(kill).unwrap() + random(&chance, 500);
        wait_until(&sql, "SELECT count(*) FROM effects", after).await;
        let which = usize::try_from(random(&chance, 2)).unwrap();
        let is_same = random(&chance, 2) == 0;
        workers[which].kill_and_replace(db.url(), kill, is_same);
    }
    wait_until(&sql, "SELECT count(*) FROM jobs WHERE state = 'done'", JOBS).await;
    workers.into_iter().for_each(Process::end);
    for (what, sql_text, expected) in [
        ("effects", "SELECT count(*) FROM effects", JOBS),
        (
            "jobs with one",
            "SELECT count(DISTINCT job) FROM effects",
            JOBS,
        ),
        (
            "unfinished",
            "SELECT count(*) FROM jobs WHERE ended_at IS NULL",
            0,
        ),
    ] {
        assert_eq!(number(&sql, sql_text).await, expected, "{what}");
    }
    told_once_each(&db).await;
    let runs = number(&sql, "SELECT count(*) FROM runs").await;
    println!("seed {SEED}: {JOBS} jobs, {runs} attempts, {KILLS} kills");
}

async fn given(db: &Backend, sql: &DatabaseConnection) {
    let others = JOBS - i64::try_from(ADAS).unwrap();
    let insert = Statement::from_sql_and_values(DbBackend::Postgres, GIVEN, [others.into()]);
    sql.execute_raw(insert).await.unwrap();
    let (user, zone) = (ada(), Zone::UTC);
    for n in 1..=ADAS {
        let id = Uuid::from_u128(n * 256).into();
        let job = NewJob::now(id, Kind::new("effect"), json!({}), at(0));
        db.enqueue(&job.owned_by(Owner { user, zone }))
            .await
            .unwrap();
    }
}

async fn told_once_each(db: &Backend) {
    let mut ended = Vec::new();
    let mut position = Position::START;
    loop {
        let log = db.read(ada(), position, 500).await.unwrap();
        let Some(last) = log.last() else { break };
        position = last.position;
        let ends = log
            .iter()
            .filter(|entry| entry.entry.change.name() == "job.ended");
        ended.extend(ends.filter_map(|entry| entry.entry.change.job()));
    }
    let count = ended.len();
    ended.sort_unstable();
    ended.dedup();
    assert_eq!((ended.len(), count), (200, 200), "each end is told once");
}

fn random(chance: &SeededBits, below: u64) -> i64 {
    let bytes = chance.ten_bytes();
    let number = u64::from_le_bytes(bytes[..8].try_into().unwrap());
    i64::try_from(number % below).unwrap()
}

async fn number(sql: &DatabaseConnection, text: &str) -> i64 {
    let statement = Statement::from_string(DbBackend::Postgres, text);
    let row = sql.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

async fn wait_until(sql: &DatabaseConnection, text: &str, least: i64) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let count = number(sql, text).await;
        if count >= least {
            return;
        }
        assert!(Instant::now() < deadline, "{text}: {count}, not {least}");
        sleep(Duration::from_millis(10)).await;
    }
}

/// A worker process.
struct Process {
    child: Child,
    holder: Uuid,
}

impl Process {
    fn start(url: &str, holder: u128) -> Self {
        Self::of(url, Uuid::from_u128(holder))
    }

    fn of(url: &str, holder: Uuid) -> Self {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "jobs_killed::a_worker_process", "--nocapture"])
            .env(URL, url)
            .env(HOLDER, holder.to_string())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Self { child, holder }
    }

    /// The next one has the same disk, and takes back what it held, or is another machine.
    fn kill_and_replace(&mut self, url: &str, kill: usize, is_same: bool) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let other = Uuid::from_u128(100 + kill as u128);
        let holder = if is_same { self.holder } else { other };
        *self = Self::of(url, holder);
    }

    /// Politely.
    fn end(mut self) {
        let pid = self.child.id().to_string();
        let told = Command::new("kill").arg(pid).status().unwrap();
        assert!(told.success());
        assert!(self.child.wait().unwrap().success(), "it ends well");
    }
}

/// Not a test where nobody says what to work on.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_process() {
    let Ok(url) = std::env::var(URL) else {
        return;
    };
    let holder: Uuid = std::env::var(HOLDER).unwrap().parse().unwrap();
    let mut terminate = signal(SignalKind::terminate()).unwrap();
    let stop: BoxFuture<'static, ()> = Box::pin(async move {
        terminate.recv().await;
    });
    let effect = Effect {
        sql: sea_orm::Database::connect(&url).await.unwrap(),
        holder,
    };
    let database = Arc::new(connect(&url).await);
    let ports = WorkerPorts {
        queue: database.clone(),
        handlers: Handlers::default().with(effect),
        bell: database,
        clock: Arc::new(Now),
        timer: Arc::new(TokioTimer),
        tasks: Arc::new(TokioTasks),
    };
    let rules = WorkerRules {
        at_once: 16,
        lease: Duration::from_secs(2),
        look_every: Duration::from_millis(100),
        grace: Duration::from_secs(5),
    };
    Worker::new(ports, rules, holder).run(stop.shared()).await;
}

/// Leaves one row a job, however often it is carried out, and one a time that it is.
struct Effect {
    sql: DatabaseConnection,
    holder: Uuid,
}

#[async_trait]
impl Handler for Effect {
    fn kind(&self) -> Kind {
        Kind::new("effect")
    }

    fn retries(&self) -> Retries {
        Retries {
            attempts: 20,
            first: Duration::from_millis(100),
            longest: Duration::from_secs(1),
        }
    }

    async fn run(&self, job: &Job, _: &Reporter) -> Result<Value, Failure> {
        let values = [
            job.work().part(1).into(),
            job.id.uuid().into(),
            self.holder.into(),
        ];
        let effect = Statement::from_sql_and_values(DbBackend::Postgres, EFFECT, values);
        match self.sql.execute_raw(effect).await {
            Ok(_) => Ok(json!({})),
            Err(error) => Err(Failure::passing(Reason::new("away", error.to_string()))),
        }
    }
}

struct Now;

impl Clock for Now {
    fn now(&self) -> Timestamp {
        kernel::to_millis(std::time::SystemTime::now().into())
    }
}

/// Waits on the runtime.
pub(crate) struct TokioTimer;

#[async_trait]
impl Timer for TokioTimer {
    async fn sleep(&self, duration: Duration) {
        sleep(duration).await;
    }
}

struct TokioTasks;

impl Tasks for TokioTasks {
    fn spawn(&self, _: &'static str, task: Task) {
        tokio::spawn(task);
    }
}
