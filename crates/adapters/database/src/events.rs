//! Keeps learning events.

use async_trait::async_trait;
use kernel::{
    Cursor, Fault, LearningEventId, Page, PageRequest, PortError, PortResult, SessionId, UserId,
};
use objects::ObjectKey;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use sessions::{
    ContentAnalysis, EventEntries, EventStore, LearningEvent, NewLearningEvent, Stored,
};
use topics::TopicName;

use crate::Database;
use crate::convert::{moment, optional_text, text};
use crate::error::{retrying, within};
use crate::page::overfull;
use crate::tables::learning_events::{ActiveModel, Column, Entity, Model};
use crate::tables::sessions as session_rows;
use crate::user_tx::{UserTx, foreign, once};

#[async_trait]
impl EventStore for Database {
    #[tracing::instrument(name = "record event", skip_all)]
    async fn record(&self, new: &NewLearningEvent, entries: &EventEntries) -> PortResult<Stored> {
        retrying(|| record(self, new, entries)).await
    }

    async fn find(&self, user: UserId, id: LearningEventId) -> PortResult<Option<LearningEvent>> {
        find(self.reader(), user, id).await
    }

    async fn list(
        &self,
        user: UserId,
        session: SessionId,
        page: PageRequest,
    ) -> PortResult<Page<LearningEvent>> {
        let rows = Entity::find()
            .filter(Column::SessionId.eq(session.uuid()))
            .filter(Column::UserId.eq(user.uuid()));
        let rows = overfull(rows, Column::CapturedAt, Column::Id, page).all(self.reader());
        let rows = within("list learning events", rows).await?;
        let events: PortResult<Vec<LearningEvent>> =
            rows.into_iter().map(LearningEvent::try_from).collect();
        Ok(Page::from_overfull(events?, page.limit(), |event| Cursor {
            at: event.captured_at,
            id: event.id.uuid(),
        }))
    }

    async fn count(&self, user: UserId, session: SessionId) -> PortResult<u64> {
        let row = session_rows::Entity::find_by_id(session.uuid())
            .filter(session_rows::Column::UserId.eq(user.uuid()))
            .one(self.reader());
        let row = within("count learning events", row).await?;
        Ok(row.map_or(0, |session| session.event_count.unsigned_abs()))
    }
}

/// The event, if it is this user's.
pub(crate) async fn find(
    from: &impl ConnectionTrait,
    user: UserId,
    id: LearningEventId,
) -> PortResult<Option<LearningEvent>> {
    let row = Entity::find_by_id(id.uuid())
        .filter(Column::UserId.eq(user.uuid()))
        .one(from);
    let row = within("find learning event", row).await?;
    row.map(LearningEvent::try_from).transpose()
}

async fn record(
    database: &Database,
    new: &NewLearningEvent,
    entries: &EventEntries,
) -> PortResult<Stored> {
    let event = &new.event;
    if new.session.id != event.session || new.session.user != event.user {
        return Err(foreign("record learning event: it is not of this session"));
    }
    let mut tx = UserTx::begin(database, event.user).await?;
    if !advance_session(&tx, event).await? {
        crate::sessions::insert(&mut tx, &new.session, &entries.session).await?;
        advance_session(&tx, event).await?;
    }
    let insert = Entity::insert(row(event)?)
        .on_conflict(once(Column::Id))
        .exec_without_returning(tx.tx());
    if within("insert learning event", insert).await? == 0 {
        return already(&tx, event).await;
    }
    tx.append_new(&entries.event).await?;
    tx.commit().await?;
    Ok(Stored::New)
}

/// The transaction is dropped after this, so nothing has changed.
async fn already(tx: &UserTx, event: &LearningEvent) -> PortResult<Stored> {
    match find(tx.tx(), event.user, event.id).await? {
        Some(_) => Ok(Stored::Already),
        None => Err(PortError::bare(
            Fault::Conflict,
            "insert learning event: another user has this id",
        )),
    }
}

/// Counts the event and moves the last activity on; `false` when the user has no such session.
async fn advance_session(tx: &UserTx, event: &LearningEvent) -> PortResult<bool> {
    use session_rows::Column as Session;
    let active_at = event.active_at().timestamp_millis();
    let last_activity = Expr::col(Session::LastActivityAt);
    let latest = CaseStatement::new()
        .case(last_activity.clone().lt(active_at), active_at)
        .finally(last_activity);
    let update = session_rows::Entity::update_many()
        .col_expr(Session::LastActivityAt, latest.into())
        .col_expr(Session::EventCount, Expr::col(Session::EventCount).add(1))
        .filter(Session::Id.eq(event.session.uuid()))
        .filter(Session::UserId.eq(event.user.uuid()))
        .exec(tx.tx());
    Ok(within("advance session", update).await?.rows_affected == 1)
}

/// An event as a row.
pub(crate) fn row(event: &LearningEvent) -> PortResult<ActiveModel> {
    let LearningEvent {
        id,
        session,
        user,
        object,
        captured_at,
        received_at,
        content,
        topic,
        model,
        reused,
        text_disputed,
    } = event;
    let ContentAnalysis {
        is_studying,
        is_active,
        is_distracted,
        topic: seen_topic,
        subtopic,
        extracted_text,
    } = content;
    Ok(ActiveModel {
        id: Set(id.uuid()),
        session_id: Set(session.uuid()),
        user_id: Set(user.uuid()),
        object_key: Set(object.as_str().to_owned()),
        captured_at: Set(captured_at.timestamp_millis()),
        received_at: Set(received_at.timestamp_millis()),
        topic: Set(text(topic.as_str())?),
        model: Set(text(model)?),
        reused: Set(*reused),
        text_disputed: Set(*text_disputed),
        is_studying: Set(*is_studying),
        is_active: Set(*is_active),
        is_distracted: Set(*is_distracted),
        seen_topic: Set(optional_text(seen_topic.as_deref())?),
        seen_subtopic: Set(optional_text(subtopic.as_deref())?),
        extracted_text: Set(text(extracted_text)?),
    })
}

impl TryFrom<Model> for LearningEvent {
    type Error = PortError;

    fn try_from(row: Model) -> PortResult<Self> {
        let object: ObjectKey = row
            .object_key
            .parse()
            .map_err(|e| PortError::new(Fault::Corrupt, "read a stored object key", e))?;
        let content = ContentAnalysis {
            is_studying: row.is_studying,
            is_active: row.is_active,
            is_distracted: row.is_distracted,
            topic: row.seen_topic,
            subtopic: row.seen_subtopic,
            extracted_text: row.extracted_text,
        };
        Ok(Self {
            id: row.id.into(),
            session: row.session_id.into(),
            user: row.user_id.into(),
            object,
            captured_at: moment(row.captured_at)?,
            received_at: moment(row.received_at)?,
            content,
            topic: TopicName::stored(row.topic),
            model: row.model,
            reused: row.reused,
            text_disputed: row.text_disputed,
        })
    }
}
