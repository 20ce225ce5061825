//! Records that look like CloudTrail's, with any type anywhere, written as JSON by hand: so that keys may repeat, and
//! escapes and white space may stand wherever JSON lets them.

use std::fmt::Write;

use super::dice::Dice;
use super::words::{KEYS, MEASURES, NO_INSTANTS, TEXTS, instant, moment, offset_instant, scalar};
use crate::naive::time::text;

/// A JSON value as it will be written.
#[derive(Clone, Debug)]
pub enum Node {
    /// A string, escapes undone.
    Text(String),
    /// A number, boolean or null, as it stands.
    Raw(String),
    /// An array.
    Array(Vec<Node>),
    /// An object, whose keys may repeat.
    Object(Vec<(String, Node)>),
}

/// What is expected at a place of a record.
enum Shape {
    Text,
    Boolean,
    Time,
    Id,
    Account,
    Measure,
    Any,
    Resources,
    Object(&'static [Part]),
}

/// A key, in how many of a hundred records it is, and what is expected there.
type Part = (&'static str, usize, Shape);

use Shape::{Account, Any, Boolean, Id, Measure, Object, Resources, Text, Time};

#[rustfmt::skip]
const RECORD: &[Part] = &[
    ("eventTime", 96, Time),
    ("eventID", 94, Id),
    ("eventName", 95, Text),
    ("eventSource", 90, Text),
    ("awsRegion", 85, Text),
    ("recipientAccountId", 70, Account),
    ("errorCode", 50, Text),
    ("sourceIPAddress", 20, Text),
    ("sharedEventID", 10, Text),
    ("readOnly", 70, Boolean),
    ("managementEvent", 30, Boolean),
    ("userIdentity", 85, Object(&[
        ("arn", 85, Text),
        ("userName", 20, Text),
        ("type", 30, Text),
        ("onBehalfOf", 15, Object(&[("userId", 80, Text)])),
        ("sessionContext", 40, Object(&[
            ("attributes", 80, Object(&[("mfaAuthenticated", 90, Text), ("creationDate", 30, Time)])),
            ("sessionIssuer", 60, Object(&[("arn", 90, Text), ("type", 20, Text)])),
        ])),
    ])),
    ("requestParameters", 70, Object(&[
        ("bucketName", 70, Text),
        ("key", 30, Text),
        ("size", 60, Measure),
        ("flag", 40, Boolean),
        ("x", 20, Any),
        ("a b", 10, Any),
    ])),
    ("responseElements", 40, Object(&[
        ("ConsoleLogin", 60, Text),
        ("keyMetadata", 40, Object(&[("keyId", 80, Text), ("keyUsage", 30, Text)])),
    ])),
    ("additionalEventData", 30, Object(&[("MFAUsed", 80, Text), ("x", 20, Any)])),
    ("resources", 40, Resources),
    ("tlsDetails", 15, Object(&[("tlsVersion", 80, Text)])),
    ("addendum", 8, Any),
    ("serviceEventDetails", 8, Any),
    ("x", 40, Any),
    ("EventName", 6, Text),
    ("eventname", 6, Text),
    ("userIdentity.arn", 8, Text),
    ("timestamp", 5, Any),
    ("content", 3, Any),
    ("event", 3, Any),
    ("x.y", 8, Any),
    ("a b", 8, Any),
    ("quo\"te", 6, Any),
    ("back`tick", 6, Any),
    ("ключ", 6, Any),
];

/// A random record. `number` goes into its id, so that most ids are met once.
pub fn record(dice: &mut Dice, number: usize) -> Node {
    let mut members = object(dice, RECORD, number);
    if dice.chance(2) {
        members.push(("deep".to_owned(), deep(dice)));
    }
    if dice.chance(30) {
        shuffle(dice, &mut members);
    }
    Node::Object(members)
}

fn object(dice: &mut Dice, parts: &[Part], number: usize) -> Vec<(String, Node)> {
    let mut members = Vec::new();
    for (key, percent, shape) in parts {
        if !dice.chance(*percent) {
            continue;
        }
        members.push(((*key).to_owned(), shaped(dice, shape, number)));
        if dice.chance(3) {
            let again = shaped(dice, shape, number);
            let place = dice.below(members.len() + 1);
            members.insert(place, ((*key).to_owned(), again));
        }
    }
    members
}

/// What is expected, mostly.
fn shaped(dice: &mut Dice, shape: &Shape, number: usize) -> Node {
    if dice.chance(8) {
        return any(dice, 3);
    }
    match shape {
        Text => Node::Text((*dice.pick_early(TEXTS)).to_owned()),
        Boolean => Node::Raw((*dice.pick(&["true", "false"])).to_owned()),
        Time => Node::Text(time(dice)),
        // Now and then an id that another record has as well.
        Id => Node::Text(format!(
            "id-{}",
            if dice.chance(6) { number / 2 } else { number }
        )),
        Account => Node::Text((*dice.pick(&["111111111111", "222222222222"])).to_owned()),
        Measure => Node::Raw((*dice.pick(MEASURES)).to_owned()),
        Any => any(dice, 3),
        Resources => {
            let count = dice.below(4);
            let parts: &[Part] = &[
                ("ARN", 80, Text),
                ("accountId", 50, Account),
                ("type", 60, Text),
            ];
            Node::Array(
                (0..count)
                    .map(|_| Node::Object(object(dice, parts, number)))
                    .collect(),
            )
        }
        Object(parts) => Node::Object(object(dice, parts, number)),
    }
}

fn time(dice: &mut Dice) -> String {
    match dice.below(20) {
        0..15 => format!("{}Z", &text(moment(dice))[..19]),
        15 | 16 => instant(dice),
        17 | 18 => offset_instant(dice),
        _ => (*dice.pick(NO_INSTANTS)).to_owned(),
    }
}

/// A value of any type, at most so deep.
fn any(dice: &mut Dice, depth: usize) -> Node {
    match dice.below(if depth == 0 { 6 } else { 10 }) {
        0..6 => scalar(dice),
        6 | 7 => {
            let count = dice.below(4);
            Node::Array((0..count).map(|_| any(dice, depth - 1)).collect())
        }
        _ => {
            let count = dice.below(4);
            // Keys are drawn freely, so that some repeat.
            let member = |_| ((*dice.pick_early(KEYS)).to_owned(), any(dice, depth - 1));
            Node::Object((0..count).map(member).collect())
        }
    }
}

/// Arrays in objects in arrays, sixty levels down.
fn deep(dice: &mut Dice) -> Node {
    (0..30).fold(scalar(dice), |inner, _| {
        Node::Array(vec![Node::Object(vec![("x".to_owned(), inner)])])
    })
}

fn shuffle<T>(dice: &mut Dice, items: &mut [T]) {
    for place in (1..items.len()).rev() {
        items.swap(place, dice.below(place + 1));
    }
}

/// The same value with its keys in another order, at every level where no key repeats.
pub fn reordered(dice: &mut Dice, node: &Node) -> Node {
    match node {
        Node::Array(items) => Node::Array(items.iter().map(|item| reordered(dice, item)).collect()),
        Node::Object(members) => {
            let mut members: Vec<(String, Node)> = members
                .iter()
                .map(|(key, value)| (key.clone(), reordered(dice, value)))
                .collect();
            let mut keys: Vec<&String> = members.iter().map(|(key, _)| key).collect();
            keys.sort();
            keys.dedup();
            if keys.len() == members.len() {
                shuffle(dice, &mut members);
            }
            Node::Object(members)
        }
        scalar => scalar.clone(),
    }
}

/// The JSON text of a value.
pub fn written(dice: &mut Dice, node: &Node) -> String {
    let mut out = String::new();
    // Most records stand as CloudTrail writes them.
    let odd = dice.chance(25);
    write(dice, node, odd, &mut out);
    out
}

fn write(dice: &mut Dice, node: &Node, odd: bool, out: &mut String) {
    match node {
        Node::Raw(raw) => out.push_str(raw),
        Node::Text(text) => string(dice, text, odd, out),
        Node::Array(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                space(dice, odd, out);
                write(dice, item, odd, out);
                space(dice, odd, out);
            }
            if items.is_empty() {
                space(dice, odd, out);
            }
            out.push(']');
        }
        Node::Object(members) => {
            out.push('{');
            for (place, (key, value)) in members.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                space(dice, odd, out);
                string(dice, key, odd, out);
                space(dice, odd, out);
                out.push(':');
                space(dice, odd, out);
                write(dice, value, odd, out);
                space(dice, odd, out);
            }
            if members.is_empty() {
                space(dice, odd, out);
            }
            out.push('}');
        }
    }
}

fn space(dice: &mut Dice, odd: bool, out: &mut String) {
    if odd && dice.chance(10) {
        out.push_str(*dice.pick(&[" ", "\n", "\t", "\r\n  "]));
    }
}

fn string(dice: &mut Dice, text: &str, odd: bool, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        let escape = odd && dice.chance(5);
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '/' if escape => out.push_str("\\/"),
            character if escape || character < ' ' => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    _ = write!(out, "\\u{unit:04x}");
                }
            }
            character => out.push(character),
        }
    }
    out.push('"');
}
