//! What a check says: excerpts and a line that sums up for people, a list for programs.

use engine::Value;
use syntax::render::position;
use syntax::{Diagnostic, Severity, Span};

use crate::escape::visible;
use crate::human::counted;
use crate::output::json_object;
use crate::say::Voice;
use crate::text::Text;

/// Says all that there is to say, and how many errors and warnings there are.
pub(super) fn say(checked: &[(Text, Vec<Diagnostic>)], voice: &Voice) {
    for (text, diagnostics) in checked.iter().filter(|(_, all)| !all.is_empty()) {
        voice.diagnostics(&text.name, &text.query, diagnostics);
        voice.say("");
    }
    voice.say(&summary(checked));
}

/// One line: `2 errors and 1 warning`, `3 queries are fine`.
fn summary(checked: &[(Text, Vec<Diagnostic>)]) -> String {
    let count = |severity| {
        let all = checked.iter().flat_map(|(_, diagnostics)| diagnostics);
        all.filter(|diagnostic| diagnostic.severity == severity)
            .count() as u64
    };
    let counts: Vec<String> = [
        (count(Severity::Error), "error"),
        (count(Severity::Warning), "warning"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, thing)| counted(number, thing))
    .collect();
    if counts.is_empty() {
        return match checked {
            [(text, _)] if text.name == "query" => "the query is fine".to_owned(),
            [(text, _)] => format!("the query in {} is fine", visible(&text.name)),
            _ => format!("all {} queries are fine", checked.len()),
        };
    }
    let wrong = checked
        .iter()
        .filter(|(_, diagnostics)| diagnostics.iter().any(|one| one.severity > Severity::Info))
        .count();
    let place = if checked.len() > 1 {
        format!(" in {wrong} of {} queries", checked.len())
    } else {
        String::new()
    };
    format!("{}{place}", counts.join(" and "))
}

/// The diagnostics for programs, in the order of the queries and of their texts. Lines and columns count from 1, columns in
/// characters; an end is the place behind the last character. `files`: each says which file it is about.
pub(super) fn list(checked: &[(Text, Vec<Diagnostic>)], files: bool) -> Value {
    let mut list = Vec::new();
    for (text, diagnostics) in checked {
        for diagnostic in diagnostics {
            list.push(object(text, diagnostic, files));
        }
    }
    Value::Array(list)
}

fn object(text: &Text, diagnostic: &Diagnostic, files: bool) -> Value {
    let string = |text: &str| Value::String(text.to_owned());
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    let fix = diagnostic.fix.as_ref().map_or(Value::Null, |fix| {
        let mut members = place(&text.query, fix.span);
        members.push(("text".to_owned(), string(&fix.replacement)));
        Value::Record(members)
    });
    let mut members = Vec::new();
    if files {
        members.push(("file".to_owned(), string(&text.name)));
    }
    members.extend(place(&text.query, diagnostic.span));
    let Value::Record(rest) = json_object([
        ("code", string(diagnostic.code.text())),
        ("severity", string(severity)),
        ("message", string(&diagnostic.message)),
        (
            "help",
            diagnostic.help.as_deref().map_or(Value::Null, string),
        ),
        ("fix", fix),
    ]) else {
        return Value::Null;
    };
    members.extend(rest);
    Value::Record(members)
}

fn place(text: &str, span: Span) -> Vec<(String, Value)> {
    let (line, column) = position(text, span.start);
    let (end_line, end_column) = position(text, span.end);
    [
        ("line", line),
        ("column", column),
        ("end_line", end_line),
        ("end_column", end_column),
    ]
    .into_iter()
    .map(|(key, number)| {
        (
            key.to_owned(),
            Value::Long(i64::try_from(number).unwrap_or(i64::MAX)),
        )
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use syntax::Code;

    use super::*;
    use crate::output::json_text;

    fn text(name: &str, query: &str) -> Text {
        Text {
            name: name.to_owned(),
            query: query.to_owned(),
        }
    }

    #[test]
    fn places_count_characters_from_one() {
        let query = "fetch é\n| filter x = 1";
        let equals = query.find('=').expect("the sign");
        let diagnostic = Diagnostic::error(
            Code::WrongType,
            Span::new(query.find('x').expect("the field"), query.len()),
            "a \"message\"",
        )
        .fix(Span::new(equals, equals + 1), "==");
        let checked = [(text("a.dql", query), vec![diagnostic])];
        assert_eq!(
            json_text(&list(&checked, true)),
            concat!(
                r#"[{"file":"a.dql","line":2,"column":10,"end_line":2,"end_column":15,"code":"E0401","severity":"error","#,
                r#""message":"a \"message\"","help":null,"#,
                r#""fix":{"line":2,"column":12,"end_line":2,"end_column":13,"text":"=="}}]"#
            )
        );
        assert_eq!(json_text(&list(&[(text("a", ""), vec![])], false)), "[]");
    }

    #[test]
    fn one_line_sums_up() {
        let error = || Diagnostic::error(Code::WrongType, Span::at(0), "x");
        let warning = || Diagnostic::warning(Code::MissingField, Span::at(0), "x");
        let info = || Diagnostic::info(Code::WholeLake, Span::at(0), "x");
        let table = [
            (vec![("query", vec![])], "the query is fine"),
            (
                vec![("a\u{1b}", vec![info()])],
                "the query in a<U+001B> is fine",
            ),
            (
                vec![("query", vec![error(), warning(), error()])],
                "2 errors and 1 warning",
            ),
            (vec![("a", vec![]), ("b", vec![])], "all 2 queries are fine"),
            (
                vec![
                    ("a", vec![info()]),
                    ("b", vec![warning()]),
                    ("c", vec![warning()]),
                ],
                "2 warnings in 2 of 3 queries",
            ),
        ];
        for (checked, expected) in table {
            let checked: Vec<_> = checked
                .into_iter()
                .map(|(name, diagnostics)| (text(name, ""), diagnostics))
                .collect();
            assert_eq!(summary(&checked), expected);
        }
    }
}
