//! Time that moves only when everybody waits.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;
use kernel::{Clock, Task, Tasks, Timer, Timestamp};

/// A clock, its timers and the tasks started.
#[derive(Default)]
pub(crate) struct Stage {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    now_ms: i64,
    /// By time and order of setting.
    timers: BTreeMap<(i64, u64), Waker>,
    fired: u64,
    next: u64,
    tasks: Vec<Task>,
}

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl Stage {
    pub(crate) fn now_ms(&self) -> i64 {
        self.state.lock().unwrap().now_ms
    }

    /// Runs `future` and all tasks to their ends. When nothing moves, time goes on to the next
    /// timer; with none left everybody would wait for ever, which is a failure.
    pub(crate) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        let mut output = None;
        let flag = Arc::new(Flag(AtomicBool::new(true)));
        let waker = Waker::from(flag.clone());
        let mut context = Context::from_waker(&waker);
        for _ in 0..5_000_000 {
            let moves = flag.0.swap(false, Ordering::SeqCst) || self.next_timer();
            assert!(moves, "everybody waits and nothing will happen");
            if output.is_none()
                && let Poll::Ready(value) = future.as_mut().poll(&mut context)
            {
                output = Some(value);
            }
            let idle = self.poll_tasks(&mut context);
            if idle && let Some(value) = output.take() {
                return value;
            }
        }
        panic!("it never ends");
    }

    /// Polls the future a few times and drops it.
    pub(crate) fn run_for(&self, ms: i64, future: impl Future) {
        let until = self.now_ms() + ms;
        let mut future = pin!(future);
        let flag = Arc::new(Flag(AtomicBool::new(true)));
        let waker = Waker::from(flag.clone());
        let mut context = Context::from_waker(&waker);
        while self.now_ms() < until {
            if future.as_mut().poll(&mut context).is_ready() {
                return;
            }
            self.poll_tasks(&mut context);
            if !flag.0.swap(false, Ordering::SeqCst) && !self.next_timer() {
                return;
            }
        }
    }

    fn next_timer(&self) -> bool {
        let mut state = self.state.lock().unwrap();
        let Some(((at, _), waker)) = state.timers.pop_first() else {
            return false;
        };
        state.now_ms = state.now_ms.max(at);
        state.fired += 1;
        waker.wake();
        true
    }

    /// Whether none is left.
    fn poll_tasks(&self, context: &mut Context<'_>) -> bool {
        let tasks = std::mem::take(&mut self.state.lock().unwrap().tasks);
        let mut left: Vec<_> = tasks
            .into_iter()
            .filter_map(|mut task| task.as_mut().poll(context).is_pending().then_some(task))
            .collect();
        let mut state = self.state.lock().unwrap();
        left.append(&mut state.tasks);
        state.tasks = left;
        state.tasks.is_empty()
    }

    /// A timer of this stage.
    pub(crate) fn after(self: &Arc<Self>, ms: i64) -> Sleep {
        let at = self.now_ms() + ms;
        Sleep {
            stage: self.clone(),
            at,
            key: None,
        }
    }
}

/// Ready at a time.
pub(crate) struct Sleep {
    stage: Arc<Stage>,
    at: i64,
    key: Option<(i64, u64)>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let (stage, at) = (self.stage.clone(), self.at);
        let mut shared = stage.state.lock().unwrap();
        if shared.now_ms >= at {
            return Poll::Ready(());
        }
        let key = self.key.unwrap_or((at, shared.next));
        shared.next += u64::from(self.key.is_none());
        self.key = Some(key);
        shared.timers.insert(key, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            self.stage.state.lock().unwrap().timers.remove(&key);
        }
    }
}

/// The stage as the facade's ports.
#[derive(Clone)]
pub(crate) struct OnStage(pub(crate) Arc<Stage>);

impl Clock for OnStage {
    fn now(&self) -> Timestamp {
        // A Monday, well after midnight.
        let start: Timestamp = "2026-03-02T10:00:00Z".parse().unwrap();
        start + TimeDelta::milliseconds(self.0.now_ms())
    }
}

#[async_trait]
impl Timer for OnStage {
    async fn sleep(&self, duration: Duration) {
        self.0
            .after(i64::try_from(duration.as_millis()).unwrap())
            .await;
    }
}

impl Tasks for OnStage {
    fn spawn(&self, _: &'static str, task: Task) {
        self.0.state.lock().unwrap().tasks.push(task);
    }
}
