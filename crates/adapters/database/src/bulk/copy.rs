//! Rows in the text form of Postgres' `COPY`: columns divided by tabs, rows by line breaks.

use std::fmt::Write;

use kernel::{Fault, PortError, PortResult};
use sea_orm::sea_query::Value;

use super::Rows;

/// The statement that takes the rows.
pub(crate) fn statement(rows: &Rows) -> String {
    let quoted: Vec<String> = rows.columns.iter().map(|c| format!("\"{c}\"")).collect();
    let (table, columns) = (&rows.table, quoted.join(", "));
    format!("COPY \"{table}\" ({columns}) FROM STDIN")
}

/// Appends one row.
///
/// # Errors
/// `Refused` for a kind of value that no column has.
pub(crate) fn append(text: &mut String, row: &[Value]) -> PortResult<()> {
    for (number, value) in row.iter().enumerate() {
        if number > 0 {
            text.push('\t');
        }
        field(text, value)?;
    }
    text.push('\n');
    Ok(())
}

fn field(text: &mut String, value: &Value) -> PortResult<()> {
    // Writing to a text cannot fail.
    let _ = match value {
        Value::Bool(Some(true)) => write!(text, "t"),
        Value::Bool(Some(false)) => write!(text, "f"),
        Value::SmallInt(Some(number)) => write!(text, "{number}"),
        Value::Int(Some(number)) => write!(text, "{number}"),
        Value::BigInt(Some(number)) => write!(text, "{number}"),
        Value::Uuid(Some(id)) => write!(text, "{id}"),
        Value::ChronoDate(Some(day)) => write!(text, "{day}"),
        Value::String(Some(words)) => {
            escape(text, words);
            Ok(())
        }
        Value::Bytes(Some(bytes)) => {
            text.push_str("\\\\x");
            bytes.iter().try_for_each(|byte| write!(text, "{byte:02x}"))
        }
        Value::Bool(None)
        | Value::SmallInt(None)
        | Value::Int(None)
        | Value::BigInt(None)
        | Value::Uuid(None)
        | Value::ChronoDate(None)
        | Value::String(None)
        | Value::Bytes(None) => write!(text, "\\N"),
        _ => return Err(PortError::bare(Fault::Refused, "copy a value of this kind")),
    };
    Ok(())
}

fn escape(text: &mut String, words: &str) {
    for character in words.chars() {
        match character {
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            other => text.push(other),
        }
    }
}
