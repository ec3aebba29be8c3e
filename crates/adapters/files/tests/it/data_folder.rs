//! The data folder belongs to one process, and its secrets to its owner.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use files::{DataFolder, DataFolderError, InvalidSigner, LinkSigner};
use secrecy::{ExposeSecret, SecretSlice};
use url::Url;

use crate::given::names;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn everything_missing_is_made_for_the_owner_alone() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("not/yet");
    let folder = DataFolder::open(&path).unwrap();
    assert_eq!(
        names(&path),
        [
            "charges",
            "incoming",
            "journal",
            "keys",
            "lock",
            "objects",
            "recordings",
            "spool"
        ]
    );
    for made in [
        &path,
        &folder.objects(),
        &folder.journal(),
        &folder.charges(),
        &folder.spool(),
    ] {
        assert_eq!(mode(made), 0o700, "{}", made.display());
    }
    assert_eq!(mode(&path.join("lock")), 0o600);
}

#[test]
fn what_others_could_open_before_is_the_owners_alone_from_the_start_on() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("data");
    for old in [&path, &path.join("objects"), &path.join("spool")] {
        fs::create_dir(old).unwrap();
        fs::set_permissions(old, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let folder = DataFolder::open(&path).unwrap();
    for ours in ["objects", "journal", "spool", "recordings", "keys"] {
        assert_eq!(mode(&path.join(ours)), 0o700, "{ours}");
    }
    assert_eq!(mode(folder.path()), 0o755, "it may hold things of others");
}

#[test]
fn a_second_process_is_refused_until_the_first_is_gone() {
    let path = tempfile::tempdir().unwrap();
    let first = DataFolder::open(&path).unwrap();
    let refused = DataFolder::open(&path).unwrap_err();
    assert!(matches!(refused, DataFolderError::InUse { .. }));
    let message = refused.to_string();
    let expected = format!(
        "is in use by another smartsight process (process {})",
        std::process::id()
    );
    assert!(message.ends_with(&expected), "{message}");
    drop(first);
    DataFolder::open(&path).unwrap();
}

#[test]
fn a_file_where_the_folder_should_be_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = DataFolder::open(file.path()).unwrap_err();
    let expected = format!("{} cannot be used", file.path().display());
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_secret_stays_the_same_and_others_are_different() {
    let path = tempfile::tempdir().unwrap();
    let bytes = |name: &str| {
        let folder = DataFolder::open(&path).unwrap();
        folder.secret(name, 32).unwrap().expose_secret().to_vec()
    };
    let links = bytes("links");
    assert_eq!(links.len(), 32);
    assert_eq!(bytes("links"), links);
    assert_ne!(bytes("tokens"), links);
    assert_eq!(mode(&path.path().join("keys/links")), 0o600);
}

#[test]
fn a_secret_that_others_could_read_is_closed() {
    let path = tempfile::tempdir().unwrap();
    let folder = DataFolder::open(&path).unwrap();
    folder.secret("links", 32).unwrap();
    let file = path.path().join("keys/links");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    folder.secret("links", 32).unwrap();
    assert_eq!(mode(&file), 0o600);
}

#[test]
fn a_damaged_secret_is_an_error_and_is_not_replaced() {
    let path = tempfile::tempdir().unwrap();
    let folder = DataFolder::open(&path).unwrap();
    for damaged in ["", "00ff\n", "no hexadecimal"] {
        fs::write(path.path().join("keys/links"), damaged).unwrap();
        let error = folder.secret("links", 32).unwrap_err();
        assert!(
            matches!(error, DataFolderError::DamagedSecret { .. }),
            "{error}"
        );
    }
}

#[test]
fn a_secret_is_not_named_by_a_path() {
    let path = tempfile::tempdir().unwrap();
    let folder = DataFolder::open(&path).unwrap();
    for name in ["", "../lock", "a/b", ".tmp", "A"] {
        let error = folder.secret(name, 32).unwrap_err();
        assert!(matches!(error, DataFolderError::Io { .. }), "{error}");
    }
}

#[test]
fn links_need_a_strong_secret_and_an_address() {
    let web = Url::parse("http://127.0.0.1:8080").unwrap();
    let mail = Url::parse("mailto:ada@example.org").unwrap();
    let secret = |length| SecretSlice::from(vec![1; length]);
    let refused = |secret, base| LinkSigner::try_new(&secret, base).unwrap_err();
    assert_eq!(refused(secret(31), web.clone()), InvalidSigner::WeakSecret);
    assert_eq!(refused(secret(32), mail), InvalidSigner::BaseUrl);
    LinkSigner::try_new(&secret(32), web).unwrap();
}

#[test]
fn a_folder_is_looked_at_without_being_made_or_taken() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("not/yet");
    let absent = DataFolder::examine(&path).unwrap();
    assert!(!absent.exists && absent.free_bytes > 0 && absent.in_use_by.is_none());
    assert!(!path.exists() && names(parent.path()).is_empty());
    let open = DataFolder::open(&path).unwrap();
    let found = DataFolder::examine(&path).unwrap();
    assert_eq!(found.in_use_by, Some(std::process::id()));
    assert!(!found.is_open_to_others);
    drop(open);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    assert!(DataFolder::examine(&path).unwrap().is_open_to_others);
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("file");
    fs::write(&file, "").unwrap();
    let refused = DataFolder::examine(&file.join("data"));
    assert!(matches!(refused, Err(DataFolderError::Io { .. })));
}
