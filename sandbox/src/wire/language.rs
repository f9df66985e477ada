//! In which language a request wants to be answered.

use crate::seed::language::Language;

/// The header is no list of languages.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Invalid;

/// What `Accept-Language` asks for: none without the header and with `*`, else the best that the shop speaks, which is
/// English for somebody who speaks neither.
pub(crate) fn accepted(header: Option<&str>) -> Result<Option<Language>, Invalid> {
    let header = header.unwrap_or_default().trim();
    if header.is_empty() {
        return Ok(None);
    }
    let mut ranges = Vec::new();
    for range in header.split(',') {
        ranges.push(read_range(range.trim()).ok_or(Invalid)?);
    }
    ranges.retain(|(_, weight)| *weight > 0);
    // Stable, so that the first of two with the same weight stays the first.
    ranges.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    for (range, _) in ranges {
        match range.split('-').next() {
            Some("*") => return Ok(None),
            Some(language) if language.eq_ignore_ascii_case("en") => return Ok(Some(Language::En)),
            Some(language) if language.eq_ignore_ascii_case("de") => return Ok(Some(Language::De)),
            _ => {}
        }
    }
    Ok(Some(Language::En))
}

/// A language range and its weight in thousandths (RFC 9110, 12.5.4).
fn read_range(text: &str) -> Option<(&str, u32)> {
    let (range, weight) = match text.split_once(';') {
        None => (text, 1000),
        Some((range, weight)) => (range.trim_end(), read_weight(weight.trim_start())?),
    };
    let mut subtags = range.split('-');
    let is_language = |tag: &str| {
        tag == "*" || (1..=8).contains(&tag.len()) && tag.chars().all(|c| c.is_ascii_alphabetic())
    };
    let is_subtag =
        |tag: &str| (1..=8).contains(&tag.len()) && tag.chars().all(|c| c.is_ascii_alphanumeric());
    (subtags.next().is_some_and(is_language) && subtags.all(is_subtag)).then_some((range, weight))
}

fn read_weight(text: &str) -> Option<u32> {
    let number = text.strip_prefix("q=").or(text.strip_prefix("Q="))?;
    let well_formed = number.len() <= 5 && number.chars().all(|c| c.is_ascii_digit() || c == '.');
    let weight: f64 = number.parse().ok().filter(|_| well_formed)?;
    (0.0..=1.0)
        .contains(&weight)
        .then_some((weight * 1000.0) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_language_wins() {
        for (header, language) in [
            ("", None),
            ("*", None),
            ("*;q=0.8", None),
            ("de", Some(Language::De)),
            ("de-AT", Some(Language::De)),
            ("DE", Some(Language::De)),
            ("en-US,en;q=0.9", Some(Language::En)),
            ("de;q=0.3, en;q=0.9", Some(Language::En)),
            ("en;q=0, de;q=0.1", Some(Language::De)),
            ("en, *;q=0.5", Some(Language::En)),
            ("fr", Some(Language::En)),
            ("fr, de;q=0.5", Some(Language::De)),
            ("zh-Hant-TW", Some(Language::En)),
        ] {
            assert_eq!(accepted(Some(header)), Ok(language), "{header}");
        }
        assert_eq!(accepted(None), Ok(None));
    }

    #[test]
    fn some_headers_are_invalid() {
        for header in [
            "en_US",
            "!",
            "en;",
            "en;q",
            "en;q=2",
            "en;q=x",
            "en,,de",
            "toolongtag",
            "en-",
            "en;q=-1",
            "1",
            "en de",
            "ü",
            "en;q=inf",
            ",",
        ] {
            assert_eq!(accepted(Some(header)), Err(Invalid), "{header}");
        }
    }
}
