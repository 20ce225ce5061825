//! Tests of rules: some events, and the alerts that a rule is to make of them. They stand in a rule of ours, or in a file
//! of their own beside any rule; `docs/rules.md` has the form.

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use json::Step;

use crate::check;
use crate::own::{each, known, required, text};
use crate::yaml::{Kind, Place, Wrong, Yaml};

/// What a rule is to make of some events.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleTest {
    /// The file that it stands in: the rule's, or one beside it.
    pub path: PathBuf,
    /// Where it begins there.
    pub place: Place,
    /// What the test shows.
    pub name: String,
    /// What `now()` is, as far as the test says it.
    pub now: Option<Timestamp>,
    /// The bucket that the events are put in, where the test names one.
    pub bucket: Option<String>,
    /// The records, as JSON texts.
    pub events: Vec<String>,
    /// What the rule is to give.
    pub alerts: Expected,
}

/// The alerts that a test expects.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// So many.
    Count(u64),
    /// These, in any order, as JSON objects: each has these fields with these values, and maybe others.
    Alerts(Vec<String>),
}

/// How often an event may be repeated.
const REPEATS: usize = 10_000;

/// What `now()` is where neither the test nor an event has a time.
const NOON: Timestamp = Timestamp::constant(1_719_835_200, 0);

/// How files of tests end: `NAME.test.yaml` has those of the rules in `NAME.toml`, `NAME.yml` and so on.
const ENDINGS: [&str; 2] = ["test.yaml", "test.yml"];

/// The files that may hold tests of a file's rules.
pub(crate) fn beside(path: &Path) -> [PathBuf; 2] {
    ENDINGS.map(|ending| path.with_extension(ending))
}

/// Whether a file holds tests, by its name.
pub(crate) fn is_beside(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| {
        let ends = |ending: &&str| {
            name.strip_suffix(*ending)
                .is_some_and(|rest| rest.ends_with('.'))
        };
        ENDINGS.iter().any(ends)
    })
}

/// The tests of a document that stands beside a rule's file, each with the rule that it names.
///
/// # Errors
/// The first thing that is wrong with it.
pub(crate) fn read(path: &Path, document: &Yaml) -> Result<Vec<(Option<String>, RuleTest)>, Wrong> {
    known(document, &["tests"])?;
    required(document, "tests")?;
    let tests = each(document, "tests")?.iter().map(|node| {
        let name = node.get("rule").map(|rule| text(rule, "rule"));
        Ok((name.transpose()?, test(path, node, true)?))
    });
    tests.collect()
}

/// A test. Those that stand beside rules may say which `rule` they are of.
pub(crate) fn test(path: &Path, node: &Yaml, names_rule: bool) -> Result<RuleTest, Wrong> {
    let keys = ["name", "now", "bucket", "events", "alerts", "rule"];
    known(node, &keys[..keys.len() - usize::from(!names_rule)])?;
    required(node, "events")?;
    let alerts = required(node, "alerts")?;
    let mut events = Vec::new();
    for item in each(node, "events")? {
        let (event, times) = repeated(item)?;
        events.extend(std::iter::repeat_n(event, times));
    }
    let now = node.get("now").map(|now| {
        let wrong = || {
            Wrong::new(
                now.place,
                "now",
                "a time such as 2024-11-27T12:00:00Z was expected",
            )
        };
        let moment = now.text().and_then(|text| check::moment(&text));
        moment.ok_or_else(wrong)
    });
    Ok(RuleTest {
        path: path.to_owned(),
        place: node.place,
        name: text(required(node, "name")?, "name")?,
        now: now.transpose()?,
        bucket: match node.get("bucket") {
            Some(bucket) => Some(text(bucket, "bucket")?),
            None => None,
        },
        events,
        alerts: match &alerts.kind {
            Kind::Number(count) => match count.parse() {
                Ok(count) => Expected::Count(count),
                Err(_) => return Err(Wrong::new(alerts.place, "alerts", "a count is 0 or more")),
            },
            Kind::List(all) => {
                Expected::Alerts(all.iter().map(object).collect::<Result<_, Wrong>>()?)
            }
            _ => {
                let reason = "the alerts are a count, or a list of maps of fields";
                return Err(Wrong::new(alerts.place, "alerts", reason));
            }
        },
    })
}

/// An event, and how often it happens. No record of CloudTrail has a member `repeat`.
fn repeated(node: &Yaml) -> Result<(String, usize), Wrong> {
    let Some(times) = node.get("repeat") else {
        return Ok((event(node)?, 1));
    };
    known(node, &["repeat", "event"])?;
    let count = times.text().and_then(|text| text.parse().ok());
    match count.filter(|count| (1..=REPEATS).contains(count)) {
        Some(count) => Ok((event(required(node, "event")?)?, count)),
        None => {
            let reason = format!("an event is repeated 1 to {REPEATS} times");
            Err(Wrong::new(times.place, "repeat", reason))
        }
    }
}

/// A record: a map, or a text of JSON.
fn event(node: &Yaml) -> Result<String, Wrong> {
    let Kind::Text(text) = &node.kind else {
        return object(node);
    };
    match json::members(text) {
        Ok(Some(_)) => Ok(text.clone()),
        Ok(None) => Err(Wrong::new(
            node.place,
            "events",
            "an event is a JSON object",
        )),
        Err(error) => {
            let reason = format!("this is no JSON: {error}");
            Err(Wrong::new(node.place, "events", reason))
        }
    }
}

fn object(node: &Yaml) -> Result<String, Wrong> {
    match node.kind {
        Kind::Map(_) => Ok(node.json()),
        _ => Err(Wrong::new(node.place, "tests", "this must be a map")),
    }
}

impl RuleTest {
    /// What `now()` is: as the test says, or else a second after the newest event, or else 2024-07-01T12:00:00Z.
    pub fn now(&self) -> Timestamp {
        let newest = self.events.iter().filter_map(|event| time(event)).max();
        let after = newest.and_then(|newest| newest.checked_add(SignedDuration::from_secs(1)).ok());
        self.now.or(after).unwrap_or(NOON)
    }

    /// The events as a log file of CloudTrail. Events without `eventTime` happen a second after one another, in their
    /// order, the last one a second before [`RuleTest::now`]; those without `eventID` get one by their place.
    pub fn log(&self) -> String {
        let now = self.now();
        let mut log = String::from("{\"Records\":[");
        for (place, event) in self.events.iter().enumerate() {
            if place > 0 {
                log.push(',');
            }
            log.push('{');
            let lacks = |key| json::get_trusted(event, &[Step::Key(key)]).is_none();
            if lacks("eventTime") {
                let before = i64::try_from(self.events.len() - place).unwrap_or(i64::MAX);
                let time = now.checked_sub(SignedDuration::from_secs(before));
                let time = time.unwrap_or(Timestamp::MIN);
                log.push_str(&format!(
                    "\"eventTime\":\"{}\",",
                    time.strftime("%Y-%m-%dT%H:%M:%SZ")
                ));
            }
            if lacks("eventID") {
                log.push_str(&format!(
                    "\"eventID\":\"00000000-0000-4000-8000-{place:012}\","
                ));
            }
            let members = event.trim_start().strip_prefix('{').unwrap_or(event);
            if members.trim_start().starts_with('}') && log.ends_with(',') {
                log.pop();
            }
            log.push_str(members);
        }
        log.push_str("]}");
        log
    }
}

/// When an event says that it happened.
fn time(event: &str) -> Option<Timestamp> {
    let raw = json::get_trusted(event, &[Step::Key("eventTime")])?;
    check::moment(&json::as_string(raw)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    fn of(text: &str) -> Result<RuleTest, Wrong> {
        test(Path::new("a.yaml"), &yaml::documents(text)?[0], false)
    }

    #[test]
    fn events_get_times_and_ids() {
        let given = of(
            "name: n\nevents: [{a: 1}, {}, '  { \"eventID\" : \"x\"}', {eventTime: null}]\nalerts: 0\n",
        )
        .expect("a test");
        assert_eq!(given.now().to_string(), "2024-07-01T12:00:00Z");
        let id = "\"eventID\":\"00000000-0000-4000-8000-00000000000";
        assert_eq!(
            given.log(),
            format!(
                "{{\"Records\":[{{\"eventTime\":\"2024-07-01T11:59:56Z\",{id}0\",\"a\":1}},\
                 {{\"eventTime\":\"2024-07-01T11:59:57Z\",{id}1\"}},\
                 {{\"eventTime\":\"2024-07-01T11:59:58Z\", \"eventID\" : \"x\"}},\
                 {{{id}3\",\"eventTime\":null}}]}}"
            )
        );
        json::validate(&given.log()).expect("JSON");
    }

    #[test]
    fn now_is_named_or_follows_the_newest_event() {
        let events = "events: [{eventTime: 2024-01-02T03:04:05Z}, {}]";
        let given = of(&format!("name: n\n{events}\nalerts: 0\n")).expect("a test");
        assert_eq!(given.now().to_string(), "2024-01-02T03:04:06Z");
        assert!(given.log().contains("{\"eventTime\":\"2024-01-02T03:04:05Z\",\"eventID\":\"00000000-0000-4000-8000-000000000001\"}"));
        let given = of(&format!("name: n\nnow: 2024-05-01\n{events}\nalerts: 0\n"));
        assert_eq!(
            given.expect("a test").now().to_string(),
            "2024-05-01T00:00:00Z"
        );
    }

    #[test]
    fn an_event_may_be_repeated() {
        let given = of("name: n\nevents: [{repeat: 3, event: {a: 1}}, {a: 2}]\nalerts: 0\n");
        let events = given.expect("a test").events;
        assert_eq!(
            events,
            [r#"{"a":1}"#, r#"{"a":1}"#, r#"{"a":1}"#, r#"{"a":2}"#]
        );
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        for (more, construct, line) in [
            ("events: []", "alerts", 1),
            ("alerts: 0", "events", 1),
            ("events: ['{']\nalerts: 0", "events", 2),
            ("events: ['[]']\nalerts: 0", "events", 2),
            ("events: [7]\nalerts: 0", "tests", 2),
            ("events: []\nalerts: -1", "alerts", 3),
            ("events: []\nalerts: {a: 1}", "alerts", 3),
            ("events: []\nalerts: [1]", "tests", 3),
            ("events: []\nalerts: 0\nrule: x", "rule", 4),
            ("now: soon\nevents: []\nalerts: 0", "now", 2),
            ("events: [{repeat: 0, event: {}}]\nalerts: 0", "repeat", 2),
            ("events: [{repeat: 2}]\nalerts: 0", "event", 2),
            ("events: [{repeat: 2, event: {}, x: 1}]\nalerts: 0", "x", 2),
        ] {
            let wrong = of(&format!("name: n\n{more}\n")).expect_err(more);
            assert_eq!(
                (wrong.construct.as_str(), wrong.place.line),
                (construct, line),
                "{more}"
            );
        }
    }

    #[test]
    fn files_of_tests_are_known_by_their_names() {
        for (name, is) in [
            ("a/b.test.yaml", true),
            ("b.test.yml", true),
            ("test.yaml", false),
            ("b.yaml", false),
            ("btest.yaml", false),
        ] {
            assert_eq!(is_beside(Path::new(name)), is, "{name}");
        }
        assert_eq!(
            beside(Path::new("x/a.b.toml"))[0],
            Path::new("x/a.b.test.yaml")
        );
    }
}
