//! The data folder: rights and room.

use files::{DataFolder, FolderReport};

use super::finding::Finding;
use super::told;
use crate::settings::Settings;

pub(super) const NAME: &str = "data folder";
const VARIABLE: &str = "SMARTSIGHT_DATA_DIR";
const MIB: u64 = 1024 * 1024;
/// With less nothing can be taken in.
const LEAST_FREE: u64 = 64 * MIB;

pub(super) async fn check(settings: &Settings) -> Vec<Finding> {
    let path = settings.data_dir.clone();
    let looked = tokio::task::spawn_blocking(move || DataFolder::examine(&path)).await;
    let finding = match looked {
        Ok(Ok(report)) => judge(&report, settings),
        Ok(Err(error)) => {
            let fix = format!("let this user write there, or set {VARIABLE} to another folder");
            Finding::failure(NAME, told(error), fix)
        }
        Err(error) => Finding::failure(NAME, told(error), "run it again"),
    };
    vec![finding]
}

fn judge(report: &FolderReport, settings: &Settings) -> Finding {
    let message = described(report, settings);
    let may_wait = settings.journal.max_bytes + settings.spool.max_bytes;
    if report.free_bytes < LEAST_FREE {
        let fix = format!("free room on that disk, or move {VARIABLE} to another one");
        return Finding::failure(NAME, message, fix);
    }
    if report.free_bytes < may_wait {
        let needed = may_wait / MIB;
        let fix = format!(
            "free room: {needed} MB may wait here while database or store are away \
             (JOURNAL_MAX_MB, SPOOL_MAX_MB)"
        );
        return Finding::warning(NAME, message, fix);
    }
    if report.is_open_to_others {
        let fix = format!("chmod 700 {}", settings.data_dir.display());
        let message = format!("{message}; others on this machine may look into it");
        return Finding::warning(NAME, message, fix);
    }
    Finding::ok(NAME, message)
}

fn described(report: &FolderReport, settings: &Settings) -> String {
    let path = settings.data_dir.display();
    let free = report.free_bytes / MIB;
    let state = match (report.exists, report.in_use_by) {
        (false, _) => ", made at the first start".to_owned(),
        (true, Some(process)) => format!(", in use by process {process}"),
        (true, None) => String::new(),
    };
    format!("{path}: {free} MB free{state}")
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;
    use crate::settings::tests_only;

    #[track_caller]
    fn check(free_mib: u64, is_open_to_others: bool, expected: State) {
        let report = FolderReport {
            exists: true,
            free_bytes: free_mib * MIB,
            is_open_to_others,
            in_use_by: None,
        };
        assert_eq!(judge(&report, &tests_only(&[])).state, expected);
    }

    #[test]
    fn a_full_disk_is_a_failure_and_a_tight_one_a_warning() {
        check(100_000, false, State::Ok);
        check(1000, false, State::Warning);
        check(63, false, State::Failure);
    }

    #[test]
    fn a_folder_that_others_may_look_into_is_a_warning() {
        check(100_000, true, State::Warning);
    }
}
