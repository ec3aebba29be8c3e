//! Requests about the conversation's items.

use serde_json::{Value, json};

use super::{Talk, text_of};
use crate::sim::realtime::items::Item;
use crate::sim::realtime::shape::Mistake;

impl Talk {
    pub(super) fn create_item(&mut self, event: &Value) -> Result<(), Mistake> {
        let item = self.item_of(&event["item"])?;
        let value = item.value.clone();
        let previous = self
            .items
            .insert(item, event["previous_item_id"].as_str())?;
        self.emit_item(&value, &previous);
        Ok(())
    }

    /// An item as the provider shows it: with ids and a status, without sound.
    pub(super) fn item_of(&mut self, asked: &Value) -> Result<Item, Mistake> {
        let mut value = asked.clone();
        let kind = text_of(asked, "type").to_owned();
        self.check_kind(&kind, asked)?;
        let id = value["id"].as_str().map(str::to_owned);
        let id = id.unwrap_or_else(|| self.ids.next("item"));
        value["id"] = json!(id);
        if kind != "function_call_output" {
            value["status"] = json!("completed");
        }
        if kind == "function_call" && value["call_id"].is_null() {
            value["call_id"] = json!(self.ids.call());
        }
        let audio_ms = take_sound(&mut value);
        if let Value::Object(fields) = &mut value {
            fields.remove("object");
        }
        let words = words_of(&value);
        Ok(Item {
            id,
            value,
            audio_ms,
            words,
        })
    }

    fn check_kind(&self, kind: &str, item: &Value) -> Result<(), Mistake> {
        match kind {
            "function_call_output" => {
                let call = &item["call_id"];
                let calls = self.items.all().iter();
                let mut calls = calls.filter(|item| item.kind() == "function_call");
                if calls.any(|item| item.value["call_id"] == *call) {
                    return Ok(());
                }
                let message = format!("Tool call ID {call} not found in conversation.");
                Err(Mistake::new("invalid_tool_call_id", message).of("item.call_id"))
            }
            "item_reference" => {
                let message = "Item references are only allowed in the input of a response.";
                Err(Mistake::new("invalid_value", message).of("item.type"))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn retrieve_item(&mut self, id: &str) -> Result<(), Mistake> {
        let Some(item) = self.items.find(id) else {
            let message = format!("Error retrieving item: the item with id '{id}' does not exist.");
            return Err(Mistake::new("item_retrieve_invalid_item_id", message).of("item_id"));
        };
        let item = item.value.clone();
        self.emit("conversation.item.retrieved", json!({"item": item}));
        Ok(())
    }

    pub(super) fn delete_item(&mut self, id: &str) -> Result<(), Mistake> {
        self.items.delete(id)?;
        self.emit("conversation.item.deleted", json!({"item_id": id}));
        self.note_items();
        Ok(())
    }

    pub(super) fn truncate_item(&mut self, event: &Value) -> Result<(), Mistake> {
        let end_ms = event["audio_end_ms"].as_u64().unwrap_or_default();
        self.items.truncate(text_of(event, "item_id"), end_ms)?;
        let fields = json!({"item_id": event["item_id"], "content_index": event["content_index"],
            "audio_end_ms": end_ms});
        if self.plan.late_truncated && self.ear.is_within_speech() {
            self.held_truncated.push(fields);
        } else {
            self.emit("conversation.item.truncated", fields);
        }
        self.note_items();
        Ok(())
    }
}

/// Takes the sound out of an item's parts; returns its length.
fn take_sound(item: &mut Value) -> u64 {
    let Some(Value::Array(parts)) = item.get_mut("content") else {
        return 0;
    };
    let mut ms = 0;
    for part in parts {
        if let Some(sound) = part.as_object_mut().and_then(|part| part.remove("audio")) {
            // Four letters are three bytes, and 48 bytes a millisecond.
            ms += sound.as_str().unwrap_or_default().len() as u64 * 3 / 4 / 48;
            part["transcript"] = part["transcript"].take();
        }
    }
    ms
}

/// Everything written in an item.
fn words_of(item: &Value) -> String {
    let parts = item["content"].as_array().into_iter().flatten();
    let texts = parts.filter_map(|part| part["text"].as_str().or(part["transcript"].as_str()));
    let fields = ["arguments", "output"].into_iter();
    let fields = fields.filter_map(|name| item[name].as_str());
    texts.chain(fields).collect::<Vec<_>>().join(" ")
}
