//! Mail over SMTP, or into a folder where no server is set.
//!
//! [`Email`] implements [`auth::Mailer`]; what the mails say is in `text`.

mod email;
mod outbox;
mod settings;
mod text;

pub use email::Email;
pub use outbox::Outbox;
pub use settings::{Delivery, EmailSettings, InvalidEmailSettings};
