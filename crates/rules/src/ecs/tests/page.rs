//! `docs/ecs.md` is made from the table of fields, and is current.

use std::fmt::Write;
use std::path::Path;

use crate::ecs::{FIELDS, Made};

fn code(paths: &[&str]) -> String {
    let all: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
    all.join(", ")
}

fn page() -> String {
    let mut page = String::from(
        "# The fields of ECS documents\n\nMade from the code by `make docs`. What Elastic's rules ask for, and which keys of a CloudTrail record \
         answer. How: [elastic.md](elastic.md).\n\n| field | type | made of |\n|---|---|---|\n",
    );
    for row in FIELDS {
        let made = match row.made {
            Made::Copied(path) => code(&[path]),
            Made::Constant(value) => format!("always `{value}`"),
            Made::First(paths) => format!("the first of {}", code(paths)),
            Made::Computed(paths, _) => format!("computed from {}", code(paths)),
            Made::Leaves(path) => format!("the leaves of `{path}`"),
            Made::Place(_) | Made::Network(_) => "looked up for `sourceIPAddress`".to_owned(),
        };
        let kind = format!("{:?}", row.kind).to_lowercase();
        let _ = writeln!(page, "| {} | {kind} | {made} |", row.name);
    }
    page
}

#[test]
fn the_page_is_current() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/ecs.md");
    let page = page();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, &page).expect("the page");
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(written == page, "docs/ecs.md is old: run `make docs`");
}
