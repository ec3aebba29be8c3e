//! The reader: a child process that is given a picture and answers with words.

mod process;
mod table;
mod tiff;

pub(crate) use process::{Layout, Tesseract};
pub(crate) use table::Word;
