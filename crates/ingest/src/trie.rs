//! The declared paths as a tree of keys, so that one walk over a record finds all columns.

use lake::{Column, Kind};

/// A place in the tree; the root is 0.
pub(crate) type Node = usize;

/// The tree. Each worker has its own: it learns in which order keys come.
#[derive(Clone, Debug)]
pub(crate) struct Trie {
    nodes: Vec<Place>,
}

#[derive(Clone, Debug, Default)]
struct Place {
    column: Option<(usize, Kind)>,
    /// The keys that lead on, each with its node.
    children: Vec<(Box<str>, Node)>,
    /// The child that followed last time on each child, on nothing (the first), or on a key that leads nowhere: a
    /// guess, for records of one service look alike.
    followers: Vec<usize>,
    /// All columns at this node and below.
    below: Vec<usize>,
}

/// Where a walk over one object's members is.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    /// One more than the child that came last; 0 for none.
    last: usize,
    /// One bit for each child: whether it came already.
    seen: u128,
}

/// A declared key that a walk came to.
pub(crate) struct Step {
    pub(crate) node: Node,
    /// Whether it came before in the same object.
    pub(crate) again: bool,
}

impl Trie {
    pub(crate) fn new(columns: &[Column]) -> Trie {
        let mut trie = Trie {
            nodes: vec![Place::default()],
        };
        for (place, column) in columns.iter().enumerate() {
            let mut node = 0;
            trie.nodes[node].below.push(place);
            for key in &column.path {
                node = trie.child_or_new(node, key);
                trie.nodes[node].below.push(place);
            }
            trie.nodes[node].column = Some((place, column.kind));
        }
        for place in &mut trie.nodes {
            place.followers = vec![0; place.children.len() + 1];
        }
        trie
    }

    /// The column that is declared here.
    pub(crate) fn column(&self, node: Node) -> Option<(usize, Kind)> {
        self.nodes[node].column
    }

    /// Whether anything is declared below.
    pub(crate) fn leads_on(&self, node: Node) -> bool {
        !self.nodes[node].children.is_empty()
    }

    /// The columns here and below.
    pub(crate) fn below(&self, node: Node) -> &[usize] {
        &self.nodes[node].below
    }

    /// Where the member `key` of an object at `node` leads; none if nothing is declared there.
    pub(crate) fn step(&mut self, node: Node, walk: &mut Walk, key: &[u8]) -> Option<Step> {
        let place = &mut self.nodes[node];
        let guess = place.followers[walk.last];
        let is = |child: &(Box<str>, Node)| child.0.as_bytes() == key;
        let child = match place.children.get(guess) {
            Some(child) if is(child) => guess,
            _ => {
                let child = place.children.iter().position(is)?;
                place.followers[walk.last] = child;
                child
            }
        };
        // Beyond 128 children every one counts as seen, which costs a little and changes nothing.
        let bit = 1_u128.checked_shl(child as u32).unwrap_or(0);
        let again = bit == 0 || walk.seen & bit != 0;
        walk.seen |= bit;
        walk.last = child + 1;
        Some(Step {
            node: place.children[child].1,
            again,
        })
    }

    fn child_or_new(&mut self, node: Node, key: &str) -> Node {
        if let Some((_, child)) = self.nodes[node]
            .children
            .iter()
            .find(|(name, _)| **name == *key)
        {
            return *child;
        }
        let child = self.nodes.len();
        self.nodes.push(Place::default());
        self.nodes[node].children.push((key.into(), child));
        child
    }
}
