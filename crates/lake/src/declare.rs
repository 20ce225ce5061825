//! One more column for one lake: checked against those that there are, and entered into the table's schema.

use deltalake_core::DeltaTableError;
use deltalake_core::kernel::{Action, MetadataExt, StructType};
use deltalake_core::protocol::DeltaOperation;
use serde_json::Map;
use uuid::Uuid;

use crate::cloudtrail::house;
use crate::schema::{house_columns, own_delta_field};
use crate::{Column, CommitError, Error, Kind, Lake, Layout};

/// The most columns that a lake may declare for itself. Each costs in every file and every scan.
const MOST: usize = 64;

/// The most keys of a path: flattening descends by it.
const KEYS: usize = 16;

/// How often other writers may come first.
const ATTEMPTS: usize = 50;

/// Why a column can't be declared.
#[derive(Debug, thiserror::Error)]
pub enum DeclareError {
    /// The path is none.
    #[error(
        "`{0}` is no path: keys are joined by dots, such as requestParameters.maxSessionDuration, or stand in brackets, \
         such as [requestParameters][maxSessionDuration]"
    )]
    Path(String),
    /// The path has too many keys.
    #[error("a path has at most {KEYS} keys")]
    Deep,
    /// The place has a column.
    #[error("there is a column for that path already: `{0}`")]
    Known(String),
    /// The path differs from that of a column by case alone.
    #[error(
        "the path differs by case alone from {path}, the path of the column `{name}`; the names of columns do not \
         tell cases apart"
    )]
    Case {
        /// The other's path.
        path: String,
        /// The other.
        name: String,
    },
    /// Another column has the name that follows from the path.
    #[error("the column would be called `{0}`, and there is another one of that name")]
    Name(String),
    /// There are too many.
    #[error("a lake may have {MOST} columns of its own, and this one has them")]
    Full,
    /// Other writers came first every time.
    #[error(
        "other writers committed to the lake {ATTEMPTS} times in a row meanwhile; run it again"
    )]
    Contention,
    /// The commit failed.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// The lake failed.
    #[error(transparent)]
    Lake(#[from] Error),
}

/// The keys of a path as it is written: joined by dots, or each in brackets, with or without quotes, as DQL has them
/// behind `event`.
///
/// # Errors
/// [`DeclareError::Path`], [`DeclareError::Deep`].
pub fn parse_path(text: &str) -> Result<Vec<String>, DeclareError> {
    let wrong = || DeclareError::Path(text.to_owned());
    let trimmed = text.trim();
    let bracketed = trimmed.strip_prefix("event").unwrap_or(trimmed);
    let keys: Vec<String> = match bracketed.strip_prefix('[') {
        Some(rest) => {
            let rest = rest.strip_suffix(']').ok_or_else(wrong)?;
            rest.split("][")
                .map(|key| unquoted(key).to_owned())
                .collect()
        }
        None => trimmed.split('.').map(str::to_owned).collect(),
    };
    let good = |key: &String| !key.is_empty() && !key.contains(['[', ']']) && key.trim() == key;
    match keys.iter().all(good) {
        true if keys.len() > KEYS => Err(DeclareError::Deep),
        true => Ok(keys),
        false => Err(wrong()),
    }
}

fn unquoted(key: &str) -> &str {
    let inner = |quote| key.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('`')).unwrap_or(key)
}

/// The name of a path's column: snake_case, of letters, digits and `_` alone, with a letter first.
pub fn column_name(path: &[String]) -> String {
    let mut name = String::new();
    for key in path {
        let letters: Vec<char> = key.chars().collect();
        let mut gap = !name.is_empty();
        for (place, &letter) in letters.iter().enumerate() {
            if !letter.is_ascii_alphanumeric() {
                gap = !name.is_empty();
                continue;
            }
            let before = place.checked_sub(1).map(|before| letters[before]);
            let after = letters.get(place + 1);
            // `IPAddress` is `ip_address`, `eventID` is `event_id`.
            let begins = letter.is_ascii_uppercase()
                && before.is_some_and(|before| {
                    before.is_ascii_lowercase()
                        || before.is_ascii_digit()
                        || (before.is_ascii_uppercase()
                            && after.is_some_and(char::is_ascii_lowercase))
                });
            if (gap || begins) && !name.is_empty() {
                name.push('_');
            }
            gap = false;
            name.push(letter.to_ascii_lowercase());
        }
    }
    match name.starts_with(|first: char| first.is_ascii_lowercase()) {
        true => name,
        false => format!("column_{name}").trim_end_matches('_').to_owned(),
    }
}

impl Layout {
    /// The column that declaring `path` would make.
    ///
    /// # Errors
    /// [`DeclareError`] where it would clash with what there is.
    pub fn declare(&self, path: &[String], kind: Kind) -> Result<Column, DeclareError> {
        let folded = |path: &[String]| -> Vec<String> {
            path.iter().map(|key| key.to_lowercase()).collect()
        };
        if let Some(known) = self.columns.iter().find(|column| column.path == path) {
            return Err(DeclareError::Known(known.name.clone()));
        }
        let same = |column: &&Column| folded(&column.path) == folded(path);
        if let Some(known) = self.columns.iter().find(same) {
            return Err(DeclareError::Case {
                path: known.path.join("."),
                name: known.name.clone(),
            });
        }
        let name = column_name(path);
        let declared = self.columns.iter().map(|column| column.name.as_str());
        let house = house_columns().map(|(name, ..)| name);
        if declared
            .chain(house)
            .chain([house::EVENT_DATE])
            .any(|known| known == name)
        {
            return Err(DeclareError::Name(name));
        }
        if self.own().len() >= MOST {
            return Err(DeclareError::Full);
        }
        Ok(Column {
            path: path.to_vec(),
            name,
            kind,
            bloom: false,
            statistics: false,
            since: self.number + 1,
            doc: "declared for this lake".to_owned(),
        })
    }
}

impl Lake {
    /// Declares a column for `path`. Files that are written from now on have it; those that there are get it by a
    /// compaction, and until then the records' text answers in its place.
    ///
    /// # Errors
    /// [`DeclareError`].
    pub async fn declare(&self, path: &[String], kind: Kind) -> Result<Column, DeclareError> {
        let mut base = self.snapshot().await?;
        let batch = Uuid::new_v4();
        for _ in 0..ATTEMPTS {
            let column = base.layout.declare(path, kind)?;
            let field = own_delta_field(&column);
            let log = |error: DeltaTableError| Error::log(self.folder(), error);
            let state = base.state(self).await.map_err(log)?;
            let schema = state.schema();
            // A field of that name which is no column of ours, another engine's, is in the way.
            if schema.field(&column.name).is_some() {
                return Err(DeclareError::Name(column.name));
            }
            let schema = StructType::try_new(schema.fields().cloned().chain([field.clone()]));
            let schema = schema.map_err(|error| log(error.into()))?;
            let metadata = state
                .metadata()
                .clone()
                .with_schema(&schema)
                .map_err(|error| log(error.into()))?;
            let actions = vec![Action::Metadata(metadata)];
            let operation = DeltaOperation::AddColumn {
                fields: vec![field],
            };
            match self
                .swap(&base, batch, actions, operation, Map::new())
                .await
            {
                Ok(_) => return Ok(column),
                Err(CommitError::Stale { snapshot }) => base = *snapshot,
                Err(error) => return Err(error.into()),
            }
        }
        Err(DeclareError::Contention)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Vec<String> {
        parse_path(text).unwrap()
    }

    #[test]
    fn built_in_names_follow_the_same_rule() {
        for column in &Layout::built_in().columns {
            assert_eq!(column_name(&column.path), column.name);
        }
    }

    #[test]
    fn names_are_safe_in_any_engine() {
        for (keys, name) in [
            ("a.b", "a_b"),
            ("[a.b][\"c d\"]", "a_b_c_d"),
            (
                "requestParameters.x-amz-acl",
                "request_parameters_x_amz_acl",
            ),
            ("2fa.OK", "column_2fa_ok"),
            ("é", "column"),
            ("_private", "private"),
            ("aB2C.ABc", "a_b2_c_a_bc"),
        ] {
            assert_eq!(column_name(&path(keys)), name, "{keys}");
        }
    }

    #[test]
    fn paths_are_read_in_both_spellings() {
        assert_eq!(
            path("event[requestParameters][\"a.b\"]"),
            ["requestParameters", "a.b"]
        );
        assert_eq!(path("[a][`b`]"), ["a", "b"]);
        assert_eq!(
            path("eventContext.tagContext"),
            ["eventContext", "tagContext"]
        );
        for wrong in ["", ".", "a.", "[a", "a[b]", "[]", "[a] [b]", "a. b"] {
            assert!(
                matches!(parse_path(wrong), Err(DeclareError::Path(_))),
                "{wrong}"
            );
        }
        assert!(matches!(
            parse_path(&"a.".repeat(20)[..39]),
            Err(DeclareError::Deep)
        ));
    }

    #[test]
    fn what_would_clash_is_refused() {
        let layout = Layout::built_in();
        let declare = |text: &str| layout.declare(&path(text), Kind::Text);
        assert!(
            matches!(declare("eventName"), Err(DeclareError::Known(name)) if name == "event_name")
        );
        assert!(matches!(
            declare("eventname"),
            Err(DeclareError::Case { .. })
        ));
        assert!(matches!(declare("event_name"), Err(DeclareError::Name(_))));
        assert!(matches!(declare("source"), Err(DeclareError::Name(_))));
        assert!(matches!(declare("eventDate"), Err(DeclareError::Name(_))));
        let column = declare("requestParameters.maxKeys").unwrap();
        assert_eq!(
            (column.name.as_str(), column.since),
            ("request_parameters_max_keys", 2)
        );
        let more = layout.with(column);
        assert!(matches!(
            more.declare(&path("requestParameters.MaxKeys"), Kind::Long),
            Err(DeclareError::Case { .. })
        ));
        assert_eq!(more.declare(&path("x"), Kind::Long).unwrap().since, 3);
    }
}
