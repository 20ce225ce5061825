//! The values of a lake that needles are asked for: rare ones, always the same of the same lake, and none at an end of the
//! order, where the bounds of files and row groups alone would find them.

use engine::{Engine, QueryOptions, Value};
use syntax::dql::write_string;

/// Where in a query a value goes.
const EVENT_ID: &str = "\"{event_id}\"";
const ACCESS_KEY: &str = "\"{access_key}\"";
const ADDRESS: &str = "\"{address}\"";
const SUBSTRING: &str = "\"{substring}\"";

/// How many characters of an event's id are looked for anywhere.
const PART: usize = 13;

/// What was taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Needles {
    /// An event's id: the first in order from `8` on, or else the first of all.
    pub(super) event_id: Option<String>,
    /// An access key, and how many events have it.
    pub(super) access_key: Option<(String, u64)>,
    /// A source address, likewise.
    pub(super) address: Option<(String, u64)>,
}

impl Needles {
    /// Looks for what `texts` have places for.
    ///
    /// # Errors
    /// Those of the queries.
    pub(super) async fn find(
        engine: &Engine,
        options: &QueryOptions,
        texts: &[&str],
    ) -> Result<Needles, engine::Error> {
        let wanted = |place: &str| texts.iter().any(|text| text.contains(place));
        let lake = Lake { engine, options };
        let mut needles = Needles::default();
        if wanted(EVENT_ID) || wanted(SUBSTRING) {
            needles.event_id = lake.event_id().await?;
        }
        if wanted(ACCESS_KEY) {
            needles.access_key = lake.rare("event[userIdentity][accessKeyId]").await?;
        }
        if wanted(ADDRESS) {
            needles.address = lake.rare("event[sourceIPAddress]").await?;
        }
        Ok(needles)
    }

    /// The part of the event's id that is looked for anywhere.
    pub(super) fn substring(&self) -> Option<String> {
        let id = self.event_id.as_ref()?;
        Some(id.chars().take(PART).collect())
    }

    /// Puts the values into a query.
    ///
    /// # Errors
    /// What the lake does not have, in words.
    pub(super) fn fill(&self, text: &mut String) -> Result<(), String> {
        let value = |of: &Option<(String, u64)>| of.as_ref().map(|(value, _)| value.clone());
        let values = [
            (EVENT_ID, self.event_id.clone(), "event with an id"),
            (SUBSTRING, self.substring(), "event with an id"),
            (ACCESS_KEY, value(&self.access_key), "access key"),
            (ADDRESS, value(&self.address), "source address"),
        ];
        for (place, value, thing) in values {
            if !text.contains(place) {
                continue;
            }
            let Some(value) = value else {
                return Err(format!("the lake has no {thing}"));
            };
            *text = text.replace(place, &write_string(&value));
        }
        Ok(())
    }
}

/// The lake that is asked.
struct Lake<'a> {
    engine: &'a Engine,
    options: &'a QueryOptions,
}

impl Lake<'_> {
    async fn event_id(&self) -> Result<Option<String>, engine::Error> {
        // Ids begin with any digit: one from the middle has as many row groups below it as above.
        for filter in ["| filter event[eventID] >= \"8\" ", ""] {
            let query = format!(
                "fetch logs | parse content, \"JSON:event\" {filter}| summarize id = min(event[eventID])"
            );
            if let Some(Value::String(id)) = self.last(&query).await?.into_iter().next() {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// Of the values that fewest events have the middle one, and how many events that is.
    async fn rare(&self, path: &str) -> Result<Option<(String, u64)>, engine::Error> {
        let values = format!(
            "fetch logs | parse content, \"JSON:event\" | filter isNotNull({path}) \
             | summarize n = count(), by: {{ v = {path} }}"
        );
        let least =
            format!("{values} | summarize values = count(), by: {{ n }} | sort n asc | limit 1");
        let (mut count, mut many) = (0, 0);
        for (place, value) in self.last(&least).await?.into_iter().enumerate() {
            match (place, value) {
                (0, Value::Long(value)) => count = value,
                (_, Value::Long(value)) => many = value,
                _ => {}
            }
        }
        let middle = many / 2 + 1;
        let query = format!("{values} | filter n == {count} | sort v asc | limit {middle}");
        Ok(match self.last(&query).await?.into_iter().next() {
            Some(Value::String(value)) => Some((value, u64::try_from(count).unwrap_or_default())),
            _ => None,
        })
    }

    /// The last record of an answer; empty where there is none.
    async fn last(&self, query: &str) -> Result<Vec<Value>, engine::Error> {
        let mut answer = self.engine.query(query, self.options).await?;
        let mut last = Vec::new();
        while let Some(mut rows) = answer.next().await? {
            last = rows.pop().unwrap_or(last);
        }
        Ok(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_as_dql_has_it() {
        let needles = Needles {
            event_id: Some("8c6f2a10-0b1c-4ce5-9a77-000000000001".to_owned()),
            access_key: Some(("a\"b\\c".to_owned(), 1)),
            address: None,
        };
        let mut text = "| filter x == \"{access_key}\" or contains(y, \"{substring}\")".to_owned();
        assert_eq!(needles.fill(&mut text), Ok(()));
        assert_eq!(
            text,
            r#"| filter x == "a\"b\\c" or contains(y, "8c6f2a10-0b1c")"#
        );
        let mut text = "| filter x == \"{address}\"".to_owned();
        assert_eq!(
            needles.fill(&mut text),
            Err("the lake has no source address".to_owned())
        );
    }
}
