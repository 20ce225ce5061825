//! Texts and the kinds of their tokens.

use crate::Code;
use crate::dql::lex;
use crate::dql::token::TokenKind::{self, *};

/// The tokens of `text` without blanks.
fn tokens(text: &str) -> Vec<(TokenKind, &str)> {
    let (tokens, _) = lex(text);
    tokens
        .iter()
        .filter(|token| token.kind != Space)
        .map(|token| (token.kind, &text[token.span.range()]))
        .collect()
}

#[test]
fn words_hold_their_dots() {
    for word in [
        "logs",
        "aws.service",
        "k8s.pod.name",
        "avail.7d",
        "_x.0",
        "desc",
    ] {
        assert_eq!(tokens(word), [(Word, word)]);
    }
    assert_eq!(
        tokens("a..b"),
        [(Word, "a"), (Dot, "."), (Dot, "."), (Word, "b")]
    );
    assert_eq!(tokens("a."), [(Word, "a"), (Dot, ".")]);
    assert_eq!(
        tokens("my-field"),
        [(Word, "my"), (Minus, "-"), (Word, "field")]
    );
}

#[test]
fn numbers_and_durations() {
    let table = [
        ("42", Long),
        ("0x1F", Hex),
        ("2.34", Double),
        ("99.1e-13", Double),
        ("5e3", Double),
        ("5E+3", Double),
        ("30min", Duration),
        ("5M", Duration),
        ("1.5h", Duration),
        ("5e", Duration),
        ("4xx", Duration),
    ];
    for (text, kind) in table {
        assert_eq!(tokens(text), [(kind, text)]);
    }
    assert_eq!(tokens("5.x"), [(Long, "5"), (Dot, "."), (Word, "x")]);
    assert_eq!(
        tokens("-2h@h"),
        [(Minus, "-"), (Duration, "2h"), (At, "@"), (Word, "h")]
    );
    assert_eq!(tokens("1-1"), [(Long, "1"), (Minus, "-"), (Long, "1")]);
}

#[test]
fn strings_end_where_the_rules_say() {
    let table = [
        (r#""""#, String),
        (r#""a\"b""#, String),
        (r#""\\""#, String),
        ("\"two\nlines\"", String),
        (r#""""a "quoted" \""""#, TripleString),
        // The last of a run of quotes closes.
        (r#"""""foo""""#, TripleString),
        (r#""""foo"""""#, TripleString),
        (r#""""""""#, TripleString),
        (r"`a\`b`", QuotedName),
        ("'single'", ForeignString),
        ("“curly”", ForeignString),
    ];
    for (text, kind) in table {
        assert_eq!(tokens(text), [(kind, text)], "{text}");
    }
    assert_eq!(tokens(r#""a" "b""#), [(String, "\"a\""), (String, "\"b\"")]);
}

#[test]
fn comments_do_not_begin_in_strings() {
    assert_eq!(
        tokens("a // b | c\nd"),
        [(Word, "a"), (LineComment, "// b | c"), (Word, "d")]
    );
    assert_eq!(
        tokens("a/*\n*/b"),
        [(Word, "a"), (BlockComment, "/*\n*/"), (Word, "b")]
    );
    assert_eq!(
        tokens("/*/**/ */"),
        [(BlockComment, "/*/**/"), (Star, "*"), (Slash, "/")]
    );
    assert_eq!(
        tokens("\"//\"`/*`"),
        [(String, "\"//\""), (QuotedName, "`/*`")]
    );
}

#[test]
fn operators_are_as_long_as_they_can_be() {
    let text = "== = != <> <= < >= > + - * / % @ ~ | , : ( ) { } [ ]";
    let kinds = [
        Equal,
        Assign,
        NotEqual,
        NotEqual,
        LessOrEqual,
        Less,
        GreaterOrEqual,
        Greater,
        Plus,
        Minus,
        Star,
        Slash,
        Percent,
        At,
        Tilde,
        Pipe,
        Comma,
        Colon,
        ParenOpen,
        ParenClose,
        BraceOpen,
        BraceClose,
        BracketOpen,
        BracketClose,
    ];
    assert_eq!(
        tokens(text)
            .iter()
            .map(|(kind, _)| *kind)
            .collect::<Vec<_>>(),
        kinds
    );
    for text in ["&&", "||", "!", "===", "!==", "=~", "!~", "?", "?:", "??"] {
        assert_eq!(tokens(text), [(ForeignOperator, text)]);
    }
}

#[test]
fn unfinished_tokens_are_reported_and_stop_somewhere() {
    let table: [(&str, Code, &[TokenKind]); 8] = [
        ("\"abc\n| x", Code::UnclosedString, &[String, Pipe, Word]),
        ("\"\"\"abc\n| x", Code::UnclosedString, &[TripleString]),
        (
            "`abc\n| x",
            Code::UnclosedBacktick,
            &[QuotedName, Pipe, Word],
        ),
        ("a /* b", Code::UnclosedComment, &[Word, BlockComment]),
        ("it's", Code::UnexpectedCharacter, &[ForeignWord]),
        ("it' s", Code::SingleQuotes, &[Word, Unknown, Word]),
        ("größe", Code::UnexpectedCharacter, &[ForeignWord]),
        ("$x:noquote", Code::Variable, &[Variable]),
    ];
    for (text, code, kinds) in table {
        let (_, diagnostics) = lex(text);
        assert_eq!(
            diagnostics
                .iter()
                .map(|diagnostic| diagnostic.code)
                .collect::<Vec<_>>(),
            [code],
            "{text}"
        );
        assert_eq!(
            tokens(text)
                .iter()
                .map(|(kind, _)| *kind)
                .collect::<Vec<_>>(),
            kinds,
            "{text}"
        );
    }
}

#[test]
fn unpaired_quotes_take_linear_time() {
    // Were each quote to search the whole rest, this would be 10^9 steps and more.
    for piece in ["\\\"\n", "\\`\\\"\n", "„ ", "'\n", "/ *"] {
        let text = format!("\"`{}", piece.repeat(50_000));
        let (tokens, _) = lex(&text);
        assert_eq!(tokens.last().map(|token| token.span.end), Some(text.len()));
    }
}
