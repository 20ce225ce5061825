//! Canonical text. The expected texts are those of the documentation where it shows any.

use super::{expression, parsed};
use crate::dql::format::{
    Definition, Definitions, Slot, canonical, canonical_query, canonical_query_with, canonical_with,
};

#[test]
fn expressions_without_definitions() {
    let table = [
        ("count( )", "count()"),
        ("a+b", "a + b"),
        (
            "event [ requestParameters ][`origin`]",
            "event[requestParameters][origin]",
        ),
        (
            "collectArray(a,maxLength : 3)",
            "collectArray(a, maxLength:3)",
        ),
        (
            "collectArray(a, expand: false)",
            "collectArray(a, expand:FALSE)",
        ),
        (
            "if(a<15,\"x\",else : \"y\")",
            "if(a < 15, \"x\", else:\"y\")",
        ),
        (
            "concat(status, \": \", event)",
            "concat(status, \": \", event)",
        ),
        ("bin(timestamp, 1d, at: 12h)", "bin(timestamp, 1d, at:12h)"),
        ("substring(s, from: -2)", "substring(s, from:-2)"),
        (
            "timeframe(from:timestamp - 5m, to: timestamp)",
            "timeframe(from:timestamp - 5m, to:timestamp)",
        ),
        (
            "in(t, {\"Python\" ,\"Hibernate\"})",
            "in(t, {\"Python\", \"Hibernate\"})",
        ),
        ("iAny(a[][b]>=4)", "iAny(a[][b] >= 4)"),
        (
            "NOT iAny(not in(needle[], haystack))",
            "not iAny(not in(needle[], haystack))",
        ),
        ("sum(a[]) ", "sum(a[])"),
        ("- 2h @ h", "-2h@h"),
        ("t @ 1h", "t@h"),
    ];
    for (text, canon) in table {
        assert_eq!(canonical(&expression(text)), canon, "{text}");
    }
}

#[test]
fn parentheses_only_where_the_tree_needs_them() {
    let table = [
        ("((a + b)) * (c)", "(a + b) * c"),
        ("a + (b + c)", "a + (b + c)"),
        ("(a + b) + c", "a + b + c"),
        ("a - (b * c)", "a - b * c"),
        ("(a * b) - c", "a * b - c"),
        ("(not a) and (b)", "not a and b"),
        ("not (a and b)", "not (a and b)"),
        ("(not a) == b", "(not a) == b"),
        ("a or (b and c)", "a or b and c"),
        ("(a or b) and c", "(a or b) and c"),
        ("a == (b == c)", "a == (b == c)"),
        ("-(a + b)", "-(a + b)"),
        ("-(-a)", "--a"),
        ("(-a)[0]", "(-a)[0]"),
        ("(a + b)[k]", "(a + b)[k]"),
        ("(now() - 2h)@h", "(now() - 2h)@h"),
        ("now() - (2h@h)", "now() - 2h@h"),
        ("(@h)@d", "(@h)@d"),
        ("(a ~ \"x\") ~ \"y\"", "(a ~ \"x\") ~ \"y\""),
        ("(a in [f]) in [g]", "(a in [f]) in [g]"),
        ("(-9223372036854775808)[0]", "(-9223372036854775808)[0]"),
    ];
    for (text, canon) in table {
        assert_eq!(canonical(&expression(text)), canon, "{text}");
    }
}

#[test]
fn literals_and_names() {
    let table = [
        ("true", "TRUE"),
        ("Null", "NULL"),
        ("0x10", "16"),
        ("1e3", "1000.0"),
        ("1e300", "1e300"),
        ("30min", "30m"),
        ("\"a\\\"b\\\\c\\n\"", "\"a\\\"b\\\\c\\n\""),
        ("\"\\x1b\"", "\"\\u001B\""),
        ("\"\"\"say \"hi\"\"\"\"", "\"say \\\"hi\\\"\""),
        ("`plain.name`", "plain.name"),
        ("`count()`", "`count()`"),
        ("`AND`", "`AND`"),
        ("`a.`", "`a.`"),
        (r"`a\`\\b`", r"`a\`\\b`"),
    ];
    for (text, canon) in table {
        assert_eq!(canonical(&expression(text)), canon, "{text}");
    }
}

#[test]
fn queries_stand_on_lines() {
    let table = [
        (
            "fetch spans,from:-10d|summarize count()",
            "fetch spans, from:-10d\n| summarize count()",
        ),
        (
            "fields A=entity.name,B=id",
            "fields A = entity.name, B = id",
        ),
        ("sort `count()` DESC", "sort `count()` desc"),
        (
            "summarize {a=count()} , by: {x} // why",
            "summarize {a = count()}, by:{x}",
        ),
        (
            "append [data record(a=1)|limit 1]",
            "append \n\t[\n\t\tdata record(a = 1)\n\t\t| limit 1\n\t]",
        ),
        ("append [ ]", "append []"),
    ];
    for (text, canon) in table {
        assert_eq!(canonical_query(&parsed(text)), canon, "{text}");
    }
}

/// A few of the documented definitions.
pub(super) struct Few;

impl Definitions for Few {
    fn command(&self, name: &str) -> Option<Definition> {
        match name.to_lowercase().as_str() {
            "summarize" => definition("summarize", "by:* aggregation*"),
            "timeseries" => definition("timeseries", "by:* filter: nonempty: aggregation*"),
            "fieldsadd" => definition("fieldsAdd", "field*"),
            "sort" => definition("sort", "expression*"),
            "fetch" => definition("fetch", "dataObject bucket:* from: to:"),
            "parse" => definition("parse", "expression pattern preserveFieldsOnFailure:"),
            _ => None,
        }
    }

    fn function(&self, name: &str) -> Option<Definition> {
        match name.to_lowercase().as_str() {
            "count" => definition("count", ""),
            "in" => definition("in", "needle haystack*"),
            "array" => definition("array", "expression*"),
            "concat" => definition("concat", "delimiter: expression*"),
            "matchesvalue" => {
                definition("matchesValue", "caseSensitive: wildcard: expression value*")
            }
            "contains" => definition("contains", "expression substring caseSensitive:"),
            "if" => definition("if", "condition then else:"),
            "timestamp" => definition("timestamp", "year month day timezone:"),
            "traverse" => definition("traverse", "edges* targets*"),
            _ => None,
        }
    }
}

/// `name` is positional, `name:` needs its name, `*` is for any number of values.
fn definition(name: &'static str, slots: &'static str) -> Option<Definition> {
    let parameters = slots
        .split_whitespace()
        .map(|slot| {
            let name = slot.trim_end_matches(['*', ':']);
            let alias = (name == "needle").then_some("element");
            Slot {
                name,
                alias,
                positional: !slot.contains(':'),
                variadic: slot.ends_with('*'),
            }
        })
        .collect();
    Some(Definition { name, parameters })
}

#[test]
fn definitions_order_parameters_of_functions() {
    let table = [
        ("Count()", "count()"),
        (
            "in(t, \"Python\", \"Hibernate\")",
            "in(t, {\"Python\", \"Hibernate\"})",
        ),
        ("in(t, {{\"a\"}, \"b\"})", "in(t, {\"a\", \"b\"})"),
        ("in(t, {\"a\"})", "in(t, \"a\")"),
        ("in(t, array(\"C\"))", "in(t, array(\"C\"))"),
        ("in(haystack: {1, 2}, element: x)", "in(x, {1, 2})"),
        ("in(x, y, haystack: 1)", "in(haystack:{1}, x, y)"),
        ("array(1, 2)", "array(1, 2)"),
        (
            "concat(a, b, delimiter: \"-\")",
            "concat(delimiter:\"-\", {a, b})",
        ),
        ("concat(a, b)", "concat(a, b)"),
        (
            "matchesValue(c, {\"G\", \"d*\"}, casesensitive: true)",
            "matchesValue(caseSensitive:TRUE, c, {\"G\", \"d*\"})",
        ),
        (
            "Contains(caseSensitive: false, content, \"dql\")",
            "contains(content, \"dql\", caseSensitive:FALSE)",
        ),
        ("if(c, then: 1, else: 2)", "if(c, 1, else:2)"),
        ("if(else: 2, c, 1)", "if(c, 1, else:2)"),
        (
            "timestamp(year:2019, month:8, day:1, timezone:\"UTC\")",
            "timestamp(2019, 8, 1, timezone:\"UTC\")",
        ),
        (
            "timestamp(month:8, timezone:\"UTC\")",
            "timestamp(month:8, timezone:\"UTC\")",
        ),
        ("traverse({a, b}, c)", "traverse({a, b}, c)"),
        ("unknown(b: 1, a)", "unknown(b:1, a)"),
        // Nothing that was written gets lost, even if it is too much.
        ("count(1, x: 2)", "count(1, x:2)"),
        ("if(c, then: 1, then: 2)", "if(c, then:2, 1)"),
    ];
    for (text, canon) in table {
        assert_eq!(canonical_with(&expression(text), &Few), canon, "{text}");
    }
}

#[test]
fn definitions_order_parameters_of_commands() {
    let table = [
        (
            "summarize count(), by: browser.name",
            "summarize by:{browser.name}, count()",
        ),
        (
            "summarize count(), By:{{a}, b}, s = sum(x)",
            "summarize by:{a, b}, {count(), s = sum(x)}",
        ),
        ("timeseries {sum(m), by:{b}}", "timeseries by:{b}, sum(m)"),
        ("FIELDSADD {a = 1, b}", "fieldsAdd a = 1, b"),
        (
            "fetch to: -1h, from: -2h, logs",
            "fetch logs, from:-2h, to:-1h",
        ),
        ("fetch logs, bucket: \"x\"", "fetch logs, bucket:{\"x\"}"),
        ("parse pattern: \"LD\", content", "parse content, \"LD\""),
        (
            "sort a, direction:\"descending\"",
            "sort a, direction:\"descending\"",
        ),
        (
            "sort a, direction:\"descending\", b",
            "sort {a, direction:\"descending\"}, b",
        ),
        (
            "sort {a, direction:\"descending\"}, {b}",
            "sort {a, direction:\"descending\"}, b",
        ),
    ];
    for (text, canon) in table {
        assert_eq!(canonical_query_with(&parsed(text), &Few), canon, "{text}");
    }
}
