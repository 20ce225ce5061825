//! How much of the language is there: `docs/coverage.md`, made from the code (`make docs`). A command or a function
//! counts where a case that passes uses it: an example of a function, or a query in `cases/` that has rows.

use std::collections::BTreeSet;
use std::fmt::Write;

use engine::QueryOptions;
use syntax::dql::ast::{
    Block, Call, Command, Expr, ExprKind, Parameter, ParameterKind, Query, Value,
};

use crate::check::{ask, workspace};
use crate::documents::markdown;
use crate::documents::page::Page;

/// The commands of the language.
const COMMANDS: &[&str] = &[
    "append",
    "data",
    "dedup",
    "describe",
    "expand",
    "experimentalSave",
    "failIf",
    "fetch",
    "fields",
    "fieldsAdd",
    "fieldsFlatten",
    "fieldsKeep",
    "fieldsRemove",
    "fieldsRename",
    "fieldsSnapshot",
    "fieldsSummary",
    "filter",
    "filterOut",
    "join",
    "joinNested",
    "jsonExtract",
    "limit",
    "load",
    "lookup",
    "makeTimeseries",
    "metrics",
    "parse",
    "search",
    "smartscapeEdges",
    "smartscapeNodes",
    "sort",
    "summarize",
    "timeseries",
    "traverse",
];

/// What the queries that have a case use, in lower case.
#[derive(Default)]
struct Used {
    commands: BTreeSet<String>,
    functions: BTreeSet<String>,
}

impl Used {
    /// What every query with rows uses, and every example.
    fn in_all_cases() -> Used {
        let mut used = Used::default();
        for path in markdown(&workspace("tests/cases")) {
            for case in Page::read(&path).cases {
                if case.rows.is_some() {
                    used.text(&case.query.text);
                }
            }
        }
        for function in functions::functions() {
            for (call, _) in function.examples {
                used.text(&format!("data record() | fields x = {call}"));
            }
        }
        used
    }

    fn text(&mut self, text: &str) {
        self.query(&syntax::dql::parse(text).0);
    }

    fn query(&mut self, query: &Query) {
        query
            .commands
            .iter()
            .for_each(|command| self.command(command));
    }

    fn command(&mut self, command: &Command) {
        self.commands.insert(command.name.text.to_lowercase());
        command
            .parameters
            .iter()
            .for_each(|parameter| self.parameter(parameter));
    }

    fn parameter(&mut self, parameter: &Parameter) {
        match &parameter.kind {
            ParameterKind::Argument(argument) => match &argument.value {
                Value::Expr(expr) => self.expr(expr),
                Value::Block(block) => self.block(block),
            },
            ParameterKind::Group(inner) => inner.iter().for_each(|inner| self.parameter(inner)),
            ParameterKind::Named { value, .. } => self.parameter(value),
        }
    }

    fn block(&mut self, block: &Block) {
        block.query.iter().for_each(|query| self.query(query));
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Call(Call { name, parameters }) => {
                self.functions.insert(name.text.to_lowercase());
                parameters
                    .iter()
                    .for_each(|parameter| self.parameter(parameter));
            }
            ExprKind::Access { base, .. } => self.expr(base),
            ExprKind::Unary { operand, .. } => self.expr(operand),
            ExprKind::Binary { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::Align { left, .. } => left.iter().for_each(|left| self.expr(left)),
            ExprKind::In { needle, block } => {
                self.expr(needle);
                self.block(block);
            }
            ExprKind::Field(_) | ExprKind::Literal(_) | ExprKind::Error => {}
        }
    }
}

/// The page.
pub fn page() -> String {
    let used = Used::in_all_cases();
    let (commands, commands_table) = table(COMMANDS, &used.commands, |name| {
        code_of_refusal(&format!("data record(a = 1) | {name} a")).or_else(|| code_of_refusal(name))
    });
    let names = functions::names::NAMES;
    let (functions, functions_table) = table(names, &used.functions, |name| {
        code_of_refusal(&format!("data record(a = 1) | fields x = {name}(a)"))
    });
    let mut page = String::from(
        "# Coverage\n\nMade from the code by `make docs`. What counts has a case that passes: an example in [functions.md](functions.md),\n\
         or a query in `tests/cases`. What does not is refused by name, with the code given here ([errors.md](errors.md)).\n",
    );
    let _ = writeln!(
        page,
        "\n* commands: {commands}/{}\n* functions: {functions}/{}\n\n## Commands\n\n{commands_table}\n## Functions\n\n{functions_table}",
        COMMANDS.len(),
        names.len()
    );
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

/// How many of the names have a case, and a table of all of them.
fn table(
    names: &[&str],
    used: &BTreeSet<String>,
    refusal: impl Fn(&str) -> Option<String>,
) -> (usize, String) {
    let mut table = String::from("| name | |\n|---|---|\n");
    let mut count = 0;
    for name in names {
        let state = if used.contains(&name.to_lowercase()) {
            count += 1;
            "yes".to_owned()
        } else {
            refusal(name).map_or_else(|| "no case yet".to_owned(), |code| format!("no: {code}"))
        };
        let _ = writeln!(table, "| `{name}` | {state} |");
    }
    (count, table)
}

/// The code of the first error of a query; none for one that runs.
fn code_of_refusal(query: &str) -> Option<String> {
    let answered = ask(None, query, &QueryOptions::default());
    let error = answered
        .diagnostics
        .into_iter()
        .find(|diagnostic| diagnostic.is_error());
    error.map(|error| error.code.text().to_owned())
}
