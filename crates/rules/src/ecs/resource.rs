//! What was acted on, addresses and hosts.

use std::net::IpAddr;

use super::tree::{Tree, text, tree};
use super::user::distinct;
use super::{Source, Values};

/// The values of a key of all resources; `key` is the first of the names that one of them has.
fn of_resources(source: &dyn Source, names: &[&str]) -> Values {
    let mut all = Values::new();
    let resources = match tree(source, "resources") {
        Some(Tree::Array(resources)) => resources,
        Some(one) => vec![one],
        None => Vec::new(),
    };
    for resource in resources {
        if let Some(value) = names.iter().find_map(|name| resource.get(name)) {
            value.texts(&mut all);
        }
    }
    distinct(all)
}

pub(super) fn arns(source: &dyn Source) -> Values {
    of_resources(source, &["ARN", "arn"])
}

pub(super) fn accounts(source: &dyn Source) -> Values {
    of_resources(source, &["accountId", "account_id"])
}

pub(super) fn types(source: &dyn Source) -> Values {
    of_resources(source, &["type"])
}

/// The address of who asked, where it is one.
pub(super) fn address(source: &dyn Source) -> Option<(IpAddr, String)> {
    let text = text(source, "sourceIPAddress")?;
    Some((text.parse().ok()?, text))
}

pub(super) fn ip(source: &dyn Source) -> Values {
    address(source).map(|(_, text)| text).into_iter().collect()
}

/// The ids of the instances that the call names.
pub(super) fn hosts(source: &dyn Source) -> Values {
    let mut all = Values::new();
    for path in ["requestParameters", "responseElements"] {
        if let Some(tree) = tree(source, path) {
            instances(&tree, &mut all);
        }
    }
    distinct(all)
}

fn instances(tree: &Tree, out: &mut Values) {
    match tree {
        Tree::Object { members, .. } => members.iter().for_each(|(_, value)| instances(value, out)),
        Tree::Array(elements) => elements.iter().for_each(|element| instances(element, out)),
        Tree::Text(text) => {
            let digits = text.strip_prefix("i-");
            let id = digits.is_some_and(|digits| {
                matches!(digits.len(), 8 | 17)
                    && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
            });
            if id {
                out.push(text.clone());
            }
        }
        Tree::Plain(_) => {}
    }
}

pub(super) fn request_parameters(source: &dyn Source) -> Values {
    super::java::string(source, "requestParameters")
}

pub(super) fn response_elements(source: &dyn Source) -> Values {
    super::java::string(source, "responseElements")
}

pub(super) fn additional_event_data(source: &dyn Source) -> Values {
    super::java::string(source, "additionalEventData")
}

pub(super) fn service_event_details(source: &dyn Source) -> Values {
    super::java::string(source, "serviceEventDetails")
}
