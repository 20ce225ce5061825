//! What an object's path says of it: CloudTrail's own naming, in buckets and in copies of them.
//!
//! `[prefix/]AWSLogs/[o-org/]<account>/<CloudTrail…>/<region>/YYYY/MM/DD/<account>_<CloudTrail…>_<region>_<minute>_<suffix>`

/// What can be read off a path. What is missing there is none here: such objects are read all the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Key {
    /// The twelve-digit account that the object was delivered for.
    pub(crate) account: Option<String>,
    /// The region that it was delivered from.
    pub(crate) region: Option<String>,
    /// The day of delivery, in days since 1970-01-01.
    pub(crate) day: Option<i32>,
    /// The minute of delivery in the file's name, `YYYYMMDDTHHmmZ`. Sorts as time does.
    pub(crate) minute: Option<String>,
}

impl Key {
    /// Reads a path, whose parts are divided by `/` or `\`.
    pub(crate) fn of(path: &str) -> Key {
        let mut parts = path.split(['/', '\\']).rev();
        let file = parts.next().unwrap_or_default();
        let folders: Vec<&str> = parts.collect();
        let named = Key::of_file(file);
        let Some(placed) = Key::of_folders(&folders) else {
            return named;
        };
        Key {
            account: placed.account.or(named.account),
            region: placed.region.or(named.region),
            day: placed.day.or(named.day),
            minute: named.minute,
        }
    }

    /// From the file's name alone: copies are often kept without their folders.
    fn of_file(name: &str) -> Key {
        let mut parts = name.split('_');
        let account = parts.next().filter(|part| is_account(part));
        let folder = parts.next().filter(|part| part.starts_with("CloudTrail"));
        let (Some(account), Some(_)) = (account, folder) else {
            return Key::default();
        };
        let region = parts.next().map(str::to_owned);
        let minute = parts.find_map(|part| {
            // The suffix follows without an underscore in some of AWS's examples, and digests have seconds.
            let minute = part.get(..13)?;
            is_minute(minute).then(|| minute.to_owned())
        });
        let day = minute
            .as_deref()
            .and_then(|minute| day(minute.get(..4)?, minute.get(4..6)?, minute.get(6..8)?));
        Key {
            account: Some(account.to_owned()),
            region,
            day,
            minute,
        }
    }

    /// From the folders, the innermost first.
    fn of_folders(folders: &[&str]) -> Option<Key> {
        let place = folders
            .iter()
            .position(|folder| folder.starts_with("CloudTrail"))?;
        let account = folders.get(place + 1).filter(|part| is_account(part))?;
        let (inside, _) = folders.split_at(place);
        let region = inside.last().copied().filter(|part| is_region(part));
        let day = match inside {
            [.., date, month, year, _] => day(year, month, date),
            _ => None,
        };
        Some(Key {
            account: Some((*account).to_owned()),
            region: region.map(str::to_owned),
            day,
            minute: None,
        })
    }
}

pub(crate) fn is_account(part: &str) -> bool {
    part.len() == 12 && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// Like `us-east-1` or `us-gov-west-1`: enough to tell a region from a year.
pub(crate) fn is_region(part: &str) -> bool {
    part.contains('-')
        && part
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_alphanumeric())
}

/// `YYYYMMDDTHHmm`
fn is_minute(text: &str) -> bool {
    let (date, time) = (text.get(..8), text.get(9..));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    text.as_bytes().get(8) == Some(&b'T') && date.is_some_and(digits) && time.is_some_and(digits)
}

/// A day in days since 1970-01-01, if the calendar has it.
pub(crate) fn day(year: &str, month: &str, day: &str) -> Option<i32> {
    use crate::time::{Instant, parse};

    match parse(format!("{year}-{month}-{day}T00:00:00Z").as_bytes()) {
        Instant::Exact(micros) => i32::try_from(micros / 86_400_000_000).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(account: &str, region: &str, day: i32, minute: &str) -> Key {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Key {
            account: text(account),
            region: text(region),
            day: (day > 0).then_some(day),
            minute: text(minute),
        }
    }

    #[test]
    fn paths_say_what_they_say() {
        let file = "123456789012_CloudTrail_us-east-1_20240102T2355Z_AbCdEfGhIjKlMnOp.json.gz";
        let full = key("123456789012", "us-east-1", 19_724, "20240102T2355");
        // 2024-01-01 is day 19,723; the folder's day counts, here one after the file's.
        let path = format!("b/p/AWSLogs/o-abc/123456789012/CloudTrail/us-east-1/2024/01/03/{file}");
        let folder = Key {
            day: Some(19_725),
            ..full.clone()
        };
        assert_eq!(Key::of(&path), folder);
        assert_eq!(Key::of(&path.replace('/', "\\")), folder);
        assert_eq!(Key::of(file), full);
        assert_eq!(Key::of(&format!("copies/{file}")), full);
        let insight = "AWSLogs/123456789012/CloudTrail-Insight/eu-west-1/2024/01/01/x.json";
        assert_eq!(
            Key::of(insight),
            key("123456789012", "eu-west-1", 19_723, "")
        );
        let partial = "AWSLogs/123456789012/CloudTrail/eu-west-1/x.json";
        assert_eq!(Key::of(partial), key("123456789012", "eu-west-1", 0, ""));
        for nothing in [
            "",
            "x.json",
            "CloudTrail/x.json",
            "2024/01/01/x.json",
            "12_CloudTrail_x",
        ] {
            assert_eq!(Key::of(nothing), Key::default(), "{nothing}");
        }
        let absurd = "AWSLogs/123456789012/CloudTrail/eu-west-1/2024/13/01/x.json";
        assert_eq!(Key::of(absurd).day, None);
    }
}
