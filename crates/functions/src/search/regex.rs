//! Regular expressions as `matchesRegex` takes them: those of Java as far as they can be matched in linear time.

use regex::{Regex, RegexBuilder};

/// The regular expression, to be matched against whole texts.
///
/// # Errors
/// What of it can't be used, in words that go on from "this regular expression".
pub(crate) fn compile(pattern: &str) -> Result<Regex, String> {
    let translated = translate(pattern)?;
    // Groups around it, so that alternatives are whole as well.
    RegexBuilder::new(&format!("^(?:{translated})$"))
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "is too large".to_owned(),
            // The first lines of the message show the pattern again.
            error => {
                let text = error.to_string();
                let last = text.lines().next_back().unwrap_or_default();
                format!("can't be read: {}", last.trim_start_matches("error: "))
            }
        })
}

/// What Java means by the pattern, where the two dialects part ways.
fn translate(pattern: &str) -> Result<String, String> {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut depth = 0_usize;
    let mut quantified = false;
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        let was_quantified = std::mem::take(&mut quantified);
        match character {
            '\\' => {
                let Some(escaped) = characters.next() else {
                    return Err("ends with a lone backslash".to_owned());
                };
                match ascii_class(escaped, depth > 0) {
                    Some(class) => out.push_str(&class),
                    None => escape(escaped, &mut out)?,
                }
            }
            '[' => {
                depth += 1;
                out.push('[');
            }
            ']' if depth > 0 => {
                depth -= 1;
                out.push(']');
            }
            // Of these only intersection means the same in both dialects.
            '-' | '~' if depth > 0 && characters.peek() == Some(&character) => {
                return Err(format!(
                    "has `{character}{character}` in brackets: escape the second"
                ));
            }
            '(' if depth == 0 && characters.peek() == Some(&'?') => {
                out.push('(');
                let ahead: String = characters.clone().take(3).collect();
                for (group, name) in [
                    ("?=", "looks ahead"),
                    ("?!", "looks ahead"),
                    ("?<=", "looks behind"),
                    ("?<!", "looks behind"),
                    ("?>", "has a group that gives nothing back"),
                ] {
                    if ahead.starts_with(group) {
                        return Err(format!("{name}, which takes more than linear time"));
                    }
                }
            }
            '+' if depth == 0 && was_quantified => {
                return Err("has a quantifier that gives nothing back".to_owned());
            }
            '*' | '+' | '?' | '}' if depth == 0 => {
                // One question mark behind a quantifier only changes which match is found.
                quantified = !(character == '?' && was_quantified);
                out.push(character);
            }
            other => out.push(other),
        }
    }
    Ok(out)
}

/// Java's classes hold ASCII alone.
fn ascii_class(escaped: char, inside: bool) -> Option<String> {
    let members = match escaped.to_ascii_lowercase() {
        'd' => "0-9",
        'w' => "0-9A-Za-z_",
        's' => r" \t\n\x0B\f\r",
        'h' => r" \t\xA0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000",
        _ => return None,
    };
    Some(match (escaped.is_ascii_uppercase(), inside) {
        (true, _) => format!("[^{members}]"),
        (false, true) => members.to_owned(),
        (false, false) => format!("[{members}]"),
    })
}

fn escape(escaped: char, out: &mut String) -> Result<(), String> {
    match escaped {
        '1'..='9' | 'k' => {
            return Err("refers back to a group, which takes more than linear time".to_owned());
        }
        'Q' | 'E' => {
            return Err(r"quotes with \Q and \E: escape the characters one by one".to_owned());
        }
        'G' | 'R' | 'X' | 'Z' | 'v' | 'V' | 'c' | 'N' | '0' => {
            return Err(format!(r"has `\{escaped}`, which is not supported"));
        }
        'b' => out.push_str(r"(?-u:\b)"),
        'e' => out.push_str(r"\x1B"),
        // Java lets any other character be escaped.
        other if !other.is_ascii_alphanumeric() => {
            out.push_str(&regex::escape(other.encode_utf8(&mut [0; 4])));
        }
        other => {
            out.push('\\');
            out.push(other);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::compile;

    #[test]
    fn whole_texts_match() {
        let table = [
            ("abc", "a.c", true),
            ("xabc", "a.c", false),
            ("b", "a|b", true),
            ("ab", "a|b", false),
            ("٣", r"\d", false),
            ("é", r"\W", true),
            ("a b", r"a\sb", true),
            ("7-z", r"[\d-]+[\w&&[^a-y]]", true),
            ("a b", r".*\bb", true),
            ("<a>", r"\<.*?\>", true),
            ("AB", "(?i)ab", true),
        ];
        for (text, pattern, expected) in table {
            let regex = compile(pattern).expect(pattern);
            assert_eq!(regex.is_match(text), expected, "{pattern} of {text}");
        }
    }

    #[test]
    fn what_can_not_be_matched_in_linear_time_is_refused() {
        for pattern in [
            "(?=a)b", "(?<!a)b", "(a)\\1", "a++", "a*+", "(?>a)b", "\\Qa\\E", "a\\", "(", "[a--b]",
            "a{2}+",
        ] {
            assert!(compile(pattern).is_err(), "{pattern}");
        }
    }
}
