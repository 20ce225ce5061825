//! What is planted at the end of an archive, so that the tutorials' queries find something, and what they must find.
//!
//! Everything is placed relative to [`Options::end`], the `now` for which the answers hold, and always in the same
//! accounts and regions: the answers do not depend on seed, size or shape of the archive. [`plan`] is the plan, row by
//! row as the answers have it; [`answers()`] are the rows that each query returns; the decoys beside them are what a
//! careless query or engine would add or lose.

pub mod answers;
pub mod plan;

mod text;

use std::collections::BTreeMap;

use crate::hole::letters;
use crate::object::{Key, Objects};
use crate::rng::{Rng, mix};
use crate::slice::ALNUM;
use crate::{Error, Options, clock};

pub use answers::{Answer, answers};

/// The accounts in which incidents happen; also the first accounts of every archive.
pub const ACCOUNTS: [&str; 2] = ["111122223333", "444455556666"];

/// How far back the tutorials look, in seconds. An event of exactly this age is inside, an older one outside.
pub const WINDOW: u32 = 1_800;

/// One planted record.
pub(crate) struct Planted {
    account: &'static str,
    region: &'static str,
    delivered: i64,
    text: String,
    /// Whether this is the second delivery of a record.
    pub(crate) repeat: bool,
}

/// Everything that is planted into this archive.
pub(crate) fn records(options: &Options) -> Vec<Planted> {
    let mut planted = Vec::new();
    let now = options.end().as_second();
    for event in text::all(options.seed, now) {
        let delivered = (event.time + 150).div_euclid(60) * 60;
        if let Some(text) = event.again {
            // The other object is that of the next minute.
            let delivered = delivered + 60;
            planted.push(Planted {
                account: event.account,
                region: event.region,
                delivered,
                text,
                repeat: true,
            });
        }
        planted.push(Planted {
            account: event.account,
            region: event.region,
            delivered,
            text: event.text,
            repeat: false,
        });
    }
    planted
}

/// Writes what is planted into objects of its own, by account, region and minute of delivery.
pub(crate) fn write(
    planted: &[Planted],
    options: &Options,
    objects: &mut Objects,
) -> Result<(), Error> {
    let mut rng = Rng::new(mix(options.seed, 0x1ce));
    let mut minutes: BTreeMap<_, Vec<&Planted>> = BTreeMap::new();
    for record in planted {
        // A record and its repeat never share an object, even where the minutes meet.
        minutes
            .entry((
                record.account,
                record.region,
                record.delivered,
                record.repeat,
            ))
            .or_default()
            .push(record);
    }
    for ((account, region, delivered, repeat), mut records) in minutes {
        // Deliveries have no order.
        records.sort_by_key(|record| {
            mix(
                options.seed,
                record
                    .text
                    .bytes()
                    .fold(0, |sum, byte| sum * 31 % 65_521 + u64::from(byte)),
            )
        });
        let texts: Vec<&str> = records.iter().map(|record| record.text.as_str()).collect();
        let body = format!(r#"{{"Records":[{}]}}"#, texts.join(","));
        let mut suffix = String::new();
        letters(ALNUM, rng.next(), 16, &mut suffix);
        objects.write(
            &Key {
                account,
                region,
                delivered,
                suffix: &suffix,
            },
            &body,
            records.len() as u64,
        )?;
        objects.summary.repeats += if repeat { records.len() as u64 } else { 0 };
    }
    Ok(())
}

/// A time so many seconds before `now`, in the form of `eventTime`.
fn before(now: i64, ago: u32) -> String {
    let mut text = String::new();
    clock::iso(now - i64::from(ago), &mut text);
    text
}
