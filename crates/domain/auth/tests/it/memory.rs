//! A store in memory: one lock, so every method is a transaction. Each method lets others run
//! first, up to three times, so that what is started side by side interleaves in many orders.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use auth::{
    Account, AccountChange, AccountFilter, AccountStore, AccountTotals, Applied, AuditEvent,
    AuditLog, Audited, Census, Cut, EmailAddress, EndReason, Ending, Family, FamilyKey,
    FamilyStore, GoogleSubject, Held, IssuedAccess, MailedToken, MailedTokens, Opening,
    RefreshToken, Revocation, RevocationFeed, Role, Stepped, Succession, TokenHash, Totals,
};
use kernel::{
    Date, FamilyId, Fault, Page, PageRequest, PortError, PortResult, RandomBits, Timestamp,
    TokenId, UserId,
};
use testkit::SeededBits;

pub(crate) struct Memory {
    state: Mutex<State>,
    pub(crate) feed_is_away: AtomicBool,
    /// Decides how often a method lets others run.
    order: SeededBits,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            feed_is_away: AtomicBool::new(false),
            order: SeededBits::new(7),
        }
    }
}

#[derive(Default)]
struct State {
    accounts: HashMap<UserId, Account>,
    families: HashMap<FamilyId, Family>,
    tokens: HashMap<TokenHash, RefreshToken>,
    mailed: HashMap<TokenHash, MailedToken>,
    audit: Vec<AuditEvent>,
    blacklist: Vec<Revocation>,
    head: i64,
}

impl Memory {
    pub(crate) fn of_order(order: u64) -> Self {
        Self {
            order: SeededBits::new(order),
            ..Self::default()
        }
    }

    async fn state(&self) -> MutexGuard<'_, State> {
        for _ in 0..self.order.ten_bytes()[0] % 4 {
            tokio::task::yield_now().await;
        }
        self.state.lock().unwrap()
    }

    pub(crate) fn audited(&self) -> Vec<Audited> {
        let state = self.state.lock().unwrap();
        state.audit.iter().map(|event| event.what).collect()
    }

    /// Erases an account.
    pub(crate) async fn forget(&self, user: UserId) {
        self.state().await.accounts.remove(&user);
    }

    pub(crate) fn family_of(&self, access: TokenId) -> FamilyId {
        let state = self.state.lock().unwrap();
        let mut tokens = state.tokens.values();
        tokens
            .find(|token| token.access.id == access)
            .unwrap()
            .family
    }

    pub(crate) fn live_families(&self) -> usize {
        let state = self.state.lock().unwrap();
        let live = state.families.values().filter(|f| f.ended.is_none());
        live.count()
    }
}

impl State {
    fn is_at(&self, user: UserId, version: u32) -> bool {
        self.accounts
            .get(&user)
            .is_some_and(|account| account.version == version)
    }

    fn is_taken(&self, account: &Account) -> bool {
        self.accounts.values().any(|other| {
            other.id == account.id
                || other.email == account.email
                || (other.google().is_some() && other.google() == account.google())
        })
    }

    fn revoke(&mut self, family: FamilyId, at: Timestamp) -> Vec<IssuedAccess> {
        let of_family = self.tokens.values().filter(|token| token.family == family);
        let live = of_family.map(|token| token.access);
        let live: Vec<_> = live.filter(|access| access.expires_at > at).collect();
        for access in &live {
            self.head += 1;
            let number = self.head;
            self.blacklist.push(Revocation {
                number,
                access: *access,
            });
        }
        live
    }

    fn end(&mut self, family: FamilyId, at: Timestamp, reason: EndReason) -> Vec<IssuedAccess> {
        if let Some(family) = self.families.get_mut(&family) {
            family.ended = Some((at, reason));
        }
        self.revoke(family, at)
    }

    fn cut(&mut self, user: UserId, cut: Cut, at: Timestamp) -> Vec<IssuedAccess> {
        let families = self.families.values();
        let live = families.filter(|family| family.user == user && family.ended.is_none());
        let live: Vec<_> = live.map(|family| family.id).collect();
        let of_each = live.into_iter().map(|family| match cut {
            Cut::Nothing => Vec::new(),
            Cut::Access => self.revoke(family, at),
            Cut::Families(reason) => self.end(family, at, reason),
        });
        of_each.flatten().collect()
    }
}

fn page<T>(
    mut items: Vec<T>,
    request: PageRequest,
    cursor: impl Fn(&T) -> kernel::Cursor,
) -> Page<T> {
    let key = |cursor: kernel::Cursor| (cursor.at, cursor.id);
    items.sort_by_key(|item| std::cmp::Reverse(key(cursor(item))));
    if let Some(after) = request.after() {
        items.retain(|item| key(cursor(item)) < key(after));
    }
    items.truncate(usize::from(request.limit()) + 1);
    Page::from_overfull(items, request.limit(), cursor)
}

#[async_trait]
impl AccountStore for Memory {
    async fn find(&self, id: UserId) -> PortResult<Option<Account>> {
        Ok(self.state().await.accounts.get(&id).cloned())
    }

    async fn find_by_email(&self, email: &EmailAddress) -> PortResult<Option<Account>> {
        let state = self.state().await;
        let found = state.accounts.values().find(|a| a.email == *email);
        Ok(found.cloned())
    }

    async fn find_by_google(&self, subject: &GoogleSubject) -> PortResult<Option<Account>> {
        let state = self.state().await;
        let found = state
            .accounts
            .values()
            .find(|a| a.google() == Some(subject));
        Ok(found.cloned())
    }

    async fn list(
        &self,
        filter: &AccountFilter,
        request: PageRequest,
    ) -> PortResult<Page<Account>> {
        let state = self.state().await;
        let wanted = |account: &&Account| {
            filter.role.is_none_or(|role| account.role == role)
                && filter
                    .email_contains
                    .as_ref()
                    .is_none_or(|part| account.email.as_str().contains(part))
        };
        let accounts = state.accounts.values().filter(wanted).cloned().collect();
        Ok(page(accounts, request, Account::cursor))
    }

    async fn create(&self, account: &Account, audit: &AuditEvent) -> PortResult<()> {
        let mut state = self.state().await;
        if state.is_taken(account) {
            return Err(PortError::bare(Fault::Conflict, "create account"));
        }
        state.accounts.insert(account.id, account.clone());
        state.audit.push(audit.clone());
        Ok(())
    }

    async fn apply(&self, change: &AccountChange) -> PortResult<Applied> {
        let mut state = self.state().await;
        let id = change.account.id;
        if !state.is_at(id, change.account.version - 1) {
            return Ok(Applied::Moved);
        }
        if let Some(hash) = change.redeems
            && state.mailed.remove(&hash).is_none()
        {
            return Ok(Applied::TokenUsed);
        }
        state.accounts.insert(id, change.account.clone());
        state.audit.extend(change.audit.clone());
        Ok(Applied::Done(state.cut(id, change.cut, change.at)))
    }
}

#[async_trait]
impl FamilyStore for Memory {
    async fn open(&self, opening: &Opening) -> PortResult<Stepped> {
        let mut state = self.state().await;
        if !state.is_at(opening.family.user, opening.account_version) {
            return Ok(Stepped::Moved);
        }
        let family = opening.family.clone();
        state.families.insert(family.id, family);
        state.tokens.insert(opening.token.hash, opening.token);
        state.audit.push(opening.audit.clone());
        Ok(Stepped::Done)
    }

    async fn find(&self, by: FamilyKey) -> PortResult<Option<Held>> {
        let state = self.state().await;
        let token = match by {
            FamilyKey::Refresh(hash) => state.tokens.get(&hash),
            FamilyKey::Access(id) => state.tokens.values().find(|token| token.access.id == id),
        };
        Ok(token.map(|token| Held {
            token: *token,
            family: state.families[&token.family].clone(),
        }))
    }

    async fn succeed(&self, step: &Succession) -> PortResult<Stepped> {
        let mut state = self.state().await;
        let at = step.successor.issued_at;
        let held = state.is_at(step.user, step.account_version)
            && state.families[&step.successor.family].ended.is_none();
        let token = state.tokens.get_mut(&step.presented);
        let Some(token) = token.filter(|token| held && token.swapped_at == step.swapped_at) else {
            return Ok(Stepped::Moved);
        };
        token.swapped_at.get_or_insert(at);
        state.tokens.insert(step.successor.hash, step.successor);
        let family = state.families.get_mut(&step.successor.family).unwrap();
        family.last_used_at = family.last_used_at.max(at);
        Ok(Stepped::Done)
    }

    async fn end(&self, ending: &Ending) -> PortResult<Option<Vec<IssuedAccess>>> {
        let mut state = self.state().await;
        let family = state.families.get(&ending.family);
        if !family.is_some_and(|f| f.user == ending.user && f.ended.is_none()) {
            return Ok(None);
        }
        state.audit.push(ending.audit.clone());
        Ok(Some(state.end(ending.family, ending.at, ending.reason)))
    }

    async fn list(&self, user: UserId, now: Timestamp) -> PortResult<Vec<Family>> {
        let state = self.state().await;
        let holds = |family: &Family| {
            let mut tokens = state.tokens.values();
            tokens.any(|token| token.family == family.id && token.expires_at > now)
        };
        let families = state.families.values();
        let live = families.filter(|f| f.user == user && f.ended.is_none() && holds(f));
        let mut live: Vec<_> = live.cloned().collect();
        live.sort_by_key(|family| std::cmp::Reverse((family.last_used_at, family.id)));
        Ok(live)
    }

    async fn purge(&self, before: Timestamp) -> PortResult<u64> {
        let mut state = self.state().await;
        let count = state.tokens.len();
        state.tokens.retain(|_, token| token.expires_at >= before);
        let held: Vec<_> = state.tokens.values().map(|token| token.family).collect();
        state.families.retain(|id, _| held.contains(id));
        Ok((count - state.tokens.len()) as u64)
    }
}

#[async_trait]
impl MailedTokens for Memory {
    async fn issue(&self, token: &MailedToken, audit: Option<&AuditEvent>) -> PortResult<()> {
        let mut state = self.state().await;
        let earlier = |t: &MailedToken| t.user == token.user && t.purpose == token.purpose;
        state.mailed.retain(|_, other| !earlier(other));
        state.mailed.insert(token.hash, *token);
        state.audit.extend(audit.cloned());
        Ok(())
    }

    async fn find(&self, hash: &TokenHash) -> PortResult<Option<MailedToken>> {
        Ok(self.state().await.mailed.get(hash).copied())
    }

    async fn purge(&self, before: Timestamp) -> PortResult<u64> {
        let mut state = self.state().await;
        let count = state.mailed.len();
        state.mailed.retain(|_, token| token.expires_at >= before);
        Ok((count - state.mailed.len()) as u64)
    }
}

#[async_trait]
impl RevocationFeed for Memory {
    async fn head(&self) -> PortResult<i64> {
        if self.feed_is_away.load(Ordering::SeqCst) {
            return Err(PortError::bare(Fault::Unavailable, "read the blacklist"));
        }
        Ok(self.state().await.head)
    }

    async fn after(&self, after: i64, limit: u16) -> PortResult<Vec<Revocation>> {
        let state = self.state().await;
        let newer = state.blacklist.iter().filter(|line| line.number > after);
        Ok(newer.copied().take(usize::from(limit)).collect())
    }

    async fn purge(&self, before: Timestamp) -> PortResult<u64> {
        let mut state = self.state().await;
        let count = state.blacklist.len();
        let live = |line: &Revocation| line.access.expires_at >= before;
        state.blacklist.retain(live);
        Ok((count - state.blacklist.len()) as u64)
    }
}

#[async_trait]
impl AuditLog for Memory {
    async fn append(&self, event: &AuditEvent) -> PortResult<()> {
        self.state().await.audit.push(event.clone());
        Ok(())
    }

    async fn list(
        &self,
        subject: Option<UserId>,
        request: PageRequest,
    ) -> PortResult<Page<AuditEvent>> {
        let state = self.state().await;
        let of = |event: &&AuditEvent| subject.is_none() || event.subject == subject;
        let events = state.audit.iter().filter(of).cloned().collect();
        Ok(page(events, request, AuditEvent::cursor))
    }

    async fn purge(&self, before: Timestamp) -> PortResult<u64> {
        let mut state = self.state().await;
        let count = state.audit.len();
        state.audit.retain(|event| event.at >= before);
        Ok((count - state.audit.len()) as u64)
    }
}

/// There is nothing but accounts here.
#[async_trait]
impl Census for Memory {
    async fn totals(&self, _: Date) -> PortResult<Totals> {
        let state = self.state().await;
        let count = |wanted: fn(&Account) -> bool| {
            let all = state.accounts.values();
            all.filter(|account| wanted(account)).count() as u64
        };
        let accounts = AccountTotals {
            users: count(|account| account.role == Role::User),
            admins: count(|account| account.role == Role::Admin),
            disabled: count(|account| !account.is_active()),
        };
        Ok(Totals {
            users: state.accounts.len() as u64,
            accounts,
            ..Totals::default()
        })
    }
}
