//! Whole values in one form: for display (`normalize`), and for equality and grouping (`canonical`).

use std::borrow::Cow;
use std::ops::Range;

use crate::find::distinct;
use crate::{Cursor, Error, as_double, as_long, write_string};

/// Appends the value's normal text: no white space; of several members with one name the last, at the place of the
/// first; strings escaped as little as possible; longs as they are, doubles in the shortest text that reads back as
/// the same double, with `.0` where they are integral (`1.50` → `1.5`, `1e2` → `100.0`, `1e30` stays `1e30`); no
/// negative zero. A number beyond the range of doubles keeps its text.
///
/// # Errors
/// The first thing that is not JSON; `out` is then as before.
pub fn normalize(raw: &str, out: &mut String) -> Result<(), Error> {
    write(raw, out, Form::Normal)
}

/// Appends the value's canonical text, the same for equal values and for no others: as [`normalize`], but the members
/// of objects are sorted by name, in order of code points, and a double that is a whole number within the range of
/// longs is written as a long, so that `1`, `1.0` and `10e-1` are equal.
///
/// # Errors
/// The first thing that is not JSON; `out` is then as before.
pub fn canonical(raw: &str, out: &mut String) -> Result<(), Error> {
    write(raw, out, Form::Canonical)
}

/// Whether two texts are equal as JSON, that is in their [`canonical`] form. Texts that are not JSON are equal to
/// themselves alone.
pub fn equal(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let (mut left, mut right) = (String::new(), String::new());
    canonical(a, &mut left).is_ok() && canonical(b, &mut right).is_ok() && left == right
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Normal,
    Canonical,
}

fn write(raw: &str, out: &mut String, form: Form) -> Result<(), Error> {
    let before = out.len();
    let mut cursor = Cursor::new(raw.as_bytes());
    let result = value(raw, &mut cursor, out, form).and_then(|()| cursor.finish());
    if result.is_err() {
        out.truncate(before);
    }
    result
}

/// Passes the value under the cursor and writes it. The recursion ends at the depth limit.
fn value(raw: &str, cursor: &mut Cursor<'_>, out: &mut String, form: Form) -> Result<(), Error> {
    match cursor.peek() {
        Some(b'{') => object(raw, cursor, out, form)?,
        Some(b'[') => {
            out.push('[');
            let mut more = cursor.first_element()?;
            while more {
                value(raw, cursor, out, form)?;
                more = cursor.next_element()?;
                if more {
                    out.push(',');
                }
            }
            out.push(']');
        }
        Some(b'"') => write_string(&cursor.string()?.value(raw), out),
        _ => {
            let start = cursor.at();
            cursor.skip()?;
            scalar(&raw[start..cursor.at()], out, form);
        }
    }
    Ok(())
}

/// A member that was written, in the order in which it came.
struct Member<'a> {
    name: Cow<'a, str>,
    written: Range<usize>,
}

fn object(raw: &str, cursor: &mut Cursor<'_>, out: &mut String, form: Form) -> Result<(), Error> {
    let mut members: Vec<Member<'_>> = Vec::new();
    out.push('{');
    let inside = out.len();
    let mut member = cursor.first_member()?;
    while let Some(name) = member {
        if !members.is_empty() {
            out.push(',');
        }
        let name = name.value(raw);
        let start = out.len();
        write_string(&name, out);
        out.push(':');
        value(raw, cursor, out, form)?;
        let written = start..out.len();
        members.push(Member { name, written });
        member = cursor.next_member()?;
    }

    let mut order = distinct(&members, |member| member.name.as_ref());
    if form == Form::Canonical {
        order.sort_by_key(|&(first, _)| members[first].name.as_ref());
    }
    let as_it_stands = order.len() == members.len() && order.is_sorted();
    if !as_it_stands {
        let written = out.split_off(inside);
        for (position, &(_, last)) in order.iter().enumerate() {
            if position > 0 {
                out.push(',');
            }
            let Range { start, end } = members[last].written;
            out.push_str(&written[start - inside..end - inside]);
        }
    }
    out.push('}');
    Ok(())
}

/// A number, a boolean or null.
fn scalar(raw: &str, out: &mut String, form: Form) {
    use std::fmt::Write;

    if !raw.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
        out.push_str(raw);
        return;
    }
    // Writing to a string can't fail.
    _ = match (as_long(raw), as_double(raw)) {
        (Some(long), _) => write!(out, "{long}"),
        (None, Some(0.0)) if form == Form::Normal => write!(out, "0.0"),
        (None, Some(double)) => match whole(double).filter(|_| form == Form::Canonical) {
            Some(long) => write!(out, "{long}"),
            None => write!(out, "{double:?}"),
        },
        (None, None) => write!(out, "{raw}"),
    };
}

/// The long that is exactly this double, if there is one.
fn whole(double: f64) -> Option<i64> {
    // 2^63 itself is the first double that no long can hold; -2^63 is the least long.
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    let fits = double.fract() == 0.0 && (-BEYOND..BEYOND).contains(&double);
    fits.then_some(double as i64)
}
