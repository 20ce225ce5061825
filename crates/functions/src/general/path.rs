//! The object in a JSON text, and the way to a value in it.

use std::sync::Arc;

use syntax::{Code, Diagnostic, Span};

use crate::document::{Document, Place};
use crate::json::{self, Step};
use crate::parameter::{Accepts, Arguments, Parameter, optional, required};
use crate::typed::Typed;
use crate::value::{Value, from_json};

/// The longest JSON object that is read, in bytes.
const LIMIT: usize = 128_000;

/// The text.
pub(super) const EXPRESSION: Parameter = required(
    "expression",
    Accepts::STRING,
    "the text, which begins with a JSON object",
);

/// Where the object may be.
pub(super) const SEEK: Parameter = optional(
    "seek",
    Accepts::BOOLEAN,
    "whether the first JSON object anywhere in the text is meant; false unless given",
)
.literal();

/// The value at `path` in the object of [`EXPRESSION`].
pub(super) fn value(arguments: &Arguments, path: Vec<Step>) -> Result<Typed, Diagnostic> {
    let expression = &arguments.required(EXPRESSION.name)?.value;
    let seek = arguments.flag(SEEK.name, false)?;
    if let Some(fixed) = expression.fixed() {
        let object = fixed
            .as_str()
            .and_then(|text| json::object_in(text, LIMIT, seek));
        let value = path.iter().fold(
            Value::or_null(object, |object| from_json(object)),
            |value, step| match step {
                Step::Key(key) => value.member(key),
                Step::Index(index) => value.element(*index),
            },
        );
        return Ok(Typed::constant(&value, &value.ty()));
    }
    let document: Arc<Document> = match (expression, expression.string()) {
        // The columns hold what is in there.
        (Typed::Text { parsed, .. }, _) if !seek => Arc::clone(parsed),
        (_, Some(text)) => Document::json(json::object_of(text, LIMIT, seek)),
        (_, None) => return Ok(Typed::null()),
    };
    Ok(Typed::Place(Place { document, path }))
}

/// The steps of a JSONPath, such as `$.a['b'][0]`.
pub(super) fn steps(path: &str, span: Span) -> Result<Vec<Step>, Diagnostic> {
    let wrong = |message: String| {
        Diagnostic::error(Code::PatternSyntax, span, message)
            .help("a JSONPath is written as in: \"$.a.b[0]\", \"$['a']['b']\"")
    };
    let unsupported = |what: &str| {
        let message = format!("{what} in a JSONPath can't be used: it leads to one value");
        Diagnostic::error(Code::UnsupportedPattern, span, message)
    };
    let Some(mut rest) = path.trim().strip_prefix('$') else {
        return Err(wrong("a JSONPath begins with `$`".to_owned()));
    };
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if rest.starts_with("..") {
            return Err(unsupported("`..`"));
        }
        if let Some(name) = rest.strip_prefix('.') {
            let end = name.find(['.', '[']).unwrap_or(name.len());
            let (name, after) = name.split_at(end);
            match name {
                "" => return Err(wrong("a name is missing in this JSONPath".to_owned())),
                "*" => return Err(unsupported("`*`")),
                name => steps.push(Step::Key(name.to_owned())),
            }
            rest = after;
            continue;
        }
        let Some(inside) = rest.strip_prefix('[') else {
            return Err(wrong(format!("`{rest}` is no step of a JSONPath")));
        };
        let inside = inside.trim_start();
        let (step, after) = match inside.chars().next() {
            Some(quote @ ('"' | '\'')) => match quoted(&inside[1..], quote) {
                Some((name, after)) => (Step::Key(name), after),
                None => return Err(wrong("a quote is not closed in this JSONPath".to_owned())),
            },
            Some('*') => return Err(unsupported("`[*]`")),
            Some('?') => return Err(unsupported("a filter")),
            _ => {
                let end = inside.find([']', ' ', ':', ',']).unwrap_or(inside.len());
                let (index, after) = inside.split_at(end);
                match index.parse() {
                    Ok(index) => (Step::Index(index), after),
                    Err(_) if after.starts_with(':') => return Err(unsupported("a slice")),
                    Err(_) => {
                        let message = format!("`{index}` is neither an index nor a name in quotes");
                        return Err(wrong(message));
                    }
                }
            }
        };
        let after = after.trim_start();
        if after.starts_with(':') {
            return Err(unsupported("a slice"));
        }
        if after.starts_with(',') {
            return Err(unsupported("a list"));
        }
        let Some(after) = after.strip_prefix(']') else {
            return Err(wrong("a bracket is not closed in this JSONPath".to_owned()));
        };
        steps.push(step);
        rest = after;
    }
    Ok(steps)
}

/// The name up to its closing quote, and what comes behind that; a backslash takes the next character as it is.
fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut characters = text.chars();
    loop {
        match characters.next()? {
            '\\' => name.push(characters.next()?),
            end if end == quote => return Some((name, characters.as_str())),
            other => name.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use syntax::{Code, Span};

    use super::steps;
    use crate::json::Step;

    #[test]
    fn paths_are_steps() {
        let key = |name: &str| Step::Key(name.to_owned());
        let table = [
            ("$", vec![]),
            ("$.a.b", vec![key("a"), key("b")]),
            (
                "$.a[0][-1]",
                vec![key("a"), Step::Index(0), Step::Index(-1)],
            ),
            ("$['a.b'][ \"c\" ]", vec![key("a.b"), key("c")]),
            (r"$['it\'s']", vec![key("it's")]),
            ("$.ä-b", vec![key("ä-b")]),
        ];
        for (path, expected) in table {
            assert_eq!(steps(path, Span::new(0, 0)), Ok(expected), "{path}");
        }
    }

    #[test]
    fn what_is_no_path_to_one_value_is_refused() {
        let code = |path| steps(path, Span::new(0, 0)).map_err(|error| error.code);
        for path in [
            "", "a", "$.", "$.a.", "$[", "$['a]", "$['a'", "$[x]", "$a", "$[]", "$[1 2]",
        ] {
            assert_eq!(code(path), Err(Code::PatternSyntax), "{path}");
        }
        for path in [
            "$..a",
            "$.*",
            "$[*]",
            "$[0:2]",
            "$[:2]",
            "$[0,1]",
            "$['a','b']",
            "$[?(@.a)]",
        ] {
            assert_eq!(code(path), Err(Code::UnsupportedPattern), "{path}");
        }
    }
}
