//! One entry of an identifier, `field|modifier|modifier: values`, and keywords.

use super::detection::{all_of, one_of};
use super::value;
use crate::check::Compiled;
use crate::condition::{Affix, Check, Comparison, Condition, Field, Part, Test, TimePart};
use crate::yaml::{Key, Kind, Place, Wrong, Yaml};

/// A value on its way through the modifiers.
#[derive(Clone, Debug)]
enum Item {
    Parts(Vec<Part>),
    /// After `wide` and its kin.
    Bytes(Vec<u8>),
    /// With its text.
    Number(f64, String),
    Boolean(bool),
    Null,
}

/// What the modifiers say of the whole entry.
#[derive(Debug, Default)]
struct Plan {
    all: bool,
    neq: bool,
    cased: bool,
    exists: bool,
    cidr: bool,
    regex: bool,
    flags: String,
    comparison: Option<Comparison>,
    time: Option<TimePart>,
    other: bool,
    affix: Option<Affix>,
}

/// What an entry asks for.
pub(super) fn read(key: &Key, given: &Yaml, warnings: &mut Vec<Wrong>) -> Result<Condition, Wrong> {
    let mut words = key.name.split('|');
    let name = words.next().unwrap_or_default();
    let modifiers: Vec<&str> = words.collect();
    let field = match name {
        "" => Field::Anywhere,
        name => path(name),
    };
    let given: Vec<&Yaml> = match &given.kind {
        Kind::List(items) => items.iter().collect(),
        _ => vec![given],
    };
    let mut plan = Plan::default();
    let mut alternatives = Vec::new();
    if given.is_empty() {
        plan = plan_of(key, &modifiers)?;
        alternatives.push((key.place, vec![Item::Null]));
    }
    for yaml in &given {
        let mut item = item(yaml)?;
        if matches!(item, Item::Null) && given.len() > 1 {
            let reason = "null can't stand in a list; write a second identifier";
            return Err(Wrong::new(yaml.place, "null", reason));
        }
        plan = plan_of(key, &modifiers)?;
        if plan.regex || plan.other || plan.cidr {
            let Some(text) = yaml.text() else {
                return Err(Wrong::new(yaml.place, modifiers[0], "this takes a text"));
            };
            item = Item::Parts(vec![Part::Text(text)]);
            alternatives.push((yaml.place, vec![item]));
            continue;
        }
        let mut items = vec![item];
        for modifier in &modifiers {
            items = apply(modifier, items, yaml.place)?;
        }
        alternatives.push((yaml.place, items));
    }
    if plan.all && alternatives.len() < 2 {
        let reason = "`all` makes no difference to a single value";
        warnings.push(Wrong::new(key.place, "all", reason));
    }
    let mut tests = Vec::new();
    for (place, items) in alternatives {
        let keyword = field == Field::Anywhere;
        let items = items
            .into_iter()
            .map(|item| test(&field, &plan, item, keyword, place));
        tests.push(one_of(items.collect::<Result<_, _>>()?));
    }
    let condition = if plan.all {
        all_of(tests)
    } else {
        one_of(tests)
    };
    Ok(match plan.neq {
        true => Condition::Not(Box::new(condition)),
        false => condition,
    })
}

/// A text that occurs anywhere in the event.
pub(super) fn keyword(given: &Yaml) -> Result<Condition, Wrong> {
    let item = item(given)?;
    test(&Field::Anywhere, &Plan::default(), item, true, given.place)
}

/// A raw CloudTrail field; dots part its keys.
pub(super) fn path(name: &str) -> Field {
    Field::Path(name.split('.').map(str::to_owned).collect())
}

fn item(given: &Yaml) -> Result<Item, Wrong> {
    Ok(match &given.kind {
        Kind::Null => Item::Null,
        Kind::Boolean(value) => Item::Boolean(*value),
        Kind::Text(text) => Item::Parts(value::parts(text)),
        Kind::Number(text) => match text.parse::<f64>() {
            // Beyond this, doubles run together.
            Ok(number) if number.abs() <= 9_007_199_254_740_992.0 => {
                Item::Number(number, text.clone())
            }
            _ => Item::Parts(vec![Part::Text(text.clone())]),
        },
        _ => {
            return Err(Wrong::new(
                given.place,
                "value",
                "expected a text, number, boolean or null",
            ));
        }
    })
}

/// What the modifiers say of the whole entry; refuses those that are unknown or out of order.
fn plan_of(key: &Key, modifiers: &[&str]) -> Result<Plan, Wrong> {
    let mut plan = Plan::default();
    for (at, &modifier) in modifiers.iter().enumerate() {
        let before: Vec<&str> = modifiers[..at].to_vec();
        let wrong = |reason: &str| Err(Wrong::new(key.place, modifier, reason));
        match modifier {
            "all" => plan.all = true,
            "neq" => plan.neq = true,
            "cased" => plan.cased = true,
            "exists" if modifiers.len() > 1 => return wrong("`exists` stands alone"),
            "exists" if key.name.starts_with('|') => return wrong("`exists` needs a field"),
            "exists" => plan.exists = true,
            "re" | "cidr" if at > 0 => return wrong("this must be the first modifier"),
            "re" => plan.regex = true,
            "cidr" => plan.cidr = true,
            "i" | "m" | "s" if plan.regex => plan.flags.push_str(modifier),
            "i" | "m" | "s" => return wrong("this is a flag of `re` and stands after it"),
            "lt" => plan.comparison = Some(Comparison::Less),
            "lte" => plan.comparison = Some(Comparison::LessOrEqual),
            "gt" => plan.comparison = Some(Comparison::Greater),
            "gte" => plan.comparison = Some(Comparison::GreaterOrEqual),
            "minute" => plan.time = Some(TimePart::Minute),
            "hour" => plan.time = Some(TimePart::Hour),
            "day" => plan.time = Some(TimePart::Day),
            "week" => plan.time = Some(TimePart::Week),
            "month" => plan.time = Some(TimePart::Month),
            "year" => plan.time = Some(TimePart::Year),
            "fieldref" => plan.other = true,
            "contains" => plan.affix = Some(Affix::Within),
            "startswith" => plan.affix = Some(Affix::Start),
            "endswith" => plan.affix = Some(Affix::End),
            "base64" | "base64offset" | "utf16le" | "wide" | "utf16be" | "utf16" | "windash" => {
                let ends = ["contains", "startswith", "endswith"];
                if modifier != "windash" && before.iter().any(|word| ends.contains(word)) {
                    return wrong("this must stand before `contains`, `startswith` and `endswith`");
                }
            }
            "expand" => {}
            _ => return wrong("there is no such modifier"),
        }
    }
    let kinds = [
        plan.regex,
        plan.cidr,
        plan.comparison.is_some() || plan.time.is_some(),
        plan.other,
    ];
    let encodes = modifiers.iter().any(|word| {
        [
            "base64",
            "base64offset",
            "utf16le",
            "wide",
            "utf16be",
            "utf16",
            "windash",
            "expand",
        ]
        .contains(word)
    });
    let kinds = kinds.iter().filter(|kind| **kind).count();
    if kinds > 1 || (kinds == 1 && encodes) || ((plan.other || plan.cidr) && plan.cased) {
        return Err(Wrong::new(
            key.place,
            &modifiers.join("|"),
            "these modifiers do not go together",
        ));
    }
    if plan.affix.is_some() && (plan.cidr || plan.comparison.is_some() || plan.time.is_some()) {
        return Err(Wrong::new(
            key.place,
            &modifiers.join("|"),
            "these modifiers do not go together",
        ));
    }
    Ok(plan)
}

/// What a modifier makes of one value, which may be several.
fn apply(modifier: &str, items: Vec<Item>, place: Place) -> Result<Vec<Item>, Wrong> {
    let mut made = Vec::new();
    for item in items {
        let text = |item: &Item| match item {
            Item::Parts(parts) => Ok(parts.clone()),
            Item::Number(_, text) => Ok(vec![Part::Text(text.clone())]),
            Item::Bytes(_) => Err(Wrong::new(
                place,
                modifier,
                "`wide` must be followed by Base64",
            )),
            _ => Err(Wrong::new(place, modifier, "this takes a text")),
        };
        let bytes = |item: &Item| match item {
            Item::Bytes(bytes) => Ok(bytes.clone()),
            item => match value::literal(&text(item)?) {
                Some(text) => Ok(text.into_bytes()),
                None => Err(Wrong::new(
                    place,
                    modifier,
                    "this takes a text without wildcards",
                )),
            },
        };
        let whole = |text: String| Item::Parts(vec![Part::Text(text)]);
        match modifier {
            "contains" | "startswith" | "endswith" => {
                let mut parts = text(&item)?;
                if modifier != "startswith" && parts.first() != Some(&Part::Run) {
                    parts.insert(0, Part::Run);
                }
                if modifier != "endswith" && parts.last() != Some(&Part::Run) {
                    parts.push(Part::Run);
                }
                made.push(Item::Parts(parts));
            }
            "base64" => made.push(whole(value::base64(&bytes(&item)?))),
            "base64offset" => {
                let texts = value::base64_offsets(&bytes(&item)?);
                // Of a single byte no character is certain at one of the offsets, and nothing is everywhere.
                if texts.iter().any(String::is_empty) {
                    let reason = "this takes a text of two bytes or more";
                    return Err(Wrong::new(place, modifier, reason));
                }
                made.extend(texts.into_iter().map(whole));
            }
            "utf16le" | "wide" | "utf16be" | "utf16" => {
                let plain = bytes(&item)?;
                if !plain.is_ascii() {
                    return Err(Wrong::new(place, modifier, "this takes an ASCII text"));
                }
                let mut wide = if modifier == "utf16" {
                    vec![0xff, 0xfe]
                } else {
                    Vec::new()
                };
                for byte in plain {
                    wide.extend(if modifier == "utf16be" {
                        [0, byte]
                    } else {
                        [byte, 0]
                    });
                }
                made.push(Item::Bytes(wide));
            }
            "windash" => match value::windash(&text(&item)?) {
                Some(all) => made.extend(all.into_iter().map(Item::Parts)),
                None => {
                    return Err(Wrong::new(
                        place,
                        modifier,
                        "this makes over a thousand texts",
                    ));
                }
            },
            "expand" => made.push(Item::Parts(expanded(text(&item)?, place)?)),
            _ => made.push(item),
        }
    }
    Ok(made)
}

/// `\%` as a percent sign; a `%name%` is refused, since nothing gives its values.
fn expanded(parts: Vec<Part>, place: Place) -> Result<Vec<Part>, Wrong> {
    let mut made = Vec::new();
    for part in parts {
        let Part::Text(text) = part else {
            made.push(part);
            continue;
        };
        let signs = text.matches('%').count() - text.matches("\\%").count();
        if signs > 1 {
            let reason = "nothing gives the values of placeholders; write them into the rule";
            return Err(Wrong::new(place, "expand", reason));
        }
        made.push(Part::Text(text.replace("\\%", "%")));
    }
    Ok(made)
}

fn test(
    field: &Field,
    plan: &Plan,
    item: Item,
    keyword: bool,
    place: Place,
) -> Result<Condition, Wrong> {
    let made = |check| {
        Condition::Test(Test {
            field: field.clone(),
            check,
        })
    };
    let check = match item {
        Item::Boolean(true) if plan.exists => Check::Key,
        Item::Boolean(false) if plan.exists => {
            return Ok(Condition::Not(Box::new(made(Check::Key))));
        }
        _ if plan.exists => return Err(Wrong::new(place, "exists", "this takes true or false")),
        Item::Number(number, _) if plan.time.is_some() || plan.comparison.is_some() => {
            let sign = plan.comparison.unwrap_or(Comparison::Equal);
            match plan.time {
                Some(_) if number.fract() != 0.0 => {
                    return Err(Wrong::new(
                        place,
                        "time",
                        "a part of a time is a whole number",
                    ));
                }
                Some(part) => Check::Time(part, sign, number as i64),
                None => Check::Number(sign, number),
            }
        }
        _ if plan.time.is_some() || plan.comparison.is_some() => {
            return Err(Wrong::new(place, "comparison", "this takes a number"));
        }
        Item::Null if keyword => return Err(Wrong::new(place, "null", "null is no keyword")),
        Item::Null => return Ok(Condition::Not(Box::new(made(Check::Present)))),
        Item::Boolean(value) => texts(plan, vec![Part::Text(value.to_string())], keyword),
        Item::Number(_, text) if keyword => texts(plan, vec![Part::Text(text)], keyword),
        Item::Number(number, _) => Check::Number(Comparison::Equal, number),
        Item::Bytes(_) => {
            let reason = "`wide` and its kin must be followed by `base64` or `base64offset`";
            return Err(Wrong::new(place, "wide", reason));
        }
        Item::Parts(parts) => texts(plan, parts, keyword),
    };
    Compiled::new(&check)
        .map_err(|reason| Wrong::new(place, if plan.regex { "re" } else { "cidr" }, reason))?;
    Ok(made(check))
}

fn texts(plan: &Plan, mut parts: Vec<Part>, keyword: bool) -> Check {
    let cased = plan.cased;
    let literal = value::literal(&parts);
    if let Some(text) = literal.clone() {
        if plan.regex {
            return Check::Regex(match plan.flags.as_str() {
                "" => text,
                flags => format!("(?{flags}){text}"),
            });
        }
        if plan.cidr {
            return Check::Network(text);
        }
        if plan.other {
            return Check::Other(path(&text), plan.affix.unwrap_or(Affix::Whole));
        }
    }
    if parts == [Part::Run] {
        return Check::Present;
    }
    if keyword {
        if parts.first() != Some(&Part::Run) {
            parts.insert(0, Part::Run);
        }
        if parts.last() != Some(&Part::Run) {
            parts.push(Part::Run);
        }
        return Check::Glob { parts, cased };
    }
    match literal {
        Some(text) => Check::Text { text, cased },
        None => Check::Glob { parts, cased },
    }
}
