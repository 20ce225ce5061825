//! Sizes of memory: `512MB`, `4GiB`, `1g`.

/// The least that anything can be done with.
const LEAST: usize = 16 << 20;

/// The bytes that a size stands for. Units count in powers of 1,000 with a `B` alone, and of 1,024 as `KiB`, `MiB` and
/// `GiB` and as single letters.
pub(super) fn parse(text: &str) -> Result<usize, String> {
    let expected = || "a size was expected, such as 512MB or 4GiB".to_owned();
    let text = text.trim();
    let digits = text
        .find(|digit: char| !digit.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: usize = number.parse().map_err(|_| expected())?;
    let unit = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        _ => return Err(expected()),
    };
    match number.checked_mul(unit) {
        Some(bytes) if bytes >= LEAST => Ok(bytes),
        Some(_) => Err("that is too little: 16MiB is the least".to_owned()),
        None => Err("that is more than there can be".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn sizes() {
        let table = [
            ("512MB", 512_000_000),
            ("512 mb", 512_000_000),
            ("4GiB", 4 << 30),
            ("1g", 1 << 30),
            ("64M", 64 << 20),
            ("20000000", 20_000_000),
        ];
        for (text, bytes) in table {
            assert_eq!(parse(text), Ok(bytes), "{text}");
        }
        for text in [
            "",
            "MB",
            "-1g",
            "1.5g",
            "1x",
            "1kb",
            "0",
            "99999999999999999999g",
            "18446744073709551615g",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
