//! Into a folder.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use auth::Mailer;
use email::{Delivery, Email, EmailSettings, InvalidEmailSettings, Outbox};
use kernel::{Fault, UserId};
use privacy::{Leftovers, Whose};

use crate::server::{email_to, mail};

#[tokio::test]
async fn each_mail_is_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let mails = folder.path().join("to/be/made");
    let email = email_to(Delivery::Folder(mails.clone()));
    for _ in 0..2 {
        email.send(&mail("ada@example.org")).await.unwrap();
    }
    let files: Vec<_> = fs::read_dir(&mails).unwrap().map(Result::unwrap).collect();
    assert_eq!(files.len(), 2);
    assert!(files[0].path().extension().is_some_and(|e| e == "eml"));
    let text = fs::read_to_string(files[0].path()).unwrap();
    assert!(text.contains("To: ada@example.org\r\n"), "{text}");
}

#[tokio::test]
async fn the_folder_is_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let open = Permissions::from_mode(0o755);
    fs::set_permissions(folder.path(), open).unwrap();
    let email = email_to(Delivery::Folder(folder.path().to_owned()));
    email.send(&mail("ada@example.org")).await.unwrap();
    let mode = fs::metadata(folder.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[tokio::test]
async fn an_erased_user_takes_no_mails_of_others_along() {
    let folder = tempfile::tempdir().unwrap();
    let email = email_to(Delivery::Folder(folder.path().to_owned()));
    for address in ["ada@b.org", "ada@b.org", "lada@b.org", "ada@b.org.uk"] {
        email.send(&mail(address)).await.unwrap();
    }
    let whose = Whose {
        user: UserId::from_name("ada"),
        email: Some("ADA@b.org".to_owned()),
    };
    let outbox = Outbox::new(folder.path().to_owned());
    assert_eq!(outbox.sweep(&whose).await.unwrap().count, 2);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[tokio::test]
async fn a_folder_that_is_gone_may_be_back() {
    let folder = tempfile::tempdir().unwrap();
    let mails = folder.path().join("mails");
    let email = email_to(Delivery::Folder(mails.clone()));
    fs::remove_dir_all(mails).unwrap();
    let failed = email.send(&mail("ada@example.org")).await;
    assert_eq!(failed.unwrap_err().fault(), Fault::Unavailable);
}

#[test]
fn a_sender_that_is_no_address_is_refused_at_the_start() {
    let settings = EmailSettings {
        delivery: Delivery::Folder(tempfile::tempdir().unwrap().path().to_owned()),
        from: "SmartSight".to_owned(),
        pages: None,
    };
    let refused = Email::new(settings).err();
    assert!(matches!(refused, Some(InvalidEmailSettings::From)));
}
