//! Strings without their closing quote: what is said, what the fix makes of it, and that nothing else is said.

use crate::Code;
use crate::dql::parse;

#[test]
fn a_missing_quote_costs_one_error() {
    let table = [
        (
            "filter a == «\"»abc\n| limit 1",
            "filter a == \"abc\"\n| limit 1",
        ),
        (
            "filter a == «\"»x\n| filter b == \"y\"\n| filter c == \"z\"",
            "filter a == \"x\"\n| filter b == \"y\"\n| filter c == \"z\"",
        ),
        (
            "data record(b = «\"»y)\n  | filter a == \"*.x\"",
            "data record(b = \"y\")\n  | filter a == \"*.x\"",
        ),
        (
            "summarize n = f(«\"»a (b)), by: {c}\r\n| limit 1",
            "summarize n = f(\"a (b)), by: {c}\"\r\n| limit 1",
        ),
        (
            "filter in(a, {\"x\", «\"»y}), b\n| limit 1",
            "filter in(a, {\"x\", \"y}), b\"\n| limit 1",
        ),
    ];
    for (text, fixed) in table {
        let quote = text.find('«').expect("a place");
        let text = text.replace(['«', '»'], "");
        let (_, diagnostics) = parse(&text);
        let diagnostic = diagnostics
            .iter()
            .find(|diagnostic| diagnostic.code == Code::UnclosedString)
            .expect("the diagnostic");
        assert_eq!(diagnostic.span.range(), quote..quote + 1, "{text}");
        let fix = diagnostic.fix.as_ref().expect("a fix");
        let mut result = text.clone();
        result.replace_range(fix.span.range(), &fix.replacement);
        assert_eq!(result, fixed, "{text}");
    }
    // Where the end is clear, nothing else is wrong.
    let (_, diagnostics) = parse("data record(b = \"y)\n| filter a == \"x\"\n| limit 5");
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
}

#[test]
fn a_string_may_run_over_lines_with_pipes() {
    for text in [
        "filter a == \"x\n| y\"",
        "filter a == \"x\n| y\" and b",
        "fields f(\"x\n| y\", \"\n|\")",
    ] {
        let (_, diagnostics) = parse(text);
        assert!(diagnostics.is_empty(), "{text}: {diagnostics:?}");
    }
}
