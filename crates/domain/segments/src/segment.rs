//! What is kept of a segment.

use kernel::{SegmentId, Timestamp, UserId};
use objects::ObjectKey;
use sha2::{Digest, Sha256};

use crate::{Container, ImageIndex, Label};

/// The place a segment takes among those of one user; there is one segment at each.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SegmentPlace {
    /// The client's name for the sitting.
    pub session: Option<Label>,
    /// Who showed the image.
    pub evaluator: Option<Label>,
    /// Who saw it and spoke.
    pub client: Option<Label>,
    /// Which image.
    pub image: ImageIndex,
}

impl SegmentPlace {
    /// The id of the segment at this place, the same each time (version 8 UUID, RFC 9562 §5.8, by
    /// SHA-256): whoever sends a segment again is told the same id, also beside others.
    pub fn id(&self, user: UserId) -> SegmentId {
        let mut digest = Sha256::new_with_prefix(b"smartsight segment:");
        digest.update(user.uuid());
        for label in [&self.session, &self.evaluator, &self.client] {
            let text = label.as_ref().map_or("", Label::as_str);
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text);
        }
        digest.update(self.image.number().to_be_bytes());
        let digest = digest.finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid().into()
    }
}

/// Sound as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound {
    /// Where.
    pub key: ObjectKey,
    /// Media type, told by content.
    pub content_type: String,
    /// Size in bytes.
    pub bytes: u64,
}

impl Sound {
    pub(crate) fn new(key: ObjectKey, container: Container, bytes: u64) -> Self {
        let content_type = container.content_type().to_owned();
        Self {
            key,
            content_type,
            bytes,
        }
    }
}

/// The sound recorded for one image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Its id.
    pub id: SegmentId,
    /// Whose it is.
    pub user: UserId,
    /// Its place.
    pub place: SegmentPlace,
    /// The image as the client named it: an upload link, any other URL, or a key.
    pub signed_url: Option<String>,
    /// The image in our own store, where the name leads to one.
    pub image: Option<ObjectKey>,
    /// The sound, if any was recorded.
    pub sound: Option<Sound>,
    /// When the first segment at this place was received.
    pub created_at: Timestamp,
    /// When this one was.
    pub received_at: Timestamp,
}

/// Images of one evaluator and client without a segment, though a later one has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Who showed them.
    pub evaluator: Option<Label>,
    /// Who saw them.
    pub client: Option<Label>,
    /// Which, ascending; at most [`Missing::MOST`].
    pub images: Vec<ImageIndex>,
}

impl Missing {
    /// The most images that are named for one evaluator and client.
    pub const MOST: usize = 1000;

    /// The gaps in the images of one session, for each evaluator and client who have any.
    pub(crate) fn among(places: &[SegmentPlace]) -> Vec<Self> {
        let mut pairs: Vec<_> = places
            .iter()
            .map(|place| (place.evaluator.clone(), place.client.clone(), place.image))
            .collect();
        pairs.sort();
        let of_pair = pairs.chunk_by(|one, other| (&one.0, &one.1) == (&other.0, &other.1));
        let missing = of_pair.map(|pair| Self {
            evaluator: pair[0].0.clone(),
            client: pair[0].1.clone(),
            images: gaps(pair.iter().map(|(_, _, image)| image.number())),
        });
        missing
            .filter(|missing| !missing.images.is_empty())
            .collect()
    }
}

/// Numbers from 0 on that are not among these, which ascend, up to the largest of them.
fn gaps(present: impl Iterator<Item = u32>) -> Vec<ImageIndex> {
    let mut next = 0;
    let missing = present.flat_map(|number| {
        let before = std::mem::replace(&mut next, number + 1);
        before..number
    });
    missing
        .filter_map(ImageIndex::new)
        .take(Missing::MOST)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(client: &str, image: u32) -> SegmentPlace {
        SegmentPlace {
            session: None,
            evaluator: "e".parse().ok(),
            client: client.parse().ok(),
            image: ImageIndex::new(image).unwrap(),
        }
    }

    fn numbers(missing: &Missing) -> Vec<u32> {
        missing.images.iter().map(|image| image.number()).collect()
    }

    #[test]
    fn gaps_are_told_for_each_pair_by_itself() {
        let places = [
            place("b", 0),
            place("a", 3),
            place("a", 1),
            place("b", 1),
            place("", 2),
        ];
        let missing = Missing::among(&places);
        let told: Vec<_> = missing.iter().map(numbers).collect();
        assert_eq!(told, [vec![0, 1], vec![0, 2]]);
        assert_eq!(missing[1].client.as_ref().unwrap().as_str(), "a");
        assert_eq!(
            Missing::among(&[place("a", 99_999)])[0].images.len(),
            Missing::MOST
        );
    }

    #[test]
    fn an_id_is_of_one_place_of_one_user() {
        let (ada, bob) = (UserId::from_name("ada"), UserId::from_name("bob"));
        let here = place("a", 0);
        assert_eq!(here.id(ada), here.id(ada));
        let shifted = SegmentPlace {
            evaluator: None,
            session: "e".parse().ok(),
            ..here.clone()
        };
        for other in [
            here.id(bob),
            place("b", 0).id(ada),
            place("a", 1).id(ada),
            shifted.id(ada),
        ] {
            assert_ne!(here.id(ada), other);
        }
    }
}
