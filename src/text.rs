//! Text that is put together.

/// The parts in one text. The standard library's `concat` brings a thousand bytes of its own.
pub(crate) fn concat(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}
