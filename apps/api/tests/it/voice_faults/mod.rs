//! The voice tutor when something goes wrong: sides that do not read, sessions that end, sockets and
//! processes that die. Talks go faster than real time wherever the model's side can take it.

mod barge_in;
mod endurance;
mod given;
mod kills;
mod pressure;
mod sdk;
mod wav;
