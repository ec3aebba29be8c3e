//! Keeps segments.

use async_trait::async_trait;
use kernel::{Cursor, Fault, Page, PageRequest, PortError, PortResult, UserId};
use ledger::Entry;
use objects::{Claimed, ObjectKey};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
};
use segments::{ImageIndex, Kept, Label, Segment, SegmentPlace, SegmentStore, Sound};

use crate::Database;
use crate::convert::{moment, optional_text, text};
use crate::error::{retrying, within};
use crate::leases::{claim, let_go};
use crate::page::overfull;
use crate::tables::segments::{ActiveModel, Column, Entity, Model};
use crate::user_tx::UserTx;

const READ: &str = "read a segment";

#[async_trait]
impl SegmentStore for Database {
    async fn put(&self, segment: &Segment, entry: &Entry) -> PortResult<Kept> {
        retrying(|| put(self, segment, entry)).await
    }

    async fn list(
        &self,
        user: UserId,
        session: &Label,
        page: PageRequest,
    ) -> PortResult<Page<Segment>> {
        let rows = Entity::find()
            .filter(Column::UserId.eq(user.uuid()))
            .filter(Column::Session.eq(session.as_str()));
        let rows = overfull(rows, Column::CreatedAt, Column::Id, page).all(self.reader());
        let rows = within("list segments", rows).await?;
        let segments: PortResult<Vec<Segment>> = rows.into_iter().map(Segment::try_from).collect();
        Ok(Page::from_overfull(segments?, page.limit(), |segment| {
            Cursor {
                at: segment.created_at,
                id: segment.id.uuid(),
            }
        }))
    }

    async fn places(&self, user: UserId, session: &Label) -> PortResult<Vec<SegmentPlace>> {
        let rows = Entity::find()
            .select_only()
            .columns([
                Column::Session,
                Column::Evaluator,
                Column::Client,
                Column::ImageIndex,
            ])
            .filter(Column::UserId.eq(user.uuid()))
            .filter(Column::Session.eq(session.as_str()))
            .into_tuple::<(String, String, String, i64)>()
            .all(self.reader());
        let rows = within("list the places of segments", rows).await?;
        rows.into_iter().map(place).collect()
    }
}

/// The user's lock is held from the beginning: who comes second sees what the first has put.
async fn put(database: &Database, segment: &Segment, entry: &Entry) -> PortResult<Kept> {
    let mut tx = UserTx::begin(database, segment.user).await?;
    tx.append_new(entry).await?;
    let before = Entity::find_by_id(segment.id.uuid())
        .filter(Column::UserId.eq(segment.user.uuid()))
        .one(tx.tx());
    let before = within(READ, before).await?;
    claim_objects(tx.tx(), segment).await?;
    let row = row(segment, before.as_ref())?;
    let discarded = if let Some(before) = &before {
        replace(tx.tx(), row, before, segment).await?
    } else {
        let insert = Entity::insert(row).exec_without_returning(tx.tx());
        within("insert segment", insert).await?;
        None
    };
    tx.commit().await?;
    Ok(Kept { discarded })
}

/// An image that is being removed is shown no more; sound that is must be sent again.
async fn claim_objects(tx: &impl ConnectionTrait, segment: &Segment) -> PortResult<()> {
    if let Some(image) = &segment.image {
        claim(tx, image).await?;
    }
    match &segment.sound {
        Some(sound) if claim(tx, &sound.key).await? != Claimed::Now => Err(PortError::bare(
            Fault::Unavailable,
            "keep a segment: its sound has taken too long",
        )),
        _ => Ok(()),
    }
}

async fn replace(
    tx: &impl ConnectionTrait,
    row: ActiveModel,
    before: &Model,
    segment: &Segment,
) -> PortResult<Option<ObjectKey>> {
    let update = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(before.id))
        .exec(tx);
    within("replace segment", update).await?;
    let Some(key) = audio_key(&before.audio_key)? else {
        return Ok(None);
    };
    let_go(tx, key.as_str(), segment.received_at).await?;
    Ok(Some(key))
}

fn row(segment: &Segment, before: Option<&Model>) -> PortResult<ActiveModel> {
    let Segment {
        id,
        user,
        place,
        signed_url,
        image,
        sound,
        created_at,
        received_at,
    } = segment;
    let SegmentPlace {
        session,
        evaluator,
        client,
        image: index,
    } = place;
    let created_at = before.map_or(created_at.timestamp_millis(), |before| before.created_at);
    Ok(ActiveModel {
        id: Set(id.uuid()),
        user_id: Set(user.uuid()),
        session: Set(name(session.as_ref())?),
        evaluator: Set(name(evaluator.as_ref())?),
        client: Set(name(client.as_ref())?),
        image_index: Set(index.number().into()),
        image_key: Set(image_key(signed_url.as_ref(), image.as_ref(), before)),
        signed_url: Set(optional_text(signed_url.as_deref())?),
        audio_key: Set(sound
            .as_ref()
            .map(|sound| sound.key.to_string())
            .unwrap_or_default()),
        audio_type: Set(sound.as_ref().map(|sound| sound.content_type.clone())),
        audio_bytes: Set(bytes(sound.as_ref())?),
        created_at: Set(created_at),
        received_at: Set(received_at.timestamp_millis()),
    })
}

/// An upload link tells its image for a while only; what it led to when it was first sent, it
/// leads to when it is sent again.
fn image_key(
    signed_url: Option<&String>,
    image: Option<&ObjectKey>,
    before: Option<&Model>,
) -> Option<String> {
    let before = before.filter(|before| before.signed_url.as_ref() == signed_url);
    let known = || before.and_then(|before| before.image_key.clone());
    image.map(ToString::to_string).or_else(known)
}

fn bytes(sound: Option<&Sound>) -> PortResult<Option<i64>> {
    let bytes = sound.map(|sound| i64::try_from(sound.bytes));
    let too_large = |error| PortError::new(Fault::Refused, "store a segment", error);
    bytes.transpose().map_err(too_large)
}

fn name(label: Option<&Label>) -> PortResult<String> {
    text(label.map_or("", Label::as_str))
}

fn place(
    (session, evaluator, client, image): (String, String, String, i64),
) -> PortResult<SegmentPlace> {
    let index = u32::try_from(image).ok().and_then(ImageIndex::new);
    Ok(SegmentPlace {
        session: Label::stored(session),
        evaluator: Label::stored(evaluator),
        client: Label::stored(client),
        image: index.ok_or(PortError::bare(Fault::Corrupt, READ))?,
    })
}

fn audio_key(text: &str) -> PortResult<Option<ObjectKey>> {
    let key = (!text.is_empty()).then(|| text.parse());
    key.transpose().map_err(corrupt)
}

impl TryFrom<Model> for Segment {
    type Error = PortError;

    fn try_from(row: Model) -> PortResult<Self> {
        let Model {
            id,
            user_id,
            session,
            evaluator,
            client,
            image_index,
            signed_url,
            image_key,
            audio_key: key,
            audio_type,
            audio_bytes,
            created_at,
            received_at,
        } = row;
        let sound = match audio_key(&key)? {
            Some(key) => Some(Sound {
                key,
                content_type: audio_type.unwrap_or_default(),
                bytes: u64::try_from(audio_bytes.unwrap_or_default()).map_err(corrupt)?,
            }),
            None => None,
        };
        Ok(Self {
            id: id.into(),
            user: user_id.into(),
            place: place((session, evaluator, client, image_index))?,
            signed_url,
            image: image_key
                .map(|key| key.parse().map_err(corrupt))
                .transpose()?,
            sound,
            created_at: moment(created_at)?,
            received_at: moment(received_at)?,
        })
    }
}

fn corrupt(cause: impl std::error::Error + Send + Sync + 'static) -> PortError {
    PortError::new(Fault::Corrupt, READ, cause)
}
