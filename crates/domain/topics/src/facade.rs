//! Study time, help counts and topics as served.

use std::sync::Arc;

use chrono::{Datelike, Days};
use kernel::{Clock, Date, PortError, SessionId, UserId};

use crate::ports::{HelpCount, Projection, StatsReader, TopicSeen};
use crate::projector;
use crate::{Rules, Stats};

/// Serves what was studied. Every read first brings the user's projection up to the user's log,
/// so a number served equals the fold over the stored events.
#[derive(Clone)]
pub struct Topics {
    projection: Arc<dyn Projection>,
    reader: Arc<dyn StatsReader>,
    clock: Arc<dyn Clock>,
    rules: Rules,
}

/// Totals of one local day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayStats {
    /// The day.
    pub date: Date,
    /// Its totals.
    pub stats: Stats,
}

/// Totals of seven local days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekStats {
    /// The Monday it begins with.
    pub monday: Date,
    /// Monday to Sunday.
    pub days: Vec<DayStats>,
}

/// Why no number can be served.
#[derive(Debug, thiserror::Error)]
pub enum TopicsError {
    /// The user has no such session.
    #[error("no such session")]
    SessionNotFound,
    /// The calendar has no such week.
    #[error("the week lies outside the calendar")]
    DateOutOfRange,
    /// A port failed.
    #[error("study time could not be read")]
    Port(#[source] PortError),
}

impl From<PortError> for TopicsError {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

impl Topics {
    /// The facade over its ports.
    pub fn new(
        projection: Arc<dyn Projection>,
        reader: Arc<dyn StatsReader>,
        clock: Arc<dyn Clock>,
        rules: Rules,
    ) -> Self {
        Self {
            projection,
            reader,
            clock,
            rules,
        }
    }

    /// Folds what the user's log holds beyond the projection. Returns the number of entries.
    pub async fn catch_up(&self, user: UserId) -> Result<usize, TopicsError> {
        if !self.projection.is_behind(user).await? {
            return Ok(0);
        }
        Ok(projector::catch_up(self.projection.as_ref(), self.rules, user).await?)
    }

    /// How many log entries of all users together are not folded yet.
    pub async fn lag(&self) -> Result<u64, TopicsError> {
        Ok(self.projection.lag().await?)
    }

    /// Catches up for users whose requests did not live to do it. A user whose log cannot be folded
    /// does not keep the others waiting. Returns how many were brought up to date.
    ///
    /// # Errors
    /// The first failure, after everybody had a turn.
    pub async fn catch_up_all(&self) -> Result<usize, TopicsError> {
        let (mut after, mut total, mut failure) = (None, 0, None);
        loop {
            let users = self.projection.behind(after, 100).await?;
            let Some(last) = users.last() else {
                return failure.map_or(Ok(total), Err);
            };
            after = Some(*last);
            for user in users {
                match self.catch_up(user).await {
                    Ok(_) => total += 1,
                    Err(error) => failure = failure.or(Some(error)),
                }
            }
        }
    }

    /// Drops one user's projection and folds the log again, in one unit of work.
    pub async fn rebuild(&self, user: UserId) -> Result<usize, TopicsError> {
        Ok(projector::rebuild(self.projection.as_ref(), self.rules, user).await?)
    }

    /// Rebuilds every user's projection; `progress` hears of each. Returns the number of entries.
    pub async fn rebuild_all(
        &self,
        mut progress: impl FnMut(UserId, usize) + Send,
    ) -> Result<usize, TopicsError> {
        let (mut after, mut total) = (None, 0);
        loop {
            let users = self.projection.users(after, 100).await?;
            let Some(last) = users.last() else {
                return Ok(total);
            };
            after = Some(*last);
            for user in users {
                let entries = self.rebuild(user).await?;
                progress(user, entries);
                total += entries;
            }
        }
    }

    /// Totals of one session, running or ended.
    pub async fn session(&self, user: UserId, session: SessionId) -> Result<Stats, TopicsError> {
        self.catch_up(user).await?;
        let stored = self.reader.session(user, session).await?;
        let stored = stored.ok_or(TopicsError::SessionNotFound)?;
        Ok(stored.timeline.stats(self.rules, self.clock.now()))
    }

    /// Totals of one local day, running sessions included.
    pub async fn daily(&self, user: UserId, date: Date) -> Result<DayStats, TopicsError> {
        let stats = self.range(user, date, date).await?;
        Ok(DayStats { date, stats })
    }

    /// Totals of the week that holds `day`, Monday first.
    pub async fn weekly(&self, user: UserId, day: Date) -> Result<WeekStats, TopicsError> {
        let back = Days::new(day.weekday().num_days_from_monday().into());
        let monday = day
            .checked_sub_days(back)
            .ok_or(TopicsError::DateOutOfRange)?;
        let sunday = monday
            .checked_add_days(Days::new(6))
            .ok_or(TopicsError::DateOutOfRange)?;
        let stats = self.range(user, monday, sunday).await?;
        let day_stats = |date| DayStats {
            date,
            stats: stats.between(date, date),
        };
        Ok(WeekStats {
            monday,
            days: monday.iter_days().take(7).map(day_stats).collect(),
        })
    }

    /// The topics the user has studied.
    pub async fn studied(&self, user: UserId) -> Result<Vec<TopicSeen>, TopicsError> {
        self.catch_up(user).await?;
        Ok(self.reader.topics(user).await?)
    }

    /// Help counts from `first` to `last`, both included.
    pub async fn help_counts(
        &self,
        user: UserId,
        first: Date,
        last: Date,
    ) -> Result<Vec<HelpCount>, TopicsError> {
        self.catch_up(user).await?;
        Ok(self.reader.help(user, first, last).await?)
    }

    async fn range(&self, user: UserId, first: Date, last: Date) -> Result<Stats, TopicsError> {
        self.catch_up(user).await?;
        let counted = self.reader.days(user, first, last).await?;
        let (mut stats, now) = (counted.settled, self.clock.now());
        for running in counted.running {
            let open = running.timeline.open(self.rules, now);
            stats.merge(&open.between(first, last));
        }
        Ok(stats)
    }
}
