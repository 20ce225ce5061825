//! The rules in one file.

use syntax::{Code, Diagnostic, Span};

use super::files::{self, File, Written};
use super::filters::Found;
use super::{Loaded, LoadedRule, Refusal, Skipped, diagnostic};
use crate::elastic;
use crate::lint;
use crate::own;
use crate::rule::{About, Body};
use crate::sigma::{self, Document};
use crate::yaml::{self, Place, Wrong, Yaml};

/// Adds what the file's text holds.
pub(super) fn read(file: &File, text: &str, loaded: &mut Loaded, found: &mut Found) {
    let before = loaded.rules.len() + loaded.refusals.len() + loaded.skipped.len() + found.0.len();
    // Editors on Windows begin files with a mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match written(file, text) {
        // Other programs' files are TOML and JSON too; one word tells rules from them.
        Written::Toml
            if text
                .lines()
                .any(|line| line.trim_start().starts_with("[rule")) =>
        {
            elastic(file, text, elastic::read_toml(&file.path, text), loaded);
        }
        Written::Json if text.contains("\"rule_id\"") => {
            for reading in elastic::read_ndjson(&file.path, text) {
                elastic(file, text, reading, loaded);
            }
        }
        Written::Toml | Written::Json => {}
        Written::Yaml => documents(file, text, loaded, found),
    }
    let after = loaded.rules.len() + loaded.refusals.len() + loaded.skipped.len() + found.0.len();
    if after > before {
        return;
    }
    match file.named {
        true => loaded.refuse_file(
            &file.path,
            "there is no rule here: a rule is Elastic's (TOML or JSON), Sigma's (YAML) or ours (YAML with a `query`)"
                .to_owned(),
        ),
        false => loaded.left_alone += 1,
    }
}

/// By the file's name, or else by how it begins.
fn written(file: &File, text: &str) -> Written {
    files::kind(&file.path).unwrap_or_else(|| match text.trim_start().as_bytes().first() {
        Some(b'{') => Written::Json,
        Some(b'[') => Written::Toml,
        _ => Written::Yaml,
    })
}

fn elastic(file: &File, text: &str, reading: elastic::Reading, loaded: &mut Loaded) {
    if let Some(rule) = reading.rule {
        let warnings = reading.diagnostics.into_iter();
        loaded
            .warnings
            .extend(warnings.map(|warning| (file.path.clone(), warning)));
        // In an export the id stands in the rule's line.
        let at = text.find(&rule.about.id).unwrap_or_default();
        if let Body::Events { condition, .. } = &rule.body {
            let span = Span::at(query(text).unwrap_or(at));
            for message in lint::condition(condition) {
                let warning = Diagnostic::warning(Code::RuleCondition, span, message);
                loaded.warnings.push((file.path.clone(), warning));
            }
        }
        loaded.rules.push(LoadedRule {
            rule,
            place: Place::of(text, at),
            kind: reading.kind,
            language: reading.language,
            reference: None,
            tests: Vec::new(),
        });
        return;
    }
    let first = reading.diagnostics.iter().find(|found| found.is_error());
    let span = first.map_or(Span::at(0), |error| error.span);
    loaded.refusals.push(Refusal {
        path: file.path.clone(),
        place: Place::of(text, span.start),
        construct: construct(text, span),
        reason: first.map_or_else(String::new, |error| error.message.clone()),
        about: reading.about,
        kind: reading.kind,
        language: reading.language,
        diagnostics: reading.diagnostics,
    });
}

/// Where the query of a rule in TOML begins.
fn query(text: &str) -> Option<usize> {
    let is = |line: &str| {
        let rest = line.strip_prefix("query").unwrap_or_default();
        rest.trim_start().starts_with('=')
    };
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if is(line) {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// The beginning of what stands there, on one line.
fn construct(text: &str, span: Span) -> String {
    let text = text.get(span.range()).unwrap_or_default();
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None if line.is_empty() => "rule".to_owned(),
        None => line.to_owned(),
    }
}

fn documents(file: &File, text: &str, loaded: &mut Loaded, found: &mut Found) {
    let documents = match yaml::documents(text) {
        Ok(documents) => documents,
        Err(wrong) => {
            refuse(file, text, &Yaml::default(), ("", ""), wrong, loaded);
            return;
        }
    };
    for document in &documents {
        if sigma::is_sigma(document) {
            of_sigma(file, text, document, loaded, found);
        } else if own::is_own(document) {
            match own::parse(&file.path, document) {
                Ok(own) => loaded.rules.push(LoadedRule {
                    rule: own.rule,
                    place: document.place,
                    kind: "query".to_owned(),
                    language: "dql".to_owned(),
                    reference: None,
                    tests: own.tests,
                }),
                Err(wrong) => refuse(file, text, document, ("query", "dql"), wrong, loaded),
            }
        }
    }
}

fn of_sigma(file: &File, text: &str, document: &Yaml, loaded: &mut Loaded, found: &mut Found) {
    let kind = ["correlation", "filter"]
        .into_iter()
        .find(|key| document.get(key).is_some())
        .unwrap_or("rule");
    match sigma::parse(&file.path, document) {
        Ok(Document::Rule {
            rule,
            name,
            warnings,
        }) => {
            for wrong in warnings {
                let warning = diagnostic(&wrong, text, Code::RuleKey);
                loaded.warnings.push((file.path.clone(), warning));
            }
            if let Body::Events { condition, .. } = &rule.body {
                let place = document
                    .get("detection")
                    .map_or(document.place, |section| section.place);
                for message in lint::condition(condition) {
                    let warning =
                        Diagnostic::warning(Code::RuleCondition, place.span(text), message);
                    loaded.warnings.push((file.path.clone(), warning));
                }
            }
            loaded.rules.push(LoadedRule {
                rule: *rule,
                place: document.place,
                kind: kind.to_owned(),
                language: "sigma".to_owned(),
                reference: name,
                tests: Vec::new(),
            });
        }
        Ok(Document::Filter(filter)) => {
            let span = filter.place.span(text);
            found.0.push((file.path.clone(), span, filter));
        }
        Ok(Document::Skipped { name, reason }) => loaded.skipped.push(Skipped {
            path: file.path.clone(),
            id: document.get("id").and_then(Yaml::text).unwrap_or_default(),
            name,
            kind: kind.to_owned(),
            language: "sigma".to_owned(),
            reason,
        }),
        Err(wrong) => refuse(file, text, document, (kind, "sigma"), wrong, loaded),
    }
}

/// Refuses what a document holds; `kind` is its type and language.
fn refuse(
    file: &File,
    text: &str,
    document: &Yaml,
    kind: (&str, &str),
    wrong: Wrong,
    loaded: &mut Loaded,
) {
    let text_of = |key| document.get(key).and_then(Yaml::text);
    let error: Diagnostic = diagnostic(&wrong, text, Code::BadRule);
    loaded.refusals.push(Refusal {
        path: file.path.clone(),
        place: wrong.place,
        construct: wrong.construct,
        reason: wrong.reason,
        about: About {
            id: text_of("id").unwrap_or_default(),
            name: text_of("title")
                .or_else(|| text_of("name"))
                .unwrap_or_default(),
            ..About::default()
        },
        kind: kind.0.to_owned(),
        language: kind.1.to_owned(),
        diagnostics: vec![error],
    });
}
