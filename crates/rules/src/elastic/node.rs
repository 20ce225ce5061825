//! A value of a rule file, with its place: one tree for TOML and JSON.

use syntax::Span;

/// A value and its place, quotes included.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) value: Value,
    pub(super) span: Span,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// A string, escapes undone.
    Text(String),
    /// A number, as a double and as it is written.
    Number(f64, String),
    /// A boolean.
    Boolean(bool),
    /// An array.
    List(Vec<Node>),
    /// A table or object.
    Table(Vec<Member>),
    /// Null, or a date of TOML's own, as it is written.
    Other(String),
}

/// A member of a table.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Member {
    pub(super) key: String,
    pub(super) key_span: Span,
    pub(super) value: Node,
}

impl Node {
    /// The member of this name; none for what is no table.
    pub(super) fn member(&self, key: &str) -> Option<&Member> {
        self.members().iter().find(|member| member.key == key)
    }

    /// The value of this name; none where it is null, as if it were not there.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        let value = &self.member(key)?.value;
        let null = matches!(&value.value, Value::Other(text) if text == "null");
        (!null).then_some(value)
    }

    /// All members; none for what is no table.
    pub(super) fn members(&self) -> &[Member] {
        match &self.value {
            Value::Table(members) => members,
            _ => &[],
        }
    }

    /// The string.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a string, number or boolean.
    pub(super) fn scalar(&self) -> Option<String> {
        match &self.value {
            Value::Text(text) | Value::Number(_, text) => Some(text.clone()),
            Value::Boolean(boolean) => Some(boolean.to_string()),
            _ => None,
        }
    }

    /// The elements of an array, or the one value that stands for an array of one.
    pub(super) fn each(&self) -> &[Node] {
        match &self.value {
            Value::List(all) => all,
            _ => std::slice::from_ref(self),
        }
    }

    /// What it is, for a message.
    pub(super) fn kind(&self) -> &'static str {
        match &self.value {
            Value::Text(_) => "a string",
            Value::Number(..) => "a number",
            Value::Boolean(_) => "a boolean",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
            Value::Other(text) if text == "null" => "null",
            Value::Other(_) => "a date",
        }
    }
}
