//! Folders of rules of our own writing.

use std::fs;

use super::*;
use crate::evaluate::{JsonEvent, Program};
use crate::rule::Body;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Folder {
        let folder = Folder(tempfile::tempdir().expect("a folder"));
        for (name, text) in files {
            folder.write(name, text.as_bytes());
        }
        folder
    }

    fn write(&self, name: &str, text: &[u8]) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn load(&self) -> Loaded {
        load(&[self.0.path().to_owned()])
    }
}

fn sigma(id: &str, selection: &str) -> String {
    format!(
        "title: Rule {id}\nid: {id}\nauthor: Somebody\nlogsource:\n  product: aws\n  service: cloudtrail\n\
         detection:\n  selection:\n    {selection}\n  condition: selection\n"
    )
}

const ELASTIC: &str = "[rule]\nname = \"Secrets\"\ndescription = \"d\"\nrule_id = \"e1\"\nrisk_score = 5\n\
    severity = \"low\"\ntype = \"query\"\nindex = [\"logs-aws.cloudtrail-*\"]\n\
    query = 'event.action: GetSecretValue'\n";

const OWN: &str = "id: o1\nname: Ours\ndescription: d\nseverity: low\nquery: fetch logs\n";

fn ids(loaded: &Loaded) -> Vec<&str> {
    let ids = loaded.rules.iter();
    ids.map(|loaded| loaded.rule.about.id.as_str()).collect()
}

fn holds(loaded: &LoadedRule, record: &str) -> bool {
    let Body::Events { condition, .. } = &loaded.rule.body else {
        panic!("{loaded:?}");
    };
    let program = Program::of(condition).expect("a sound condition");
    program.holds(&JsonEvent::new(record).expect("a record"))
}

#[test]
fn of_a_thousand_rules_one_broken_is_named_and_the_others_load() {
    let folder = Folder::new(&[]);
    for number in 0..1000 {
        let text = match number {
            // A list that is never closed, from line 9 on.
            500 => sigma("r500", "eventName: [A, B"),
            number => sigma(&format!("r{number}"), &format!("eventName: E{number}")),
        };
        let name = format!("{}/rule-{number:04}.yml", number % 7);
        folder.write(&name, text.as_bytes());
    }
    let loaded = folder.load();
    assert_eq!(loaded.rules.len(), 999);
    assert_eq!(loaded.refusals.len(), 1, "{:?}", loaded.refusals);
    let refusal = &loaded.refusals[0];
    assert!(refusal.path.ends_with("3/rule-0500.yml"), "{refusal:?}");
    assert_eq!(refusal.construct, "YAML");
    assert!((9..=11).contains(&refusal.place.line), "{refusal:?}");
    assert!(refusal.place.column > 0 && !refusal.reason.is_empty());
    let nine = loaded
        .rules
        .iter()
        .find(|rule| rule.rule.about.id == "r9")
        .expect("it");
    assert!(holds(nine, r#"{"eventName":"E9"}"#));
    assert!(!holds(nine, r#"{"eventName":"E10"}"#));
    assert_eq!(nine.rule.about.authors, ["Somebody"]);
    let coverage = loaded.coverage();
    assert_eq!(coverage.len(), 1000);
    assert_eq!(coverage.iter().filter(|row| !row.supported).count(), 1);
}

#[test]
fn every_language_is_known_by_what_is_in_the_file() {
    let export = r#"{"rule_id":"x1","name":"Export","description":"d","risk_score":1,"severity":"low","type":"query","language":"kuery","index":["logs-aws.cloudtrail-*"],"query":"event.action: A"}
{"rule_id":"x2","name":"Sequence","description":"d","risk_score":1,"severity":"low","type":"eql","language":"eql","index":["logs-aws.cloudtrail-*"],"query":"any where true"}
{"exported_count":2}
"#;
    let other = sigma("w1", "Image: x").replace("aws", "windows");
    let marked = format!("\u{feff}{}", sigma("s2", "a: b"));
    let folder = Folder::new(&[
        ("a.toml", ELASTIC),
        ("b.toml", "[package]\nname = \"x\"\n"),
        ("c.ndjson", export),
        ("d.json", r#"{"Records":[]}"#),
        ("e.yml", &sigma("s1", "eventName: A")),
        ("f.YAML", OWN),
        ("g.yaml", "services:\n  web: {image: x}\n"),
        ("h.yaml", &other),
        ("i.yaml", &marked),
        ("README.md", "# rules"),
    ]);
    let loaded = folder.load();
    assert_eq!(ids(&loaded), ["e1", "x1", "s1", "o1", "s2"], "{loaded:?}");
    assert_eq!(loaded.left_alone, 3);
    let rows: Vec<_> = loaded
        .coverage()
        .into_iter()
        .map(|row| (row.id, row.kind, row.language, row.supported))
        .collect();
    let row = |id: &str, kind: &str, language: &str, supported| {
        (
            id.to_owned(),
            kind.to_owned(),
            language.to_owned(),
            supported,
        )
    };
    assert_eq!(
        rows,
        [
            row("e1", "query", "kuery", true),
            row("x1", "query", "kuery", true),
            row("x2", "eql", "eql", false),
            row("s1", "rule", "sigma", true),
            row("o1", "query", "dql", true),
            row("w1", "rule", "sigma", false),
            row("s2", "rule", "sigma", true),
        ]
    );
    assert!(loaded.skipped[0].reason.contains("windows"));
    assert_eq!(loaded.refusals[0].place.line, 2);
}

#[test]
fn a_document_that_is_refused_leaves_the_others_of_its_file() {
    let text = format!(
        "{}---\n{}---\n{}",
        sigma("a", "eventName: A"),
        sigma("b", "eventName|expand: '%names%'"),
        sigma("c", "eventName: C")
    );
    let folder = Folder::new(&[("all.yml", &text)]);
    let loaded = folder.load();
    assert_eq!(ids(&loaded), ["a", "c"]);
    let refusal = &loaded.refusals[0];
    // Ten lines of the first document, the mark, and the ninth line of the second.
    assert_eq!((refusal.place.line, refusal.place.column), (20, 23));
    assert_eq!(
        (refusal.about.id.as_str(), refusal.construct.as_str()),
        ("b", "expand")
    );
    let span = refusal.diagnostics[0].span;
    assert!(text[span.start..].starts_with("'%names%'"));
}

#[test]
fn two_rules_with_one_id_are_both_named() {
    let folder = Folder::new(&[
        ("a.yml", &sigma("same", "eventName: A")),
        ("b.yml", &sigma("same", "eventName: B")),
    ]);
    let loaded = folder.load();
    assert_eq!(ids(&loaded), ["same"]);
    let refusal = &loaded.refusals[0];
    assert!(refusal.path.ends_with("b.yml"));
    assert!(refusal.reason.contains("a.yml"), "{}", refusal.reason);
    assert_eq!((refusal.construct.as_str(), refusal.place.line), ("id", 1));
}

#[test]
fn filters_narrow_the_rules_that_they_name() {
    let filter = "title: Ours\nlogsource: {product: aws, service: cloudtrail}\nfilter:\n  rules: [a, called-b, nobody]\n  \
                  admin:\n    user: admin\n  condition: not admin\n";
    let named = sigma("b", "eventName: E").replace("title", "name: called-b\ntitle");
    let folder = Folder::new(&[
        ("0.yml", filter),
        ("a.yml", &sigma("a", "eventName: E")),
        ("b.yml", &named),
        ("c.yml", &sigma("c", "eventName: E")),
    ]);
    let loaded = folder.load();
    let met = |record: &str| -> Vec<bool> {
        let rules = loaded.rules.iter();
        rules.map(|rule| holds(rule, record)).collect()
    };
    assert_eq!(met(r#"{"eventName":"E","user":"x"}"#), [true, true, true]);
    assert_eq!(
        met(r#"{"eventName":"E","user":"admin"}"#),
        [false, false, true]
    );
    assert_eq!(loaded.filters[0].2, ["a", "b"]);
    assert_eq!(loaded.warnings.len(), 1, "{:?}", loaded.warnings);
    assert!(loaded.warnings[0].1.message.contains("`nobody`"));
}

#[test]
fn a_filter_for_any_rule_narrows_all_of_sigmas_over_its_data() {
    let filter = |source: &str, user: &str| {
        format!(
            "title: F {user}\nlogsource: {source}\nfilter:\n  rules: any\n  s: {{userAgent: {user}}}\n  condition: not s\n"
        )
    };
    let folder = Folder::new(&[
        ("0.yml", &filter("{product: aws}", "x")),
        ("1.yml", &filter("{product: windows}", "y")),
        ("a.yml", &sigma("a", "eventName: E")),
        ("b.toml", ELASTIC),
    ]);
    let loaded = folder.load();
    assert_eq!(loaded.filters.len(), 1, "{:?}", loaded.filters);
    assert_eq!(loaded.filters[0].2, ["a"]);
    assert_eq!(loaded.skipped.len(), 1);
    let rule = &loaded.rules[0];
    assert!(!holds(rule, r#"{"eventName":"E","userAgent":"x"}"#));
    assert!(holds(rule, r#"{"eventName":"E","userAgent":"y"}"#));
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let folder = Folder::new(&[("a.yml", &sigma("a", "eventName: A"))]);
    folder.write("b.yml", b"title: x\nid: \xff\n");
    let loaded = load(&[
        folder.0.path().to_owned(),
        folder.0.path().join("missing.yml"),
        folder.0.path().join("a.yml"),
    ]);
    assert_eq!(ids(&loaded), ["a"]);
    let places: Vec<_> = loaded
        .refusals
        .iter()
        .map(|refusal| (refusal.place.line, refusal.place.column))
        .collect();
    assert_eq!(places, [(2, 5), (1, 1)], "{:?}", loaded.refusals);
}

#[test]
fn a_file_that_is_named_and_holds_no_rule_is_refused() {
    let folder = Folder::new(&[("a.yaml", "x: 1\n"), ("b", OWN)]);
    let loaded = load(&[folder.0.path().join("a.yaml"), folder.0.path().join("b")]);
    assert_eq!(ids(&loaded), ["o1"]);
    assert_eq!(loaded.refusals.len(), 1);
    assert_eq!(loaded.left_alone, 0);
}

#[cfg(unix)]
#[test]
fn folders_that_link_to_themselves_end() {
    let folder = Folder::new(&[("in/a.yml", &sigma("a", "eventName: A"))]);
    std::os::unix::fs::symlink(folder.0.path(), folder.0.path().join("in/loop")).expect("a link");
    assert_eq!(ids(&folder.load()), ["a"]);
}

#[test]
fn the_rules_that_come_along_load() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/rules");
    let loaded = load(&[folder]);
    assert!(loaded.refusals.is_empty(), "{:?}", loaded.refusals);
    assert!(loaded.rules.len() > 10, "{}", loaded.rules.len());
    assert!(loaded.rules.iter().all(|rule| rule.language == "dql"));
}

fn correlation(id: &str, rules: &str) -> String {
    format!(
        "title: Correlation {id}\nid: {id}\nname: name_of_{id}\ncorrelation:\n  type: event_count\n  rules: {rules}\n  \
         timespan: 5m\n  condition:\n    gte: 10\n"
    )
}

#[test]
fn correlations_name_their_rules_by_id() {
    let rule = sigma("b", "eventName: A").replace("id: b\n", "id: b\nname: by_name\n");
    let folder = Folder::new(&[
        ("a.yml", &correlation("above", "[name_of_below, b]")),
        ("below.yml", &correlation("below", "[by_name]")),
        ("rule.yml", &rule),
    ]);
    let loaded = folder.load();
    assert_eq!(loaded.refusals, []);
    assert_eq!(ids(&loaded), ["above", "below", "b"]);
    let rules = |at: usize| match &loaded.rules[at].rule.body {
        Body::Correlation(correlation) => correlation.rules.clone(),
        body => panic!("{body:?}"),
    };
    assert_eq!(rules(0), ["below", "b"]);
    assert_eq!(rules(1), ["b"]);
}

#[test]
fn correlations_over_what_is_not_there_are_refused() {
    let folder = Folder::new(&[
        ("broken.yml", &sigma("broken", "eventName|such: A")),
        ("good.yml", &sigma("good", "eventName: A")),
        ("1.yml", &correlation("c1", "[good, broken]")),
        ("2.yml", &correlation("c2", "[good, c3]")),
        ("3.yml", &correlation("c3", "[name_of_c2]")),
        ("4.yml", &correlation("c4", "[c1]")),
        ("5.yml", &correlation("c5", "[good, o1]")),
        ("6.yml", &correlation("c6", "good")),
        ("own.yml", OWN),
    ]);
    let loaded = folder.load();
    assert_eq!(ids(&loaded), ["c6", "good", "o1"]);
    let reasons: Vec<(&str, &str)> = loaded
        .refusals
        .iter()
        .filter(|refusal| refusal.construct == "rules")
        .map(|refusal| (refusal.about.id.as_str(), refusal.reason.as_str()))
        .collect();
    let missing = |name: &str| {
        format!("it names `{name}`, and no Sigma rule that is used has that id or name")
    };
    let circular = "it rests on itself, or on a correlation that can't be used";
    assert_eq!(
        reasons,
        [
            ("c1", missing("broken").as_str()),
            ("c2", circular),
            ("c3", circular),
            ("c4", circular),
            ("c5", missing("o1").as_str()),
        ]
    );
}

#[test]
fn tests_stand_beside_rules() {
    let tests = "tests:\n- {name: a, events: [], alerts: 0}\n- {name: b, events: [], alerts: 0}\n";
    let folder = Folder::new(&[
        ("e.toml", ELASTIC),
        ("e.test.yaml", tests),
        (
            "two.yml",
            &format!("{}---\n{}", sigma("s1", "a: b"), sigma("s2", "a: b")),
        ),
        (
            "two.test.yml",
            "tests:\n- {name: c, rule: s2, events: [], alerts: 0}\n",
        ),
        ("wrong.yml", &sigma("s3", "a: b")),
        ("wrong.test.yaml", "tests:\n- {name: c, events: []}\n"),
        ("alone.test.yaml", tests),
    ]);
    let loaded = folder.load();
    assert_eq!(ids(&loaded), ["e1", "s1", "s2", "s3"]);
    assert_eq!((loaded.refusals.len(), loaded.left_alone), (0, 0));
    let names = |rule: &LoadedRule| -> Vec<String> {
        rule.tests.iter().map(|test| test.name.clone()).collect()
    };
    let all: Vec<_> = loaded.rules.iter().map(names).collect();
    assert_eq!(all, [vec!["a", "b"], vec![], vec!["c"], vec![]]);
    assert!(loaded.rules[0].tests[0].path.ends_with("e.test.yaml"));
    let mut errors: Vec<_> = loaded
        .warnings
        .iter()
        .filter(|(_, found)| found.is_error())
        .collect();
    errors.sort_by_key(|(path, _)| path.clone());
    let said: Vec<&str> = errors
        .iter()
        .map(|(_, error)| error.message.as_str())
        .collect();
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(
        said[0].contains("no rule's file is beside") && said[2].contains("`alerts` is missing"),
        "{said:?}"
    );

    // A file that is named itself brings its tests.
    let loaded = load(&[
        folder.0.path().join("e.toml"),
        folder.0.path().join("e.test.yaml"),
    ]);
    assert_eq!((loaded.rules.len(), loaded.rules[0].tests.len()), (1, 2));
    assert_eq!(load(&[folder.0.path().join("e.toml")]), loaded);

    let folder = Folder::new(&[
        (
            "two.yml",
            &format!("{}---\n{}", sigma("s1", "a: b"), sigma("s2", "a: b")),
        ),
        (
            "two.test.yml",
            "tests:\n- {name: c, events: [], alerts: 0}\n",
        ),
    ]);
    let loaded = folder.load();
    let errors: Vec<_> = loaded
        .warnings
        .iter()
        .filter(|(_, found)| found.is_error())
        .collect();
    assert!(
        errors.len() == 1 && errors[0].1.message.contains("several rules"),
        "{errors:?}"
    );
}

#[test]
fn conditions_that_nothing_meets_are_warned_of() {
    let never = ELASTIC.replace(
        "event.action: GetSecretValue",
        "event.action: A and event.action: B",
    );
    let folder = Folder::new(&[
        ("e.toml", &never),
        ("s.yml", &sigma("s1", "errorCode: Success")),
        ("fine.yml", &sigma("s2", "eventName: A")),
    ]);
    let loaded = folder.load();
    assert_eq!(loaded.rules.len(), 3);
    let said: Vec<(bool, &str)> = loaded
        .warnings
        .iter()
        .map(|(path, found)| (path.ends_with("e.toml"), found.message.as_str()))
        .collect();
    let [
        (true, first),
        (true, second),
        (false, third),
        (false, fourth),
    ] = said[..]
    else {
        panic!("{said:?}");
    };
    assert!(
        first.contains("`A` and `B` at once") && third.contains("never `Success`"),
        "{said:?}"
    );
    assert_eq!(
        (second, fourth),
        (
            "no record meets the condition",
            "no record meets the condition"
        )
    );
    let at = loaded.warnings[0].1.span.start;
    assert!(never[at..].starts_with("query = "), "{at}");
}
