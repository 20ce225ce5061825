//! JSON to nodes.

use ::json::Cursor;
use syntax::{Code, Diagnostic, Span};

use super::node::{Member, Node, Value};

/// The values of a text, which follow one another, and what is no JSON in it.
pub(super) fn read(text: &str) -> (Vec<Node>, Vec<Diagnostic>) {
    let mut roots = Vec::new();
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        at += rest.len()
            - rest
                .trim_start_matches([' ', '\t', '\r', '\n', '\u{feff}'])
                .len();
        if at >= text.len() {
            return (roots, Vec::new());
        }
        let mut cursor = Cursor::starting(text.as_bytes(), at);
        match node(text, &mut cursor) {
            Ok(root) => roots.push(root),
            Err(error) => {
                let message = format!("this is no JSON: {error}");
                let diagnostic = Diagnostic::error(Code::BadRule, Span::at(at), message);
                return (roots, vec![diagnostic]);
            }
        }
        at = cursor.at();
    }
}

/// Whether it is what an export holds besides rules: its summary, a connector, a list of exceptions or an entry of one.
pub(super) fn is_something_else(root: &Node) -> bool {
    let keys = [
        "exported_count",
        "list_id",
        "connector_type_id",
        "exported_rules_count",
    ];
    let of_connector = root
        .get("type")
        .is_some_and(|kind| kind.text() == Some("action"));
    of_connector || keys.iter().any(|key| root.member(key).is_some())
}

/// Passes the value under the cursor. The recursion ends at the scanner's depth limit.
fn node(text: &str, cursor: &mut Cursor<'_>) -> Result<Node, ::json::Error> {
    let next = cursor.peek();
    let start = cursor.at();
    let value = match next {
        Some(b'{') => {
            let mut members: Vec<Member> = Vec::new();
            let mut member = cursor.first_member()?;
            while let Some(name) = member {
                let key_span = Span::new(name.start, name.end);
                let key = name.value(text).into_owned();
                let value = node(text, cursor)?;
                let new = Member {
                    key,
                    key_span,
                    value,
                };
                // Of several members with one name the last counts.
                match members.iter_mut().find(|known| known.key == new.key) {
                    Some(known) => *known = new,
                    None => members.push(new),
                }
                member = cursor.next_member()?;
            }
            Value::Table(members)
        }
        Some(b'[') => {
            let mut all = Vec::new();
            let mut more = cursor.first_element()?;
            while more {
                all.push(node(text, cursor)?);
                more = cursor.next_element()?;
            }
            Value::List(all)
        }
        Some(b'"') => Value::Text(cursor.string()?.value(text).into_owned()),
        _ => {
            cursor.skip()?;
            let raw = text.get(start..cursor.at()).unwrap_or_default();
            match (::json::as_boolean(raw), ::json::as_double(raw)) {
                (Some(boolean), _) => Value::Boolean(boolean),
                (_, Some(number)) => Value::Number(number, raw.to_owned()),
                _ => Value::Other(raw.to_owned()),
            }
        }
    };
    let span = Span::new(start, cursor.at());
    Ok(Node { value, span })
}
