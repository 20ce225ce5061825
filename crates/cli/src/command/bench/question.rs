//! What is asked: the queries for benches, the tutorials' as they were published and over the whole lake, and the rules.

use std::collections::BTreeMap;

use rules::load::LoadedRule;
use rules::rule::Body as RuleBody;

use super::needle::Needles;
use crate::embedded;
use crate::exit::Mistake;

/// What the tutorials' queries begin with, and what of it is taken away to ask the whole lake.
const WINDOW: &str = ", from: -30min";

/// The line of the tutorials' queries that keeps one bucket, and the bucket.
const BUCKET_LINE: &str = "| filter dt.system.bucket == \"my_aws_bucket\"\n";
pub(super) const BUCKET: &str = "my_aws_bucket";

/// Queries of the tutorials whose answer is every record: over a whole lake they would be an export.
const EVERY_RECORD: &[&str] = &["fetch", "fetch-bucket", "parse-event"];

/// Questions of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    Count,
    Needle,
    Group,
    Series,
    Top,
    Latest,
    Tutorial,
    Whole,
    Rules,
}

impl Family {
    pub(super) const ALL: [Family; 9] = [
        Family::Count,
        Family::Needle,
        Family::Group,
        Family::Series,
        Family::Top,
        Family::Latest,
        Family::Tutorial,
        Family::Whole,
        Family::Rules,
    ];

    /// Its name in `--only` and in JSON.
    pub(super) fn name(self) -> &'static str {
        match self {
            Family::Count => "count",
            Family::Needle => "needle",
            Family::Group => "group",
            Family::Series => "series",
            Family::Top => "top",
            Family::Latest => "latest",
            Family::Tutorial => "tutorial",
            Family::Whole => "whole",
            Family::Rules => "rules",
        }
    }

    /// What a reader of the table is told.
    pub(super) fn title(self) -> &'static str {
        match self {
            Family::Count => "counts",
            Family::Needle => "needles: one value among all",
            Family::Group => "groups, few and many",
            Family::Series => "time series",
            Family::Top => "top-n",
            Family::Latest => "the latest",
            Family::Tutorial => "the tutorials' queries as published: the last 30 minutes",
            Family::Whole => "the tutorials' queries over the whole lake",
            Family::Rules => "packs of rules, all alerts",
        }
    }

    /// The family of a query in `data/queries/bench`, by the first word of its name.
    fn of(name: &str) -> Option<Family> {
        match name.split('-').next()? {
            "count" => Some(Family::Count),
            "needle" => Some(Family::Needle),
            "group" | "distinct" => Some(Family::Group),
            "series" => Some(Family::Series),
            "top" => Some(Family::Top),
            "latest" => Some(Family::Latest),
            _ => None,
        }
    }
}

/// One question.
#[derive(Debug)]
pub(super) struct Question {
    /// Its name, unique: `needle-event-id`, `tutorial/throttling`, `whole/throttling`, `rules/cis`.
    pub(super) name: String,
    pub(super) family: Family,
    /// Whether it asks for the last 30 minutes alone.
    pub(super) window: bool,
    /// Whether the query puts its records into one order; else only which records there are counts.
    pub(super) ordered: bool,
    pub(super) body: Body,
}

/// What is run.
#[derive(Debug)]
pub(super) enum Body {
    /// A query in DQL.
    Query(String),
    /// Rules, in one run.
    Rules(Vec<LoadedRule>),
}

impl Question {
    /// Its name in the table, below the family's title.
    pub(super) fn short(&self) -> &str {
        self.name
            .rsplit_once('/')
            .map_or(self.name.as_str(), |(_, name)| name)
    }

    /// The text of its query; none for rules.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.body {
            Body::Query(text) => Some(text),
            Body::Rules(_) => None,
        }
    }

    /// Puts values of the lake in the places for them.
    ///
    /// # Errors
    /// What the lake does not have, in words.
    pub(super) fn fill(&mut self, needles: &Needles) -> Result<(), String> {
        match &mut self.body {
            Body::Query(text) => needles.fill(text),
            Body::Rules(_) => Ok(()),
        }
    }

    /// Asks for no bucket: for a lake that does not have the tutorials'. Says whether it did.
    pub(super) fn leave_bucket(&mut self) -> bool {
        match &mut self.body {
            Body::Query(text) if text.contains(BUCKET_LINE) => {
                *text = text.replacen(BUCKET_LINE, "", 1);
                true
            }
            _ => false,
        }
    }
}

/// All questions, by family.
///
/// # Errors
/// Where the rules of the program can't be read.
pub(super) fn all() -> anyhow::Result<Vec<Question>> {
    let mut questions = Vec::new();
    for (name, text) in embedded::queries("bench") {
        let Some(family) = Family::of(name) else {
            continue;
        };
        questions.push(Question {
            name: name.to_owned(),
            family,
            window: false,
            // Those that sort do so by keys that no two records share.
            ordered: text.contains("\n| sort "),
            body: Body::Query(text.to_owned()),
        });
    }
    let tutorials = embedded::queries("tutorial");
    // Where the tutorials sort, records with equal keys may be in any order.
    questions.extend(tutorials.iter().map(|(name, text)| Question {
        name: format!("tutorial/{name}"),
        family: Family::Tutorial,
        window: text.contains(WINDOW),
        ordered: false,
        body: Body::Query((*text).to_owned()),
    }));
    let whole = tutorials
        .iter()
        .filter(|(name, _)| !EVERY_RECORD.contains(name));
    questions.extend(whole.map(|(name, text)| Question {
        name: format!("whole/{name}"),
        family: Family::Whole,
        window: false,
        ordered: false,
        body: Body::Query(text.replacen(WINDOW, "", 1)),
    }));
    questions.extend(packs()?);
    questions.sort_by_key(|question| question.family);
    Ok(questions)
}

/// The rules of the program, a question a folder.
fn packs() -> anyhow::Result<Vec<Question>> {
    let mut loaded = embedded::rules(&[])?;
    embedded::sort(&mut loaded.rules);
    let mut packs: BTreeMap<String, Vec<LoadedRule>> = BTreeMap::new();
    for rule in loaded.rules {
        let folder = rule
            .rule
            .path
            .parent()
            .and_then(|folder| folder.file_name());
        let folder = folder.map(|name| name.to_string_lossy().into_owned());
        packs
            .entry(folder.unwrap_or_default())
            .or_default()
            .push(rule);
    }
    let windowed = |rule: &LoadedRule| match &rule.rule.body {
        RuleBody::Query(query) => query.text.contains(WINDOW),
        _ => false,
    };
    let questions = packs.into_iter().map(|(name, rules)| Question {
        name: format!("rules/{name}"),
        family: Family::Rules,
        window: rules.iter().all(windowed),
        ordered: false,
        body: Body::Rules(rules),
    });
    Ok(questions.collect())
}

/// Those of the questions that were named, themselves or by their family; all where nothing was.
///
/// # Errors
/// A [`Mistake`] where a name is none.
pub(super) fn choose(all: Vec<Question>, only: &[String]) -> anyhow::Result<Vec<Question>> {
    // `tutorial` is the family, and not the pack of rules of that name.
    let meets = |question: &Question, name: &str| match Family::ALL
        .iter()
        .find(|family| family.name() == name)
    {
        Some(family) => question.family == *family,
        None => question.name == name || question.short() == name,
    };
    for name in only {
        if !all.iter().any(|question| meets(question, name)) {
            let families = Family::ALL.map(Family::name).join(", ");
            let names: Vec<&str> = all.iter().map(|question| question.name.as_str()).collect();
            return Err(Mistake::error(format!(
                "--only {name}: there is no such question; the families are {families}; the questions {}",
                names.join(", ")
            )));
        }
    }
    let wanted =
        |question: &Question| only.is_empty() || only.iter().any(|name| meets(question, name));
    Ok(all.into_iter().filter(wanted).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_query_and_every_rule_is_asked() {
        let all = all().expect("questions");
        let of = |family| {
            all.iter()
                .filter(|question| question.family == family)
                .count()
        };
        let names: BTreeSet<&str> = all.iter().map(|question| question.name.as_str()).collect();
        assert_eq!(names.len(), all.len(), "names are unique");
        assert!(Family::ALL.iter().all(|family| of(*family) > 0));
        let benches = embedded::queries("bench").len();
        let tutorials = embedded::queries("tutorial").len();
        assert_eq!(of(Family::Tutorial), tutorials);
        assert_eq!(of(Family::Whole), tutorials - EVERY_RECORD.len());
        let others = of(Family::Tutorial) + of(Family::Whole) + of(Family::Rules);
        assert_eq!(all.len() - others, benches);
        let rules: usize = all
            .iter()
            .map(|question| match &question.body {
                Body::Rules(rules) => rules.len(),
                Body::Query(_) => 0,
            })
            .sum();
        assert_eq!(rules, embedded::rules(&[]).expect("rules").rules.len());
    }

    #[test]
    fn the_whole_lake_has_no_timeframe() {
        for question in all().expect("questions") {
            let text = question.text().unwrap_or_default();
            assert_eq!(
                text.contains(WINDOW),
                question.family == Family::Tutorial,
                "{}",
                question.name
            );
        }
    }

    #[test]
    fn questions_are_chosen_by_name_and_family() {
        let chosen = |only: &[&str]| {
            let only: Vec<String> = only.iter().map(|name| (*name).to_owned()).collect();
            let chosen = choose(all().expect("questions"), &only);
            chosen.map(|chosen| {
                chosen
                    .into_iter()
                    .map(|question| question.name)
                    .collect::<Vec<_>>()
            })
        };
        assert_eq!(
            chosen(&["rules/cis", "count-events"]).expect("chosen"),
            ["count-events", "rules/cis"]
        );
        assert_eq!(
            chosen(&["throttling"]).expect("chosen"),
            ["tutorial/throttling", "whole/throttling"]
        );
        let tutorial = chosen(&["tutorial"]).expect("chosen");
        assert!(tutorial.iter().all(|name| name.starts_with("tutorial/")));
        assert_eq!(
            chosen(&["top"]).expect("chosen"),
            ["top-agents", "top-errors"]
        );
        let error = chosen(&["top", "bottom"]).expect_err("a mistake");
        assert!(error.to_string().contains("--only bottom"), "{error}");
    }

    #[test]
    fn a_bucket_that_is_not_there_is_not_asked_for() {
        let mut left = 0;
        for mut question in all().expect("questions") {
            left += usize::from(question.leave_bucket());
            assert!(
                !question.text().unwrap_or_default().contains(BUCKET),
                "{}",
                question.name
            );
        }
        assert!(left > 0);
    }
}
