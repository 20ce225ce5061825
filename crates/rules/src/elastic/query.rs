//! A rule's query, read as Kibana's language, with complaints at their places in the file.

use super::keys::Reader;
use super::node::Node;
use super::offsets::Offsets;
use crate::condition::Condition;

/// The condition of the rule's `query`.
pub(super) fn read(reader: &mut Reader<'_>, rule: &Node) -> Condition {
    let text = reader.required(rule, "query");
    let Some(node) = rule.get("query").filter(|node| node.text().is_some()) else {
        return crate::kql::nothing();
    };
    let (condition, diagnostics) = crate::kql::parse(&text);
    let offsets = Offsets::new(reader.text, node.span, &text);
    for diagnostic in diagnostics {
        reader.complain(offsets.diagnostic(diagnostic));
    }
    condition
}
