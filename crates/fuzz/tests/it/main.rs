//! A short run of every target that needs no server; those that need one are run where the router
//! is tested.

#[cfg(test)]
mod targets;

#[cfg(test)]
mod runs {
    use fuzz::{Effort, run};

    use crate::targets::{cursor, events, image, journal, realtime, socket, token, wav};

    const NUMBERS: &[&[u8]] = &[b"0", b"-1", b"1e999", b"18446744073709551616"];

    fn effort<'a>(alterations: u32, words: &'a [&'a [u8]]) -> Effort<'a> {
        Effort { alterations, words }
    }

    #[test]
    fn files_that_claim_to_be_images_are_decoded_within_limits_or_refused() {
        run("image", effort(1_500, image::WORDS), image::target);
    }

    #[test]
    fn headers_of_wav_files_are_read_within_their_bytes() {
        let words: &[&[u8]] = &[
            b"RIFF", b"WAVE", b"fmt ", b"data", b"LIST", b"RF64", b"ds64",
        ];
        run("wav", effort(20_000, words), wav::target);
    }

    #[test]
    fn a_journal_with_any_file_in_it_opens_and_gives_the_others() {
        run("journal", effort(150, NUMBERS), journal::target);
    }

    #[test]
    fn any_text_is_a_cursor_that_comes_back_the_same_or_none() {
        run(
            "cursor",
            effort(20_000, &[b".", b"-", b"+", b"0x"]),
            cursor::target,
        );
    }

    #[test]
    fn no_text_but_what_was_signed_is_a_token() {
        run("token", effort(10_000, token::WORDS), token::target);
    }

    #[test]
    fn any_frames_of_a_model_are_events_or_nothing() {
        run("realtime", effort(10_000, NUMBERS), realtime::target);
    }

    #[test]
    fn what_is_followed_on_the_socket_of_events_is_followed_again() {
        run("events", effort(10_000, events::WORDS), events::target);
    }

    #[test]
    fn any_text_on_the_socket_is_understood_or_refused_in_few_words() {
        run("socket", effort(10_000, socket::WORDS), socket::target);
    }
}
