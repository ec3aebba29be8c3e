//! The taps, unfolded from the prototypes by the compiler.

use super::{PARALLEL, PRODUCTS};
use crate::conversion::Conversion;
use crate::prototype::{HIGH_NARROW, HIGH_WIDE, VOICE_NARROW, VOICE_WIDE};

/// What one conversion at one quality needs to know.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bank {
    /// `[output phase][product][input stream][tap, oldest input first]`, flat.
    pub(super) taps: &'static [f32],
    /// Taps in each innermost run.
    pub(super) run: usize,
    /// Ticks from the first tap of the prototype to its centre.
    pub(super) delay_ticks: usize,
}

macro_rules! bank {
    ($prototype:ident, $up:literal, $down:literal) => {{
        const RUN: usize = run($prototype.len() - 1, $up, $down);
        static TAPS: [f32; $up * PRODUCTS * $down * RUN] = unfold(&$prototype, $up, $down, RUN);
        Bank {
            taps: &TAPS,
            run: RUN,
            delay_ticks: $prototype.len() - 1,
        }
    }};
}

pub(super) fn voice(conversion: Conversion) -> Bank {
    match conversion {
        Conversion::From16To24 => bank!(VOICE_NARROW, 3, 2),
        Conversion::From24To16 => bank!(VOICE_NARROW, 2, 3),
        Conversion::From48To16 => bank!(VOICE_NARROW, 1, 3),
        Conversion::From16To48 => bank!(VOICE_NARROW, 3, 1),
        Conversion::From48To24 => bank!(VOICE_WIDE, 1, 2),
        Conversion::From24To48 => bank!(VOICE_WIDE, 2, 1),
    }
}

pub(super) fn high(conversion: Conversion) -> Bank {
    match conversion {
        Conversion::From16To24 => bank!(HIGH_NARROW, 3, 2),
        Conversion::From24To16 => bank!(HIGH_NARROW, 2, 3),
        Conversion::From48To16 => bank!(HIGH_NARROW, 1, 3),
        Conversion::From16To48 => bank!(HIGH_NARROW, 3, 1),
        Conversion::From48To24 => bank!(HIGH_WIDE, 1, 2),
        Conversion::From24To48 => bank!(HIGH_WIDE, 2, 1),
    }
}

/// A quarter of the taps with which one output phase sees one input stream. The last input that
/// reaches the last tap lies `down − 1` samples after the start of its group. The lengths are those
/// that the engine has code for.
const fn run(half: usize, up: usize, down: usize) -> usize {
    let reach = 2 * half + (down - 1) * up;
    let run = (reach / (up * down) + 1).div_ceil(PARALLEL);
    assert!(matches!(
        (down, run),
        (1, 14 | 22) | (2 | 3, 7 | 11 | 14 | 22)
    ));
    run
}

const fn unfold<const LEN: usize>(
    prototype: &[i32],
    up: usize,
    down: usize,
    run: usize,
) -> [f32; LEN] {
    let mut taps = [0.0; LEN];
    let mut i = 0;
    while i < LEN {
        let delay = run - 1 - i % run;
        let stream = i / run % down;
        let product = i / run / down % PRODUCTS;
        let phase = i / run / down / PRODUCTS;
        let at = Place {
            phase,
            stream,
            delay,
            up,
            down,
        };
        taps[i] = at.product(prototype, product);
        i += 1;
    }
    taps
}

/// Where a tap sits in the bank.
struct Place {
    phase: usize,
    stream: usize,
    /// In fours of groups.
    delay: usize,
    up: usize,
    down: usize,
}

impl Place {
    /// Products are numbered `3 · outer + inner`, each 0: even groups, 1: odd ones, 2: their sum.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "f32 is what the filter runs in"
    )]
    const fn product(&self, prototype: &[i32], product: usize) -> f32 {
        let (outer, inner) = (product / 3, product % 3);
        let mut sum = 0.0;
        let mut quarter = 0;
        while quarter < PARALLEL {
            let outer_takes = outer == 2 || outer == quarter % 2;
            let inner_takes = inner == 2 || inner == quarter / 2;
            if outer_takes && inner_takes {
                sum += self.tap(prototype, quarter);
            }
            quarter += 1;
        }
        sum as f32
    }

    /// The tap that an input `PARALLEL · delay + quarter` groups ago meets, scaled so that the
    /// zeros a faster rate puts between samples cost no loudness.
    #[expect(clippy::cast_precision_loss, reason = "up is at most three")]
    const fn tap(&self, prototype: &[i32], quarter: usize) -> f64 {
        let groups = PARALLEL * self.delay + quarter;
        let ahead = groups * self.up * self.down + self.phase * self.down;
        let behind = self.stream * self.up;
        let half = prototype.len() - 1;
        if ahead < behind || ahead - behind > 2 * half {
            return 0.0;
        }
        let from_centre = half.abs_diff(ahead - behind);
        prototype[from_centre] as f64 * self.up as f64 / (1_u64 << 30) as f64
    }
}
