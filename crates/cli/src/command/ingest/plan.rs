//! What an ingest would read, as a table for people and as JSON for programs. It is the result, so it is printed.

use engine::Value;
use ingest::{Amount, Part, Plan};

use super::super::print;
use crate::args::Summary;
use crate::command::lake::info::date;
use crate::escape::visible;
use crate::exit::Exit;
use crate::human;
use crate::output::{json_object, json_text};

/// Prints it.
///
/// # Errors
/// Where standard output can't be written.
pub(super) fn show(plan: &Plan, format: Summary) -> anyhow::Result<Exit> {
    match format {
        Summary::Table => print(&page(plan))?,
        Summary::Json => print(&format!("{}\n", json_text(&object(plan))))?,
    }
    Ok(match plan.problems.is_empty() {
        true => Exit::Fine,
        false => Exit::Partial,
    })
}

fn page(plan: &Plan) -> String {
    let line = |account: &str, region: &str, day: &str, amount: &Amount| {
        format!(
            "{:<12} {:<15} {day:<10} {:>10} {:>9}\n",
            visible(account),
            visible(region),
            human::count(amount.objects),
            human::bytes(amount.bytes)
        )
    };
    let mut page = format!(
        "{:<12} {:<15} {:<10} {:>10} {:>9}\n",
        "account", "region", "delivered", "objects", "bytes"
    );
    for (part, amount) in &plan.parts {
        let account = part.account.as_deref().unwrap_or("none");
        let region = part.region.as_deref().unwrap_or("none");
        page.push_str(&line(account, region, &date(part.day), amount));
    }
    page.push_str(&line("all", "", "", &plan.total));
    if plan.unselected > 0 {
        let unselected = human::counted(plan.unselected, "object");
        page.push_str(&format!("{unselected} seen and not selected\n"));
    }
    for problem in &plan.problems {
        page.push_str(&format!("{}\n", visible(&problem.to_string())));
    }
    page
}

fn object(plan: &Plan) -> Value {
    let long = |number: u64| Value::Long(i64::try_from(number).unwrap_or(i64::MAX));
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::String);
    let part = |(part, amount): (&Part, &Amount)| {
        json_object([
            ("account", text(&part.account)),
            ("region", text(&part.region)),
            (
                "delivered",
                part.day
                    .map_or(Value::Null, |day| Value::String(date(Some(day)))),
            ),
            ("objects", long(amount.objects)),
            ("bytes", long(amount.bytes)),
        ])
    };
    json_object([
        ("objects", long(plan.total.objects)),
        ("bytes", long(plan.total.bytes)),
        ("unselected", long(plan.unselected)),
        ("parts", Value::Array(plan.parts.iter().map(part).collect())),
        (
            "problems",
            Value::Array(
                plan.problems
                    .iter()
                    .map(|problem| Value::String(problem.to_string()))
                    .collect(),
            ),
        ),
    ])
}
