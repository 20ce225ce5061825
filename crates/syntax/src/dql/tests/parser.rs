//! Texts and their trees.

use super::{expression, parsed, shape};
use crate::dql::ast::ExprKind;

#[test]
fn precedence_is_the_documented_one() {
    let table = [
        ("1 + 2 * 3", "(+ 1 (* 2 3))"),
        ("(1 + 2) * 3", "(* (+ 1 2) 3)"),
        ("10 - 4 - 3", "(- (- 10 4) 3)"),
        ("100 / 10 % 7", "(% (/ 100 10) 7)"),
        ("a mod 2", "(% a 2)"),
        ("-2 * 3 + 1", "(+ (* (Negate 2) 3) 1)"),
        ("- -a", "(Negate (Negate a))"),
        ("-a[0]", "(Negate (get a 0))"),
        // Logic: or < xor < and < not < in < comparison < ~ < + < @ < * < unary minus.
        ("a or b and c", "(or a (and b c))"),
        ("a or b xor c and d", "(or a (xor b (and c d)))"),
        ("a or b or c", "(or (or a b) c)"),
        ("not a and b", "(and (Not a) b)"),
        ("not 2 == 1", "(Not (== 2 1))"),
        ("not not a", "(Not (Not a))"),
        ("a AND NOT b Or c", "(or (and a (Not b)) c)"),
        ("a < b == c", "(== (< a b) c)"),
        ("a <> b", "(!= a b)"),
        ("a ~ \"x\" == true", "(== (~ a \"x\") true)"),
        ("a + b ~ \"x\"", "(~ (+ a b) \"x\")"),
        ("a - b > c", "(> (- a b) c)"),
        ("a == (not b)", "(== a (Not b))"),
    ];
    for (text, tree) in table {
        assert_eq!(shape::expression(&expression(text)), tree, "{text}");
    }
}

#[test]
fn alignment_binds_between_product_and_sum() {
    let table = [
        ("@h", "(@ now 1 Hour None)"),
        ("-2h@h", "(@ (Negate 2*Hour) 1 Hour None)"),
        ("now()-2h@h", "(- (call now) (@ 2*Hour 1 Hour None))"),
        ("(now()-2h)@h", "(@ (- (call now) 2*Hour) 1 Hour None)"),
        ("t @ d", "(@ t 1 Day None)"),
        ("t@15m + 1h", "(+ (@ t 15 Minute None) 1*Hour)"),
        ("t@M@w1", "(@ (@ t 1 Month None) 1 Week Some(1))"),
        ("t@w7", "(@ t 1 Week Some(7))"),
        ("a * b@s", "(@ (* a b) 1 Second None)"),
        ("1d + @d", "(+ 1*Day (@ now 1 Day None))"),
    ];
    for (text, tree) in table {
        assert_eq!(shape::expression(&expression(text)), tree, "{text}");
    }
}

#[test]
fn literals() {
    let table = [
        ("42", "42"),
        ("007", "7"),
        ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("- 09223372036854775808", "-9223372036854775808"),
        ("--9223372036854775808", "(Negate -9223372036854775808)"),
        ("0x2A", "42"),
        ("0xFFFFFFFFFFFFFFFF", "-1"),
        ("2.4e2", "240.0"),
        ("True", "true"),
        ("NULL", "null"),
        ("30min", "30*Minute"),
        ("1M", "1*Month"),
        ("250us", "250*Microsecond"),
    ];
    for (text, tree) in table {
        assert_eq!(shape::expression(&expression(text)), tree, "{text}");
    }
    let strings = [
        (r#""a\"b\\c""#, "a\"b\\c"),
        (r#""\n\r\t\'\/""#, "\n\r\t'/"),
        (r#""\u00e9\x41\uD83D\uDE00""#, "éA😀"),
        (r#""\d+""#, "d+"),
        (r#""\u12""#, "u12"),
        (r#""""a\n"b"""""#, "a\\n\"b\""),
        (r#"""""foo""""#, "\"foo"),
    ];
    for (text, value) in strings {
        assert_eq!(
            shape::expression(&expression(text)),
            format!("{value:?}"),
            "{text}"
        );
    }
}

#[test]
fn names_and_accessors() {
    let table = [
        ("aws.service", "aws.service"),
        ("`count()`", "`\"count()\""),
        (r"`a\`b\\c`", "`\"a`b\\\\c\""),
        ("`true`", "field:true"),
        ("in", "in"),
        (
            "event[userIdentity][arn]",
            "(get (get event \"userIdentity\") \"arn\")",
        ),
        ("left[dt.entity.host]", "(get left \"dt.entity.host\")"),
        ("r[`my key`]", "(get r \"my key\")"),
        ("r[true]", "(get r \"true\")"),
        ("a[-1][0x10]", "(get (get a -1) 16)"),
        ("a[][b]", "(get (get a each) \"b\")"),
        ("f(x)[0]", "(get (call f x) 0)"),
        (
            "not in(needle[], haystack)",
            "(Not (call in (get needle each) haystack))",
        ),
    ];
    for (text, tree) in table {
        assert_eq!(shape::expression(&expression(text)), tree, "{text}");
    }
}

#[test]
fn calls_take_named_parameters_groups_and_blocks() {
    let table = [
        (
            "if(a < 15, \"x\", else: \"y\")",
            "(call if (< a 15) \"x\" (:else \"y\"))",
        ),
        ("in(t, {\"a\", \"b\"})", "(call in t (group \"a\" \"b\"))"),
        (
            "record(a = 1, b, `c d` = e[f])",
            "(call record (= \"a\" 1) b (= \"c d\" (get e \"f\")))",
        ),
        (
            "record({a=1, b=2})",
            "(call record (group (= \"a\" 1) (= \"b\" 2)))",
        ),
        ("array()", "(call array)"),
        ("array.contains (x)", "(call array.contains x)"),
        (
            "lookup([fetch logs], sourceField: a)",
            "(call lookup [(fetch logs)] (:sourceField a))",
        ),
        (
            "x in [fetch logs | fields x]",
            "(in x [(fetch logs) | (fields x)])",
        ),
        ("not a in [f] and b", "(and (Not (in a [(f)])) b)"),
    ];
    for (text, tree) in table {
        assert_eq!(shape::expression(&expression(text)), tree, "{text}");
    }
}

#[test]
fn queries() {
    let table = [
        (
            "fetch logs, from: -30min",
            "(fetch logs (:from (Negate 30*Minute)))",
        ),
        ("fetch to: -1h, logs", "(fetch (:to (Negate 1*Hour)) logs)"),
        ("data json:\"\"\"[]\"\"\"", "(data (:json \"[]\"))"),
        ("sort a desc, b asc, desc", "(sort (desc a) (asc b) desc)"),
        ("sort not desc", "(sort (Not desc))"),
        ("sort `not` desc", "(sort (desc field:not))"),
        ("sort desc desc", "(sort (desc desc))"),
        (
            "dedup k, sort: {t desc}",
            "(dedup k (:sort (group (desc t))))",
        ),
        (
            "summarize {n = count(), s = sum(x)}, by: {k, d = t@d}",
            "(summarize (group (= \"n\" (call count)) (= \"s\" (call sum x))) (:by (group k (= \"d\" (@ t 1 Day None)))))",
        ),
        (
            "summarize count(), by: c = cat",
            "(summarize (call count) (:by (= \"c\" cat)))",
        ),
        (
            "sort {a, direction:\"descending\"}, b",
            "(sort (group a (:direction \"descending\")) b)",
        ),
        ("fields { a = x, b }", "(fields (group (= \"a\" x) b))"),
        ("append []", "(append [])"),
        (
            "joinNested n = [ fetch logs ], on: {k}",
            "(joinNested (= \"n\" [(fetch logs)]) (:on (group k)))",
        ),
        (
            "append [ append [ fetch a | limit 1 ] | limit 2 ] | limit 3",
            "(append [(append [(fetch a) | (limit 1)]) | (limit 2)]) | (limit 3)",
        ),
        (
            "filter loglevel = \"ERROR\"",
            "(filter (= \"loglevel\" \"ERROR\"))",
        ),
        (
            "fetch\u{a0}logs\r\n\r\n| limit\t1 // done",
            "(fetch logs) | (limit 1)",
        ),
        ("limit(5)", "(limit 5)"),
    ];
    for (text, tree) in table {
        assert_eq!(shape::query(&parsed(text)), tree, "{text}");
    }
}

#[test]
fn spans_cover_what_they_name() {
    let text = "fetch logs // x\n| filter (a + b) * f( 1 ) == -c[d] , by: { x = 1 desc }";
    let query = parsed(text);
    let command = &query.commands[1];
    assert_eq!(&text[query.span.range()], text);
    assert_eq!(
        &text[command.span.range()],
        &text[text.find("filter").expect("it")..]
    );
    assert_eq!(
        &text[command.parameters[1].span.range()],
        "by: { x = 1 desc }"
    );
    let expr = expression("(a + b) * f( 1 ) == -c[d]");
    let ExprKind::Binary {
        op_span,
        left,
        right,
        ..
    } = &expr.kind
    else {
        panic!()
    };
    // Seven bytes of `filter ` stand before it.
    assert_eq!((op_span.start, op_span.end), (7 + 17, 7 + 19));
    assert_eq!((left.span.start, left.span.end), (7, 7 + 16));
    assert_eq!((right.span.start, right.span.end), (7 + 20, 7 + 25));
    let ExprKind::Binary { left, .. } = &left.kind else {
        panic!()
    };
    assert_eq!(
        (left.span.start, left.span.end),
        (7, 7 + 7),
        "parentheses belong to it"
    );
}
