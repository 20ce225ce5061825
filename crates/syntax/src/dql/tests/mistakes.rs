//! What people write wrongly: which complaint they get, where, and what the fix makes of it.

use super::shape;
use crate::Code;
use crate::dql::parse;

/// Parses `text`, in which `«…»` marks where the one complaint is expected. Gives the text after its fix.
#[track_caller]
fn one(text: &str, code: Code) -> Option<String> {
    let start = text.find('«').expect("a place");
    let end = text.find('»').expect("a place") - '«'.len_utf8();
    let text = text.replace(['«', '»'], "");
    let (_, diagnostics) = parse(&text);
    let rendered = crate::render::render("test", &text, &diagnostics, false);
    assert_eq!(diagnostics.len(), 1, "{rendered}");
    let diagnostic = &diagnostics[0];
    assert_eq!(
        (diagnostic.code, diagnostic.span.range()),
        (code, start..end),
        "{rendered}"
    );
    let fix = diagnostic.fix.as_ref()?;
    let mut fixed = text.clone();
    fixed.replace_range(fix.span.range(), &fix.replacement);
    Some(fixed)
}

#[test]
fn mistakes_with_a_way_out() {
    use Code::*;
    let table = [
        ("filter r[«\"x\"»]", UnexpectedToken, "filter r[x]"),
        (
            "filter r[«\"a b\"»][c]",
            UnexpectedToken,
            "filter r[`a b`][c]",
        ),
        (
            "summarize count() «by» x",
            UnexpectedToken,
            "summarize count(), by: {x}",
        ),
        (
            "summarize count() «by» x, y = z | limit 1",
            UnexpectedToken,
            "summarize count(), by: {x, y = z} | limit 1",
        ),
        (
            "summarize count() «by» {x}",
            UnexpectedToken,
            "summarize count(), by: {x}",
        ),
        (
            "summarize «by» x, y",
            UnexpectedToken,
            "summarize by: {x, y}",
        ),
        ("sort «by» x desc, y", UnexpectedToken, "sort x desc, y"),
        (
            "summarize count() «as» n, by: {x}",
            UnexpectedToken,
            "summarize n = count(), by: {x}",
        ),
        (
            "fields a + b «AS» `a b`",
            UnexpectedToken,
            "fields `a b` = a + b",
        ),
        ("fields f(a «as» \"x\")", UnexpectedToken, "fields f(x = a)"),
        (
            "filter a = 1 and b «=» 2",
            UnexpectedToken,
            "filter a == 1 and b == 2",
        ),
        (
            "filter a = 1 or (b «=» 2 and c=3)",
            UnexpectedToken,
            "filter a == 1 or (b == 2 and c==3)",
        ),
        (
            "fieldsAdd x = a «=» 1",
            UnexpectedToken,
            "fieldsAdd x = a == 1",
        ),
        ("filter (a «=» 1)", UnexpectedToken, "filter (a == 1)"),
        (
            "filter count() «=» 1",
            UnexpectedToken,
            "filter count() == 1",
        ),
        (
            "fields «[\"a\",\"b\"]»",
            UnexpectedToken,
            "fields array(\"a\",\"b\")",
        ),
        (
            "filter «x in [\"a\", \"b\"]»",
            UnexpectedToken,
            "filter in(x, \"a\", \"b\")",
        ),
        (
            "filter «r[x] in (\"a\", b)» and c",
            UnexpectedToken,
            "filter in(r[x], \"a\", b) and c",
        ),
        (
            "filter «a not in {1}» or b",
            UnexpectedToken,
            "filter not in(a, 1) or b",
        ),
        ("filter «a in b»", UnexpectedToken, "filter in(a, b)"),
        (
            "filter a «not» in [fetch x]",
            ForeignOperator,
            "filter not a in [fetch x]",
        ),
        ("filter a «&&» b", ForeignOperator, "filter a and b"),
        ("filter a«||»b", ForeignOperator, "filter a or b"),
        ("filter «!»a", ForeignOperator, "filter not a"),
        (
            "filter «!»f(a) and b",
            ForeignOperator,
            "filter not f(a) and b",
        ),
        ("filter «!»a == b", ForeignOperator, "filter (not a) == b"),
        ("filter a == «!»b", ForeignOperator, "filter a == (not b)"),
        ("filter a «===» b", ForeignOperator, "filter a == b"),
        (
            "filter a «!~» \"x\" and b",
            ForeignOperator,
            "filter not a ~ \"x\" and b",
        ),
        (
            "fields x = a > 1 «?» b : c",
            ForeignOperator,
            "fields x = if(a > 1, b, else: c)",
        ),
        ("fields a «??» b", ForeignOperator, "fields coalesce(a, b)"),
        (
            "filter a «is» not null and b",
            ForeignOperator,
            "filter isNotNull(a) and b",
        ),
        ("filter a «IS» NULL", ForeignOperator, "filter isNull(a)"),
        (
            "filter a «like» \"x%\" or b",
            ForeignOperator,
            "filter like(a, \"x%\") or b",
        ),
        (
            "filter a[b] «contains» \"x\"",
            ForeignOperator,
            "filter contains(a[b], \"x\")",
        ),
        (
            "filter a == «'it \"is\"'»",
            SingleQuotes,
            "filter a == \"it \\\"is\\\"\"",
        ),
        ("filter a == «“x”»", SingleQuotes, "filter a == \"x\""),
        (
            "filter «größe.max» > 1",
            UnexpectedCharacter,
            "filter `größe.max` > 1",
        ),
        (
            "filter «it's» == 1",
            UnexpectedCharacter,
            "filter `it's` == 1",
        ),
        (
            "filter «O’Neill's» == x",
            UnexpectedCharacter,
            "filter `O’Neill's` == x",
        ),
        (
            "fetch logs «||» limit 1",
            ForeignOperator,
            "fetch logs | limit 1",
        ),
        (
            "data record(a = 1)\n«||» filter not a",
            ForeignOperator,
            "data record(a = 1)\n| filter not a",
        ),
        (
            "filter a «||» limit and b",
            ForeignOperator,
            "filter a or limit and b",
        ),
        ("filter a «=!» 1", ForeignOperator, "filter a != 1"),
        ("filter a «! =» 1", ForeignOperator, "filter a != 1"),
        ("filter a «><» 1", ForeignOperator, "filter a != 1"),
        ("filter a «=<» 1", ForeignOperator, "filter a <= 1"),
        (
            "filter a«=>»1 and b",
            ForeignOperator,
            "filter a >= 1 and b",
        ),
        (
            "filter a «between» 1 and 5 and b",
            ForeignOperator,
            "filter (a >= 1 and a <= 5) and b",
        ),
        (
            "data record(a = 1) «filter» a == 1",
            UnexpectedToken,
            "data record(a = 1) | filter a == 1",
        ),
        (
            "fetch logs «WHERE» a == 1",
            UnexpectedToken,
            "fetch logs | filter a == 1",
        ),
        ("fields a «b»", UnexpectedToken, "fields a, b"),
        ("fields f(a «\"b\"»)", UnexpectedToken, "fields f(a, \"b\")"),
        ("summarize count(«*»)", UnexpectedToken, "summarize count()"),
        (
            "summarize count() GROUP «BY» x, y",
            UnexpectedToken,
            "summarize count(), by: {x, y}",
        ),
        (
            "summarize count(), by: a, «b[c], d»",
            NotAnAggregation,
            "summarize count(), by: {a, b[c], d}",
        ),
        (
            "summarize by: x = f(a), «b», count()",
            NotAnAggregation,
            "summarize by: {x = f(a), b}, count()",
        ),
        ("order «by» x desc", UnexpectedToken, "order x desc"),
        (
            "fetch logs, «from» -1h",
            UnexpectedToken,
            "fetch logs, from: -1h",
        ),
        (
            "fetch logs, «to» now()-1h, from: -2h",
            UnexpectedToken,
            "fetch logs, to: now()-1h, from: -2h",
        ),
        (
            "filter f«(»a | limit 1",
            UnclosedBracket,
            "filter f(a) | limit 1",
        ),
        ("fields «{»a, b", UnclosedBracket, "fields {a, b}"),
        (
            "append «[»fetch logs",
            UnclosedBracket,
            "append [fetch logs]",
        ),
        (
            "filter a == «10.0.0.1»",
            BadNumber,
            "filter a == \"10.0.0.1\"",
        ),
        (
            "fetch logs«;» limit 1",
            UnexpectedCharacter,
            "fetch logs| limit 1",
        ),
        ("fetch logs«;» ", UnexpectedCharacter, "fetch logs "),
        ("«|» fetch logs", MissingCommand, " fetch logs"),
        ("fetch logs «|»", MissingCommand, "fetch logs "),
        (
            "fetch logs | «|» limit 1",
            MissingCommand,
            "fetch logs |  limit 1",
        ),
        (
            "fetch logs\n«filter» a",
            UnexpectedToken,
            "fetch logs\n| filter a",
        ),
        (
            "fetch logs «from»: -1h",
            UnexpectedToken,
            "fetch logs, from: -1h",
        ),
        (
            "fields a, b«,» | limit 1",
            UnexpectedToken,
            "fields a, b | limit 1",
        ),
        ("fields f(a«,»)", UnexpectedToken, "fields f(a)"),
        ("fields a,«,» b", UnexpectedToken, "fields a, b"),
        ("sort a «descending», b", UnexpectedToken, "sort a desc, b"),
        ("fields f(a«]», b", UnclosedBracket, "fields f(a), b"),
        ("fields a«)»", UnclosedBracket, "fields a"),
        ("fields «\"a b\"» = 1", UnexpectedToken, "fields `a b` = 1"),
        ("fields «true» = 1", UnexpectedToken, "fields `true` = 1"),
        ("filter «mod» == 1", UnexpectedToken, "filter `mod` == 1"),
        (
            "fields a[«i + 1»]",
            UnexpectedToken,
            "fields arrayElement(a, i + 1)",
        ),
        ("fields «.5» + 1", BadNumber, "fields 0.5 + 1"),
        ("limit «1_000»", BadNumber, "limit 1000"),
        (
            "fetch logs\n«# note»",
            UnexpectedCharacter,
            "fetch logs\n// note",
        ),
    ];
    for (text, code, fixed) in table {
        let result = one(text, code);
        assert_eq!(result.as_deref(), Some(fixed), "{text}");
        let (_, diagnostics) = parse(fixed);
        assert!(diagnostics.is_empty(), "{fixed}: {diagnostics:?}");
    }
}

#[test]
fn mistakes_without_a_sure_way_out() {
    use Code::*;
    let table = [
        ("fetch «\"\"\"»logs", UnclosedString),
        ("filter «`abc»", UnclosedBacktick),
        ("filter a «/*» b", UnclosedComment),
        ("filter «$x» == 1", Variable),
        ("filter in(a, array(«$x:noquote»))", Variable),
        ("limit «9223372036854775808»", BadNumber),
        ("limit «0x1FFFFFFFFFFFFFFFF»", BadNumber),
        ("limit «1e999»", BadNumber),
        ("filter a > «1.5h»", BadDuration),
        ("filter a > «5x»", BadDuration),
        ("filter a > «99999999999999999999d»", BadDuration),
        ("filter a@«foo»", UnexpectedToken),
        ("filter t@h «*» 2", UnexpectedToken),
        ("filter a + «not» b", UnexpectedToken),
        ("filter a * «@»h", UnexpectedToken),
        ("filter a ~ \"x\" «~» \"y\"", UnexpectedToken),
        ("filter a in [f] «==» b", UnexpectedToken),
        ("filter a in [f] «in» [g]", UnexpectedToken),
        ("filter a ==«» ", UnexpectedToken),
        ("filter a == «|» limit 1", UnexpectedToken),
        ("filter {a} «==» 1", UnexpectedToken),
        ("«5» | limit 1", MissingCommand),
        (
            "«SELECT» a, count(*) FROM b WHERE c = 1 GROUP BY d",
            MissingCommand,
        ),
        ("«index»=main x=y | fields z", MissingCommand),
        ("filter a == «10.0.0.256»", BadNumber),
        ("filter a == «1.2.3»", BadNumber),
        ("fetch logs | «\"x\"»", MissingCommand),
        ("fields a, [fetch logs] «+» 1", UnexpectedToken),
        ("filter (a «]» b)", UnexpectedToken),
        ("fields a[b «)» c]", UnexpectedToken),
        ("fields a, 1 + «[fetch logs]»", UnexpectedToken),
    ];
    for (text, code) in table {
        one(text, code);
    }
}

#[test]
fn a_text_without_a_query() {
    for text in ["", "  \n", "// nothing", "/* nothing */"] {
        let (query, diagnostics) = parse(text);
        assert!(query.commands.is_empty());
        assert_eq!(
            diagnostics
                .iter()
                .map(|diagnostic| diagnostic.code)
                .collect::<Vec<_>>(),
            [Code::EmptyQuery]
        );
    }
}

#[test]
fn every_mistake_is_reported_and_reading_goes_on() {
    let text = "fetch logs | filter a &&b == 'x' | fields f(a, g(b | sort by c | limit 5x, | fields r[\"k\"]";
    let (query, diagnostics) = parse(text);
    let codes: Vec<&str> = diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code.text())
        .collect();
    assert_eq!(
        codes,
        [
            "E0206", "E0103", "E0202", "E0202", "E0201", "E0107", "E0201", "E0201"
        ]
    );
    assert_eq!(
        shape::query(&query),
        "(fetch logs) | (filter (and a (== b \"x\"))) | (fields (call f a (call g b))) | (sort c) | (limit error) \
         | (fields (get r \"k\"))"
    );
}
