//! The examples in the descriptions of functions: each call equals what stands beside it, given as a literal and as a
//! column.

use crate::check::ask;
use engine::QueryOptions;

#[test]
fn every_example_holds() {
    let mut ran = 0;
    for function in functions::functions() {
        for (call, expected) in function.examples {
            let query = match *expected {
                "null" => format!("data record(x = 1) | fields same = isNull({call})"),
                _ => format!("data record(x = 1) | fields same = {call} == {expected}"),
            };
            let answered = ask(None, &query, &QueryOptions::default());
            let same = answered.rows.first().map(|row| row["same"].clone());
            assert_eq!(
                same,
                Some(true.into()),
                "{query}\n{:?}",
                answered.diagnostics
            );
            ran += 1;
        }
    }
    assert!(ran > 20, "only {ran} examples");
}
