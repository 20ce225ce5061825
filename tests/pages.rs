//! The pages in `docs/` that are made from the code are up to date. `BLESS=1` writes them (`make docs`).

use std::fmt::Write;

use functions::parameter::Parameter;
use functions::{Aggregate, Function};

use crate::check::workspace;

#[test]
fn columns() {
    current("docs/columns.md", &lake::columns_page());
}

#[test]
fn functions() {
    current("docs/functions.md", &functions_page());
}

#[test]
fn coverage() {
    current("docs/coverage.md", &crate::coverage::page());
}

#[test]
fn errors() {
    current("docs/errors.md", &errors_page());
}

#[track_caller]
fn current(path: &str, page: &str) {
    let file = workspace(path);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, page).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(written == page, "{path} is old: run `make docs`");
}

fn functions_page() -> String {
    let mut page = String::from(
        "# Functions\n\nMade from the code by `make docs`. Every example here is run as a test.\n\n\
         Options, in brackets, have to be named: `contains(a, \"b\", caseSensitive: false)`.\n",
    );
    let supported = functions::functions().count() + functions::aggregates().count();
    let _ = writeln!(
        page,
        "\n{supported} of the {} names of the language are supported now; the others are refused by name.\n\n\
         ## One value a record\n",
        functions::names::NAMES.len()
    );
    let mut scalars: Vec<&Function> = functions::functions().collect();
    scalars.sort_by_key(|function| function.name.to_lowercase());
    for function in scalars {
        heading(
            &mut page,
            function.name,
            function.parameters,
            function.summary,
        );
        for (call, result) in function.examples {
            let _ = writeln!(page, "* `{call}` → `{result}`");
        }
    }
    page.push_str(
        "\n## One value a group\n\nIn `summarize`; those marked † in `makeTimeseries` too.\n",
    );
    let mut aggregates: Vec<&Aggregate> = functions::aggregates().collect();
    aggregates.sort_by_key(|aggregate| aggregate.name.to_lowercase());
    for aggregate in aggregates {
        let mark = if aggregate.series { " †" } else { "" };
        let summary = format!("{}{mark}", aggregate.summary);
        heading(&mut page, aggregate.name, aggregate.parameters, &summary);
    }
    page
}

fn heading(page: &mut String, name: &str, parameters: &[Parameter], summary: &str) {
    let shown: Vec<String> = parameters
        .iter()
        .map(|parameter| match (parameter.required, parameter.variadic) {
            (_, true) => format!("{}, …", parameter.name),
            (true, false) => parameter.name.to_owned(),
            (false, false) => format!("[{}:]", parameter.name),
        })
        .collect();
    let _ = writeln!(page, "\n### `{name}({})`\n\n{summary}\n", shown.join(", "));
    for parameter in parameters {
        let accepts = parameter.accepts.article();
        let _ = writeln!(page, "* `{}`, {accepts}: {}", parameter.name, parameter.doc);
    }
}

fn errors_page() -> String {
    let mut page = String::from(
        "# Diagnostic codes\n\nMade from the code by `make docs`. A code never changes its meaning and is never reused. Each has a case\n\
         under `tests/cases/errors`, where its message can be seen.\n\n| code | meaning |\n|---|---|\n",
    );
    let mut codes: Vec<syntax::Code> = syntax::Code::ALL.to_vec();
    codes.sort_by_key(|code| code.text());
    for code in codes {
        let _ = writeln!(page, "| {} | {} |", code.text(), code.title());
    }
    page
}
