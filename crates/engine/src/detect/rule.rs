//! A rule: a DQL query with what a reader of its alerts has to know, one YAML file each.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::Error;

/// How much an alert matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Look when there is time.
    Low,
    /// Look today.
    Medium,
    /// Look now.
    High,
    /// Act now.
    Critical,
}

impl Severity {
    /// The severity as rules write it.
    pub fn text(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

/// A technique of MITRE ATT&CK.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attack {
    /// The tactic, such as `Credential Access`.
    pub tactic: String,
    /// The technique's id, such as `T1555.006`.
    pub technique: String,
    /// The technique's name.
    pub name: String,
}

/// A rule. Every record that its query gives is an alert.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// A name that stays the same when the rule is renamed.
    pub id: String,
    /// What a person calls it.
    pub name: String,
    /// What it finds, and why that matters.
    pub description: String,
    /// How much its alerts matter.
    pub severity: Severity,
    /// The techniques that it may be a sign of.
    #[serde(default)]
    pub attack: Vec<Attack>,
    /// What to know about alerts that mean nothing.
    #[serde(default)]
    pub false_positives: Vec<String>,
    /// Where to read more.
    #[serde(default)]
    pub references: Vec<String>,
    /// The DQL query.
    pub query: String,
    /// The file that it was read from.
    #[serde(skip)]
    pub path: PathBuf,
}

/// Rules from files and folders; of a folder all `.yaml` and `.yml` files in it and below it, in order of their paths.
///
/// # Errors
/// [`Error::Read`] where a file or folder can't be read, [`Error::Rule`] where a file is no rule, two rules have one id,
/// or there is no rule at all.
pub fn load(paths: &[PathBuf]) -> Result<Vec<Rule>, Error> {
    let mut files = Vec::new();
    for path in paths {
        collect(path, &mut files)?;
    }
    let mut rules: Vec<Rule> = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|source| unreadable(&file, source))?;
        let rule = parse(&file, &text)?;
        if let Some(same) = rules.iter().find(|known| known.id == rule.id) {
            return Err(Error::Rule {
                path: file.display().to_string(),
                message: format!("its id `{}` is that of {}", rule.id, same.path.display()),
            });
        }
        rules.push(rule);
    }
    if rules.is_empty() {
        let places: Vec<String> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        return Err(Error::Rule {
            path: places.join(", "),
            message: "there is no rule here: a rule is a .yaml file".to_owned(),
        });
    }
    Ok(rules)
}

/// The rule that `text`, the content of the file `path`, holds.
///
/// # Errors
/// [`Error::Rule`] where it holds none.
pub fn parse(path: &Path, text: &str) -> Result<Rule, Error> {
    let rule: Result<Rule, _> = serde_saphyr::from_str(text);
    let mut rule = rule.map_err(|error| Error::Rule {
        path: path.display().to_string(),
        message: format!("this is no rule: {error}"),
    })?;
    rule.path = path.to_owned();
    Ok(rule)
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let entries = std::fs::read_dir(path).map_err(|source| unreadable(path, source))?;
    let mut inside = Vec::new();
    for entry in entries {
        inside.push(entry.map_err(|source| unreadable(path, source))?.path());
    }
    inside.sort();
    for path in inside {
        let yaml = path.extension().is_some_and(|extension| {
            extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml")
        });
        if path.is_dir() || yaml {
            collect(&path, files)?;
        }
    }
    Ok(())
}

fn unreadable(path: &Path, source: std::io::Error) -> Error {
    Error::Read {
        path: path.display().to_string(),
        source,
    }
}
