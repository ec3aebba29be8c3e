//! The list of errors.

use voice::VoiceError;

#[test]
fn codes_and_close_codes_are_what_the_protocol_says() {
    let closes = |error: &VoiceError| error.close_code().map(voice::CloseCode::number);
    for (error, code, close) in [
        (VoiceError::Unauthenticated, "UNAUTHENTICATED", Some(4401)),
        (VoiceError::BadMessage(String::new()), "BAD_MESSAGE", None),
        (
            VoiceError::BadAudioFrame {
                len: 6,
                sample_bytes: 4,
            },
            "BAD_AUDIO_FRAME",
            None,
        ),
        (
            VoiceError::Backpressure { side: "model" },
            "VOICE_BACKPRESSURE",
            Some(4408),
        ),
        (
            VoiceError::NotConfigured { setting: "KEY" },
            "VOICE_NOT_CONFIGURED",
            Some(4503),
        ),
    ] {
        assert_eq!((error.code(), closes(&error)), (code, close));
        assert_eq!(error.is_fatal(), close.is_some());
    }
}

#[test]
fn a_missing_key_names_the_setting() {
    let error = VoiceError::NotConfigured {
        setting: "OPENAI_API_KEY",
    };
    assert!(error.to_string().contains("OPENAI_API_KEY"));
}
