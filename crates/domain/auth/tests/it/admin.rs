//! What admins do.

use auth::{
    Access, AccountFilter, AccountTotals, AdminChange, AdminCreateError, AdminError, AdminPermit,
    Audited, Role, SignInError, SignedIn, Unauthenticated,
};
use kernel::PageRequest;

use crate::house::{House, PASSWORD, address, new_password, origin};

#[tokio::test]
async fn only_an_admin_gets_a_permit() {
    let (house, permit, user) = house().await;
    let caller = house.caller(&user).await;
    assert!(AdminPermit::of(&caller, origin().clone()).is_none());
    let (filter, page) = (AccountFilter::default(), PageRequest::new(10, None));
    let accounts = house.admin.accounts(&permit, &filter, page);
    assert_eq!(accounts.await.unwrap().items.len(), 2);
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once_until_it_is_enabled() {
    let (house, permit, user) = house().await;
    change(&house, &permit, &user, None, Some(Access::Disabled)).await;
    let refused = house.auth.authenticate(&user.tokens.access).await;
    assert!(matches!(refused, Err(Unauthenticated::Revoked)));
    let refresh = user.tokens.refresh.expose();
    assert!(house.auth.refresh(refresh, origin()).await.is_err());
    let refused = house.sign_in("ada@example.org", PASSWORD).await;
    assert!(matches!(refused, Err(SignInError::Disabled)));
    let refused = house.sign_in("ada@example.org", "Wrong-Word-3").await;
    assert!(matches!(refused, Err(SignInError::WrongCredentials)));
    change(&house, &permit, &user, None, Some(Access::Enabled)).await;
    house.sign_in("ada@example.org", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_new_role_comes_with_the_next_refresh_and_the_old_token_is_out() {
    let (house, permit, user) = house().await;
    change(&house, &permit, &user, Some(Role::Admin), None).await;
    let refused = house.auth.authenticate(&user.tokens.access).await;
    assert!(matches!(refused, Err(Unauthenticated::Revoked)));
    let refresh = user.tokens.refresh.expose();
    let pair = house.auth.refresh(refresh, origin()).await.unwrap();
    let caller = house.auth.authenticate(&pair.access).await.unwrap();
    assert_eq!(caller.role, Role::Admin);
}

#[tokio::test]
async fn each_change_is_written_down_with_who_made_it_and_no_change_is_not() {
    let (house, permit, user) = house().await;
    let both = (Some(Role::Admin), Some(Access::Disabled));
    for _ in 0..2 {
        change(&house, &permit, &user, both.0, both.1).await;
    }
    let page = PageRequest::new(10, None);
    let subject = Some(user.account.id);
    let audit = house.admin.audit(&permit, subject, page).await.unwrap();
    let made = |what: Audited| {
        let of = audit.items.iter().filter(|event| event.what == what);
        of.filter(|event| event.actor.is_some()).count()
    };
    assert_eq!(made(Audited::AdminGranted), 1);
    assert_eq!(made(Audited::AccountDisabled), 1);
    assert_eq!(made(Audited::AuditRead), 1);
}

#[tokio::test]
async fn admins_do_not_change_themselves() {
    let (house, permit, _) = house().await;
    let filter = AccountFilter {
        email_contains: Some("root".to_owned()),
        role: Some(Role::Admin),
    };
    let page = PageRequest::new(10, None);
    let found = house.admin.accounts(&permit, &filter, page).await.unwrap();
    let id = found.items[0].id;
    let refused = house
        .admin
        .change(&permit, id, AdminChange::default())
        .await;
    assert!(matches!(refused, Err(AdminError::OwnAccount)));
}

#[tokio::test]
async fn the_operator_makes_and_finds_accounts() {
    let house = House::new();
    let operator = AdminPermit::of_operator();
    let (email, password) = (address("root@example.org"), new_password(PASSWORD));
    let create = async || {
        let new = (&email, &password);
        house.admin.create(&operator, new, Role::Admin).await
    };
    let made = create().await.unwrap();
    assert!(made.is_verified());
    assert!(matches!(create().await, Err(AdminCreateError::EmailTaken)));
    let found = house.admin.account_by_email(&operator, &email).await;
    assert_eq!(found.unwrap(), made);
}

#[tokio::test]
async fn totals_are_counted_and_their_reading_is_written_down() {
    let (house, permit, user) = house().await;
    change(&house, &permit, &user, None, Some(Access::Disabled)).await;
    let totals = house.admin.totals(&permit).await.unwrap();
    let accounts = AccountTotals {
        users: 1,
        admins: 1,
        disabled: 1,
    };
    assert_eq!((totals.users, totals.accounts), (2, accounts));
    let written = house.memory.audited();
    assert_eq!(written.last(), Some(&Audited::TotalsRead));
}

async fn change(
    house: &House,
    permit: &AdminPermit,
    user: &SignedIn,
    role: Option<Role>,
    access: Option<Access>,
) {
    let change = AdminChange { role, access };
    let changed = house.admin.change(permit, user.account.id, change).await;
    changed.unwrap();
}

async fn house() -> (House, AdminPermit, SignedIn) {
    let house = House::new();
    let new = (&address("root@example.org"), &new_password(PASSWORD));
    let operator = AdminPermit::of_operator();
    let made = house.admin.create(&operator, new, Role::Admin).await;
    made.unwrap();
    let root = house.sign_in("root@example.org", PASSWORD).await.unwrap();
    let permit = AdminPermit::of(&house.caller(&root).await, origin().clone()).unwrap();
    let user = house.register("ada@example.org").await;
    (house, permit, user)
}
