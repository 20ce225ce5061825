//! Sigma's rules, correlations and filters, version 2: documents read, and what they look for made a [`Condition`] or a
//! [`Correlation`].

mod condition;
pub mod correlation;
mod detection;
mod entry;
mod value;

pub(crate) use value::parts as wildcards;

#[cfg(test)]
mod tests;

use std::path::Path;

use crate::condition::Condition;
use crate::correlation::Correlation;
use crate::rule::{About, Attack, Body, Rule, Severity, Then};
use crate::yaml::{Kind, Place, Wrong, Yaml};

/// A document of a Sigma file.
#[derive(Clone, Debug, PartialEq)]
pub enum Document {
    /// A rule over CloudTrail, or a correlation. The rules that a correlation names are those of the document, ids and
    /// names as they come.
    Rule {
        /// The rule.
        rule: Box<Rule>,
        /// The `name` by which filters and correlations may refer to it.
        name: Option<String>,
        /// What it does that Sigma advises against.
        warnings: Vec<Wrong>,
    },
    /// A filter over CloudTrail.
    Filter(Filter),
    /// A rule or filter over other data, which is not run.
    Skipped {
        /// Its title.
        name: String,
        /// Which data it is for.
        reason: String,
    },
}

/// What is to hold besides, for the rules that it names.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// Where its document begins.
    pub place: Place,
    /// Its title.
    pub name: String,
    /// Ids or names of rules; none for all rules, which a file says by `any`.
    pub rules: Vec<String>,
    /// What an event must be to be kept.
    pub condition: Condition,
}

/// Whether a document is Sigma's: it has a section that only Sigma's have.
pub(crate) fn is_sigma(document: &Yaml) -> bool {
    ["detection", "correlation", "filter"]
        .iter()
        .any(|key| document.get(key).is_some())
        && (document.get("logsource").is_some() || document.get("title").is_some())
}

/// The rule, filter or skipped rule that a document of the file `path` holds.
///
/// # Errors
/// The first construct that is wrong or not supported.
pub(crate) fn parse(path: &Path, document: &Yaml) -> Result<Document, Wrong> {
    let missing =
        |key: &str| Wrong::new(document.place, key, format!("the key `{key}` is missing"));
    let title = document
        .get("title")
        .and_then(Yaml::text)
        .ok_or_else(|| missing("title"))?;
    let name = document.get("name").and_then(Yaml::text);
    if let Some(section) = document.get("correlation") {
        let rule = Rule {
            path: path.to_owned(),
            about: about(path, document, title)?,
            body: Body::Correlation(correlation(document, section)?),
        };
        return Ok(Document::Rule {
            rule: Box::new(rule),
            name,
            warnings: Vec::new(),
        });
    }
    let logsource = document
        .get("logsource")
        .ok_or_else(|| missing("logsource"))?;
    let of_filter = document.get("filter").is_some();
    if let Some(reason) = other_data(logsource, of_filter) {
        return Ok(Document::Skipped {
            name: title,
            reason,
        });
    }
    if let Some(section) = document.get("filter") {
        let mut rules = section.get("rules").map(Yaml::texts).unwrap_or_default();
        if rules.is_empty() {
            let reason = "the filter names no rules; `rules: any` stands for all";
            return Err(Wrong::new(section.place, "rules", reason));
        }
        let listed = matches!(
            section.get("rules").map(|rules| &rules.kind),
            Some(Kind::List(_))
        );
        if !listed && rules == ["any"] {
            rules.clear();
        }
        let condition = detection::read(section, &["rules"], &mut Vec::new())?;
        let place = document.place;
        return Ok(Document::Filter(Filter {
            place,
            name: title,
            rules,
            condition,
        }));
    }
    let section = document
        .get("detection")
        .ok_or_else(|| missing("detection"))?;
    let mut warnings = Vec::new();
    let condition = detection::read(section, &[], &mut warnings)?;
    let rule = Rule {
        path: path.to_owned(),
        about: about(path, document, title)?,
        body: Body::Events {
            condition,
            then: Then::Each,
            schedule: None,
            suppression: None,
        },
    };
    Ok(Document::Rule {
        rule: Box::new(rule),
        name,
        warnings,
    })
}

fn correlation(document: &Yaml, section: &Yaml) -> Result<Correlation, Wrong> {
    let wrong = |reason: String| Wrong::new(section.place, "correlation", reason);
    let read: Result<correlation::Section, _> = serde_saphyr::from_str(&section.json());
    let read = read.map_err(|error| wrong(error.to_string()))?;
    let generate = document.get("generate").and_then(Yaml::text);
    read.read(entry::path, generate.as_deref() == Some("true"))
        .map_err(|all| wrong(all.join("; ")))
}

/// Why a log source is not CloudTrail, if it is not. That of a filter may name a part of it only.
fn other_data(logsource: &Yaml, of_filter: bool) -> Option<String> {
    let part = |key| {
        logsource
            .get(key)
            .and_then(Yaml::text)
            .map(|text| text.to_lowercase())
    };
    let (product, service, category) = (part("product"), part("service"), part("category"));
    let is = |part: &Option<String>, wanted: &str| match part {
        Some(part) => part == wanted,
        None => of_filter,
    };
    let ours = is(&product, "aws")
        && is(&service, "cloudtrail")
        && category.is_none()
        && (product.is_some() || service.is_some());
    let parts = [
        ("product", product),
        ("service", service),
        ("category", category),
    ];
    let named: Vec<String> = parts
        .into_iter()
        .filter_map(|(key, value)| Some(format!("{key} {}", value?)))
        .collect();
    (!ours).then(|| match named.is_empty() {
        true => "its log source names no data".to_owned(),
        false => format!("its log source is {}, not AWS CloudTrail", named.join(", ")),
    })
}

fn about(path: &Path, document: &Yaml, title: String) -> Result<About, Wrong> {
    let text = |key| document.get(key).and_then(Yaml::text);
    let texts = |key| document.get(key).map(Yaml::texts).unwrap_or_default();
    let severity = match text("level").as_deref() {
        Some("informational") => Severity::Info,
        Some("low") => Severity::Low,
        Some("medium") | None => Severity::Medium,
        Some("high") => Severity::High,
        Some("critical") => Severity::Critical,
        Some(_) => {
            let place = document
                .get("level")
                .map_or(document.place, |level| level.place);
            let reason = "a level is informational, low, medium, high or critical";
            return Err(Wrong::new(place, "level", reason));
        }
    };
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let tags = texts("tags");
    Ok(About {
        id: text("id")
            .or_else(|| text("name"))
            .unwrap_or_else(|| stem.into_owned()),
        name: title,
        description: text("description").unwrap_or_default(),
        authors: texts("author"),
        license: text("license"),
        severity,
        version: text("modified").or_else(|| text("date")),
        status: text("status"),
        attack: attacks(&tags),
        tags,
        references: texts("references"),
        false_positives: texts("falsepositives"),
        ..About::default()
    })
}

/// What the tags name. A technique stands under the rule's tactic where there is just one.
fn attacks(tags: &[String]) -> Vec<Attack> {
    let named = tags.iter().filter_map(|tag| attack(tag));
    let (mut techniques, tactics): (Vec<Attack>, Vec<Attack>) =
        named.partition(|attack| attack.technique.is_some());
    match tactics.as_slice() {
        [one] if !techniques.is_empty() => {
            for technique in &mut techniques {
                technique.tactic.clone_from(&one.tactic);
            }
            techniques
        }
        _ => tactics.into_iter().chain(techniques).collect(),
    }
}

/// The tactic or technique that a tag such as `attack.t1078.004` or `attack.initial-access` names.
fn attack(tag: &str) -> Option<Attack> {
    let name = tag.strip_prefix("attack.")?;
    if let Some(number) = name.strip_prefix(['t', 'T'])
        && number.starts_with(|c: char| c.is_ascii_digit())
    {
        return Some(Attack {
            technique: Some(format!("T{number}")),
            ..Attack::default()
        });
    }
    // Groups and software: `attack.g0001`, `attack.s0001`.
    if name.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let words: Vec<String> = name.split(['-', '_']).map(capital).collect();
    Some(Attack {
        tactic: words.join(" "),
        ..Attack::default()
    })
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(_) if word == "and" => word.to_owned(),
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
