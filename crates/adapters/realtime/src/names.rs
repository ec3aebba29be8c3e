//! Ids repeat from delta to delta; the last one of each kind is shared instead of copied.

use voice::{ItemId, ResponseId};

/// The ids heard last.
#[derive(Debug, Default)]
pub(crate) struct Names {
    response: Option<ResponseId>,
    item: Option<ItemId>,
}

impl Names {
    pub(crate) fn response(&mut self, name: &str) -> ResponseId {
        shared(&mut self.response, name, ResponseId::as_str)
    }

    pub(crate) fn item(&mut self, name: &str) -> ItemId {
        shared(&mut self.item, name, ItemId::as_str)
    }
}

fn shared<T>(last: &mut Option<T>, name: &str, as_str: fn(&T) -> &str) -> T
where
    T: Clone + for<'a> From<&'a str>,
{
    match last {
        Some(known) if as_str(known) == name => known.clone(),
        _ => last.insert(T::from(name)).clone(),
    }
}
