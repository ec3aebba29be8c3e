//! Wrong settings stop the start with clear lines.

use crate::harness::Setup;

#[track_caller]
fn refused(setup: &Setup, line: &str) {
    let folder = tempfile::tempdir().unwrap();
    let output = setup.command(folder.path()).arg("serve").output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(78), "{text}");
    assert!(text.lines().any(|said| said.starts_with(line)), "{text}");
}

#[test]
fn each_fault_is_a_line_that_names_its_variable_and_the_exit_code_is_78() {
    refused(
        &Setup::default().with("S3_PREFIX", "x"),
        "S3_BUCKET: must be set",
    );
    refused(
        &Setup::default().with("SMARTSIGHT_LISTEN", "here"),
        "SMARTSIGHT_LISTEN: must be",
    );
    let open = Setup::default()
        .with("SMARTSIGHT_LISTEN", "0.0.0.0:0")
        .with("SMARTSIGHT_MODE", "open");
    refused(&open, "SMARTSIGHT_MODE: open is refused");
}

#[tokio::test]
async fn a_second_server_on_the_same_folder_is_refused() {
    let first = Setup::default().start().await;
    let second = Setup::default()
        .command(first.folder())
        .arg("serve")
        .output()
        .unwrap();
    assert!(!second.status.success());
    let text = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(text.contains("in use"), "{text}");
}
