//! What a trace tells of a match.

use crate::dpl::{compile, trace};

/// Each matcher with what it took, groups left out; then what stopped the match.
fn told(pattern: &str, input: &str) -> String {
    let program = compile(pattern).unwrap();
    let trace = trace(&program, input, 0);
    let mut lines: Vec<_> = trace
        .taken
        .iter()
        .filter(|taken| !taken.group)
        .map(|taken| {
            format!(
                "{}={}",
                &pattern[taken.span.range()],
                &input[taken.range.clone()]
            )
        })
        .collect();
    if let Some(stopped) = &trace.stopped {
        let matcher = &pattern[stopped.span.range()];
        lines.push(format!(
            "{matcher} stops at {}: {}",
            stopped.at, stopped.why
        ));
    }
    assert_eq!(trace.matched.is_some(), trace.stopped.is_none());
    lines.join(" | ")
}

#[test]
fn every_matcher_and_what_it_took() {
    assert_eq!(
        told("LD ':' INT:n (',' LD:rest)? EOS", "key:42,x y"),
        "LD=key | ':'=: | INT:n=42 | ','=, | LD:rest=x y | EOS="
    );
    // What was tried and given up is not there.
    assert_eq!(
        told("('a' INT | 'a' LD:b) EOS", "ax"),
        "'a'=a | LD:b=x | EOS="
    );
    assert_eq!(
        told("ARRAY{INT:i ','?}{1,}:a ';'", "1,2;"),
        "INT:i=1 | ','?=, | INT:i=2 | ';'=;"
    );
    assert_eq!(told("'a' >>'b' LD:x", "ab"), "'a'=a | >>'b'= | LD:x=b");
    // Tests take nothing.
    assert_eq!(told("LD:x ('b' 'c')", "abc"), "LD:x=a | 'b'=b | 'c'=c");
    assert_eq!(
        told("JSON{INT:n}:j", r#"{"n":1}"#),
        r#"JSON{INT:n}:j={"n":1}"#
    );
}

#[test]
fn where_and_why_it_stopped() {
    assert_eq!(
        told("LD ':' INT:n", "key:x"),
        "LD=key | ':'=: | INT:n stops at 4: no whole number stands here"
    );
    assert_eq!(
        told("LD ';' INT:n", "key:x"),
        "LD stops at 0: nothing up to the end of the line fits what follows"
    );
    assert_eq!(
        told("('a' ('b' 'c')) 'd'", "abx"),
        "'a'=a | 'b'=b | 'c' stops at 2: this text does not stand here"
    );
    assert_eq!(
        told("('a' | 'b' 'c'):x", "bd"),
        "('a' | 'b' 'c'):x stops at 0: none of the alternatives fits here"
    );
    assert_eq!(
        told("'a'? INT(max=9):n", "10"),
        "INT(max=9):n stops at 0: the number is not within -2147483648 and 9"
    );
    assert_eq!(
        told("'a' !>>'b' LD", "ab"),
        "'a'=a | !>>'b' stops at 1: what must not be there is"
    );
    assert_eq!(
        told("LD{3} LD", "ab"),
        "LD{3} stops at 0: the line ends before there are 3 characters"
    );
}
