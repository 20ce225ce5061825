//! The one pattern of the tutorials that is more than JSON: `LD ':secret:' STRING:secretId`.

/// The secret's id in a message: skips at least one character of the first line up to the first `:secret:`, then takes
/// a quoted text, or everything up to white space.
pub fn secret_id(message: &str) -> Option<String> {
    const MARK: &str = ":secret:";
    const MOST: usize = 4_096;
    let line = message.split('\n').next()?;
    let from = line.char_indices().nth(1)?.0;
    let place = from + line.get(from..)?.find(MARK)?;
    if line.get(..place)?.chars().count() > MOST {
        return None;
    }
    let rest = message.get(place + MARK.len()..)?;
    match rest.chars().next()? {
        quote @ ('"' | '\'') => quoted(&rest[1..], quote),
        _ => {
            let id: String = rest
                .chars()
                .take_while(|c| *c > ' ' && *c != '\u{7f}')
                .take(MOST)
                .collect();
            (!id.is_empty()).then_some(id)
        }
    }
}

/// The text before the closing quote; a backslash before the quote takes it in.
fn quoted(rest: &str, quote: char) -> Option<String> {
    let mut text = String::new();
    let mut characters = rest.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => match characters.next()? {
                next if next == quote || next == '\\' => text.push(next),
                next => text.extend(['\\', next]),
            },
            c if c == quote => return (!text.is_empty()).then_some(text),
            c => text.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::secret_id;

    #[test]
    fn ids() {
        let arn = "x on resource: arn:aws:secretsmanager:us-east-1:1:secret:prod/db-AbCdEf";
        assert_eq!(
            secret_id(&format!("{arn} because no policy")).as_deref(),
            Some("prod/db-AbCdEf")
        );
        assert_eq!(secret_id(arn).as_deref(), Some("prod/db-AbCdEf"));
        assert_eq!(
            secret_id("a:secret:\"two words\" and more").as_deref(),
            Some("two words")
        );
        for none in [
            "",
            "Access to KMS is not allowed",
            "on resource: prod/db because",
            "a:secret:",
            "a:secret: b",
            ":secret:x",
            "a\nb:secret:x",
            "a:secret:\"open",
        ] {
            assert_eq!(secret_id(none), None, "{none:?}");
        }
        // The first one that has something before it.
        assert_eq!(secret_id(":secret:a:secret:b").as_deref(), Some("b"));
    }
}
