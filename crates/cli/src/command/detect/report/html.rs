//! Text made fit for HTML. It is the attacker's: nothing of it may be markup, leave an attribute, or turn the text around
//! it.

use syntax::render::{is_harmless, name};

use crate::escape::visible;

/// More characters of one text are not drawn.
const MOST: usize = 1_000;

/// A text as content of an element. What does not show itself stands there by name, set off from the text, and of an
/// overlong text the first part.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut characters = text.chars();
    for character in characters.by_ref().take(MOST) {
        put(character, &mut out);
    }
    let more = characters.count();
    if more > 0 {
        out.push_str(&format!(
            "<span class=\"cut\">… {more} more characters</span>"
        ));
    }
    out
}

/// A text of several lines as content of an element: line breaks and tabs stay, and nothing is cut.
pub(super) fn block(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' | '\t' => out.push(character),
            character => put(character, &mut out),
        }
    }
    out
}

/// A text as the value of an attribute in double quotes.
pub(super) fn attribute(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for character in visible(text).chars() {
        escape(character, &mut out);
    }
    out
}

/// Whether an address is of the web, and so may be a link.
pub(super) fn is_web(address: &str) -> bool {
    let scheme = |name: &str| {
        address
            .get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    (scheme("https://") || scheme("http://"))
        && !address.contains(|c: char| c.is_whitespace() || !is_harmless(c))
}

fn put(character: char, out: &mut String) {
    if is_harmless(character) {
        return escape(character, out);
    }
    let name = match character {
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        character => name(character).trim_matches(['<', '>']).to_owned(),
    };
    out.push_str("<span class=\"hidden\">");
    out.push_str(&name);
    out.push_str("</span>");
}

fn escape(character: char, out: &mut String) {
    match character {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        character => out.push(character),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markup_is_text() {
        assert_eq!(
            text("<script>alert('x')</script>&amp;\""),
            "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;&quot;"
        );
        assert_eq!(
            text("a\u{1b}[31m\u{202e}b\n"),
            "a<span class=\"hidden\">U+001B</span>[31m<span class=\"hidden\">U+202E</span>b<span class=\"hidden\">\\n</span>"
        );
        assert_eq!(block("a\n\tb\r"), "a\n\tb<span class=\"hidden\">\\r</span>");
        assert_eq!(
            attribute("\" onclick=\"x\u{0}"),
            "&quot; onclick=&quot;x&lt;U+0000&gt;"
        );
        let long = text(&"é".repeat(1_234));
        assert!(long.ends_with("<span class=\"cut\">… 234 more characters</span>"));
    }

    #[test]
    fn only_the_web_is_linked() {
        for (address, expected) in [
            ("https://example.com/a?b=c", true),
            ("HTTP://example.com", true),
            ("javascript:alert(1)", false),
            (" https://example.com", false),
            ("java\nscript:https://x", false),
            ("https://exa\u{202e}mple.com", false),
            ("data:text/html,x", false),
            ("//example.com", false),
            ("", false),
            ("hätt", false),
        ] {
            assert_eq!(is_web(address), expected, "{address:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_markup(given in any::<String>()) {
            let escaped = attribute(&given);
            prop_assert!(!escaped.contains(['<', '>', '"', '\'']));
            let shown = text(&given).replace("<span class=\"hidden\">", "").replace("<span class=\"cut\">", "").replace("</span>", "");
            prop_assert!(!shown.contains(['<', '>', '"', '\'']));
            prop_assert!(!shown.contains(|c: char| c.is_control()));
        }
    }
}
