use super::bank::{self, Bank};
use super::planes::{self, Stream};
use super::rows::Products;
use super::weave::Weave;
use super::{BLOCK, PARALLEL, PRODUCTS, rows, weave};
use crate::conversion::Conversion;
use crate::quality::Quality;
use crate::sample::Sample;

const MOST_DOWN: usize = 3;
const MOST_UP: usize = 3;

/// A polyphase filter and the past it needs.
#[derive(Clone, Debug)]
pub(crate) struct Fir {
    bank: Bank,
    up: usize,
    down: usize,
    streams: [Stream; MOST_DOWN],
    weaves: [Weave; MOST_UP],
    /// Input that is no whole lane yet.
    staged: [f32; BLOCK * PARALLEL * MOST_DOWN],
    staged_len: usize,
    /// Whether anything came in since the start.
    sounding: bool,
}

impl Fir {
    pub(crate) fn new(conversion: Conversion, quality: Quality) -> Self {
        let bank = match quality {
            Quality::High => bank::high(conversion),
            Quality::Linear | Quality::Voice => bank::voice(conversion),
        };
        Self {
            bank,
            up: conversion.up(),
            down: conversion.down(),
            streams: [planes::SILENCE; MOST_DOWN],
            weaves: [Weave::default(); MOST_UP],
            staged: [0.0; BLOCK * PARALLEL * MOST_DOWN],
            staged_len: 0,
            sounding: false,
        }
    }

    pub(crate) const fn delay_ticks(&self) -> usize {
        self.bank.delay_ticks
    }

    /// Input samples that are worked on together.
    const fn lane_in(&self) -> usize {
        PARALLEL * self.down
    }

    /// Output samples that come of them.
    const fn lane_out(&self) -> usize {
        PARALLEL * self.up
    }

    pub(crate) const fn output_len(&self, input_len: usize) -> usize {
        (self.staged_len.saturating_add(input_len) / self.lane_in()).saturating_mul(self.lane_out())
    }

    /// `output` holds what [`output_len`](Self::output_len) said.
    pub(crate) fn process<I: Sample, O: Sample>(&mut self, mut input: &[I], mut output: &mut [O]) {
        self.sounding |= !input.is_empty();
        while !input.is_empty() {
            input = self.stage(input);
            let lanes = self.staged_len / self.lane_in();
            let (now, later) = output.split_at_mut(lanes * self.lane_out());
            self.run(lanes, now);
            output = later;
        }
    }

    /// Copies what fits and gives back the rest.
    fn stage<'a, I: Sample>(&mut self, input: &'a [I]) -> &'a [I] {
        let room = BLOCK * self.lane_in() - self.staged_len;
        let (now, later) = input.split_at(room.min(input.len()));
        let free = self.staged.iter_mut().skip(self.staged_len);
        for (slot, sample) in free.zip(now) {
            *slot = sample.to_f32();
        }
        self.staged_len += now.len();
        later
    }

    /// Filters `lanes` whole lanes of what is staged.
    fn run<O: Sample>(&mut self, lanes: usize, output: &mut [O]) {
        match (self.down, self.bank.run) {
            _ if lanes == 0 => {}
            (1, 14) => self.block::<1, 14, O>(lanes, output),
            (1, _) => self.block::<1, 22, O>(lanes, output),
            (2, 7) => self.block::<2, 7, O>(lanes, output),
            (2, 11) => self.block::<2, 11, O>(lanes, output),
            (2, 14) => self.block::<2, 14, O>(lanes, output),
            (2, _) => self.block::<2, 22, O>(lanes, output),
            (_, 7) => self.block::<3, 7, O>(lanes, output),
            (_, 11) => self.block::<3, 11, O>(lanes, output),
            (_, 14) => self.block::<3, 14, O>(lanes, output),
            (_, _) => self.block::<3, 22, O>(lanes, output),
        }
    }

    /// With the number of streams and the length of a run known to the compiler, the inner loops
    /// dissolve.
    fn block<const DOWN: usize, const RUN: usize, O: Sample>(
        &mut self,
        lanes: usize,
        output: &mut [O],
    ) {
        let taken = lanes * self.lane_in();
        let Some(streams) = self.streams.first_chunk_mut::<DOWN>() else {
            return;
        };
        planes::load::<DOWN, RUN>(streams, &self.staged[..taken]);
        let taps = self.bank.taps.as_chunks::<RUN>().0.as_chunks::<DOWN>().0;
        let phases = taps.as_chunks::<PRODUCTS>().0;
        let mut products = Products::default();
        let mut woven = [[[O::SILENCE; PARALLEL]; BLOCK]; MOST_UP];
        for ((taps, weave), phase) in phases.iter().zip(&mut self.weaves).zip(&mut woven) {
            rows::filter(streams, taps, lanes, &mut products);
            weave.merge(&products, lanes, phase);
        }
        weave::interleave(&woven, output, self.up);
        planes::advance::<DOWN, RUN>(streams, lanes);
        self.staged.copy_within(taken..self.staged_len, 0);
        self.staged_len -= taken;
    }

    /// All that the filter still rings with, to the last tap.
    pub(crate) const fn flush_len(&self) -> usize {
        if !self.sounding {
            return 0;
        }
        (self.staged_len * self.up + 2 * self.bank.delay_ticks).div_ceil(self.down)
    }

    /// `output` holds [`flush_len`](Self::flush_len) samples.
    pub(crate) fn flush<O: Sample>(&mut self, output: &mut [O]) {
        let mut lane = [O::SILENCE; PARALLEL * MOST_UP];
        let lane = &mut lane[..self.lane_out()];
        for part in output.chunks_mut(self.lane_out()) {
            let missing = self.lane_in() - self.staged_len;
            self.process(&[0.0_f32; PARALLEL * MOST_DOWN][..missing], lane);
            part.copy_from_slice(&lane[..part.len()]);
        }
        self.reset();
    }

    pub(crate) fn reset(&mut self) {
        self.streams = [planes::SILENCE; MOST_DOWN];
        self.weaves = [Weave::default(); MOST_UP];
        self.staged_len = 0;
        self.sounding = false;
    }
}
