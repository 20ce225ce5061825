//! Which folders of a bucket are worth a listing: CloudTrail's layout, read from the folder's own name.
//!
//! `[prefix/]AWSLogs/[o-org/]<account>/<CloudTrail…>/<region>/YYYY/MM/DD/`, of which a source may name any part. What is
//! not of this layout is listed as it is.

use crate::Selection;
use crate::key::{day, is_account, is_region};

/// How deep above `AWSLogs` folders are looked through one by one.
const DEPTH: usize = 3;

/// What to do about a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Visit {
    /// Take all that is below it.
    All,
    /// Look which folders are in it, and visit those.
    Folders,
    /// Visit these folders in it, whether they are there or not.
    Named(Vec<String>),
    /// Pass over it.
    Nothing,
}

/// Where in the layout a folder is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Level<'a> {
    /// Above `AWSLogs`, or elsewhere.
    Outside,
    /// `AWSLogs`, or an organisation in it.
    Logs,
    /// An account.
    Account { id: &'a str, sure: bool },
    /// A folder of another service, or of digests, which hold no events.
    Other,
    /// CloudTrail's folder in an account.
    Trail(&'a str),
    /// A region, and the parts of a date below it.
    Region(&'a str, &'a str, &'a [&'a str]),
}

fn level<'a>(parts: &'a [&'a str]) -> Level<'a> {
    let mut level = Level::Outside;
    for (place, part) in parts.iter().enumerate() {
        level = match level {
            Level::Other | Level::Region(..) => return level,
            _ if *part == "AWSLogs" => Level::Logs,
            Level::Logs if part.starts_with("o-") => Level::Logs,
            Level::Logs if is_account(part) => Level::Account {
                id: part,
                sure: true,
            },
            Level::Outside if is_account(part) => Level::Account {
                id: part,
                sure: false,
            },
            Level::Account { .. } if *part == "CloudTrail-Digest" => Level::Other,
            Level::Account { id, .. } if part.starts_with("CloudTrail") => Level::Trail(id),
            Level::Account { sure: true, .. } => Level::Other,
            Level::Trail(id) if is_region(part) => {
                Level::Region(id, part, parts.get(place + 1..).unwrap_or_default())
            }
            _ => Level::Outside,
        };
    }
    level
}

/// What to do about the folder of these parts, from the bucket's root on, if objects are selected so. `root` says how
/// many of the parts the source itself names: these are not doubted.
pub(crate) fn visit(parts: &[&str], root: usize, selection: &Selection) -> Visit {
    let wants = |wanted: &[String], found: &str| {
        wanted.is_empty() || wanted.iter().any(|wanted| wanted == found)
    };
    let dated = selection.from.is_some() || selection.to.is_some();
    let pruned_by_region = dated || !selection.regions.is_empty();
    match level(parts) {
        Level::Outside if parts.len() >= root + DEPTH => Visit::All,
        Level::Outside | Level::Logs => Visit::Folders,
        Level::Account { id, sure: true } if !wants(&selection.accounts, id) => Visit::Nothing,
        Level::Account { .. } => Visit::Folders,
        Level::Other if parts.len() == root => Visit::All,
        Level::Other => Visit::Nothing,
        Level::Trail(id) if !wants(&selection.accounts, id) => Visit::Nothing,
        Level::Trail(_) if pruned_by_region => Visit::Folders,
        Level::Trail(_) => Visit::All,
        Level::Region(id, region, _)
            if !wants(&selection.accounts, id) || !wants(&selection.regions, region) =>
        {
            Visit::Nothing
        }
        Level::Region(..) if !dated => Visit::All,
        Level::Region(_, _, date) => dates(date, selection),
    }
}

/// What to do about a folder of dates: years as they are found; months and days by name, for they are known.
fn dates(date: &[&str], selection: &Selection) -> Visit {
    let taken = |first: Option<i32>, last: Option<i32>| match (first, last) {
        (Some(first), Some(last)) => selection.days(first, last),
        // No date: whatever it holds is looked at.
        _ => Some(true),
    };
    let digits = |text: &str, long: usize| {
        text.len() == long && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let names = |numbers: std::ops::RangeInclusive<u32>| {
        numbers.map(|number| format!("{number:02}")).collect()
    };
    match date {
        [] => Visit::Folders,
        [year] if digits(year, 4) => match taken(day(year, "01", "01"), day(year, "12", "31")) {
            Some(true) => Visit::All,
            Some(false) => Visit::Named(names(1..=12)),
            None => Visit::Nothing,
        },
        [year, month] if digits(year, 4) && digits(month, 2) => {
            let Some(last) = (28..=31)
                .rev()
                .find(|last| day(year, month, &last.to_string()).is_some())
            else {
                return Visit::All;
            };
            match taken(day(year, month, "01"), day(year, month, &last.to_string())) {
                Some(true) => Visit::All,
                Some(false) => Visit::Named(names(1..=last)),
                None => Visit::Nothing,
            }
        }
        [year, month, date, ..] if digits(year, 4) => {
            let day = day(year, month, date);
            match taken(day, day) {
                None => Visit::Nothing,
                _ => Visit::All,
            }
        }
        _ => Visit::All,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;

    /// From noon of 2024-02-28 until midnight of 2024-03-01: deliveries of 02-28 to 03-01.
    fn selection() -> Selection {
        Selection {
            from: Some(19_781 * DAY + DAY / 2),
            to: Some(19_783 * DAY),
            accounts: vec!["111122223333".into()],
            regions: vec!["eu-west-1".into()],
        }
    }

    fn at(path: &str, selection: &Selection) -> Visit {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        visit(&parts, 0, selection)
    }

    #[test]
    fn only_what_was_asked_for_is_visited() {
        let region = "p/AWSLogs/o-abc/111122223333/CloudTrail/eu-west-1";
        let folders = [
            "",
            "p",
            "p/AWSLogs",
            "p/AWSLogs/o-abc",
            "AWSLogs/111122223333",
        ];
        for folder in folders
            .into_iter()
            .chain([region, "AWSLogs/111122223333/CloudTrail-Insight"])
        {
            assert_eq!(at(folder, &selection()), Visit::Folders, "{folder}");
        }
        for nothing in [
            "AWSLogs/444455556666",
            "AWSLogs/111122223333/vpcflowlogs",
            "AWSLogs/111122223333/CloudTrail-Digest",
            "AWSLogs/111122223333/CloudTrail/us-east-1",
            "x/444455556666/CloudTrail",
        ] {
            assert_eq!(at(nothing, &selection()), Visit::Nothing, "{nothing}");
        }
        let date = |date: &str| at(&format!("{region}/{date}"), &selection());
        assert!(matches!(date("2024"), Visit::Named(months) if months.len() == 12));
        assert!(matches!(date("2024/02"), Visit::Named(days) if days.len() == 29));
        for none in [
            "2023",
            "2025",
            "2024/01",
            "2024/04",
            "2024/02/27",
            "2024/03/02",
        ] {
            assert_eq!(date(none), Visit::Nothing, "{none}");
        }
        for all in [
            "2024/02/28",
            "2024/02/29",
            "2024/03/01",
            "other",
            "2024/02/30",
        ] {
            assert_eq!(date(all), Visit::All, "{all}");
        }
    }

    #[test]
    fn where_nothing_can_be_left_out_one_listing_is_enough() {
        let all = Selection::default();
        assert_eq!(at("AWSLogs/111122223333/CloudTrail", &all), Visit::All);
        assert_eq!(
            at("AWSLogs/111122223333/CloudTrail/eu-west-1/2024", &all),
            Visit::All
        );
        assert_eq!(at("a/b/c", &all), Visit::All);
        let year = Selection {
            from: Some(19_723 * DAY),
            to: Some(20_088 * DAY),
            ..Selection::default()
        };
        assert_eq!(
            at("AWSLogs/111122223333/CloudTrail/eu-west-1/2024", &year),
            Visit::All
        );
        // A source that names a service's folder means it.
        assert_eq!(
            visit(&["AWSLogs", "111122223333", "elb"], 3, &all),
            Visit::All
        );
    }
}
