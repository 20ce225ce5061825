//! Long queries: many commands, long conditions, deep nesting. They run, or are refused with a diagnostic; they never
//! take the process down.

use engine::QueryOptions;

use crate::check::ask;

#[test]
fn many_filters_run() {
    let query = format!("data record(a = 1) {}", "| filter a == 1 ".repeat(200));
    let answered = ask(None, &query, &QueryOptions::default());
    assert_eq!(answered.rows.len(), 1, "{:?}", answered.codes);
}

#[test]
fn many_fields_run() {
    let commands: String = (0..100)
        .map(|place| format!("| fieldsAdd f{place} = concatenated{place} "))
        .collect();
    let commands = commands.replace("concatenated", "lower(a), b");
    let query = format!("data record(a = \"X\") {commands}");
    let answered = ask(None, &query, &QueryOptions::default());
    assert_eq!(answered.rows.len(), 1, "{:?}", answered.codes);
    assert_eq!(answered.rows[0]["f99"], "x");
}

#[test]
fn a_long_condition_runs() {
    let condition = vec!["a == 1"; 2_000].join(" or ");
    let query = format!("data record(a = 1), record(a = 2) | filter {condition}");
    let answered = ask(None, &query, &QueryOptions::default());
    assert_eq!(answered.rows.len(), 1, "{:?}", answered.codes);
}

#[test]
fn too_much_is_refused() {
    for (query, code) in [
        (
            format!("data record(a = 1) {}", "| limit 1".repeat(1_000)),
            "E0204",
        ),
        (
            format!("data record(a = {}1{})", "(".repeat(300), ")".repeat(300)),
            "E0204",
        ),
        (
            format!(
                "data record(a = 1) | filter {}",
                vec!["a == 1"; 9_000].join(" and ")
            ),
            "E0204",
        ),
    ] {
        let answered = ask(None, &query, &QueryOptions::default());
        assert!(answered.codes.contains(&code), "{:?}", answered.codes);
    }
}
