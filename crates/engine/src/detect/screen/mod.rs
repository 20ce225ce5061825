//! Which rules an event may meet, told from columns alone.
//!
//! A rule's condition becomes a tree whose leaves are bits: whether one of the values of a field passes a check. Most
//! columns hold few different values, so that a bit is worked out once a value and then looked up; and a rule that the
//! event's name rules out is not even looked at: each name has its own list of rules. What columns can't tell is unknown,
//! and a rule is left out only where no answer to that could save it. Of what is in no column a word may still be known
//! that the record's text must have ([`super::words`]).
//!
//! Where columns tell a condition wholly, what they say is the answer, and nobody has to read the record.

mod ask;
mod list;
mod make;
mod node;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use hashbrown::HashMap;
use rules::check::Compiled;
use rules::ecs::EcsField;
use rules::{Condition, Field};

use super::plan::{Column, Columns};
use super::words::{Seen, Words};

pub(super) use ask::Memory;
pub(super) use ask::note;
use ask::{Asked, UNKNOWN};
use list::List;
use make::Making;
pub(super) use make::told;
use node::Node;

/// Beyond so many different values of a field what is known of them is forgotten, and begins anew.
const VALUES: usize = 1 << 16;

/// Many conditions over columns. It may be shared between threads; each has a [`Memory`] of its own.
#[derive(Debug)]
pub(super) struct Screen {
    /// The columns that conditions look at, the event's name first if there is one.
    columns: Vec<Column>,
    features: Vec<Feature>,
    words: Words,
    rules: Vec<Rule>,
    /// All rules, whatever the event's name.
    whole: Arc<List>,
    seeks: Seeks,
}

/// Which rows a screen seeks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seeks {
    /// All that a rule may be met by.
    All,
    /// Those of which columns are certain. For rules that columns tell wholly that is all but the doubtful ones.
    Certain,
    /// Those that may meet a rule which columns tell wholly elsewhere, but not in this row, where one is mistyped.
    Doubtful,
}

/// A rule as a screen is asked for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sought<'a> {
    /// Its number outside.
    pub(super) number: u32,
    pub(super) condition: &'a Condition,
    /// The fields whose values a match has.
    pub(super) fields: &'a [Field],
    /// Whether columns tell the condition and these, as [`told`] says.
    pub(super) told: bool,
}

#[derive(Debug)]
struct Rule {
    number: u32,
    node: Node,
    /// The features of a match's fields, where columns tell those and the condition.
    told: Option<Vec<usize>>,
}

/// What is tested: a field whose values follow from columns, and the checks of it, a bit each.
#[derive(Debug)]
struct Feature {
    source: Source,
    /// The columns that it rests on.
    columns: Vec<usize>,
    checks: Vec<Compiled>,
}

#[derive(Debug)]
enum Source {
    /// The value of the one column.
    Column,
    Ecs(EcsField),
}

/// A rule that a row may meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// The rule's number outside.
    pub(super) number: u32,
    /// Its place in the screen, where the columns say that the row meets it and what its fields are; none where only the
    /// record can.
    pub(super) certain: Option<u32>,
}

impl Screen {
    /// A screen of these rules. `declared` are the columns that all files of the scan have.
    ///
    /// # Errors
    /// What is wrong with an expression or a network of a condition, in words.
    pub(super) fn new(
        declared: &[Column],
        sought: &[Sought<'_>],
        seeks: Seeks,
    ) -> Result<Screen, String> {
        let mut making = Making {
            declared,
            columns: Vec::new(),
            features: Vec::new(),
            known: HashMap::new(),
            words: Vec::new(),
        };
        making.column(&["eventName".to_owned()]);
        let rules: Vec<Rule> = sought
            .iter()
            .map(|sought| making.rule(sought))
            .collect::<Result<_, _>>()?;
        let whole = (0_u32..).zip(&rules);
        let whole = whole.map(|(place, rule)| (place, rule.node.clone()));
        Ok(Screen {
            whole: Arc::new(List::new(whole, &making.features, &making.columns)),
            columns: making.columns,
            features: making.features,
            words: Words::new(&making.words)?,
            rules,
            seeks,
        })
    }

    /// The columns to read, in the order in which rows are given.
    pub(super) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Which rows it seeks.
    pub(super) fn seeks(&self) -> Seeks {
        self.seeks
    }

    /// What a thread needs to ask.
    pub(super) fn memory(&self) -> Memory {
        Memory::new(self.columns.len(), self.features.len())
    }

    /// Whether the records' texts can rule anything out before they are parsed.
    pub(super) fn has_words(&self) -> bool {
        self.words.any()
    }

    /// Whether there is a rule that the row may meet. `content` is the text of its record, if it is at hand.
    pub(super) fn any(
        &self,
        memory: &mut Memory,
        rows: &Columns<'_>,
        (row, content): (usize, Option<&str>),
    ) -> bool {
        let list = self.begin(memory, rows, row);
        let mut asked = Asked::new(self, memory, rows, row, content);
        let mut found = false;
        list.visit(&mut asked, |asked, place, node| {
            found = self.candidate(asked, place, node).is_some();
            found
        });
        found
    }

    /// Puts the rules that the row may meet into `out`. `content` is the text of its record, if it is at hand.
    pub(super) fn candidates(
        &self,
        memory: &mut Memory,
        rows: &Columns<'_>,
        (row, content): (usize, Option<&str>),
        out: &mut Vec<Candidate>,
    ) {
        out.clear();
        let list = self.begin(memory, rows, row);
        let mut asked = Asked::new(self, memory, rows, row, content);
        list.visit(&mut asked, |asked, place, node| {
            out.extend(self.candidate(asked, place, node));
            false
        });
    }

    /// A rule that the row may meet, if it is sought here.
    fn candidate(&self, asked: &mut Asked<'_, '_>, place: u32, node: &Node) -> Option<Candidate> {
        let rule = self.rules.get(place as usize)?;
        // What columns tell wholly may hold only where it does, if all of them can be believed.
        let certain = rule.told.as_ref().is_some_and(|fields| {
            !asked.is_odd() || (asked.all_told(fields) && !asked.may_fail(node))
        });
        let sought = match self.seeks {
            Seeks::All => true,
            Seeks::Certain => certain,
            Seeks::Doubtful => !certain,
        };
        sought.then_some(Candidate {
            number: rule.number,
            certain: certain.then_some(place),
        })
    }

    /// The values of the fields of a rule that is certain of the row that was last asked for.
    pub(super) fn values(
        &self,
        memory: &mut Memory,
        rows: &Columns<'_>,
        row: usize,
        certain: u32,
    ) -> Vec<Vec<Arc<str>>> {
        let told = self.rules.get(certain as usize);
        let features = told.and_then(|rule| rule.told.as_deref());
        let mut asked = Asked::new(self, memory, rows, row, None);
        let features = features.unwrap_or_default().iter();
        features.map(|feature| asked.texts(*feature)).collect()
    }

    /// Begins with a row, and gives the rules that its name leaves, by their places.
    fn begin(&self, memory: &mut Memory, rows: &Columns<'_>, row: usize) -> Arc<List> {
        memory.begin(self, rows.mistyped(row));
        // Files that another program wrote may lack all columns.
        let name = match self.columns.is_empty() {
            true => 0,
            false if memory.odd().is_some_and(|odd| odd.column(0)) => {
                memory.row_places.fill(UNKNOWN);
                return Arc::clone(&self.whole);
            }
            false => memory.number(rows, 0, row),
        };
        if let Some(list) = memory.lists.get(&name) {
            if !list.is_empty() {
                memory.row_places.fill(UNKNOWN);
            }
            return Arc::clone(list);
        }
        memory.row_places.fill(UNKNOWN);
        let mut asked = Asked::new(self, memory, rows, row, None);
        let rules = (0_u32..).zip(&self.rules);
        let left = rules.filter_map(|(place, rule)| match asked.settle(&rule.node) {
            Node::False => None,
            node => Some((place, node)),
        });
        let list = Arc::new(List::new(left, &self.features, &self.columns));
        memory.lists.insert(name, Arc::clone(&list));
        list
    }
}
