//! UUIDs, credit card numbers, Smartscape identifiers.

/// Where the UUID at `at` ends: 8-4-4-4-12 hexadecimal digits.
pub(crate) fn uuid(input: &[u8], at: usize) -> Option<usize> {
    let text = input.get(at..at + 36)?;
    let fits = text.iter().enumerate().all(|(place, byte)| match place {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    fits.then_some(at + 36)
}

/// Where the Smartscape identifier at `at` ends: a type of 1 to 255 characters, a hyphen, 16 hexadecimal digits.
pub(crate) fn smartscape(input: &[u8], at: usize) -> Option<usize> {
    let of_type = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':');
    let length = input[at..].iter().take(256).take_while(of_type).count();
    if length == 0 || length > 255 || input.get(at + length) != Some(&b'-') {
        return None;
    }
    let start = at + length + 1;
    input
        .get(start..start + 16)?
        .iter()
        .all(u8::is_ascii_hexdigit)
        .then_some(start + 16)
}

/// The credit card number at `at` and its end: 12 to 19 digits with the right check digit, as one or split by single
/// spaces, hyphens or `%20`.
pub(crate) fn credit_card(input: &[u8], at: usize) -> Option<(usize, i64)> {
    let mut digits = Vec::with_capacity(19);
    let mut end = at;
    let mut place = at;
    while let Some(digit) = input.get(place).filter(|byte| byte.is_ascii_digit()) {
        if digits.len() == 19 {
            return None;
        }
        digits.push(digit - b'0');
        end = place + 1;
        place = end + separator(&input[end..]);
    }
    if digits.len() < 12 || !luhn(&digits) {
        return None;
    }
    let value = digits.iter().try_fold(0i64, |value, digit| {
        value.checked_mul(10)?.checked_add(i64::from(*digit))
    });
    value.map(|value| (end, value))
}

fn separator(rest: &[u8]) -> usize {
    match rest {
        [b' ' | b'-', ..] => 1,
        [b'%', b'2', b'0', ..] => 3,
        _ => 0,
    }
}

/// The check of ISO/IEC 7812: every second digit from the right, the last aside, is doubled.
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(*digit) * 2) {
            (0, _) => u32::from(*digit),
            (_, doubled) => doubled / 10 + doubled % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}
