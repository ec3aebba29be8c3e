//! Everything of everybody: out of one place into an archive, and from there into an empty one.
//!
//! Rows move as they are, with ids, positions in logs and everything derived, so that the new place
//! answers as the old one did. Rows arrive in one transaction, after the objects: a move that was
//! broken off has left nothing but objects, and is begun again. Neither side holds more than a
//! portion in memory.

mod arrive;
mod inventory;
mod leave;
mod lines;
mod moving;
mod ports;

pub use arrive::ArriveError;
pub use inventory::{INVENTORY_VERSION, Inventory};
pub use leave::LeaveError;
pub use moving::Moving;
pub use ports::{Column, Giver, Table, Tables, Taker, Unpacking};
