//! The conversation's items, in order.

use serde_json::{Value, json};

use super::shape::Mistake;

/// An item and what the simulator knows beyond its JSON.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) id: String,
    /// As the client sees it.
    pub(super) value: Value,
    /// Sound in it, in ms: said by the student, or generated and not truncated.
    pub(super) audio_ms: u64,
    /// What is said in it, also where the client is not told.
    pub(super) words: String,
}

impl Item {
    pub(super) fn role(&self) -> &str {
        self.value["role"].as_str().unwrap_or_default()
    }

    pub(super) fn kind(&self) -> &str {
        self.value["type"].as_str().unwrap_or_default()
    }

    /// How many pictures it shows.
    pub(super) fn pictures(&self) -> u64 {
        let parts = self.value["content"].as_array().into_iter().flatten();
        parts
            .map(|part| u64::from(part["type"] == "input_image"))
            .sum()
    }
}

/// Items from oldest to newest.
#[derive(Debug, Default)]
pub(super) struct Items(Vec<Item>);

impl Items {
    pub(super) fn all(&self) -> &[Item] {
        &self.0
    }

    pub(super) fn last_id(&self) -> Value {
        self.0.last().map_or(Value::Null, |item| json!(item.id))
    }

    pub(super) fn find(&mut self, id: &str) -> Option<&mut Item> {
        self.0.iter_mut().find(|item| item.id == id)
    }

    pub(super) fn push(&mut self, item: Item) {
        self.0.push(item);
    }

    /// Puts an item behind another; returns the id it came to stand behind. `None` appends, `root`
    /// is the front.
    pub(super) fn insert(&mut self, item: Item, behind: Option<&str>) -> Result<Value, Mistake> {
        if self.0.iter().any(|other| other.id == item.id) {
            let message = format!(
                "Error adding item: an item with id '{}' already exists.",
                item.id
            );
            return Err(Mistake::new("item_create_duplicate_item_id", message).of("item.id"));
        }
        let at =
            match behind {
                None => self.0.len(),
                Some("root") => 0,
                Some(id) => 1 + self.0.iter().position(|other| other.id == id).ok_or_else(
                    || {
                        let message = format!(
                            "Error adding item: the previous item with id '{id}' does not exist."
                        );
                        Mistake::new("item_create_invalid_previous_item_id", message)
                            .of("previous_item_id")
                    },
                )?,
            };
        let before = at
            .checked_sub(1)
            .map_or(Value::Null, |at| json!(self.0[at].id));
        self.0.insert(at, item);
        Ok(before)
    }

    pub(super) fn delete(&mut self, id: &str) -> Result<(), Mistake> {
        let before = self.0.len();
        self.0.retain(|item| item.id != id);
        if self.0.len() < before {
            return Ok(());
        }
        let message = format!("Error deleting item: the item with id '{id}' does not exist.");
        Err(Mistake::new("item_delete_invalid_item_id", message).of("item_id"))
    }

    /// Cuts what was not heard, with its words.
    pub(super) fn truncate(&mut self, id: &str, end_ms: u64) -> Result<(), Mistake> {
        let Some(item) = self.find(id) else {
            let message = format!("Error truncating item: Item with id '{id}' not found.");
            return Err(Mistake::new("item_truncate_invalid_item_id", message).of("item_id"));
        };
        if item.role() != "assistant" || item.audio_ms == 0 {
            let message = "Only model output audio messages can be truncated";
            return Err(Mistake::new("invalid_value", message).of("item_id"));
        }
        if end_ms > item.audio_ms {
            let message = format!(
                "Audio content of {}ms is already shorter than {end_ms}ms",
                item.audio_ms
            );
            return Err(Mistake::new("invalid_value", message).of("audio_end_ms"));
        }
        item.audio_ms = end_ms;
        item.words.clear();
        item.value["content"] = json!([{"type": "output_audio"}]);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: &str) -> Item {
        Item {
            id: id.to_owned(),
            value: json!({"role": "assistant", "type": "message"}),
            audio_ms: 100,
            words: "words".to_owned(),
        }
    }

    #[test]
    fn items_stand_where_they_are_put() {
        let mut items = Items::default();
        assert_eq!(items.insert(item("b"), None), Ok(Value::Null));
        assert_eq!(items.insert(item("a"), Some("root")), Ok(Value::Null));
        assert_eq!(items.insert(item("ab"), Some("a")), Ok(json!("a")));
        let ids: Vec<_> = items.all().iter().map(|item| item.id.as_str()).collect();
        assert_eq!(ids, ["a", "ab", "b"]);
        assert!(items.insert(item("c"), Some("z")).is_err());
        assert!(items.insert(item("a"), None).is_err());
    }

    #[test]
    fn truncation_takes_the_words_and_only_shortens() {
        let mut items = Items::default();
        items.push(item("a"));
        assert_eq!(items.truncate("a", 101).unwrap_err().code, "invalid_value");
        assert_eq!(items.truncate("a", 0), Ok(()));
        assert_eq!(items.all()[0].words, "");
        let unknown = items.truncate("z", 0).unwrap_err();
        assert_eq!(unknown.code, "item_truncate_invalid_item_id");
    }
}
