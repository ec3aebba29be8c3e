//! A write of one user, with the entries that tell of it.

use kernel::{Fault, PortError, PortResult, Timestamp, UserId};
use ledger::Entry;
use sea_orm::sea_query::{Expr, LockType, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QuerySelect,
};
use sessions::Stored;

use crate::Database;
use crate::error::within;
use crate::ledger::row;
use crate::mark::{Mark, gone, mark_of};
use crate::signals::Signals;
use crate::tables::{ledger_entries, ledger_heads, users};

/// One transaction that changes what one user has. It holds the head of the user's log from the
/// beginning, so nobody else changes anything of this user until it ends; dropped, it is undone.
pub(crate) struct UserTx {
    tx: DatabaseTransaction,
    user: UserId,
    mark: Option<Mark>,
    head: i64,
    appended: i64,
    signals: Signals,
}

impl UserTx {
    /// Begins, and makes the user known to the database.
    pub(crate) async fn begin(database: &Database, user: UserId) -> PortResult<Self> {
        Self::on(database, database.begin_write().await?, user).await
    }

    /// The same on a transaction that has begun.
    pub(crate) async fn on(
        database: &Database,
        tx: DatabaseTransaction,
        user: UserId,
    ) -> PortResult<Self> {
        let head = match lock_head(&tx, user).await? {
            Some(head) => head,
            None => first_head(&tx, user).await?,
        };
        // Asked under the lock: an erasure sets the mark under it too.
        let mark = mark_of(&tx, user).await?;
        Ok(Self {
            tx,
            user,
            mark,
            head,
            appended: 0,
            signals: database.signals().clone(),
        })
    }

    /// The transaction, for the change itself.
    pub(crate) const fn tx(&self) -> &DatabaseTransaction {
        &self.tx
    }

    /// Refuses what was accepted before its user was erased.
    ///
    /// # Errors
    /// `Gone`.
    pub(crate) fn refuse_erased(&self, accepted_at: Timestamp) -> PortResult<()> {
        let is_erased = |mark: Mark| mark.refuses(Some(accepted_at));
        if self.mark.is_some_and(is_erased) {
            return Err(gone());
        }
        Ok(())
    }

    /// Appends an entry to the user's log; an entry with this id that is there already stays.
    ///
    /// # Errors
    /// `Conflict` when that entry is another user's; `Gone` when the user was erased after the
    /// server had accepted what it tells of.
    pub(crate) async fn append(&mut self, entry: &Entry) -> PortResult<Stored> {
        self.refuse_erased(entry.server_time)?;
        if entry.user != self.user {
            return Err(foreign("append another user's entry"));
        }
        let insert = ledger_entries::Entity::insert(row(entry, self.head + self.appended + 1)?)
            .on_conflict(once(ledger_entries::Column::Id))
            .exec_without_returning(&self.tx);
        if within("append to the ledger", insert).await? == 0 {
            return self.already(entry).await;
        }
        self.appended += 1;
        Ok(Stored::New)
    }

    /// Appends an entry that tells of a change made for the first time.
    ///
    /// # Errors
    /// `Conflict` when an entry with this id is there already: it told of something else.
    pub(crate) async fn append_new(&mut self, entry: &Entry) -> PortResult<()> {
        match self.append(entry).await? {
            Stored::New => Ok(()),
            Stored::Already => Err(taken()),
        }
    }

    async fn already(&self, entry: &Entry) -> PortResult<Stored> {
        let ours = ledger_entries::Entity::find()
            .filter(ledger_entries::Column::Id.eq(entry.id.uuid()))
            .filter(ledger_entries::Column::UserId.eq(self.user.uuid()))
            .one(&self.tx);
        let ours = within("find ledger entry", ours).await?;
        ours.map(|_| Stored::Already).ok_or_else(taken)
    }

    /// Commits the change and the new head of the log, and tells those who follow it.
    pub(crate) async fn commit(self) -> PortResult<()> {
        use ledger_heads::Column;
        if self.appended > 0 {
            let update = ledger_heads::Entity::update_many()
                .col_expr(Column::Seq, Expr::value(self.head + self.appended))
                .col_expr(Column::Unprojected, Expr::value(true))
                .filter(Column::UserId.eq(self.user.uuid()))
                .exec(&self.tx);
            within("move the ledger's head", update).await?;
        }
        within("commit", self.tx.commit()).await?;
        if self.appended > 0 {
            self.signals.tell_of_user(self.user);
        }
        Ok(())
    }
}

/// Makes the user known to the database, for rows that belong to one.
pub(crate) async fn ensure_user(tx: &impl ConnectionTrait, user: UserId) -> PortResult<()> {
    let unknown = users::ActiveModel {
        id: Set(user.uuid()),
        ..Default::default()
    };
    let insert = users::Entity::insert(unknown)
        .on_conflict(once(users::Column::Id))
        .exec_without_returning(tx);
    within("insert user", insert).await.map(drop)
}

/// Keeps the user's row from being removed until the transaction ends; `false` if there is none.
pub(crate) async fn hold_user(tx: &DatabaseTransaction, user: UserId) -> PortResult<bool> {
    let row = users::Entity::find_by_id(user.uuid())
        .lock(LockType::KeyShare)
        .one(tx);
    within("hold the user", row).await.map(|row| row.is_some())
}

/// Leaves a row with the same value in this column as it is.
pub(crate) fn once(column: impl sea_orm::sea_query::IntoIden) -> OnConflict {
    OnConflict::column(column).do_nothing().to_owned()
}

/// The same for a key of several columns.
pub(crate) fn once_of<C: sea_orm::sea_query::IntoIden>(
    columns: impl IntoIterator<Item = C>,
) -> OnConflict {
    OnConflict::columns(columns).do_nothing().to_owned()
}

fn taken() -> PortError {
    PortError::bare(
        Fault::Conflict,
        "append to the ledger: the entry's id is taken",
    )
}

/// What refers to something of another user refers to nothing.
pub(crate) const fn foreign(context: &'static str) -> PortError {
    PortError::bare(Fault::Dangling, context)
}

async fn lock_head(tx: &DatabaseTransaction, user: UserId) -> PortResult<Option<i64>> {
    let head = ledger_heads::Entity::find_by_id(user.uuid())
        .lock_exclusive()
        .one(tx);
    let head = within("lock the ledger's head", head).await?;
    Ok(head.map(|head| head.seq))
}

async fn first_head(tx: &DatabaseTransaction, user: UserId) -> PortResult<i64> {
    ensure_user(tx, user).await?;
    let first = ledger_heads::ActiveModel {
        user_id: Set(user.uuid()),
        seq: Set(0),
        unprojected: Set(false),
    };
    let insert = ledger_heads::Entity::insert(first)
        .on_conflict(once(ledger_heads::Column::UserId))
        .exec_without_returning(tx);
    within("insert the ledger's head", insert).await?;
    lock_head(tx, user)
        .await?
        .ok_or(foreign("lock the ledger's head: the user is gone"))
}
