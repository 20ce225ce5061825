//! Every diagnostic code has a case file, named after it, in which it occurs.

use std::collections::BTreeSet;

use syntax::Code;

use super::{markdown, page::Page};
use crate::check::workspace;

/// Why the codes of Elastic's rules have no case.
const ELASTIC: &str = "it is about Elastic's rules, which the tests of `rules` read";

/// Why the codes of Kibana's language have no case.
const KQL: &str =
    "it is about Kibana's language; the tests of `syntax` and `rules` have a case for each";

/// The codes that no query can bring about, and why.
const WITHOUT_A_CASE: &[(Code, &str)] = &[
    (
        Code::UnknownField,
        "records have any fields; one that none has is the warning W0302",
    ),
    (
        Code::OverLimit,
        "it takes a record of 128,000 bytes; `differential/regressions.rs` has one",
    ),
    (
        Code::BadSql,
        "it is about SQL; console tests show how it is said",
    ),
    (
        Code::SqlChanges,
        "it is about SQL; console tests show how it is said",
    ),
    (
        Code::BadLookup,
        "the lakes of the cases hold no lookup tables; the tests of `engine` have a broken one",
    ),
    (Code::BadRule, "it is about rule files, not about queries"),
    (Code::RuleLanguage, ELASTIC),
    (Code::RuleData, ELASTIC),
    (Code::RuleFilter, ELASTIC),
    (Code::RuleKey, ELASTIC),
    (
        Code::RuleCondition,
        "it is about rules; the tests of `rules` have cases",
    ),
    (
        Code::RuleGivenUp,
        "it is about rules; the console tests have one",
    ),
    (Code::KqlUnexpected, KQL),
    (Code::KqlUnclosedQuote, KQL),
    (Code::KqlBadEscape, KQL),
    (Code::KqlUnclosedBracket, KQL),
    (Code::KqlKeyword, KQL),
    (Code::KqlTooDeep, KQL),
    (Code::KqlValue, KQL),
    (Code::KqlFreeText, KQL),
    (Code::KqlUnknownField, KQL),
    (
        Code::PointlessExport,
        "a warning about a pattern, and only a pattern's errors are shown in a query",
    ),
    (
        Code::Internal,
        "a fault of ours is mended as soon as a query is known that brings it about",
    ),
];

#[test]
fn every_code_has_a_case_in_which_it_occurs() {
    let pages: Vec<Page> = markdown(&workspace("tests/cases/errors"))
        .iter()
        .map(|path| Page::read(path))
        .collect();
    let mut named = BTreeSet::new();
    for code in Code::ALL {
        let name = format!("tests/cases/errors/{}.md", code.text());
        let page = pages.iter().find(|page| page.name == name);
        let reason = WITHOUT_A_CASE.iter().find(|(without, _)| without == code);
        match (page, reason) {
            (Some(page), None) => assert!(
                page.cases
                    .iter()
                    .any(|case| occurs(*code, case.error.as_ref())),
                "{name}: none of its cases expects [{}]",
                code.text()
            ),
            (None, None) => panic!("{name} is missing: {}", code.title()),
            (Some(_), Some(_)) => panic!("{name} is there, and the code is listed as without one"),
            (None, Some(_)) => {}
        }
        named.insert(name);
    }
    for page in &pages {
        let is_code = page.name.contains("/errors/E0") || page.name.contains("/errors/W0");
        assert!(
            !is_code || named.contains(&page.name),
            "{}: no such code",
            page.name
        );
    }
}

fn occurs(code: Code, error: Option<&super::page::Fence>) -> bool {
    error.is_some_and(|error| error.text.contains(&format!("[{}]", code.text())))
}

#[test]
fn a_code_outside_the_list_occurs_in_no_case() {
    for path in markdown(&workspace("tests/cases")) {
        let page = Page::read(&path);
        for (code, reason) in WITHOUT_A_CASE {
            let found = page
                .cases
                .iter()
                .find(|case| occurs(*code, case.error.as_ref()));
            assert!(
                found.is_none(),
                "{}: {} occurs, though {reason}",
                page.name,
                code.text()
            );
        }
    }
}
