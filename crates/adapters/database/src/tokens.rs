//! Tokens in nine columns: text, sound and pictures of input, cache and output.

use kernel::{Fault, PortError, PortResult};
use spending::{Tokens, Usage};

/// The columns of a row, in their order.
macro_rules! of_row {
    ($row:expr) => {
        [
            $row.input_text,
            $row.input_audio,
            $row.input_image,
            $row.cached_text,
            $row.cached_audio,
            $row.cached_image,
            $row.output_text,
            $row.output_audio,
            $row.output_image,
        ]
    };
}

/// A row with these columns set, and others.
macro_rules! into_row {
    ($columns:expr, $($row:ident)::+ { $($others:tt)* }) => {{
        let [
            input_text,
            input_audio,
            input_image,
            cached_text,
            cached_audio,
            cached_image,
            output_text,
            output_audio,
            output_image,
        ] = $columns.map(sea_orm::ActiveValue::Set);
        $($row)::+ {
            input_text,
            input_audio,
            input_image,
            cached_text,
            cached_audio,
            cached_image,
            output_text,
            output_audio,
            output_image,
            $($others)*
        }
    }};
}

pub(crate) use {into_row, of_row};

/// In the order of the columns.
pub(crate) fn columns(usage: &Usage) -> [i64; 9] {
    let Usage {
        input,
        cached,
        output,
    } = usage;
    let mut all = [input, cached, output]
        .into_iter()
        .flat_map(|tokens| [tokens.text, tokens.audio, tokens.image].map(stored));
    std::array::from_fn(|_| all.next().unwrap_or_default())
}

/// From the columns in their order.
pub(crate) fn usage(columns: [i64; 9]) -> PortResult<Usage> {
    let tokens = |at: usize| -> PortResult<Tokens> {
        Ok(Tokens {
            text: counted(columns[at])?,
            audio: counted(columns[at + 1])?,
            image: counted(columns[at + 2])?,
        })
    };
    Ok(Usage {
        input: tokens(0)?,
        cached: tokens(3)?,
        output: tokens(6)?,
    })
}

/// Nothing has so many tokens that they do not fit.
pub(crate) fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A stored count.
pub(crate) fn counted<T: TryFrom<i64>>(number: i64) -> PortResult<T> {
    T::try_from(number).map_err(|_| PortError::bare(Fault::Corrupt, "read a stored count"))
}
