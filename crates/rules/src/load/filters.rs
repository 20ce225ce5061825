//! Sigma's filters: what is to hold besides, for the rules that they name.

use std::path::PathBuf;

use syntax::{Code, Diagnostic};

use super::{Loaded, LoadedRule};
use crate::condition::Condition;
use crate::rule::Body;
use crate::sigma::Filter;

/// The filters that were read, each with its file and where in the file it begins.
#[derive(Default)]
pub(super) struct Found(pub(super) Vec<(PathBuf, syntax::Span, Filter)>);

/// Applies each filter to its rules. Names of rules that are not there, or are not Sigma's, are warned of.
pub(super) fn apply(found: Found, loaded: &mut Loaded) {
    for (path, span, filter) in found.0 {
        let mut applied = Vec::new();
        if filter.rules.is_empty() {
            for rule in loaded.rules.iter_mut().filter(|rule| takes_filters(rule)) {
                applied.push(rule.rule.about.id.clone());
                narrow(rule, &filter.condition);
            }
        }
        for name in &filter.rules {
            let mut missing = true;
            for rule in loaded.rules.iter_mut().filter(|rule| is(rule, name)) {
                missing = false;
                // A rule that is named by id and by name is filtered once.
                if !applied.contains(&rule.rule.about.id) {
                    applied.push(rule.rule.about.id.clone());
                    narrow(rule, &filter.condition);
                }
            }
            if missing {
                let message = format!(
                    "the filter names `{name}`, and no Sigma rule that is used has that id or name"
                );
                let warning = Diagnostic::warning(Code::RuleKey, span, message);
                loaded.warnings.push((path.clone(), warning));
            }
        }
        loaded.filters.push((path, filter.name, applied));
    }
}

/// Whether filters apply: to Sigma's rules over events, not to what is made of them.
fn takes_filters(rule: &LoadedRule) -> bool {
    rule.language == "sigma" && matches!(rule.rule.body, Body::Events { .. })
}

fn is(rule: &LoadedRule, name: &str) -> bool {
    takes_filters(rule) && (rule.rule.about.id == name || rule.reference.as_deref() == Some(name))
}

fn narrow(rule: &mut LoadedRule, filter: &Condition) {
    if let Body::Events { condition, .. } = &mut rule.rule.body {
        let own = std::mem::replace(condition, Condition::All(Vec::new()));
        *condition = Condition::All(vec![own, filter.clone()]);
    }
}
