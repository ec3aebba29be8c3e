//! Everything that is kept of users: said once, read by the export and by the erasure.
//!
//! A new table gets one entry: in [`PERSONAL`] if it holds something of users, before the tables
//! that its foreign keys lead to; in `IMPERSONAL` otherwise. Each of its columns is shown under the
//! API's name, or hidden for a reason. The tests here compare both lists with the schema.

mod catalogue;
mod declared;
mod delete;
mod pages;
mod rows;
mod shown;

#[cfg(test)]
mod tests;

pub(crate) use catalogue::PERSONAL;
pub(crate) use delete::delete_all;
