//! Mistakes in a query are shown at their places in the file, however its string is written.

use std::path::Path;

use proptest::prelude::*;

use super::{complaints, read, rule};
use crate::elastic::offsets::Offsets;
use crate::elastic::read_ndjson;
use crate::elastic::toml;
use syntax::Span;

#[test]
fn every_kind_of_string() {
    let table = [
        ("query = 'event.action: é and source.ip: nine'", "nine"),
        (
            "query = \"event.action: \\\"é\\\" and source.ip: nine\"",
            "nine",
        ),
        (
            "query = \"event.action: \\u00e9\\t and source.ip: n\\u0069ne\"",
            "n\\u0069ne",
        ),
        (
            "query = '''\nevent.action: A\n  and source.ip: nine\n'''",
            "nine",
        ),
        (
            "query = '''event.action: A\r\n  and source.ip: nine\r\n'''",
            "nine",
        ),
        (
            "query = \"\"\"\r\nevent.action: A\r\n  and source.ip: nine\"\"\"",
            "nine",
        ),
        (
            "query = \"\"\"\nevent.action: \\\n   A and \\U0001F600 or source.ip: nine\"\"\"",
            "nine",
        ),
        (
            "query = \"\"\"event.action: \"\"A\"\" and source.ip: nine\"\"\"",
            "\"\"A\"\"",
        ),
    ];
    for (line, place) in table {
        let text = rule(line, "");
        let found = complaints(&text);
        let place = place.trim_matches('"').to_owned();
        assert!(
            found.iter().any(|(_, found)| *found == place),
            "{line}: {found:?}"
        );
    }
}

#[test]
fn a_person_can_read_it() {
    let text = "[rule]\nname = \"n\"\ndescription = \"d\"\nrule_id = \"r\"\nrisk_score = 5\nseverity = \"low\"\n\
                type = \"query\"\nquery = '''\nevent.action: A and\n  source.ip: arn:x\n'''\n";
    let rendered = syntax::render::render("rules/n.toml", text, &read(text).diagnostics, false);
    let expected = "\
error[E1101]: a colon can't stand in a value without quotes
  --> rules/n.toml:10:17
   |
10 |   source.ip: arn:x
   |                 ^
   |
   = help: put the value into quotes, or write `\\:`
";
    assert_eq!(rendered, expected);
}

#[test]
fn in_json() {
    let text = r#"{"name":"é","description":"d","rule_id":"1","risk_score":1,"severity":"low","type":"query","query":"event.action: \"\ud83d\ude00\" and\nsource.ip: nine"}"#;
    let all = read_ndjson(Path::new("x"), text);
    let span = all[0].diagnostics[0].span;
    assert_eq!(&text[span.range()], "nine");
}

proptest! {
    #[test]
    fn every_character_is_found(value in "[a-zé😀\"\\\\\n\t ]{0,20}", multi in any::<bool>(), unicode in any::<bool>()) {
        let quote = if multi { "\"\"\"" } else { "\"" };
        let mut raw = String::from(quote);
        let mut places = Vec::new();
        for character in value.chars() {
            places.push(4 + raw.len());
            match character {
                _ if unicode => raw.push_str(&format!("\\U{:08x}", u32::from(character))),
                '"' | '\\' => raw.extend(['\\', character]),
                '\n' => raw.push_str("\\n"),
                '\t' => raw.push_str("\\t"),
                other => raw.push(other),
            }
        }
        places.push(4 + raw.len());
        raw.push_str(quote);
        let text = format!("k = {raw}");
        let (root, diagnostics) = toml::read(&text);
        prop_assert!(diagnostics.is_empty(), "{} {:?}", text, diagnostics);
        let node = root.get("k").expect("the value");
        prop_assert_eq!(node.text(), Some(value.as_str()));
        let offsets = Offsets::new(&text, node.span, &value);
        let ends = value.char_indices().map(|(at, _)| at).chain([value.len()]);
        for (at, place) in ends.zip(places) {
            prop_assert_eq!(offsets.span(Span::at(at)).start, place, "{} {}", text, at);
        }
    }

    #[test]
    fn any_text_is_read(text in "(?s)(\\[rule\\]\n)?.{0,80}", json in "[{}\\[\\]\":,a-z0-9]{0,40}") {
        read(&text);
        read_ndjson(Path::new("x"), &json);
    }
}
