//! Fields that conditions and filters ask for and no event of a lake has. Only fields with a column are looked at: one
//! scan counts them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use engine::{QueryOptions, Value};
use lake::{Column, Lake};
use rules::load::LoadedRule;
use rules::rule::{Body, Then};
use rules::{Check, Condition, Field, ecs};
use syntax::dql::ast::Command;
use syntax::{Code, Diagnostic};

use super::finding::{Finding, Texts};
use crate::args::LakeArg;
use crate::command::check::Checker;
use crate::runtime;
use crate::s3;

/// A warning for each rule that asks for fields which no event has. Nothing where the lake has no events.
pub(super) async fn of_lake(
    rules: &[LoadedRule],
    lake: &LakeArg,
    checker: &Checker,
    texts: &mut Texts,
) -> anyhow::Result<Vec<Finding>> {
    let opened = Lake::open_with(runtime::location(lake)?, &s3::reached(&lake.s3)).await?;
    let layout = opened.snapshot().await?.layout;
    let mut asked = Vec::new();
    for rule in rules {
        let columns = match &rule.rule.body {
            Body::Events {
                condition, then, ..
            } => of_events(condition, then, &layout.columns),
            Body::Query(query) => of_query(&query.text, checker, &layout.columns).await,
            Body::Correlation(_) => BTreeSet::new(),
        };
        asked.push(columns);
    }
    let all: BTreeSet<usize> = asked.iter().flatten().copied().collect();
    let held = held(&all, &layout.columns, checker).await?;
    let mut findings = Vec::new();
    for (loaded, columns) in rules.iter().zip(asked) {
        let rule = &loaded.rule;
        let lacking: Vec<String> = columns
            .iter()
            .filter(|column| held.get(*column) == Some(&false))
            .map(|column| format!("`{}`", layout.columns[*column].path.join(".")))
            .collect();
        if lacking.is_empty() {
            continue;
        }
        let text = texts.of(&rule.path);
        let warning = Diagnostic::warning(
            Code::RuleCondition,
            loaded.place.span(&text),
            format!(
                "the rule asks for what no event of the lake has: {}",
                lacking.join(", ")
            ),
        );
        findings.push(Finding::new(&rule.path, &rule.about.id, &text, warning));
    }
    Ok(findings)
}

/// The places of the columns that hold what the rule reads.
fn of_events(condition: &Condition, then: &Then, columns: &[Column]) -> BTreeSet<usize> {
    let mut fields = Vec::new();
    gather(condition, &mut fields);
    match then {
        Then::Each => {}
        Then::Threshold { by, distinct, .. } => {
            fields.extend(by);
            fields.extend(distinct.iter().map(|(field, _)| field));
        }
        Then::NewTerms { fields: terms, .. } => fields.extend(terms),
    }
    fields
        .into_iter()
        .filter_map(|field| column(field, columns))
        .collect()
}

fn gather<'a>(condition: &'a Condition, out: &mut Vec<&'a Field>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().for_each(|part| gather(part, out));
        }
        Condition::Not(part) => gather(part, out),
        Condition::Test(test) => {
            out.push(&test.field);
            if let Check::Other(other, _) = &test.check {
                out.push(other);
            }
        }
    }
}

/// The column that holds just what the field has.
fn column(field: &Field, columns: &[Column]) -> Option<usize> {
    let at = |path: &[String]| columns.iter().position(|column| column.path == path);
    match field {
        Field::Path(path) => at(path),
        Field::Ecs(name) => {
            let path: Vec<String> = ecs::find(name)?
                .as_path()?
                .split('.')
                .map(str::to_owned)
                .collect();
            at(&path)
        }
        Field::Anywhere => None,
    }
}

/// The columns that the filters of a query read; none for a query that can't be run, of which enough is said.
async fn of_query(query: &str, checker: &Checker, columns: &[Column]) -> BTreeSet<usize> {
    let Some(filters) = filters(query) else {
        return BTreeSet::new();
    };
    let explained = checker
        .engine
        .explain(&filters, &QueryOptions::default(), false)
        .await;
    let read = explained
        .map(|explanation| explanation.columns)
        .unwrap_or_default();
    let place = |name: &String| columns.iter().position(|column| column.name == *name);
    read.iter().filter_map(place).collect()
}

/// The query up to the last filter of events, counting what is left: its scan reads what filters ask for, not what is
/// shown, which an event may well lack. None without such a filter.
fn filters(query: &str) -> Option<String> {
    let (parsed, _) = syntax::dql::parse(query);
    let of_events = |command: &&Command| {
        let name = command.name.text.as_str();
        matches!(
            name,
            "fetch" | "filter" | "filterOut" | "search" | "parse" | "fieldsAdd"
        )
    };
    let filter = |command: &&Command| matches!(command.name.text.as_str(), "filter" | "filterOut");
    let last = parsed
        .commands
        .iter()
        .take_while(of_events)
        .filter(filter)
        .last()?;
    Some(format!(
        "{} | summarize count()",
        query.get(..last.span.end)?
    ))
}

/// Whether any event has a value there, for each of the columns.
async fn held(
    wanted: &BTreeSet<usize>,
    columns: &[Column],
    checker: &Checker,
) -> anyhow::Result<BTreeMap<usize, bool>> {
    // A declared column may have keys that DQL writes in quotes; those are not asked for.
    let plain = |key: &String| {
        let mut bytes = key.bytes();
        bytes
            .next()
            .is_some_and(|first| first.is_ascii_alphabetic())
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let wanted: Vec<usize> = wanted
        .iter()
        .copied()
        .filter(|at| columns[*at].path.iter().all(plain))
        .collect();
    let mut query = String::from("fetch cloudtrail | summarize { events = count()");
    for at in &wanted {
        let mut keys = columns[*at].path.iter();
        // A text takes whatever is written.
        let _ = write!(
            query,
            ", c{at} = countIf(isNotNull({}",
            keys.next().map_or("", String::as_str)
        );
        for key in keys {
            let _ = write!(query, "[{key}]");
        }
        query.push_str("))");
    }
    query.push_str(" }");
    let mut answer = checker
        .engine
        .query(&query, &QueryOptions::default())
        .await?;
    let rows = answer.rows().await?;
    let mut counts = rows.into_iter().flatten();
    if counts.next() == Some(Value::Long(0)) {
        return Ok(BTreeMap::new());
    }
    let held = counts.map(|count| count != Value::Long(0));
    Ok(wanted.into_iter().zip(held).collect())
}

#[cfg(test)]
mod tests {
    use super::filters;

    #[test]
    fn a_query_is_cut_behind_its_filters_of_events() {
        for (query, expected) in [
            (
                "fetch logs | filter a | filterOut b | fields c | filter d",
                Some("fetch logs | filter a | filterOut b"),
            ),
            (
                "fetch logs\n| filter a // why\n| summarize n = count()\n| filter n > 2",
                Some("fetch logs\n| filter a"),
            ),
            ("fetch logs | summarize count()", None),
        ] {
            let expected = expected.map(|text| format!("{text} | summarize count()"));
            assert_eq!(filters(query), expected);
        }
    }
}
