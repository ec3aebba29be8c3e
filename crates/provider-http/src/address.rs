//! Addresses below a base URL.

use url::Url;

/// Whether a base URL is an http or https address that may be shown in a log and built upon: no
/// user name, password, query or fragment.
fn is_plain(base: &Url) -> bool {
    matches!(base.scheme(), "http" | "https")
        && base.username().is_empty()
        && base.password().is_none()
        && base.query().is_none()
        && base.fragment().is_none()
}

/// The base with these segments behind its path; `None` if it is not plain. A segment is escaped.
pub(crate) fn joined(base: &Url, segments: &[&str]) -> Option<Url> {
    let mut address = base.clone();
    if !is_plain(base) {
        return None;
    }
    address
        .path_segments_mut()
        .ok()?
        .pop_if_empty()
        .extend(segments);
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(base: &str, expected: Option<&str>) {
        let address = joined(&base.parse().unwrap(), &["models", "a/b:c"]);
        assert_eq!(address.as_ref().map(Url::as_str), expected);
    }

    #[test]
    fn segments_stand_behind_the_base() {
        check("http://h/v1", Some("http://h/v1/models/a%2Fb:c"));
        check("http://h/v1/", Some("http://h/v1/models/a%2Fb:c"));
        check("https://h", Some("https://h/models/a%2Fb:c"));
    }

    #[test]
    fn a_base_that_would_show_in_logs_or_break_the_path_is_refused() {
        for base in [
            "http://user:pass@h/v1",
            "http://h/v1?x=1",
            "ftp://h/",
            "data:,x",
        ] {
            check(base, None);
        }
    }
}
