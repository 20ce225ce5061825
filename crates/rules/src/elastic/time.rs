//! Spans of time: `5m`, and times relative to a run: `now-9m`.

const SECOND: i64 = 1_000_000_000;

/// Nanoseconds of one unit; none where it has no fixed length or is unknown.
pub(super) fn unit(text: &str) -> Option<i64> {
    Some(match text {
        "s" => SECOND,
        "m" => 60 * SECOND,
        "h" | "H" => 3600 * SECOND,
        "d" => 86_400 * SECOND,
        "w" => 7 * 86_400 * SECOND,
        _ => return None,
    })
}

/// The nanoseconds of a number and a unit, such as `5m`.
pub(crate) fn span(text: &str) -> Result<i64, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, name) = text.split_at(digits);
    let number = number.parse().ok();
    let unit = unit(name);
    let length = number
        .zip(unit)
        .and_then(|(number, unit): (i64, i64)| number.checked_mul(unit));
    length.ok_or_else(|| "a number and a unit was expected: `s`, `m`, `h`, `d` or `w`".to_owned())
}

/// How long before a run a time such as `now-9m` or `now-1h-30m` is, in nanoseconds; negative behind it.
pub(super) fn before_now(text: &str) -> Result<i64, String> {
    let expected = || "a time relative to the run was expected, such as `now-9m`".to_owned();
    let mut rest = text.trim().strip_prefix("now").ok_or_else(expected)?;
    let mut before: i64 = 0;
    while !rest.is_empty() {
        if rest.starts_with('/') {
            return Err(
                "a time that is rounded can't be computed here; write the span itself".to_owned(),
            );
        }
        let earlier = rest.starts_with('-');
        let term = rest.strip_prefix(['-', '+']).ok_or_else(expected)?;
        let end = term.find(['-', '+', '/']).unwrap_or(term.len());
        let (term, behind) = term.split_at(end);
        if term.ends_with(['M', 'y']) {
            return Err("months and years have no fixed length; write days".to_owned());
        }
        let span = span(term).map_err(|_| expected())?;
        before = before
            .checked_add(if earlier { span } else { -span })
            .ok_or_else(expected)?;
        rest = behind;
    }
    Ok(before)
}
