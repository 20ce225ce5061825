//! Sigma's correlations: what stands under `correlation:` in a document.
//!
//! Such a document has neither `logsource` nor `detection`. It names other documents, by name or id, and says how many
//! of their events, within what time of one another, make an alert.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::condition::{Comparison, Field};
use crate::correlation::{By, Correlation, Measure, Sign};

/// What stands under `correlation:`. Keys that are not known are passed over, as everywhere in Sigma.
#[derive(Clone, Debug, Deserialize)]
pub struct Section {
    #[serde(rename = "type")]
    kind: Option<String>,
    rules: Option<Texts>,
    #[serde(rename = "group-by")]
    group_by: Option<Texts>,
    timespan: Option<String>,
    condition: Option<Clause>,
    aliases: Option<BTreeMap<String, BTreeMap<String, String>>>,
    generate: Option<bool>,
}

/// One text or a list of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Texts {
    One(String),
    Many(Vec<String>),
}

impl Texts {
    fn list(&self) -> &[String] {
        match self {
            Texts::One(text) => std::slice::from_ref(text),
            Texts::Many(texts) => texts,
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Clause {
    Map(BTreeMap<String, Value>),
    /// Such as an expression over names of rules.
    Other(IgnoredAny),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Value {
    Number(f64),
    Texts(Texts),
    /// What has no place in a condition.
    Other(IgnoredAny),
}

impl Section {
    /// The correlation that the section describes. `field` reads a field's name; `generate` is what the document says of
    /// it outside of the section, where older rules have it.
    ///
    /// # Errors
    /// All that is wrong with it, each a sentence for its author.
    pub fn read(
        &self,
        field: impl Fn(&str) -> Field,
        generate: bool,
    ) -> Result<Correlation, Vec<String>> {
        let mut wrong = Vec::new();
        let rules = self.rules.as_ref().map_or(&[][..], Texts::list).to_vec();
        if rules.is_empty() {
            wrong.push(
                "`rules` is missing: it lists the rules to correlate, by name or id".to_owned(),
            );
        }
        for (place, rule) in rules.iter().enumerate() {
            if rules[..place].contains(rule) {
                wrong.push(format!("`rules` names `{rule}` twice"));
            }
        }
        let timespan = self.timespan(&mut wrong);
        let (condition, options) = self.clauses(&mut wrong);
        let measure = self.measure(&field, &options, &mut wrong);
        for key in options.keys() {
            let known = match *key {
                "field" => matches!(
                    measure,
                    Some(
                        Measure::Values(_)
                            | Measure::Sum(_)
                            | Measure::Mean(_)
                            | Measure::Percentile(..)
                    )
                ),
                "percentile" => self.kind.as_deref() == Some("value_percentile"),
                _ => false,
            };
            if !known && measure.is_some() {
                wrong.push(format!("`{key}` has no place in this condition"));
            }
        }
        match &measure {
            Some(Measure::Rules) | None => {}
            Some(Measure::Order) if condition.is_empty() => {}
            Some(Measure::Order) => wrong.push(
                "a `temporal_ordered` correlation with a number in its condition is not supported: all rules must match"
                    .to_owned(),
            ),
            Some(_) if condition.is_empty() => wrong.push(
                "`condition` has no comparison: one of gt, gte, lt, lte, eq and neq with a number".to_owned(),
            ),
            Some(_) => {}
        }
        let by = self.by(&field, &rules, &mut wrong);
        match measure {
            Some(measure) if wrong.is_empty() => Ok(Correlation {
                rules,
                measure,
                by,
                timespan,
                condition,
                generate: self.generate.unwrap_or(generate),
            }),
            _ => Err(wrong),
        }
    }

    /// Nanoseconds.
    fn timespan(&self, wrong: &mut Vec<String>) -> i64 {
        let Some(text) = &self.timespan else {
            wrong.push("`timespan` is missing: a number and s, m, h or d, such as 5m".to_owned());
            return 0;
        };
        let split = text.len() - text.chars().next_back().map_or(0, char::len_utf8);
        let (number, unit) = text.split_at(split);
        let unit: i64 = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => 0,
        };
        let plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let seconds = number.parse::<i64>().ok().filter(|_| plain);
        let seconds = seconds.and_then(|number| number.checked_mul(unit));
        // No longer than 36 years, as for every window.
        match seconds.filter(|seconds| (1..=1 << 30).contains(seconds)) {
            Some(seconds) => seconds * 1_000_000_000,
            None => {
                wrong.push(format!(
                    "`{text}` is no timespan: a number above 0 and s, m, h or d, such as 5m"
                ));
                0
            }
        }
    }

    /// The comparisons, and what else stands in the condition.
    fn clauses(&self, wrong: &mut Vec<String>) -> (Vec<(Sign, f64)>, BTreeMap<&str, &Value>) {
        let mut condition = Vec::new();
        let mut options = BTreeMap::new();
        let clauses = match &self.condition {
            None => return (condition, options),
            Some(Clause::Other(_)) => {
                wrong.push(
                    "a `condition` over names of rules is not supported: write a comparison, such as `gte: 2`, or none \
                     for all rules"
                        .to_owned(),
                );
                return (condition, options);
            }
            Some(Clause::Map(clauses)) => clauses,
        };
        for (key, value) in clauses {
            let sign = match key.as_str() {
                "gt" => Sign::Is(Comparison::Greater),
                "gte" => Sign::Is(Comparison::GreaterOrEqual),
                "lt" => Sign::Is(Comparison::Less),
                "lte" => Sign::Is(Comparison::LessOrEqual),
                "eq" => Sign::Is(Comparison::Equal),
                "neq" => Sign::Not,
                other => {
                    options.insert(other, value);
                    continue;
                }
            };
            match value {
                Value::Number(number) if number.is_finite() => condition.push((sign, *number)),
                _ => wrong.push(format!("`{key}` compares with a number")),
            }
        }
        (condition, options)
    }

    fn measure(
        &self,
        field: &impl Fn(&str) -> Field,
        options: &BTreeMap<&str, &Value>,
        wrong: &mut Vec<String>,
    ) -> Option<Measure> {
        let named: &[String] = match options.get("field") {
            None => &[],
            Some(Value::Texts(texts)) => texts.list(),
            Some(Value::Number(_) | Value::Other(_)) => {
                wrong.push("`field` names a field".to_owned());
                &[]
            }
        };
        let mut one = || match named {
            [name] => Some(field(name)),
            _ => {
                wrong.push("`condition` names one `field`, whose numbers count".to_owned());
                None
            }
        };
        match self.kind.as_deref() {
            Some("event_count") => Some(Measure::Events),
            Some("value_count") if !named.is_empty() => Some(Measure::Values(
                named.iter().map(|name| field(name)).collect(),
            )),
            Some("value_count") => {
                wrong.push("`condition` names no `field` whose different values count".to_owned());
                None
            }
            Some("temporal") => Some(Measure::Rules),
            Some("temporal_ordered") => Some(Measure::Order),
            Some("value_sum") => one().map(Measure::Sum),
            Some("value_avg") => one().map(Measure::Mean),
            Some("value_median") => one().map(|field| Measure::Percentile(field, 50.0)),
            Some("value_percentile") => {
                let field = one();
                match options.get("percentile") {
                    Some(Value::Number(percent)) if (0.0..=100.0).contains(percent) => {
                        field.map(|field| Measure::Percentile(field, *percent))
                    }
                    None => field.map(|field| Measure::Percentile(field, 50.0)),
                    Some(_) => {
                        wrong.push("`percentile` is a number from 0 to 100".to_owned());
                        None
                    }
                }
            }
            Some(other) => {
                wrong.push(format!(
                    "`{other}` is no type of correlation: event_count, value_count, temporal, temporal_ordered, value_sum, \
                     value_avg, value_percentile, value_median"
                ));
                None
            }
            None => {
                wrong.push("`type` is missing, such as event_count".to_owned());
                None
            }
        }
    }

    fn by(
        &self,
        field: &impl Fn(&str) -> Field,
        rules: &[String],
        wrong: &mut Vec<String>,
    ) -> Vec<By> {
        let names = self.group_by.as_ref().map_or(&[][..], Texts::list);
        for (alias, of) in self.aliases.iter().flatten() {
            if !names.contains(alias) {
                wrong.push(format!("`group-by` does not use the alias `{alias}`"));
            }
            for rule in of.keys().filter(|rule| !rules.contains(rule)) {
                wrong.push(format!(
                    "the alias `{alias}` names a field of `{rule}`, which `rules` does not list by that name"
                ));
            }
        }
        let alias = |name: &String| {
            let of = self.aliases.as_ref()?.get(name)?;
            let fields = of.iter().map(|(rule, name)| (rule.clone(), field(name)));
            Some(fields.collect())
        };
        names
            .iter()
            .map(|name| By {
                name: name.clone(),
                field: field(name),
                alias: alias(name),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Document {
        correlation: Section,
    }

    fn field(name: &str) -> Field {
        Field::Path(name.split('.').map(str::to_owned).collect())
    }

    fn read(text: &str) -> Result<Correlation, Vec<String>> {
        let document: Document = serde_saphyr::from_str(text).unwrap();
        document.correlation.read(field, false)
    }

    fn body(lines: &str) -> Result<Correlation, Vec<String>> {
        let lines: Vec<_> = lines.lines().map(|line| format!("  {line}")).collect();
        read(&format!("title: t\ncorrelation:\n{}\n", lines.join("\n")))
    }

    #[test]
    fn all_keys_are_read() {
        let correlation = body(
            "type: value_count\nrules:\n  - a\n  - b\ngroup-by:\n  - who\n  - userIdentity.accountId\ntimespan: 15m\n\
             generate: true\naliases:\n  who:\n    a: userIdentity.arn\n    b: requestParameters.userName\n\
             condition:\n  field: [requestParameters.secretId, awsRegion]\n  gt: 3\n  lte: 10",
        );
        assert_eq!(
            correlation,
            Ok(Correlation {
                rules: vec!["a".to_owned(), "b".to_owned()],
                measure: Measure::Values(vec![
                    field("requestParameters.secretId"),
                    field("awsRegion")
                ]),
                by: vec![
                    By {
                        name: "who".to_owned(),
                        field: field("who"),
                        alias: Some(BTreeMap::from([
                            ("a".to_owned(), field("userIdentity.arn")),
                            ("b".to_owned(), field("requestParameters.userName")),
                        ])),
                    },
                    By {
                        name: "userIdentity.accountId".to_owned(),
                        field: field("userIdentity.accountId"),
                        alias: None,
                    },
                ],
                timespan: 15 * 60 * 1_000_000_000,
                condition: vec![
                    (Sign::Is(Comparison::Greater), 3.0),
                    (Sign::Is(Comparison::LessOrEqual), 10.0),
                ],
                generate: true,
            })
        );
    }

    #[test]
    fn every_type_is_known() {
        let measure = |kind: &str, condition: &str| {
            body(&format!(
                "type: {kind}\nrules: a\ntimespan: 1d\n{condition}"
            ))
            .map(|correlation| correlation.measure)
        };
        let with_field = "condition:\n  field: size\n  gte: 1.5";
        assert_eq!(
            measure("event_count", "condition:\n  neq: 7"),
            Ok(Measure::Events)
        );
        assert_eq!(measure("temporal", ""), Ok(Measure::Rules));
        assert_eq!(
            measure("temporal", "condition:\n  gte: 2"),
            Ok(Measure::Rules)
        );
        assert_eq!(measure("temporal_ordered", ""), Ok(Measure::Order));
        assert_eq!(
            measure("value_sum", with_field),
            Ok(Measure::Sum(field("size")))
        );
        assert_eq!(
            measure("value_avg", with_field),
            Ok(Measure::Mean(field("size")))
        );
        assert_eq!(
            measure("value_median", with_field),
            Ok(Measure::Percentile(field("size"), 50.0))
        );
        assert_eq!(
            measure(
                "value_percentile",
                "condition:\n  field: size\n  percentile: 95\n  lt: 2"
            ),
            Ok(Measure::Percentile(field("size"), 95.0))
        );
    }

    #[test]
    fn what_is_wrong_is_said_all_at_once() {
        let wrong = |text: &str| body(text).unwrap_err().join("; ");
        let all = wrong("type: count\ntimespan: 5 minutes\naliases:\n  who:\n    a: b");
        for part in [
            "`rules` is missing",
            "`5 minutes` is no timespan",
            "`count` is no type",
            "`who`",
        ] {
            assert!(all.contains(part), "{part}: {all}");
        }
        for (text, part) in [
            (
                "type: event_count\nrules: a\ntimespan: 1h30m\ncondition:\n  gt: 1",
                "no timespan",
            ),
            (
                "type: event_count\nrules: a\ntimespan: 0s\ncondition:\n  gt: 1",
                "no timespan",
            ),
            (
                "type: event_count\nrules: a\ntimespan: +5m\ncondition:\n  gt: 1",
                "no timespan",
            ),
            (
                "type: event_count\nrules: a\ntimespan: 5m",
                "has no comparison",
            ),
            (
                "type: event_count\nrules: a\ntimespan: 5m\ncondition:\n  gt: many",
                "compares with a number",
            ),
            (
                "type: event_count\nrules: a\ntimespan: 5m\ncondition:\n  gt: 1\n  field: size",
                "`field` has no place",
            ),
            (
                "type: event_count\nrules: [a, a]\ntimespan: 5m\ncondition:\n  gt: 1",
                "`a` twice",
            ),
            (
                "type: value_count\nrules: a\ntimespan: 5m\ncondition:\n  gt: 1",
                "no `field`",
            ),
            (
                "type: value_sum\nrules: a\ntimespan: 5m\ncondition:\n  field: [size, count]\n  gt: 1",
                "one `field`",
            ),
            (
                "type: temporal\nrules: [a, b]\ntimespan: 5m\ncondition: a and b",
                "not supported",
            ),
            (
                "type: temporal_ordered\nrules: [a, b]\ntimespan: 5m\ncondition:\n  gte: 2",
                "not supported",
            ),
        ] {
            let said = wrong(text);
            assert!(said.contains(part), "{part}: {said}");
        }
    }
}
