//! From conditions to what columns can tell of them.

use hashbrown::HashMap;
use rules::check::{Compiled, Value};
use rules::ecs;
use rules::{Check, Condition, Field, Test};

use super::node::{Node, all, any, not};
use super::{Feature, Rule, Sought, Source};
use crate::detect::plan::Column;
use crate::detect::words;

/// Whether columns tell wholly whether a row meets a condition, and the values of these fields.
pub(in crate::detect) fn told(
    declared: &[Column],
    condition: &Condition,
    fields: &[Field],
) -> bool {
    let mut fields = fields.iter();
    holds_told(declared, condition) && fields.all(|field| sources(declared, field).is_some())
}

fn holds_told(declared: &[Column], condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().all(|part| holds_told(declared, part))
        }
        Condition::Not(part) => holds_told(declared, part),
        Condition::Test(test) => match test.check {
            // The key of a value that is null is in no column.
            Check::Other(..) | Check::Key => false,
            _ => match &test.field {
                Field::Ecs(name)
                    if ecs::find(name).is_none_or(|field| field.constant().is_some()) =>
                {
                    true
                }
                field => sources(declared, field).is_some(),
            },
        },
    }
}

/// What a field's values are made of, and the columns that have it; none where columns don't tell them.
fn sources<'a>(declared: &'a [Column], field: &Field) -> Option<(Source, Vec<&'a Column>)> {
    let find = |path: &[&str]| declared.iter().find(|column| column.path == path);
    match field {
        Field::Anywhere => None,
        Field::Path(path) => {
            let column = declared.iter().find(|column| column.path == *path)?;
            Some((Source::Column, vec![column]))
        }
        Field::Ecs(name) => {
            let field = ecs::find(name).filter(|field| !field.needs_geo())?;
            let columns = field.reads().iter().map(|path| {
                let keys: Vec<&str> = path.split('.').collect();
                find(&keys)
            });
            let columns = columns.collect::<Option<Vec<_>>>()?;
            Some((Source::Ecs(field), columns))
        }
    }
}

/// A screen in the making.
pub(super) struct Making<'a> {
    pub(super) declared: &'a [Column],
    pub(super) columns: Vec<Column>,
    pub(super) features: Vec<Feature>,
    /// Checks by field and how they are written.
    pub(super) known: HashMap<(Field, String), (usize, usize)>,
    pub(super) words: Vec<String>,
}

impl Making<'_> {
    /// A rule, as far as columns can tell it.
    pub(super) fn rule(&mut self, sought: &Sought<'_>) -> Result<Rule, String> {
        let node = self.node(sought.condition)?;
        let told = match sought.told {
            true => {
                let fields = sought.fields.iter();
                fields.map(|field| self.feature(field)).collect()
            }
            false => None,
        };
        Ok(Rule {
            number: sought.number,
            node,
            told,
        })
    }

    fn node(&mut self, condition: &Condition) -> Result<Node, String> {
        Ok(match condition {
            Condition::All(parts) => {
                let parts: Vec<Node> = self.nodes(parts)?;
                all(parts.into_iter())
            }
            Condition::Any(parts) => {
                let parts: Vec<Node> = self.nodes(parts)?;
                any(parts.into_iter())
            }
            Condition::Not(part) => not(self.node(part)?),
            Condition::Test(test) => self.test(test)?,
        })
    }

    fn nodes(&mut self, parts: &[Condition]) -> Result<Vec<Node>, String> {
        parts.iter().map(|part| self.node(part)).collect()
    }

    fn test(&mut self, test: &Test) -> Result<Node, String> {
        if matches!(test.check, Check::Other(..)) {
            return Ok(Node::Unknown);
        }
        if let Field::Ecs(name) = &test.field {
            match ecs::find(name) {
                None => return Ok(Node::False),
                Some(field) if let Some(constant) = field.constant() => {
                    let passes =
                        Compiled::new(&test.check)?.passes(&Value::String(constant.into()));
                    return Ok(if passes { Node::True } else { Node::False });
                }
                Some(_) => {}
            }
        }
        let key = (test.field.clone(), format!("{:?}", test.check));
        let (feature, check) = match self.known.get(&key) {
            Some(known) => *known,
            None => {
                let Some(feature) = self.feature(&test.field) else {
                    // Said here as well, where columns have no part in it.
                    Compiled::new(&test.check)?;
                    return Ok(self.word(test));
                };
                let checks = &mut self.features[feature].checks;
                checks.push(Compiled::new(&test.check)?);
                let place = (feature, checks.len() - 1);
                self.known.insert(key, place);
                place
            }
        };
        Ok(Node::Bit {
            feature,
            check,
            // A column has nothing where the record has null, and where it has no such key.
            absent: matches!(test.check, Check::Key),
        })
    }

    /// The test by a word that the record's text must have.
    fn word(&mut self, test: &Test) -> Node {
        let word = match test.field {
            // Values of documents may be made, and stand nowhere in the record.
            Field::Ecs(_) => None,
            Field::Path(_) | Field::Anywhere => words::of(&test.check),
        };
        let Some(word) = word else {
            return Node::Unknown;
        };
        let known = self.words.iter().position(|known| known == word);
        Node::Word(known.unwrap_or_else(|| {
            self.words.push(word.to_owned());
            self.words.len() - 1
        }))
    }

    /// The feature of a field; none where columns don't tell its values.
    fn feature(&mut self, field: &Field) -> Option<usize> {
        let (source, columns) = sources(self.declared, field)?;
        let columns = columns.into_iter().map(|column| self.column(&column.path));
        let columns = columns.collect::<Option<Vec<usize>>>()?;
        let same = |known: &Feature| {
            known.columns == columns
                && match (&known.source, &source) {
                    (Source::Column, Source::Column) => true,
                    (Source::Ecs(a), Source::Ecs(b)) => a.name() == b.name(),
                    _ => false,
                }
        };
        if let Some(place) = self.features.iter().position(same) {
            return Some(place);
        }
        self.features.push(Feature {
            source,
            columns,
            checks: Vec::new(),
        });
        Some(self.features.len() - 1)
    }

    /// The place of the column that holds just the value at a path.
    pub(super) fn column(&mut self, path: &[String]) -> Option<usize> {
        if let Some(place) = self.columns.iter().position(|known| known.path == path) {
            return Some(place);
        }
        let column = self.declared.iter().find(|column| column.path == path)?;
        self.columns.push(column.clone());
        Some(self.columns.len() - 1)
    }
}
