//! The words in which tables are declared.

/// A table that holds something of users.
#[derive(Debug)]
pub(crate) struct Personal {
    pub(crate) table: &'static str,
    pub(crate) owner: Owner,
    pub(crate) export: Export,
}

/// How a row tells whose it is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Owner {
    /// This column is the user's id.
    Column(&'static str),
    /// This column is the `id` of a row of that table, which is personal too.
    Through(&'static str, &'static str),
    /// The first column is the user's id, or the second, a text, names it.
    ColumnOrMention(&'static str, &'static str),
    /// A line of the audit: about the user, or about nobody and by the user.
    Audit,
}

/// Whether the rows are handed out.
#[derive(Debug)]
pub(crate) enum Export {
    /// In a file of this name, in the order of these columns, which no two rows share.
    As {
        kind: &'static str,
        order: &'static [Key],
        fields: &'static [Field],
    },
    /// No: why.
    No(&'static str),
}

/// A column of the order.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Key {
    Id(&'static str),
    Text(&'static str),
    Day(&'static str),
    Number(&'static str),
}

impl Key {
    pub(crate) const fn column(self) -> &'static str {
        match self {
            Self::Id(column) | Self::Text(column) | Self::Day(column) | Self::Number(column) => {
                column
            }
        }
    }
}

/// What becomes of a column. A name with dots lies in objects: `analysis.model`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) column: &'static str,
    pub(crate) name: &'static str,
    pub(crate) shown: Shown,
}

/// How a column's value is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shown {
    Id,
    Text,
    /// The key of an object; empty is none.
    ObjectKey,
    /// The keys of what was recorded in the conversation with this id.
    Recordings,
    /// Milliseconds since 1970, as RFC 3339.
    Time,
    Day,
    Number,
    SmallNumber,
    Flag,
    /// Milliseconds, as whole seconds.
    Seconds,
    /// JSON as it was written; nothing is null.
    Json,
    /// Whether there is a value.
    Presence,
    /// `active` without a value, `ended` with one.
    Status,
    /// Text that is the user's own only where this column is null or the user's id.
    OwnText(&'static str),
    /// Not at all, and why.
    Hidden(&'static str),
}

macro_rules! fields {
    ($($name:ident => $shown:ident,)+) => {$(
        pub(crate) const fn $name(column: &'static str, name: &'static str) -> Field {
            Field { column, name, shown: Shown::$shown }
        }
    )+};
}

fields! {
    id => Id,
    text => Text,
    object_key => ObjectKey,
    recordings => Recordings,
    time => Time,
    day => Day,
    number => Number,
    small_number => SmallNumber,
    flag => Flag,
    seconds => Seconds,
    json => Json,
    presence => Presence,
    status => Status,
}

pub(crate) const fn own_text(
    column: &'static str,
    name: &'static str,
    whose: &'static str,
) -> Field {
    let shown = Shown::OwnText(whose);
    Field {
        column,
        name,
        shown,
    }
}

pub(crate) const fn hidden(column: &'static str, why: &'static str) -> Field {
    let shown = Shown::Hidden(why);
    Field {
        column,
        name: "",
        shown,
    }
}

/// A table that holds nothing of users: its columns, and why that is so.
#[cfg(test)]
#[derive(Debug)]
pub(crate) struct Impersonal {
    pub(crate) table: &'static str,
    pub(crate) columns: &'static [&'static str],
    #[expect(dead_code, reason = "read by people")]
    pub(crate) why: &'static str,
}
