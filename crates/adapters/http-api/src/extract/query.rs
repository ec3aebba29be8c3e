//! Query strings, taken strictly: each parameter known, at most once, and in its form.

use std::collections::BTreeMap;

use axum::extract::FromRequestParts;
use http::request::Parts;
use kernel::{Cursor, Date, PageRequest};
use url::form_urlencoded;
use utoipa::IntoParams;

use super::text::parse_date;
use crate::error::{ApiError, ErrorCode};
use crate::state::Shared;

/// A query string as `T`.
#[derive(Debug)]
pub(crate) struct QueryOf<T>(pub(crate) T);

/// What can be read from a query string.
pub(crate) trait FromQuery: Sized {
    /// Takes the parameters it knows.
    fn read(query: &mut QueryReader) -> Result<Self, ApiError>;
}

/// The parameters not read yet.
pub(crate) struct QueryReader(BTreeMap<String, String>);

impl<T: FromQuery> FromRequestParts<Shared> for QueryOf<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, ApiError> {
        let mut query = QueryReader::parse(parts.uri.query().unwrap_or_default())?;
        let read = T::read(&mut query)?;
        query.finish()?;
        Ok(Self(read))
    }
}

impl QueryReader {
    fn parse(query: &str) -> Result<Self, ApiError> {
        let mut parameters = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if parameters
                .insert(name.into_owned(), value.into_owned())
                .is_some()
            {
                return Err(refused("a query parameter is given twice"));
            }
        }
        Ok(Self(parameters))
    }

    /// The parameter's text, if it is given.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// The parameter as `parse` understands it; `form` tells what it must be.
    pub(crate) fn parsed<T>(
        &mut self,
        name: &'static str,
        form: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, ApiError> {
        let text = self.take(name);
        let read = |text: String| parse(&text).ok_or_else(|| ApiError::invalid(name, form));
        text.map(read).transpose()
    }

    /// A day, `YYYY-MM-DD`.
    pub(crate) fn date(&mut self, name: &'static str) -> Result<Option<Date>, ApiError> {
        self.parsed(name, "must be a date, YYYY-MM-DD", parse_date)
    }

    fn finish(self) -> Result<(), ApiError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(refused("a query parameter is not known here"))
        }
    }
}

fn refused(message: &'static str) -> ApiError {
    ApiError::new(ErrorCode::ValidationFailed, message)
}

const DEFAULT_LIMIT: u16 = 50;

fn parse_limit(text: &str) -> Option<u16> {
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let limit = is_plain.then(|| text.parse().ok())??;
    (1..=PageRequest::MAX_LIMIT)
        .contains(&limit)
        .then_some(limit)
}

/// The form of [`Cursor`], for times up to the year 2527.
fn parse_cursor(text: &str) -> Option<Cursor> {
    let (millis, id) = text.split_once('.')?;
    let is_hex = |text: &str| text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let is_shaped =
        (1..=11).contains(&millis.len()) && id.len() == 32 && is_hex(millis) && is_hex(id);
    is_shaped.then(|| text.parse().ok())?
}

/// Which page of a list.
#[derive(Debug, Clone, Copy, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// The most items wanted.
    #[param(value_type = u16, required = false, minimum = 1, maximum = 200, default = 50)]
    limit: u16,
    /// `nextCursor` of the page before.
    #[param(value_type = String, required = false, pattern = "^[0-9a-f]{1,11}\\.[0-9a-f]{32}$")]
    cursor: Option<Cursor>,
}

impl PageQuery {
    /// The page as the facades take it.
    pub(crate) fn request(self) -> PageRequest {
        PageRequest::new(self.limit, self.cursor)
    }
}

impl FromQuery for PageQuery {
    fn read(query: &mut QueryReader) -> Result<Self, ApiError> {
        let limit = query.parsed("limit", "must be a whole number from 1 to 200", parse_limit)?;
        let cursor = query.parsed("cursor", "must be a nextCursor of this list", parse_cursor)?;
        Ok(Self {
            limit: limit.unwrap_or(DEFAULT_LIMIT),
            cursor,
        })
    }
}

/// Which day.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DayQuery {
    /// The day in the user's time zone.
    #[param(value_type = String, format = Date, required = false)]
    pub(crate) date: Option<Date>,
}

impl FromQuery for DayQuery {
    fn read(query: &mut QueryReader) -> Result<Self, ApiError> {
        Ok(Self {
            date: query.date("date")?,
        })
    }
}

impl<A: FromQuery, B: FromQuery> FromQuery for (A, B) {
    fn read(query: &mut QueryReader) -> Result<Self, ApiError> {
        Ok((A::read(query)?, B::read(query)?))
    }
}
