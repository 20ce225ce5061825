//! The types of values as the Grail Query API tells them: `types`, with ranges of records that share them.

use engine::{Type, Value};

/// The type of a value, as deep as it goes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// Not known: null where no type was known before the query ran. Goes with any other.
    Undefined,
    /// A type without parts, by its name.
    Simple(&'static str),
    /// Of runs of elements with one type each, as ends that are included.
    Array(Vec<(usize, Shape)>),
    /// Of keys in order.
    Record(Vec<(String, Shape)>),
}

impl Shape {
    /// The shape of a value whose static type is `ty`.
    pub(super) fn of(value: &Value, ty: &Type) -> Shape {
        let element = match ty {
            Type::Array(element) => element,
            _ => &Type::Dynamic,
        };
        match value {
            Value::Null => Shape::of_null(ty),
            Value::Boolean(_) => Shape::Simple("boolean"),
            Value::Long(_) => Shape::Simple("long"),
            Value::Double(_) => Shape::Simple("double"),
            Value::String(_) => Shape::Simple("string"),
            Value::Timestamp(_) => Shape::Simple("timestamp"),
            Value::Duration(_) => Shape::Simple("duration"),
            Value::Timeframe(..) => Shape::Simple("timeframe"),
            Value::Shown(name, _) => Shape::Simple(name),
            Value::Array(elements) => Shape::of_elements(elements, element),
            Value::Record(members) => {
                let member = |(key, value): &(String, Value)| {
                    (key.clone(), Shape::of(value, &Type::Dynamic))
                };
                Shape::Record(members.iter().map(member).collect())
            }
        }
    }

    fn of_null(ty: &Type) -> Shape {
        match ty {
            Type::Array(_) => Shape::Array(Vec::new()),
            _ => match ty.api_name() {
                "undefined" => Shape::Undefined,
                name => Shape::Simple(name),
            },
        }
    }

    fn of_elements(elements: &[Value], ty: &Type) -> Shape {
        let mut runs: Vec<(usize, Shape)> = Vec::new();
        for (place, element) in elements.iter().enumerate() {
            let shape = Shape::of(element, ty);
            if let Some((end, run)) = runs.last_mut()
                && run.take(&shape)
            {
                *end = place;
            } else {
                runs.push((place, shape));
            }
        }
        Shape::Array(runs)
    }

    /// Makes this the shape of both; does nothing and says false where they have none in common.
    pub(super) fn take(&mut self, other: &Shape) -> bool {
        let Some(both) = self.with(other) else {
            return false;
        };
        *self = both;
        true
    }

    fn with(&self, other: &Shape) -> Option<Shape> {
        Some(match (self, other) {
            (Shape::Undefined, known) | (known, Shape::Undefined) => known.clone(),
            (Shape::Simple(a), Shape::Simple(b)) if a == b => Shape::Simple(a),
            (Shape::Array(a), Shape::Array(b)) => Shape::Array(runs(a, b)?),
            (Shape::Record(a), Shape::Record(b)) => {
                let mut members = a.clone();
                for (key, shape) in b {
                    match members.iter_mut().find(|(known, _)| known == key) {
                        Some((_, known)) => *known = known.with(shape)?,
                        None => members.push((key.clone(), shape.clone())),
                    }
                }
                Shape::Record(members)
            }
            _ => return None,
        })
    }

    /// The mapping of a field or key: `{"type": …}`, with `types` for what is inside.
    pub(super) fn mapping(&self) -> Value {
        let (name, types) = match self {
            Shape::Undefined => ("undefined", None),
            Shape::Simple(name) => (*name, None),
            Shape::Array(runs) => {
                let mut start = 0;
                let mut types = Vec::new();
                for (end, shape) in runs {
                    types.push(range(
                        start,
                        *end,
                        vec![("element".to_owned(), shape.mapping())],
                    ));
                    start = end + 1;
                }
                ("array", Some(types))
            }
            Shape::Record(members) => {
                let mappings = members
                    .iter()
                    .map(|(key, shape)| (key.clone(), shape.mapping()));
                let mappings = Value::Record(mappings.collect());
                (
                    "record",
                    Some(vec![Value::Record(vec![("mappings".to_owned(), mappings)])]),
                )
            }
        };
        let mut mapping = vec![("type".to_owned(), Value::String(name.to_owned()))];
        mapping.extend(types.map(|types| ("types".to_owned(), Value::Array(types))));
        Value::Record(mapping)
    }
}

/// The runs of both arrays: those of the longer one where each is of one type, else they must be the same.
fn runs(a: &[(usize, Shape)], b: &[(usize, Shape)]) -> Option<Vec<(usize, Shape)>> {
    match (a, b) {
        ([], known) | (known, []) => Some(known.to_vec()),
        ([(a_end, a)], [(b_end, b)]) => Some(vec![(*a_end.max(b_end), a.with(b)?)]),
        _ => (a == b).then(|| a.to_vec()),
    }
}

/// An entry of `types`; both ends are included.
pub(super) fn range(start: usize, end: usize, mappings: Vec<(String, Value)>) -> Value {
    let long = |place: usize| Value::Long(i64::try_from(place).unwrap_or(i64::MAX));
    Value::Record(vec![
        (
            "indexRange".to_owned(),
            Value::Array(vec![long(start), long(end)]),
        ),
        ("mappings".to_owned(), Value::Record(mappings)),
    ])
}
