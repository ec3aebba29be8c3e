//! What cannot be written down does not happen.

use auth::{
    AccountStore, AuditLog, FamilyKey, FamilyStore, MailedToken, MailedTokens, Purpose,
    RevocationFeed,
};
use kernel::{Fault, PortResult};
use sessions::ProfileStore;

use crate::auth_given::{account, ending, event, hash, opening, reset, signed_in};
use crate::backend::Backend;
use crate::given::{ada, all, at};

crate::on_both!(
    an_account_whose_audit_fails_is_not_made,
    a_sign_in_whose_audit_fails_leaves_nothing,
    a_sign_out_whose_audit_fails_leaves_the_family,
    a_change_whose_audit_fails_leaves_account_families_and_mailed_token,
    a_mailed_token_whose_audit_fails_leaves_the_earlier_one,
    a_mailed_token_belongs_to_an_account,
);

async fn an_account_whose_audit_fails_is_not_made(db: Backend) {
    db.append(&event(1)).await.unwrap();
    refused(db.create(&account(), &event(1)).await, Fault::Conflict);
    assert_eq!(AccountStore::find(&*db, ada()).await.unwrap(), None);
    assert_eq!(ProfileStore::find(&*db, ada()).await.unwrap(), None);
}

async fn a_sign_in_whose_audit_fails_leaves_nothing(db: Backend) {
    signed_in(&db, 0).await;
    db.append(&event(1)).await.unwrap();
    refused(db.open(&opening(1)).await, Fault::Conflict);
    assert!(!is_held(&db).await);
    assert_eq!(FamilyStore::list(&*db, ada(), at(0)).await.unwrap(), []);
}

async fn a_sign_out_whose_audit_fails_leaves_the_family(db: Backend) {
    signed_in(&db, 1).await;
    db.append(&ending(1).audit).await.unwrap();
    refused(db.end(&ending(1)).await, Fault::Conflict);
    assert!(is_held(&db).await);
    assert_eq!(db.head().await.unwrap(), 0);
}

async fn a_change_whose_audit_fails_leaves_account_families_and_mailed_token(db: Backend) {
    signed_in(&db, 1).await;
    db.issue(&mailed(9), None).await.unwrap();
    let mut change = reset();
    change.redeems = Some(hash(9));
    change.audit.push(event(600));
    refused(db.apply(&change).await, Fault::Conflict);
    let stored = AccountStore::find(&*db, ada()).await.unwrap();
    assert_eq!(stored, Some(account()));
    assert!(is_held(&db).await);
    assert_eq!(db.head().await.unwrap(), 0);
    let token = MailedTokens::find(&*db, &hash(9)).await.unwrap();
    assert_eq!(token, Some(mailed(9)));
    let written = AuditLog::list(&*db, Some(ada()), all()).await.unwrap();
    assert_eq!(written.items.len(), 2, "the account and the sign-in");
}

async fn a_mailed_token_whose_audit_fails_leaves_the_earlier_one(db: Backend) {
    signed_in(&db, 0).await;
    db.issue(&mailed(1), Some(&event(1))).await.unwrap();
    refused(db.issue(&mailed(2), Some(&event(1))).await, Fault::Conflict);
    let earlier = MailedTokens::find(&*db, &hash(1)).await.unwrap();
    assert_eq!(earlier, Some(mailed(1)));
    assert_eq!(MailedTokens::find(&*db, &hash(2)).await.unwrap(), None);
}

async fn a_mailed_token_belongs_to_an_account(db: Backend) {
    refused(db.issue(&mailed(1), None).await, Fault::Dangling);
}

/// Whether family 1 is there and goes on.
async fn is_held(db: &Backend) -> bool {
    let key = FamilyKey::Refresh(hash(1));
    let held = FamilyStore::find(&**db, key).await.unwrap();
    held.is_some_and(|held| held.family.ended.is_none())
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: PortResult<T>, fault: Fault) {
    assert_eq!(result.unwrap_err().fault(), fault);
}

fn mailed(n: u8) -> MailedToken {
    MailedToken {
        hash: hash(n),
        purpose: Purpose::ResetPassword,
        user: ada(),
        expires_at: at(1800),
    }
}
