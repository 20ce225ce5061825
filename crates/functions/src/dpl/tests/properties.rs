//! What holds for all patterns and texts.

use proptest::prelude::*;

use crate::dpl::{Capture, compile, find_all, run};

/// Patterns that compile: `depth` levels of groups around single matchers.
fn patterns(with_lines: bool) -> impl Strategy<Value = String> {
    let mut leaves = vec![
        "'a'",
        "'ab'",
        "','",
        "' '",
        "'é'",
        "[a-c]",
        "[^b]{1,3}",
        "[ab]*",
        "INT",
        "INT*",
        "LONG(min=2)",
        "DOUBLE",
        "HEXINT",
        "DIGIT",
        "SPACE",
        "NSPACE{1,2}",
        "EOS",
        "EOL",
        "STRING",
        "DQS*",
        "SQS",
        "CSVDQS",
        "IPADDR",
        "BOOLEAN",
        "JSON",
        "JSON_ARRAY{INT}",
        "JSON{INT:m, STRING:n}(strict=false)",
        "ENUM{'a'=1,''=2,'ab'=3}",
        "TIMESTAMP('yy')",
        "'a'?",
        "CREDITCARD",
        "UUIDSTRING",
        "JSON_VALUE",
    ];
    if with_lines {
        leaves.extend([
            "LD", "LD?", "LD{0,3}", "DATA", "DATA{2}", "BOS", "MOS", ">>'a'", "!>>INT", "<<'b'",
            "!<<[a1]", "<<INT",
        ]);
    }
    let leaf = prop::sample::select(leaves).prop_map(str::to_owned);
    leaf.prop_recursive(3, 16, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            list.clone()
                .prop_map(|items| format!("({})", items.join(" "))),
            list.clone()
                .prop_map(|items| format!("({})?", items.join(" "))),
            list.clone()
                .prop_map(|items| format!("({} | 'b')", items.join(" | "))),
            list.clone()
                .prop_map(|items| format!("({})(fs=',')", items.join(" "))),
            list.clone()
                .prop_map(|items| format!("ARRAY{{{} ','?}}{{0,3}}", items.join(" "))),
            (inner.clone(), inner)
                .prop_map(|(key, value)| format!("KVP{{({key}):key ({value}):value ','?}}*")),
            list.prop_map(|items| format!("STRUCTURE{{{}}}", items.join(" "))),
        ]
    })
}

fn texts() -> impl Strategy<Value = String> {
    let parts = [
        "a", "b", "ab", "1", "12", ",", " ", "\n", ".", "\"", "'", "{", "}", "[", "]", ":", "é",
        "\"m\":3", "1.2.3.4",
    ];
    prop::collection::vec(prop::sample::select(parts.to_vec()), 0..14)
        .prop_map(|parts| parts.concat())
}

proptest! {
    /// Whatever is written as a pattern, it compiles or it does not, and what compiles runs.
    #[test]
    fn any_pattern_on_any_text(pattern in "[ -~é\n]{0,40}", input in "[ -~é\n]{0,40}") {
        if let Ok(program) = compile(&pattern) {
            let _ = run(&program, &input);
        }
    }

    /// The same for texts that look more like patterns.
    #[test]
    fn pattern_soup(
        tokens in prop::collection::vec(prop::sample::select(vec![
            "LD", "INT", "JSON", "ARRAY", "KVP", "ENUM", "TIMESTAMP", "'a'", "[a]", "[", "]", "[]", "(", ")", "{", "}", "|", "?", "*", "+",
            "{1,2}", ":x", ":", "<<", ">>", "!", "$m", "=", ";", ",", "(fs=',')", "<1>", "min", "2", "XML", "\\", "\"",
        ]), 0..16),
        input in texts(),
    ) {
        if let Ok(program) = compile(&tokens.join(" ")) {
            let _ = run(&program, &input);
        }
    }

    /// A run gives one value an export, ends within its allowance, and finds the same a second time.
    #[test]
    fn runs_are_sound(pattern in patterns(true), input in texts()) {
        let program = compile(&format!("({pattern}):all LD*:rest")).unwrap();
        let outcome = run(&program, &input);
        prop_assert!(!outcome.gave_up);
        if let Some(captures) = &outcome.captures {
            if let Some(mandatory) = program.mandatory() {
                prop_assert!(input.contains(mandatory.text));
                prop_assert!(!mandatory.first || input.starts_with(mandatory.text));
            }
            prop_assert_eq!(captures.len(), program.exports().len());
            let (Capture::Str(all), Capture::Str(rest)) = (&captures[0], &captures[1]) else { panic!("{captures:?}") };
            let both = [all.as_ref(), rest.as_ref()].concat();
            prop_assert!(input.starts_with(&both));
        }
        prop_assert_eq!(&run(&program, &input), &outcome);
        let mut last = 0;
        for found in find_all(&program, &input) {
            prop_assert!(found.range.start >= last && found.range.end > found.range.start);
            last = found.range.end;
        }
    }

    /// `LD` and `DATA` end at the first place where the pattern behind them matches on its own.
    #[test]
    fn lines_end_where_a_search_does(
        follower in patterns(false),
        input in texts(),
        bounds in (0usize..4, 1usize..12),
        across in any::<bool>(),
    ) {
        let (min, extra) = bounds;
        let max = min + extra;
        let matcher = if across { "DATA" } else { "LD" };
        // In a group the follower is one expression that must be there.
        let program = compile(&format!("{matcher}{{{min},{max}}}:x ({follower})")).unwrap();
        let alone = compile(&format!("({follower})")).unwrap();
        let places = input.char_indices().map(|(at, _)| at).chain([input.len()]);
        let expected = places
            .enumerate()
            .take_while(|(count, at)| *count <= max && (across || !input[..*at].contains('\n')))
            .find(|(count, at)| *count >= min && run(&alone, &input[*at..]).captures.is_some())
            .map(|(_, at)| &input[..at]);
        let found = run(&program, &input).captures;
        let x = found.as_ref().map(|captures| match &captures[0] {
            Capture::Str(text) => text.as_ref(),
            other => panic!("{other:?}"),
        });
        prop_assert_eq!(x, expected, "{} {}", matcher, follower);
    }
}
