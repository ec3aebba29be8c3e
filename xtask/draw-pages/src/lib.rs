//! Drawn study pages: text set in ink on paper ([`ink`]), photographed ([`photo`]: tilted, lit from
//! one side, a little out of focus). [`pages`] are the ones bundled with this repository.

pub mod ink;
pub mod pages;
mod perspective;
pub mod photo;
