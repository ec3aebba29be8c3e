//! Files in the journal, whatever a crash has left of them.

use std::path::Path;
use std::sync::LazyLock;

use files::FolderJournal;
use kernel::{Fault, LearningEventId};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use vision::Journal;

/// The id of the event in the corpus, under which the file lies.
const ODD: &str = "019ca8b2-0000-7000-8000-000000000001";
/// The id of an event that is whole.
const WHOLE: &str = "019ca8b2-0000-7000-8000-000000000002";
const MAX_BYTES: u64 = 4 << 20;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let built = Builder::new_multi_thread().worker_threads(1).build();
    built.unwrap_or_else(|error| panic!("{error}"))
});

/// The journal opens whatever lies in it. A file that is no event is told as such when it is its
/// turn, can be moved aside, and keeps nothing from the others; an event is written again as it was.
pub(crate) fn target(data: &[u8]) {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    lay(&folder, ODD, data);
    lay(&folder, WHOLE, &whole());
    RUNTIME.block_on(async {
        let journal = open(folder.path());
        assert_eq!(waiting(&journal).await, [id(ODD), id(WHOLE)]);
        let left = read(&journal).await;
        assert_eq!(waiting(&journal).await, left);
        let found = journal.read(id(WHOLE)).await;
        assert!(matches!(found, Ok(Some(_))), "{found:?}");
        drop(journal);
        assert_eq!(waiting(&open(folder.path())).await, left);
    });
}

/// Reads the odd file as its replay does; gives what shall wait then.
async fn read(journal: &FolderJournal) -> Vec<LearningEventId> {
    match journal.read(id(ODD)).await {
        Ok(Some(event)) => {
            assert_eq!(event.0.event.id, id(ODD));
            let kept = journal.append(&event).await;
            kept.unwrap_or_else(|error| panic!("{error}"));
            let again = journal.read(id(ODD)).await;
            assert_eq!(again.ok().flatten(), Some(event));
            vec![id(ODD), id(WHOLE)]
        }
        Ok(None) => panic!("a file that is there is not found"),
        Err(error) => {
            assert_eq!(error.fault(), Fault::Corrupt, "{error}");
            let moved = journal.set_aside(id(ODD)).await;
            moved.unwrap_or_else(|error| panic!("{error}"));
            vec![id(WHOLE)]
        }
    }
}

async fn waiting(journal: &FolderJournal) -> Vec<LearningEventId> {
    let waiting = journal.waiting(10).await;
    waiting.unwrap_or_else(|error| panic!("{error}"))
}

fn open(folder: &Path) -> FolderJournal {
    let journal = FolderJournal::open(folder, MAX_BYTES);
    journal.unwrap_or_else(|error| panic!("{error}"))
}

fn lay(folder: &TempDir, name: &str, content: &[u8]) {
    let written = std::fs::write(folder.path().join(format!("{name}.json")), content);
    written.unwrap_or_else(|error| panic!("{error}"));
}

fn whole() -> Vec<u8> {
    let text = include_str!("../../../corpus/journal/event-v1.json");
    text.replacen(ODD, WHOLE, 1).into_bytes()
}

fn id(text: &str) -> LearningEventId {
    let id = text.parse::<kernel::LearningEventId>();
    id.unwrap_or_else(|error| panic!("{error}"))
}
