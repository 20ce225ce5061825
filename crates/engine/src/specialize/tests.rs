//! Expressions lose what facts settle, and nothing else; the log tells those facts.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use datafusion::common::DFSchema;
use datafusion::common::tree_node::TreeNode;
use datafusion::optimizer::analyzer::type_coercion::TypeCoercionRewriter;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::simplifier::PhysicalExprSimplifier;
use datafusion::prelude::SessionContext;
use lake::File;

use super::Known;
use super::facts::Fact;
use super::fold::fold;

/// An expression in SQL over the columns that facts are about.
fn expr(sql: &str) -> Arc<dyn PhysicalExpr> {
    let time = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let text = |name: &str| Field::new(name, DataType::Utf8View, true);
    let fields = ["bucket", "mistyped", "content", "user_agent"].map(text);
    let mut fields = Vec::from(fields);
    fields.push(Field::new("event_time", time, true));
    let schema = DFSchema::try_from(Schema::new(fields)).unwrap();
    let context = SessionContext::new();
    let parsed = context.parse_sql_expr(sql, &schema).unwrap();
    let mut rewriter = TypeCoercionRewriter::new(&schema);
    let typed = parsed.rewrite(&mut rewriter).unwrap().data;
    let made = context
        .state()
        .create_physical_expr(typed, &schema)
        .unwrap();
    // Literals of other types are turned into the columns'.
    let simplifier = PhysicalExprSimplifier::new(schema.as_arrow());
    simplifier.simplify(made).unwrap()
}

fn folded(sql: &str, facts: &[Fact]) -> String {
    let before = expr(sql);
    let after = fold(&before, &mut |fact| facts.contains(fact)).unwrap();
    after.to_string()
}

fn believed(name: &str) -> Fact {
    Fact::Believed(name.to_owned())
}

#[test]
fn what_a_fact_settles_is_left_out() {
    let agent = "mistyped IS NOT NULL AND mistyped LIKE '%user\\_agent%'";
    let choice = format!("CASE WHEN {agent} THEN content ELSE user_agent END");
    let cases = [
        (agent, believed("user_agent"), "false"),
        (&choice, believed("user_agent"), "user_agent@3"),
        (
            "user_agent = 'x' AND (mistyped IS NULL OR mistyped NOT LIKE '*%')",
            Fact::WithinLimit,
            "user_agent@3 = x",
        ),
        ("mistyped IS NULL", Fact::Regular, "true"),
        (
            "bucket = 'logs' AND user_agent = 'x'",
            Fact::Bucket("logs".to_owned()),
            "user_agent@3 = x",
        ),
        (
            "NOT (bucket = 'logs') OR user_agent = 'x'",
            Fact::Bucket("logs".to_owned()),
            "user_agent@3 = x",
        ),
        (
            "CASE WHEN user_agent = 'x' THEN bucket WHEN mistyped IS NULL THEN user_agent ELSE content END",
            Fact::Regular,
            "CASE WHEN user_agent@3 = x THEN bucket@0 ELSE user_agent@3 END",
        ),
    ];
    for (sql, fact, after) in cases {
        assert_eq!(folded(sql, &[fact]), after, "{sql}");
        assert_eq!(folded(sql, &[]), expr(sql).to_string(), "{sql}");
    }
}

#[test]
fn what_somebody_wrote_about_mistyped_stays() {
    let all = [
        Fact::Regular,
        Fact::WithinLimit,
        believed("x"),
        believed("user_agent"),
    ];
    let kept = [
        // Null where nothing is mistyped, and neither true nor false.
        "mistyped LIKE '%user_agent%'",
        "NOT (mistyped LIKE '%user_agent%')",
        "mistyped NOT LIKE '*%'",
        "mistyped = 'x'",
        "bucket <> 'logs'",
    ];
    for sql in kept {
        assert_eq!(folded(sql, &all), expr(sql).to_string());
    }
    let believed = [believed("x")];
    for sql in [
        "mistyped IS NOT NULL AND mistyped LIKE 'x%'",
        "mistyped IS NOT NULL AND mistyped NOT LIKE '%x%'",
        "mistyped IS NULL OR mistyped LIKE '%x%'",
        "user_agent IS NOT NULL AND mistyped LIKE '%x%'",
    ] {
        assert_eq!(folded(sql, &believed), expr(sql).to_string());
    }
}

#[test]
fn the_log_tells_facts_of_files_of_ours() {
    let mut file = File {
        path: String::new(),
        date: Some(20_000),
        size: 1,
        rows: 10,
        time: Some((1_000, 2_000)),
        mistyped: [("user_agent".to_owned(), 1)].into(),
        conflicts: 0,
        buckets: vec!["logs".to_owned()],
        layout: 1,
        dense: false,
        statistics: Default::default(),
    };
    let tells = |file: &File, fact: Fact| Known::of(file).map(|known| known.tells(&fact));
    let bucket = |name: &str| Fact::Bucket(name.to_owned());
    let (yes, no) = (Some(true), Some(false));
    let told = [
        (Fact::From(1_000), yes),
        (Fact::From(1_001), no),
        (Fact::Before(2_001), yes),
        (Fact::Before(2_000), no),
        (bucket("logs"), yes),
        (bucket("log"), no),
        (Fact::Regular, no),
        (Fact::WithinLimit, yes),
        (believed("source_ip_address"), yes),
        (believed("user_agent"), no),
        // A pattern meets what is part of a name as well.
        (believed("agent"), no),
    ];
    for (fact, expected) in told {
        assert_eq!(tells(&file, fact.clone()), expected, "{fact:?}");
    }
    file.buckets.push("others".to_owned());
    file.mistyped = [("*".to_owned(), 1)].into();
    assert_eq!(tells(&file, bucket("logs")), no);
    assert_eq!(tells(&file, Fact::WithinLimit), no);
    // Events without a time are in no day.
    file.date = None;
    assert_eq!(tells(&file, Fact::From(0)), no);
    // Of files that another engine wrote the log tells nothing.
    file.layout = 0;
    assert_eq!(tells(&file, Fact::WithinLimit), None);
}
