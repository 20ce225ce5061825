//! What patterns are read as, and what is said about those that are wrong.

use proptest::prelude::*;

use super::ast::{
    ClassItem, Constant, MemberExport, ParameterValue, Primary, QuantifierForm, Side,
};
use super::matcher::{Posix, Quantifiers};
use super::{Matcher, Pattern, ast, parse};
use crate::{Code, Diagnostic};

fn good(text: &str) -> Pattern {
    let (pattern, diagnostics) = parse(text);
    assert_eq!(diagnostics, [], "{text}");
    pattern
}

/// The codes of a pattern's diagnostics, and the text that each points at.
fn faults(text: &str) -> Vec<(Code, &str)> {
    let (_, diagnostics) = parse(text);
    diagnostics
        .iter()
        .map(|diagnostic| (diagnostic.code, &text[diagnostic.span.range()]))
        .collect()
}

fn only(text: &str) -> Diagnostic {
    let (_, mut diagnostics) = parse(text);
    assert_eq!(diagnostics.len(), 1, "{text}: {diagnostics:#?}");
    diagnostics.remove(0)
}

fn class(text: &str) -> (bool, Vec<ClassItem>) {
    match good(text).body.elements.remove(0).primary {
        Primary::Class(class) => (class.negated, class.items),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_parts_of_an_expression() {
    let text = "!<<'a' >>INT(min=-5, max=0x10)? LD{2,}:'a b' [a]{,3}<null>:x.y.2z";
    let pattern = good(text);
    let [look, int, line, group] = pattern.body.elements.as_slice() else {
        panic!("{pattern:#?}")
    };
    assert_eq!(
        look.look,
        Some(ast::Look {
            side: Side::Behind,
            negated: true
        })
    );
    assert_eq!(look.primary, Primary::Literal("a".into()));
    assert_eq!(&text[look.span.range()], "!<<'a'");

    assert_eq!(
        int.look,
        Some(ast::Look {
            side: Side::Ahead,
            negated: false
        })
    );
    assert!(int.optional);
    let parameters: Vec<_> = int
        .config
        .iter()
        .flat_map(|config| &config.parameters)
        .map(|it| &it.value)
        .collect();
    let long = |value| ParameterValue::Constant(Constant::Long(value));
    assert_eq!(parameters, [&long(-5), &long(16)]);
    assert_eq!(&text[int.span.range()], ">>INT(min=-5, max=0x10)?");

    let quantifier = line.quantifier.unwrap();
    assert_eq!(
        (quantifier.form, quantifier.min, quantifier.max),
        (QuantifierForm::Counted, 2, None)
    );
    assert_eq!(line.export.as_ref().unwrap().text, "a b");

    let quantifier = group.quantifier.unwrap();
    assert_eq!((quantifier.min, quantifier.max), (0, Some(3)));
    assert_eq!(group.constant, Some(Constant::Null));
    assert_eq!(group.export.as_ref().unwrap().text, "x.y.2z");
}

#[test]
fn a_look_around_has_no_field() {
    let diagnostic = only("LD >>INT:n");
    assert_eq!(diagnostic.code, Code::PointlessExport);
    assert!(!diagnostic.is_error());
}

#[test]
fn white_space_comments_and_commas_mean_nothing() {
    let spread = good("/* head */ INT:a // first\n ',' , INT:b ;");
    let tight = good("INT:a','INT:b");
    assert_eq!(spread.body.elements.len(), 3);
    for (one, other) in spread.body.elements.iter().zip(&tight.body.elements) {
        assert_eq!(
            (&one.primary, one.export.as_ref().map(|it| &it.text)),
            (&other.primary, other.export.as_ref().map(|it| &it.text))
        );
    }
}

#[test]
fn names_of_matchers_are_read_in_any_case() {
    for name in Matcher::names() {
        let matcher = Matcher::find(name);
        assert!(matcher.is_some(), "{name}");
        assert_eq!(Matcher::find(&name.to_lowercase()), matcher);
        let body = match matcher.unwrap() {
            Matcher::Kvp => "{WORD:key '=' LD:value}",
            Matcher::Array => "{INT:i}{1}",
            Matcher::Structure => "{INT:i}",
            Matcher::Enum => "{'a'=1}",
            _ => "",
        };
        good(&format!("{name}{body}:x"));
    }
    assert_eq!(Matcher::find("ldata").unwrap().name(), "LD");
}

#[test]
fn strings_undo_their_escapes() {
    for (text, value) in [
        (r"'it\'s'", "it's"),
        (r#""it's \"x\"""#, "it's \"x\""),
        (r"'\n\t\\\r'", "\n\t\\\r"),
        (r"'\u0041\x42\q'", "ABq"),
        (r"'\u12'", "u12"),
    ] {
        assert_eq!(
            good(text).body.elements[0].primary,
            Primary::Literal(value.into())
        );
    }
}

#[test]
fn character_groups() {
    let one = |c| ClassItem::Range(c, c);
    assert_eq!(
        class("[a-z_]"),
        (false, vec![ClassItem::Range('a', 'z'), one('_')])
    );
    assert_eq!(class("[! \\n]"), (true, vec![one(' '), one('\n')]));
    assert_eq!(
        class("[A-Z-_]"),
        (false, vec![ClassItem::Range('A', 'Z'), one('-'), one('_')])
    );
    assert_eq!(class("[a-]"), (false, vec![one('a'), one('-')]));
    assert_eq!(
        class(r"[\]\[\\]"),
        (false, vec![one(']'), one('['), one('\\')])
    );
    assert_eq!(
        class("[^&\\s]"),
        (true, vec![one('&'), ClassItem::Posix(Posix::Space)])
    );
    assert_eq!(
        class("[:digit:]"),
        (false, vec![ClassItem::Posix(Posix::Digit)])
    );
    assert_eq!(
        class("[!:SPACE:]"),
        (true, vec![ClassItem::Posix(Posix::Space)])
    );
    assert_eq!(
        class("[[:alpha:]:x]"),
        (
            false,
            vec![ClassItem::Posix(Posix::Alpha), one(':'), one('x')]
        )
    );
    assert_eq!(class("[:/]"), (false, vec![one(':'), one('/')]));
    assert_eq!(class("[:any:]"), (false, vec![ClassItem::Any]));
}

#[test]
fn parentheses_open_parameters_or_a_group() {
    assert_eq!(good("INT ('-metadata' EOS)").body.elements.len(), 2);
    assert_eq!(good("(INT '.')(INT '.')").body.elements.len(), 2);
    assert_eq!(good("TIMESTAMP('yyyy')").body.elements.len(), 1);
    assert_eq!(good("TIMESTAMP(' ' INT)").body.elements.len(), 2);
    assert_eq!(good("(INT INT)(fs={SPACE})").body.elements.len(), 1);
    assert_eq!(good("'t'<true>>>'x' 'x'").body.elements.len(), 3);
}

#[test]
fn bodies() {
    let pattern = good(
        "JSON{INT+:age, STRING:'client time':ct IP:ip:null, LONG[][]:m, {}:o, JSON{STRING:x}(flat=true):n}(greedy='r'):p",
    );
    let Primary::Matcher(Some(Matcher::Json), Some(ast::Body::Members(members))) =
        &pattern.body.elements[0].primary
    else {
        panic!("{pattern:#?}")
    };
    let names: Vec<_> = members
        .iter()
        .map(|member| member.name.text.as_str())
        .collect();
    assert_eq!(names, ["age", "client time", "ip", "m", "o", "n"]);
    assert!(matches!(&members[1].export, MemberExport::Renamed(name) if name.text == "ct"));
    assert_eq!(members[2].export, MemberExport::Hidden);
    assert_eq!(members[3].value.dimensions, 2);
    good("ARRAY{SQS:p ', '?}{1,}:ps");
    good("KVP{LD:key'='(LONG:valueLong | STRING:valueStr)'; '?}:person");
    good("ENUM{''=-3,'success'=0,'tech error'=2}(cis=true):r");
    good("JSON_VALUE{} JSON_ARRAY{ipaddr}(typed=true):sourceIPs");
}

#[test]
fn macros() {
    let pattern = good("$eol=(EOLWIN | EOL); $line='****' $eol; $line <<$line DATA");
    assert_eq!(pattern.macros.len(), 2);
    assert_eq!(faults("$a=$b; $b='x'; $a"), [(Code::UnknownMacro, "b")]);
    assert_eq!(faults("$a='x'; $a='y'; $a"), [(Code::PatternSyntax, "a")]);
    assert_eq!(faults("$a=$a 'x'; $a"), [(Code::UnknownMacro, "a")]);
    assert_eq!(faults("$a='x';"), [(Code::PatternSyntax, "$a='x';")]);
    assert_eq!(only("$sep=','; INT $sp").label, "did you mean `sep`?");
}

#[test]
fn unknown_names_are_all_reported() {
    assert_eq!(
        faults("EMAIL:m ',' URL:u"),
        [
            (Code::UnknownMatcher, "EMAIL"),
            (Code::UnknownMatcher, "URL")
        ]
    );
    assert_eq!(only("STRIN:s").label, "did you mean `STRING`?");
    assert_eq!(only("[:digits:]").label, "did you mean `:digit:`?");
    for name in [
        "URI",
        "HEXNUM",
        "IPPREFIX",
        "HTTPMETHOD",
        "DATETIME",
        "LINE",
        "CHAR",
        "BYTE",
        "BOM",
        "HEXBLOB",
        "REGEX",
        "DURATION",
    ] {
        assert_eq!(faults(name)[0].0, Code::UnknownMatcher, "{name}");
    }
}

#[test]
fn faults_of_syntax() {
    for (text, place) in [
        ("", ""),
        ("INT:port?", "?"),
        ("INT | LD", "|"),
        ("DATA:d ()", "()"),
        ("(INT", "("),
        ("INT)", ")"),
        ("'open", "'"),
        ("[a-z", "["),
        ("[^]", "[^]"),
        ("[z-a]", "[z-a]"),
        ("INT /* open", "/*"),
        (r"\d+", r"\"),
        ("INT ! LD", "LD"),
        ("INT:", ""),
        ("JSON{STRING}", "}"),
        ("ENUM{'a'}", "}"),
        ("INT, ", ""),
        ("LD $x = INT;", "="),
    ] {
        let (_, diagnostics) = parse(text);
        let errors: Vec<_> = diagnostics
            .iter()
            .filter(|it| it.code == Code::PatternSyntax)
            .map(|it| &text[it.span.range()])
            .collect();
        assert_eq!(errors.first(), Some(&place), "{text}: {diagnostics:#?}");
    }
    assert_eq!(
        only("INT:port?").help.as_deref(),
        Some("`?` stands before the field name: `INT?:port`")
    );
}

#[test]
fn quantifiers_of_the_wrong_kind() {
    for (text, place) in [
        ("INT{2}:n", "{2}"),
        ("IPADDR{1,2}", "{1,2}"),
        ("ENUM{'a'=1}{2}:e", "{2}"),
        ("STRUCTURE{INT:i}+", "+"),
        ("JSON*:j", "*"),
        ("BOS+", "+"),
        ("(INT ',')+", "+"),
        ("(INT | LD)*", "*"),
        ("LD{5,2}", "{5,2}"),
        ("LD{}", "{}"),
        ("LD{99999999999}", "99999999999"),
        ("ARRAY{INT:v ','?}:a", "ARRAY{INT:v ','?}"),
        ("ARRAY{INT:v}{1,40000}", "{1,40000}"),
        ("KVP{WORD:key LD:value}{1,40000}", "{1,40000}"),
        ("$m='a'; $m+", "+"),
    ] {
        assert_eq!(faults(text), [(Code::BadQuantifier, place)], "{text}");
    }
    // In a JSON body `+` says that the member must be there, whatever it is.
    good("JSON{JSON+:a, ENUM{'a'=1}+:b}:j");
    for (matcher, expected) in [
        (Matcher::LineData, Quantifiers::All),
        (Matcher::Uuid, Quantifiers::Presence),
        (Matcher::Array, Quantifiers::Required),
        (Matcher::End, Quantifiers::None),
    ] {
        assert_eq!(matcher.quantifiers(), expected);
    }
}

#[test]
fn parameters_of_the_wrong_kind() {
    for (text, place) in [
        ("INT(mim=5)", "mim"),
        ("INT(min='a')", "min='a'"),
        ("INT(min=5, max=4)", "(min=5, max=4)"),
        ("INT(min=5, MIN=6)", "MIN=6"),
        ("TIMESTAMP(tz='UTC', timezone='UTC')", "timezone='UTC'"),
        ("BOOLEAN(min=1)", "(min=1)"),
        ("JSON(maxlen=-1)", "maxlen=-1"),
        ("JSON(flat='yes')", "flat='yes'"),
        ("(INT | LD)(fs=',')", "fs"),
        ("(INT LD)(fs=5)", "fs=5"),
    ] {
        assert_eq!(faults(text), [(Code::BadPatternParameter, place)], "{text}");
    }
    assert_eq!(only("JSON(flatt=true)").label, "did you mean `flat`?");
}

#[test]
fn bodies_of_the_wrong_kind() {
    for (text, place) in [
        ("ENUM:e", "ENUM"),
        ("KVP:k", "KVP"),
        ("STRUCTURE:s", "STRUCTURE"),
        ("ENUM{'a'=1,'a'=2}", "'a'=2"),
        ("ENUM{'a'=1.5}", "'a'=1.5"),
        ("KVP{WORD:key '=' LD:v}", "v"),
        ("KVP{WORD:k '=' LD:value}", "k"),
    ] {
        assert!(
            faults(text).contains(&(Code::BadPatternBody, place)),
            "{text}: {:?}",
            faults(text)
        );
    }
    good("$v=LD:value; KVP{WORD:key '=' $v}:p");
}

#[test]
fn depth_is_limited() {
    let nested = |depth: usize| format!("{}INT{}", "(".repeat(depth), ")".repeat(depth));
    good(&nested(super::MAX_DEPTH - 1));
    assert_eq!(faults(&nested(super::MAX_DEPTH + 1)).len(), 1);
    assert_eq!(only(&nested(100_000)).code, Code::TooDeep);
    // Macros can't get around it.
    let mut chain = String::from("$m0='a';");
    for step in 1..5_000 {
        chain.push_str(&format!("$m{step}=$m{};", step - 1));
    }
    assert_eq!(
        only(&format!("{chain} KVP{{$m4999 WORD:key LD:value}}")).code,
        Code::TooDeep
    );
    let brackets = "[]".repeat(10_000);
    assert_eq!(
        faults(&format!("JSON{{INT{brackets}:a}}"))[0].0,
        Code::PatternSyntax
    );
}

proptest! {
    /// Whatever is written: it ends, and every span lies on character boundaries of the text.
    #[test]
    fn any_text_is_read(text in "[ -~é\n]{0,60}") {
        let (_, diagnostics) = parse(&text);
        for diagnostic in diagnostics {
            prop_assert!(text.get(diagnostic.span.range()).is_some());
        }
    }

    /// The same for texts that look more like patterns; and what is cut off behind a pattern never brings it down.
    #[test]
    fn any_tokens_are_read(tokens in prop::collection::vec(prop::sample::select(vec![
        "LD", "INT", "JSON", "ARRAY", "KVP", "ENUM", "TIMESTAMP", "'a'", "[a]", "[", "]", "[]", "(", ")", "{", "}", "|", "?", "*", "+",
        "{1,2}", ":x", ":", "<<", ">>", "!", "$m", "=", ";", ",", "(fs=',')", "<1>", "min", "2", "XML", "\\", "\"", "é", "[[:x:]", "[\\",
    ]), 0..24)) {
        let text = tokens.concat();
        let (pattern, diagnostics) = parse(&text);
        for diagnostic in &diagnostics {
            prop_assert!(text.get(diagnostic.span.range()).is_some());
        }
        if !diagnostics.iter().any(Diagnostic::is_error) {
            prop_assert!(!pattern.body.elements.is_empty());
        }
    }
}
