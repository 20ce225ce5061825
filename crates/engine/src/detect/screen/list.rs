//! The rules that an event's name leaves, in the order in which they are ruled out at once.
//!
//! Most rules can only be met where a certain check of one column passes, such as that a user agent has some word in it.
//! Rules that need checks of the same column stand together: where none of those checks passes, none of them is looked at.

use super::ask::Asked;
use super::node::Node;
use super::{Feature, Source};
use crate::detect::plan::Column;

/// The columns that tell little: most events have one of a few values there, and rules ask for those.
const COMMON: [&str; 8] = [
    "event_source",
    "event_type",
    "event_category",
    "aws_region",
    "recipient_account_id",
    "read_only",
    "management_event",
    "user_identity_type",
];

/// Rules by their places, each with its condition.
#[derive(Debug, Default)]
pub(super) struct List {
    /// Those that no single column rules out.
    rest: Vec<(u32, Node)>,
    groups: Vec<Group>,
}

/// Rules that need checks of one feature.
#[derive(Debug)]
struct Group {
    feature: usize,
    /// The checks that any of them needs.
    needed: Vec<u64>,
    rules: Vec<Needy>,
}

#[derive(Debug)]
struct Needy {
    /// One of these checks has to pass.
    needed: Vec<u64>,
    place: u32,
    node: Node,
}

impl List {
    pub(super) fn new(
        rules: impl Iterator<Item = (u32, Node)>,
        features: &[Feature],
        columns: &[Column],
    ) -> List {
        let mut list = List::default();
        for (place, node) in rules {
            let Some((feature, needed)) = needs(&node, features, columns) else {
                list.rest.push((place, node));
                continue;
            };
            let known = list
                .groups
                .iter()
                .position(|group| group.feature == feature);
            let known = known.unwrap_or_else(|| {
                list.groups.push(Group {
                    feature,
                    needed: vec![0; needed.len()],
                    rules: Vec::new(),
                });
                list.groups.len() - 1
            });
            let group = &mut list.groups[known];
            for (all, word) in group.needed.iter_mut().zip(&needed) {
                *all |= word;
            }
            group.rules.push(Needy {
                needed,
                place,
                node,
            });
        }
        list
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty() && self.groups.is_empty()
    }

    /// Gives `take` the rules that the row may meet, until it says that this is enough.
    pub(super) fn visit(
        &self,
        asked: &mut Asked<'_, '_>,
        mut take: impl FnMut(&mut Asked<'_, '_>, u32, &Node) -> bool,
    ) {
        for (place, node) in &self.rest {
            if asked.may(node) && take(asked, *place, node) {
                return;
            }
        }
        for group in &self.groups {
            if !asked.may_pass(group.feature, &group.needed) {
                continue;
            }
            for rule in &group.rules {
                if asked.may_pass(group.feature, &rule.needed)
                    && asked.may(&rule.node)
                    && take(asked, rule.place, &rule.node)
                {
                    return;
                }
            }
        }
    }
}

/// A feature, and checks of it one of which has to pass where the condition holds, as bits; none where there is no such.
fn needs(node: &Node, features: &[Feature], columns: &[Column]) -> Option<(usize, Vec<u64>)> {
    match node {
        Node::Bit {
            feature,
            check,
            absent: false,
        } => {
            let mut words = vec![0; features[*feature].checks.len().div_ceil(64)];
            *words.get_mut(check / 64)? |= 1 << (check % 64);
            Some((*feature, words))
        }
        Node::All(parts) => {
            let needed = parts
                .iter()
                .filter_map(|part| needs(part, features, columns));
            needed.max_by_key(|(feature, _)| tells_much(&features[*feature], columns))
        }
        Node::Any(parts) => {
            let mut parts = parts.iter().map(|part| needs(part, features, columns));
            let (feature, mut all) = parts.next()??;
            for part in parts {
                let (other, words) = part?;
                if other != feature {
                    return None;
                }
                for (all, word) in all.iter_mut().zip(words) {
                    *all |= word;
                }
            }
            Some((feature, all))
        }
        _ => None,
    }
}

fn tells_much(feature: &Feature, columns: &[Column]) -> bool {
    let common = |column: &usize| {
        let column = columns.get(*column);
        column.is_some_and(|column| COMMON.contains(&column.name.as_str()))
    };
    matches!(feature.source, Source::Ecs(_)) || !feature.columns.iter().all(common)
}
