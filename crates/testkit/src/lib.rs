//! What tests share: a clock that stands still, seeded ids, test data, provider simulators, and
//! real servers started for the test. A dev-dependency only.

pub mod clock;
pub mod contracts;
pub mod data;
pub mod ids;
pub mod openid;
pub mod otlp;
pub mod postgres;
pub mod presigned;
pub mod proxy;
pub mod python;
pub mod redis_server;
pub mod s3_server;
pub mod sim;
pub mod voice_client;

pub use clock::FixedClock;
pub use ids::SeededBits;
