//! What the canonical printer asks about names: the functions and commands that this crate knows.

use functions::names::NAMES;
use functions::parameter::Parameter;
use syntax::dql::ast::Query;
use syntax::dql::format::{Definition, Definitions, Slot, canonical_query_with};

/// The definitions of everything that is supported, and the spellings of what is not yet.
pub(crate) struct Library;

impl Definitions for Library {
    fn command(&self, name: &str) -> Option<Definition> {
        let known = |known: &&str| known.eq_ignore_ascii_case(name);
        let name = crate::command::names().find(known)?;
        // Grouping and the series' buckets are printed before the aggregations, whatever order they were written in.
        let parameters = match name {
            "summarize" => slots(&["by"]),
            "makeTimeseries" => slots(&[
                "by",
                "interval",
                "bins",
                "from",
                "to",
                "timeframe",
                "time",
                "spread",
                "nonempty",
            ]),
            _ => {
                return Some(Definition {
                    name,
                    parameters: Vec::new(),
                });
            }
        };
        let aggregation = Slot {
            name: "aggregation",
            alias: None,
            positional: true,
            variadic: true,
        };
        Some(Definition {
            name,
            parameters: parameters.into_iter().chain([aggregation]).collect(),
        })
    }

    fn function(&self, name: &str) -> Option<Definition> {
        let definition = |name: &'static str, parameters: &[Parameter]| Definition {
            name,
            parameters: parameters.iter().map(slot).collect(),
        };
        if let Some(function) = functions::find(name) {
            return Some(definition(function.name, function.parameters));
        }
        if let Some(aggregate) = functions::find_aggregate(name) {
            return Some(definition(aggregate.name, aggregate.parameters));
        }
        if name.eq_ignore_ascii_case("lookup") {
            // The translator's own: its first parameter is a sub-query.
            let slot = |name: &'static str| Slot {
                name,
                alias: None,
                positional: name == "lookupTable",
                variadic: false,
            };
            return Some(Definition {
                name: "lookup",
                parameters: [
                    "lookupTable",
                    "sourceField",
                    "lookupField",
                    "executionOrder",
                ]
                .map(slot)
                .into(),
            });
        }
        let name = NAMES
            .iter()
            .find(|known| known.eq_ignore_ascii_case(name))?;
        Some(Definition {
            name,
            parameters: Vec::new(),
        })
    }
}

fn slot(parameter: &Parameter) -> Slot {
    Slot {
        name: parameter.name,
        alias: parameter.alias,
        positional: parameter.required,
        variadic: parameter.variadic,
    }
}

fn slots(names: &[&'static str]) -> Vec<Slot> {
    names
        .iter()
        .map(|name| Slot {
            name,
            alias: None,
            positional: false,
            // The one that takes several values is printed in braces, even around one.
            variadic: *name == "by",
        })
        .collect()
}

/// The canonical text of a query: documented spellings and order of parameters.
pub fn canonical_query(query: &Query) -> String {
    canonical_query_with(query, &Library)
}
