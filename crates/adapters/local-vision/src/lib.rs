//! Vision without a key or a network: the photo is prepared here, read by the `tesseract` program
//! and judged by the words that were read.
//!
//! [`LocalVision`] answers [`vision::VisionModel`]. A photo goes through these rooms in order:
//!
//! 1. `page`: luma pixels become straight lines of text, black on white.
//! 2. `look`: reads them, once if it goes well, in other ways where it does not.
//! 3. `tesseract`: a child process reads them. It is a process so that the server starts where
//!    nothing is installed, and so that a hostile picture meets the reader outside of the server.
//! 4. `text`: words become text in reading order; what was hardly read is left out.
//! 5. `subject`: which subject the words speak of.
//! 6. `judge`: is there anything to study, and what is it called?
//!
//! It is a [`vision::TextWitness`] too: a glance at a few lines tells whether there is text at all.
//!
//! # What it cannot see
//! Only print and clear writing are understood. Whether somebody is working cannot be told from a
//! text: who has something to study in view counts as active, who has not as distracted.

mod judge;
mod look;
mod luma;
mod model;
mod page;
mod settings;
mod subject;
mod tesseract;
mod text;
mod witness;

pub use model::LocalVision;
pub use settings::Settings;
