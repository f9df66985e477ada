//! The platform's address, and its other spellings.

/// Whether the text is another spelling of this normal address: in capitals, with the port that is the scheme's own, with
/// something at its end that leads nowhere. Former versions stored addresses as they were given.
pub fn is_spelling_of(text: &str, normal: &str) -> bool {
    let text = without_slashes(text.as_bytes());
    let is_secure = text
        .get(4)
        .is_some_and(|byte| byte.eq_ignore_ascii_case(&b's'));
    let port: &[u8] = if is_secure { b":443" } else { b":80" };
    let text = text.strip_suffix(port).unwrap_or(text);
    text.eq_ignore_ascii_case(normal.as_bytes())
}

fn without_slashes(mut text: &[u8]) -> &[u8] {
    while let Some(shorter) = text.strip_suffix(b"/").or(text.strip_suffix(b"/.")) {
        text = shorter;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_are_one() {
        for text in [
            "https://api.example",
            "HTTPS://API.Example",
            "https://api.example/",
            "https://api.example//",
            "https://api.example/.",
            "https://api.example/./",
            "https://api.example:443",
            "https://api.example:443/",
        ] {
            assert!(is_spelling_of(text, "https://api.example"), "{text}");
        }
        assert!(is_spelling_of("http://h:80/", "http://h"));
        for text in [
            "",
            "/",
            "http://api.example",
            "https://api.example:80",
            "https://api.example:8443",
            "https://api.example/shop",
            "https://other.example",
        ] {
            assert!(!is_spelling_of(text, "https://api.example"), "{text}");
        }
    }
}
