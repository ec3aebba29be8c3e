//! How long answers took, and whether two kinds of them can be told apart.

use std::time::Duration;

use super::chance::Chance;

const RESAMPLED: usize = 1000;

/// How long each answer of a kind took, in milliseconds, in the order of the rounds.
#[derive(Default)]
pub(super) struct Times(Vec<f64>);

/// How well a time tells one kind from another: the probability that a random one of these takes
/// longer than a random one of those, ties counting half. At 0.5 it tells nothing.
pub(super) struct Told {
    pub(super) auc: f64,
    /// Where it lies in 95 of 100 runs, by bootstrap over the rounds.
    pub(super) from: f64,
    pub(super) to: f64,
}

impl Times {
    pub(super) fn push(&mut self, time: Duration) {
        self.0.push(time.as_secs_f64() * 1000.0);
    }

    /// The time that so many of a hundred did not exceed (nearest rank).
    pub(super) fn percentile(&self, percent: usize) -> f64 {
        let sorted = sorted(self.0.clone());
        let rank = (sorted.len() * percent).div_ceil(100);
        sorted[rank.clamp(1, sorted.len()) - 1]
    }

    /// How well these are told from the others of the same rounds.
    pub(super) fn told_from(&self, others: &Self, chance: &mut Chance) -> Told {
        let rounds = self.0.len();
        let drawn = (0..RESAMPLED).map(|_| {
            let picked: Vec<usize> = (0..rounds).map(|_| chance.below(rounds)).collect();
            let pick = |times: &Self| picked.iter().map(|round| times.0[*round]).collect();
            auc(pick(self), pick(others))
        });
        let drawn = sorted(drawn.collect());
        Told {
            auc: auc(self.0.clone(), others.0.clone()),
            from: drawn[RESAMPLED / 40],
            to: drawn[RESAMPLED - 1 - RESAMPLED / 40],
        }
    }
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

/// The Mann-Whitney statistic over the number of pairs.
fn auc(these: Vec<f64>, others: Vec<f64>) -> f64 {
    let pairs = count(these.len()) * count(others.len());
    let others = sorted(others);
    let won = these.into_iter().map(|time| {
        let below = others.partition_point(|other| *other < time);
        let up_to = others.partition_point(|other| *other <= time);
        count(below + up_to) / 2.0
    });
    won.sum::<f64>() / pairs
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(these: &[f64], others: &[f64], expected: f64) {
        let auc = auc(these.to_vec(), others.to_vec());
        assert!((auc - expected).abs() < 1e-9, "{auc}");
    }

    #[test]
    fn the_statistic_is_the_share_of_pairs_in_which_the_first_is_longer() {
        check(&[2.0, 3.0], &[0.0, 1.0], 1.0);
        check(&[0.0, 1.0], &[2.0, 3.0], 0.0);
        check(&[1.0, 1.0], &[1.0, 1.0], 0.5);
        check(&[1.0, 3.0], &[2.0], 0.5);
        check(&[1.0, 3.0, 4.0], &[2.0, 3.0], 3.5 / 6.0);
    }
}
