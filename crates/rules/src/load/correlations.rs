//! The rules that Sigma's correlations name: each by its id from here on, and none missing.

use std::collections::{BTreeMap, BTreeSet};

use super::{Loaded, LoadedRule};
use crate::correlation::Correlation;
use crate::rule::Body;

/// Has every correlation name its rules by id. One that names a rule that is not used, or rests on itself, is refused.
pub(super) fn resolve(loaded: &mut Loaded) {
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    for rule in loaded.rules.iter().filter(|rule| rule.language == "sigma") {
        let id = &rule.rule.about.id;
        for name in rule.reference.iter().chain([id]) {
            // A name that several rules have is the first one's; an id is its rule's in any case.
            if name == id || !ids.contains_key(name) {
                ids.insert(name.clone(), id.clone());
            }
        }
    }
    for rule in &mut loaded.rules {
        if let Some(correlation) = correlation(rule) {
            correlation.rename(|name| ids.get(name).cloned().unwrap_or_else(|| name.to_owned()));
        }
    }
    let (mut open, mut sound): (Vec<LoadedRule>, Vec<LoadedRule>) =
        std::mem::take(&mut loaded.rules)
            .into_iter()
            .partition(|rule| matches!(rule.rule.body, Body::Correlation(_)));
    let of_sigma = sound.iter().filter(|rule| rule.language == "sigma");
    let mut known: BTreeSet<String> = of_sigma.map(id).collect();
    // From below upwards: what rests on sound rules alone is sound.
    loop {
        let (ready, rest): (Vec<LoadedRule>, Vec<LoadedRule>) = open
            .into_iter()
            .partition(|rule| below(rule).iter().all(|name| known.contains(name)));
        open = rest;
        if ready.is_empty() {
            break;
        }
        known.extend(ready.iter().map(id));
        sound.extend(ready);
    }
    let stuck: BTreeSet<String> = open.iter().map(id).collect();
    for rule in open {
        let missing: Vec<String> = below(&rule)
            .iter()
            .filter(|name| !known.contains(*name) && !stuck.contains(*name))
            .map(|name| format!("`{name}`"))
            .collect();
        let reason = match missing.is_empty() {
            true => "it rests on itself, or on a correlation that can't be used".to_owned(),
            false => format!(
                "it names {}, and no Sigma rule that is used has that id or name",
                missing.join(", ")
            ),
        };
        loaded.refusals.push(rule.refused("rules", reason));
    }
    sound.sort_by(|a, b| (&a.rule.path, a.place).cmp(&(&b.rule.path, b.place)));
    loaded.rules = sound;
}

fn id(rule: &LoadedRule) -> String {
    rule.rule.about.id.clone()
}

fn correlation(rule: &mut LoadedRule) -> Option<&mut Correlation> {
    match &mut rule.rule.body {
        Body::Correlation(correlation) => Some(correlation),
        _ => None,
    }
}

/// The rules that a correlation names; none of other rules.
fn below(rule: &LoadedRule) -> &[String] {
    match &rule.rule.body {
        Body::Correlation(correlation) => &correlation.rules,
        _ => &[],
    }
}
