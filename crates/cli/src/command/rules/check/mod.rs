//! `trailsift rules check`: what is wrong or odd about rules, each with its place in the file.

mod finding;
mod lacking;
mod place;

use std::path::PathBuf;

use engine::{QueryOptions, Settings, Value};
use rules::load::{Loaded, LoadedRule};
use rules::rule::Body;
use syntax::render::position;
use syntax::{Code, Diagnostic, Severity, Span};

use self::finding::{Finding, Texts};
use crate::args::{LakeArg, Summary};
use crate::command::check::Checker;
use crate::command::print;
use crate::embedded;
use crate::exit::Exit;
use crate::human;
use crate::output::{json_object, json_text};
use crate::runtime;
use crate::say::Voice;

pub(super) fn check(
    paths: &[PathBuf],
    lake: LakeArg,
    format: Summary,
    voice: &Voice,
) -> anyhow::Result<Exit> {
    let loaded = embedded::rules(paths)?;
    let mut texts = Texts::default();
    let mut findings = of_loading(&loaded, &mut texts);
    findings.extend(of_status(&loaded.rules, &mut texts));
    let skipped = loaded.skipped.len() as u64;
    let count = (loaded.rules.len() + loaded.refusals.len()) as u64;
    let settings = Settings::default();
    let checked = runtime::run(&settings.clone(), async move {
        let checker = Checker::new(&lake, settings).await?;
        let of_queries = of_queries(&loaded.rules, &checker, &mut texts).await?;
        findings.extend(of_queries);
        if lake.location.is_some() {
            findings.extend(lacking::of_lake(&loaded.rules, &lake, &checker, &mut texts).await?);
        }
        Ok(findings)
    });
    let mut findings = checked?;
    findings.sort_by(|a, b| (&a.file, a.diagnostic.span).cmp(&(&b.file, b.diagnostic.span)));
    match format {
        Summary::Table => say(&findings, voice),
        Summary::Json => print(&format!("{}\n", json_text(&list(&findings))))?,
    }
    if skipped > 0 {
        let verb = if skipped == 1 { "is" } else { "are" };
        voice.hint(&format!(
            "{} {verb} for other data than CloudTrail's",
            human::counted(skipped, "rule")
        ));
    }
    voice.say(&summary(count, &findings));
    let wrong = findings.iter().any(|finding| finding.diagnostic.is_error());
    Ok(if wrong { Exit::Wrong } else { Exit::Fine })
}

/// What loading refused, and what it found odd.
fn of_loading(loaded: &Loaded, texts: &mut Texts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for refusal in &loaded.refusals {
        let text = texts.of(&refusal.path);
        let mut all = refusal.diagnostics.clone();
        if all.is_empty() {
            let span = refusal.place.span(&text);
            all.push(Diagnostic::error(
                Code::BadRule,
                span,
                refusal.reason.clone(),
            ));
        }
        let finding =
            |diagnostic| Finding::new(&refusal.path, &refusal.about.id, &text, diagnostic);
        findings.extend(all.into_iter().map(finding));
    }
    for (path, warning) in &loaded.warnings {
        let text = texts.of(path);
        let mut of_file = loaded.rules.iter().filter(|rule| rule.rule.path == *path);
        // The last rule that begins before it; warnings of an export are at its rules.
        let rule = of_file
            .rfind(|rule| rule.place.span(&text).start <= warning.span.start)
            .or_else(|| loaded.rules.iter().find(|rule| rule.rule.path == *path));
        let id = rule.map_or("", |rule| rule.rule.about.id.as_str());
        let mut finding = Finding::new(path, id, &text, warning.clone());
        finding.of_tests = warning.is_error();
        findings.push(finding);
    }
    findings
}

/// Rules that their authors gave up.
fn of_status(rules: &[LoadedRule], texts: &mut Texts) -> Vec<Finding> {
    let given_up = |status: &str| matches!(status, "deprecated" | "unsupported");
    let mut findings = Vec::new();
    for loaded in rules {
        let rule = &loaded.rule;
        if let Some(status) = rule
            .about
            .status
            .as_deref()
            .filter(|status| given_up(status))
        {
            let text = texts.of(&rule.path);
            let message = format!("the rule's authors have marked it as `{status}`");
            let warning = Diagnostic::warning(Code::RuleGivenUp, loaded.place.span(&text), message);
            findings.push(Finding::new(&rule.path, &rule.about.id, &text, warning));
        }
    }
    findings
}

/// What is to be said of queries in DQL, in their files where they can be found there.
async fn of_queries(
    rules: &[LoadedRule],
    checker: &Checker,
    texts: &mut Texts,
) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for loaded in rules {
        let rule = &loaded.rule;
        let Body::Query(query) = &rule.body else {
            continue;
        };
        let options = QueryOptions::default();
        let (mut diagnostics, fields) = checker.fields(&query.text, &options).await?;
        // Whether there are events now is no fault of the rule.
        diagnostics.retain(|diagnostic| {
            diagnostic.severity != Severity::Info && diagnostic.code != Code::OutsideData
        });
        let names = fields.iter().flatten().map(String::as_str);
        if let Some(message) = query.lacks(names).filter(|_| fields.is_some()) {
            let begin = Span::new(0, query.text.find('\n').unwrap_or(query.text.len()));
            diagnostics.push(Diagnostic::error(Code::BadRule, begin, message));
        }
        if diagnostics.is_empty() {
            continue;
        }
        let query = &query.text;
        let text = texts.of(&rule.path);
        let place = place::of(&text, loaded.place.span(&text).start, query);
        for diagnostic in diagnostics {
            findings.push(match &place {
                Some(place) => {
                    let moved = place.diagnostic(diagnostic);
                    Finding::new(&rule.path, &rule.about.id, &text, moved)
                }
                None => {
                    let name = format!("{}, query of {}", rule.path.display(), rule.about.id);
                    Finding::new(
                        name.as_ref(),
                        &rule.about.id,
                        &query.as_str().into(),
                        diagnostic,
                    )
                }
            });
        }
    }
    Ok(findings)
}

fn say(findings: &[Finding], voice: &Voice) {
    for of_file in findings.chunk_by(|a, b| a.file == b.file) {
        let diagnostics: Vec<Diagnostic> = of_file
            .iter()
            .map(|finding| finding.diagnostic.clone())
            .collect();
        if let Some(first) = of_file.first() {
            voice.diagnostics(&first.file, &first.text, &diagnostics);
            voice.say("");
        }
    }
}

/// An array of `{file, line, column, rule, code, severity, message, help}`. Lines and columns count from 1.
fn list(findings: &[Finding]) -> Value {
    let string = |text: &str| Value::String(text.to_owned());
    let long = |number: usize| Value::Long(i64::try_from(number).unwrap_or(i64::MAX));
    let object = |finding: &Finding| {
        let diagnostic = &finding.diagnostic;
        let (line, column) = position(&finding.text, diagnostic.span.start);
        let severity = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        json_object([
            ("file", string(&finding.file)),
            ("line", long(line)),
            ("column", long(column)),
            ("rule", string(&finding.rule)),
            ("code", string(diagnostic.code.text())),
            ("severity", string(severity)),
            ("message", string(&diagnostic.message)),
            (
                "help",
                diagnostic.help.as_deref().map_or(Value::Null, string),
            ),
        ])
    };
    Value::Array(findings.iter().map(object).collect())
}

/// `1 of 17 rules can't be run; 2 warnings`
fn summary(count: u64, findings: &[Finding]) -> String {
    let errors = || {
        findings
            .iter()
            .filter(|finding| finding.diagnostic.is_error())
    };
    let mut wrong: Vec<(&str, &str)> = errors()
        .filter(|finding| !finding.of_tests)
        .map(|finding| (finding.file.as_str(), finding.rule.as_str()))
        .collect();
    wrong.sort_unstable();
    wrong.dedup();
    let rules = human::counted(count, "rule");
    let mut parts = vec![match wrong.len() as u64 {
        0 => format!("{rules} can be run"),
        wrong => format!("{} of {rules} can't be run", human::count(wrong)),
    }];
    let of_severity = |severity| {
        findings
            .iter()
            .filter(move |finding| finding.diagnostic.severity == severity)
    };
    match errors().filter(|finding| finding.of_tests).count() as u64 {
        0 => {}
        wrong => parts.push(format!("{} in tests", human::counted(wrong, "error"))),
    }
    match of_severity(Severity::Warning).count() as u64 {
        0 => {}
        warnings => parts.push(human::counted(warnings, "warning")),
    }
    parts.join("; ")
}
