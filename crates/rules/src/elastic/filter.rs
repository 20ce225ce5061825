//! The filters of a rule: queries of Elasticsearch as objects, which an event must meet besides the rule's own query.

use syntax::{Code, Diagnostic, Span};

use super::keys::Reader;
use super::node::{Member, Node, Value};
use crate::condition::{Check, Comparison, Condition, Field, Part, Test};
use crate::ecs::{self, EcsField, Type};
use crate::kql::{self, everything, nothing, one};

/// How deep queries may be nested.
const DEEPEST: usize = 32;

/// The conditions of the rule's filters.
pub(super) fn read(reader: &mut Reader<'_>, rule: &Node) -> Vec<Condition> {
    let filters = rule.get("filters").map_or(&[][..], Node::each);
    filters
        .iter()
        .filter_map(|filter| self::filter(reader, filter))
        .collect()
}

/// The condition of one filter; none where it is switched off.
fn filter(reader: &mut Reader<'_>, filter: &Node) -> Option<Condition> {
    let meta = |key: &str| {
        let value = filter.get("meta").and_then(|meta| meta.get(key));
        value.is_some_and(|value| value.value == Value::Boolean(true))
    };
    if meta("disabled") {
        return None;
    }
    // Older ones have the query beside `meta`.
    let condition = match filter.get("query") {
        Some(inner) => query(reader, inner, DEEPEST),
        None => {
            let bare = filter
                .members()
                .iter()
                .filter(|member| !matches!(member.key.as_str(), "meta" | "$state"));
            let bare = Value::Table(bare.cloned().collect());
            let bare = Node {
                value: bare,
                span: filter.span,
            };
            query(reader, &bare, DEEPEST)
        }
    };
    Some(match meta("negate") {
        true => Condition::Not(Box::new(condition)),
        false => condition,
    })
}

/// The condition of a query object: one member, named for the query's kind.
fn query(reader: &mut Reader<'_>, node: &Node, deepest: usize) -> Condition {
    let [member] = node.members() else {
        return refuse(
            reader,
            node.span,
            "an object with one query in it was expected",
        );
    };
    let Some(deepest) = deepest.checked_sub(1) else {
        return refuse(reader, node.span, "this filter is nested too deeply");
    };
    let inside = &member.value;
    match member.key.as_str() {
        "match_all" => everything(),
        "match_none" => nothing(),
        "exists" => match reader.text(inside, "field") {
            Some(name) => exists(reader, &name, inside.span),
            None => refuse(reader, inside.span, "`exists` needs a `field`"),
        },
        "match_phrase" | "match" => of_field(reader, inside, "query", |reader, field, value| {
            equals(reader, field, value)
        }),
        "term" => of_field(reader, inside, "value", equals),
        "prefix" => of_field(reader, inside, "value", |reader, field, value| {
            let text = value.scalar().unwrap_or_default();
            glob(reader, field, value.span, vec![Part::Text(text), Part::Run])
        }),
        "wildcard" => of_field(reader, inside, "value", |reader, field, value| {
            let parts = wildcard(&value.scalar().unwrap_or_default());
            glob(reader, field, value.span, parts)
        }),
        "terms" => terms(reader, inside),
        "range" => of_field(reader, inside, "", range),
        "bool" => boolean(reader, inside, deepest),
        other => refuse(
            reader,
            member.key_span,
            format!("a filter of the kind `{other}` is not supported"),
        ),
    }
}

fn refuse(reader: &mut Reader<'_>, span: Span, message: impl Into<String>) -> Condition {
    reader.complain(Diagnostic::error(Code::RuleFilter, span, message));
    nothing()
}

/// The one field that a filter is about.
fn only_field(node: &Node) -> Option<&Member> {
    let mut fields = node.members().iter().filter(|member| member.key != "boost");
    fields.next().filter(|_| fields.next().is_none())
}

/// The condition on one field: `{field: value}` or `{field: {key: value}}`. Case folding is refused.
fn of_field(
    reader: &mut Reader<'_>,
    node: &Node,
    key: &str,
    make: fn(&mut Reader<'_>, &EcsField, &Node) -> Condition,
) -> Condition {
    let Some(member) = only_field(node) else {
        return refuse(reader, node.span, "one field was expected");
    };
    let mut value = &member.value;
    if let (Value::Table(_), false) = (&value.value, key.is_empty()) {
        let folds = value
            .get("case_insensitive")
            .or_else(|| value.get("fuzziness"));
        if folds.is_some_and(|folds| folds.value != Value::Boolean(false)) {
            return refuse(
                reader,
                value.span,
                "a filter that ignores differences of spelling is not supported",
            );
        }
        let found = value
            .get(key)
            .or_else(|| value.get("value"))
            .or_else(|| value.get("wildcard"));
        match found {
            Some(inner) => value = inner,
            None => return refuse(reader, value.span, format!("`{key}` was expected")),
        }
    }
    match field(reader, &member.key, member.key_span) {
        Some(field) => make(reader, &field, value),
        None => nothing(),
    }
}

/// The field of a name; with a warning where no document has it.
pub(super) fn field(reader: &mut Reader<'_>, name: &str, span: Span) -> Option<EcsField> {
    let field = ecs::find(name);
    if field.is_none() {
        let message = format!("no CloudTrail event has a field `{name}`, so nothing meets this");
        let names = ecs::FIELDS.iter().map(|field| field.name);
        let diagnostic = Diagnostic::warning(Code::KqlUnknownField, span, message);
        reader.complain(diagnostic.suggest(name, names));
    }
    field
}

fn exists(reader: &mut Reader<'_>, name: &str, span: Span) -> Condition {
    let inside = ecs::below(name);
    let fields = match ecs::find(name) {
        Some(field) => vec![field],
        None if !inside.is_empty() => inside,
        None => {
            field(reader, name, span);
            Vec::new()
        }
    };
    one(fields
        .iter()
        .map(|field| test(field, Check::Present))
        .collect())
}

fn test(field: &EcsField, check: Check) -> Condition {
    Condition::Test(Test {
        field: Field::Ecs(field.name()),
        check,
    })
}

fn equals(reader: &mut Reader<'_>, field: &EcsField, value: &Node) -> Condition {
    let Some(text) = value.scalar() else {
        return refuse(reader, value.span, "a single value was expected");
    };
    kql::is(field, &text).unwrap_or_else(|problem| {
        refuse(reader, value.span, format!("`{}` {problem}", field.name()))
    })
}

fn glob(reader: &mut Reader<'_>, field: &EcsField, span: Span, parts: Vec<Part>) -> Condition {
    match field.kind() {
        Type::Keyword | Type::Flattened => test(field, Check::Glob { parts, cased: true }),
        _ => refuse(reader, span, format!("`{}` is no text", field.name())),
    }
}

/// The parts of a wildcard: `*`, `?`, and a backslash before a character that stands for itself.
fn wildcard(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let plain = match character {
            '*' => {
                if parts.last() != Some(&Part::Run) {
                    parts.push(Part::Run);
                }
                continue;
            }
            '?' => {
                parts.push(Part::One);
                continue;
            }
            '\\' => characters.next().unwrap_or('\\'),
            other => other,
        };
        match parts.last_mut() {
            Some(Part::Text(text)) => text.push(plain),
            _ => parts.push(Part::Text(plain.to_string())),
        }
    }
    parts
}

fn terms(reader: &mut Reader<'_>, node: &Node) -> Condition {
    let Some(member) = only_field(node) else {
        return refuse(reader, node.span, "one field was expected");
    };
    let Value::List(values) = &member.value.value else {
        return refuse(reader, member.value.span, "a list of values was expected");
    };
    let Some(field) = field(reader, &member.key, member.key_span) else {
        return nothing();
    };
    one(values
        .iter()
        .map(|value| equals(reader, &field, value))
        .collect())
}

/// All bounds of a range, on one value each.
fn range(reader: &mut Reader<'_>, field: &EcsField, value: &Node) -> Condition {
    let mut all = Vec::new();
    for bound in value.members() {
        let comparison = match bound.key.as_str() {
            "lt" => Comparison::Less,
            "lte" => Comparison::LessOrEqual,
            "gt" => Comparison::Greater,
            "gte" => Comparison::GreaterOrEqual,
            "format" | "boost" => continue,
            other => {
                let message = format!("`{other}` of a range is not supported");
                return refuse(reader, bound.key_span, message);
            }
        };
        let Some(text) = bound.value.scalar() else {
            continue;
        };
        match kql::compares(field, comparison, &text) {
            Ok(condition) => all.push(condition),
            Err(problem) => {
                let message = format!("`{}` {problem}", field.name());
                return refuse(reader, bound.value.span, message);
            }
        }
    }
    if all.is_empty() {
        return refuse(reader, value.span, "a range needs a bound");
    }
    Condition::All(all)
}

fn boolean(reader: &mut Reader<'_>, node: &Node, deepest: usize) -> Condition {
    let mut all = Vec::new();
    let mut should = Vec::new();
    let mut required = false;
    for member in node.members() {
        let clauses = member.value.each();
        let mut read = || -> Vec<Condition> {
            clauses
                .iter()
                .map(|clause| query(reader, clause, deepest))
                .collect()
        };
        match member.key.as_str() {
            "must" | "filter" => {
                required |= !clauses.is_empty();
                all.extend(read());
            }
            "must_not" => {
                // Like `filter`, it does not make `should` optional.
                all.extend(
                    read()
                        .into_iter()
                        .map(|condition| Condition::Not(Box::new(condition))),
                );
            }
            "should" => should = read(),
            "minimum_should_match" | "boost" => {}
            other => {
                let message = format!("`{other}` of a `bool` is not supported");
                return refuse(reader, member.key_span, message);
            }
        }
    }
    let least = match node
        .get("minimum_should_match")
        .map(|least| (least, least.scalar()))
    {
        None => u64::from(!required),
        Some((least, text)) => match text.and_then(|text| text.parse().ok()) {
            Some(count @ 0..=1) => count,
            _ => {
                return refuse(
                    reader,
                    least.span,
                    "`minimum_should_match` other than 0 or 1 is not supported",
                );
            }
        },
    };
    if !should.is_empty() && least == 1 {
        all.push(one(should));
    }
    Condition::All(all)
}
