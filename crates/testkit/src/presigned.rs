//! A client in Python that puts files behind upload links, rightly and wrongly.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::python;

/// What puts to S3 in Python.
const PACKAGES: [&str; 2] = ["boto3==1.44.5", "requests==2.34.2"];

/// What is put behind a link.
#[derive(Debug, Clone, Copy)]
pub struct PutBehind<'a> {
    /// The link.
    pub url: &'a str,
    /// The headers that belong to it.
    pub headers: &'a Value,
    /// The right bytes.
    pub file: &'a Path,
    /// Not what is right in the end too.
    pub only_wrong: bool,
}

/// The status that each attempt was answered with: `too short`, `too long`, `another type`,
/// `another checksum` where one was promised, and unless told otherwise `right` and `again`.
///
/// # Panics
/// When Python or its packages are not to be had, or the program fails.
pub fn put_behind(put: PutBehind<'_>) -> BTreeMap<String, u16> {
    attempt(put).unwrap_or_else(|error| panic!("presigned_put.py: {error}"))
}

fn attempt(put: PutBehind<'_>) -> std::io::Result<BTreeMap<String, u16>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/python/presigned_put.py");
    let mut command = python::with(&PACKAGES).command();
    let mut child = command
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let link = json!({
        "uploadUrl": put.url, "headers": put.headers, "file": put.file,
        "onlyWrong": put.only_wrong,
    });
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(link.to_string().as_bytes())?;
    }
    let output = child.wait_with_output()?;
    serde_json::from_slice(&output.stdout).map_err(Into::into)
}
