//! Links the C peers, or says which packages are missing.

use std::process::Command;

const LIBRARIES: [(&str, &str); 5] = [
    ("soxr", "libsoxr-dev"),
    ("samplerate", "libsamplerate0-dev"),
    ("speexdsp", "libspeexdsp-dev"),
    ("libswresample", "libswresample-dev"),
    ("libavutil", "libavutil-dev"),
];

fn main() {
    for (module, package) in LIBRARIES {
        let found = Command::new("pkg-config")
            .args(["--exists", module])
            .status();
        if !found.is_ok_and(|status| status.success()) {
            println!("cargo::error={module} is missing: apt-get install pkg-config {package}");
        }
        println!(
            "cargo::rustc-link-lib=dylib={}",
            module.trim_start_matches("lib")
        );
    }
}
