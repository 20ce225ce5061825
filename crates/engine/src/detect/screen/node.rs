//! A condition, as far as columns can tell it.

/// A condition, as far as columns can tell it.
#[derive(Clone, Debug)]
pub(super) enum Node {
    True,
    False,
    /// The columns can't tell.
    Unknown,
    /// It does not hold where the record's text lacks this word; otherwise nobody can tell.
    Word(usize),
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    /// A check of a feature. With `absent` the columns can't tell where there is no value.
    Bit {
        feature: usize,
        check: usize,
        absent: bool,
    },
}

pub(super) fn all(parts: impl Iterator<Item = Node>) -> Node {
    let mut kept = Vec::new();
    for part in parts {
        match part {
            Node::True => {}
            Node::False => return Node::False,
            Node::All(parts) => kept.extend(parts),
            part => kept.push(part),
        }
    }
    match kept.len() {
        0 => Node::True,
        1 => kept.remove(0),
        _ => Node::All(kept),
    }
}

pub(super) fn any(parts: impl Iterator<Item = Node>) -> Node {
    let mut kept = Vec::new();
    for part in parts {
        match part {
            Node::False => {}
            Node::True => return Node::True,
            Node::Any(parts) => kept.extend(parts),
            part => kept.push(part),
        }
    }
    match kept.len() {
        0 => Node::False,
        1 => kept.remove(0),
        _ => Node::Any(kept),
    }
}

pub(super) fn not(part: Node) -> Node {
    match part {
        Node::True => Node::False,
        Node::False => Node::True,
        Node::Unknown => Node::Unknown,
        Node::Not(part) => *part,
        part => Node::Not(Box::new(part)),
    }
}
