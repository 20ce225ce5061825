//! An archive in slices: one account, one region, one day of it. A slice is made without knowing of the others, so
//! threads share the work, and no more than one object is in memory at a time.

use crate::background::{Background, Place, Scratch};
use crate::clock::{self, DAY, HOUR};
use crate::hole::letters;
use crate::object::{Key, Objects};
use crate::rng::{Rng, mix};
use crate::{Error, Options};

/// Fresh records of an object: median 5, one in six holds a single one, the largest some hundreds. In per mille,
/// after the distribution seen in the object stores of busy accounts.
const SIZES: &[(u64, u64)] = &[
    (0, 1),
    (170, 1),
    (300, 2),
    (400, 3),
    (500, 5),
    (600, 7),
    (700, 10),
    (800, 14),
    (900, 25),
    (950, 40),
    (990, 94),
    (999, 245),
    (1000, 622),
];
const MEDIAN: u64 = 5;
/// Seconds from the event to the minute in the object's name.
const DELAYS: &[(u64, u64)] = &[(0, 20), (500, 140), (900, 378), (990, 504), (1000, 606)];
/// How long before the end of an archive with incidents the background is quiet.
const QUIET: i64 = 2 * HOUR;

/// A part of the archive.
pub(crate) struct Slice {
    account: String,
    region: String,
    start: i64,
    events: u64,
    seed: u64,
}

/// Cuts the archive into slices that share `events` by the size of the account, of the region, and by the rhythm of
/// day and week.
pub(crate) fn cut(options: &Options, events: u64) -> Vec<Slice> {
    let mut weighted = Vec::new();
    for (rank, account) in options.account_ids().into_iter().enumerate() {
        for (place, region) in options.region_names().into_iter().enumerate() {
            for day in 0..i64::from(options.days) {
                let start = options.start.as_second() + day * DAY;
                let weight = hours(start).iter().sum::<u64>() * 1_000
                    / (rank as u64 + 1)
                    / (place as u64 + 1);
                let seed = [rank as u64, place as u64, day as u64]
                    .into_iter()
                    .fold(options.seed, mix);
                weighted.push((
                    weight,
                    Slice {
                        account: account.clone(),
                        region: region.clone(),
                        start,
                        events: 0,
                        seed,
                    },
                ));
            }
        }
    }
    let total: u64 = weighted.iter().map(|(weight, _)| weight).sum();
    let mut before = 0;
    weighted
        .into_iter()
        .map(|(weight, slice)| {
            let from = share(events, before, total);
            before += weight;
            Slice {
                events: share(events, before, total) - from,
                ..slice
            }
        })
        .collect()
}

/// Makes the objects of a slice.
pub(crate) fn write(
    slice: &Slice,
    options: &Options,
    background: &Background,
    objects: &mut Objects,
) -> Result<(), Error> {
    let mut rng = Rng::new(slice.seed);
    let mut scratch = Scratch::default();
    let rhythm = hours(slice.start);
    let (first, end) = (options.start.as_second(), options.end().as_second());
    let quiet_from = if options.incidents {
        end - QUIET
    } else {
        i64::MAX
    };
    let mut body = String::new();
    let mut again: Vec<String> = Vec::new();
    let mut made = 0;
    while made < slice.events || !again.is_empty() {
        let size = rng.quantile(SIZES) * options.median_size.max(1) / MEDIAN;
        let fresh = size.max(1).min(slice.events - made);
        let centre = slice.start + at(&rhythm, made + fresh / 2, slice.events.max(1));
        let delivered = (centre + 180).div_euclid(60) * 60;

        body.clear();
        body.push_str(r#"{"Records":["#);
        let repeats = again.len() as u64;
        for record in again.drain(..) {
            body.push_str(&record);
            body.push(',');
        }
        for _ in 0..fresh {
            let delay = rng.quantile(DELAYS) as i64;
            let time = (delivered - delay).clamp(first, end - 2);
            let place = Place {
                seed: options.seed,
                account: &slice.account,
                region: &slice.region,
                time,
                quiet: time >= quiet_from,
            };
            let from = body.len();
            background.write(&mut rng, &place, &mut scratch, &mut body);
            if rng.chance(options.duplicates) {
                again.push(body[from..].to_owned());
            }
            body.push(',');
        }
        body.pop();
        body.push_str("]}");
        let mut suffix = String::new();
        letters(ALNUM, rng.next(), 16, &mut suffix);
        let key = Key {
            account: &slice.account,
            region: &slice.region,
            delivered,
            suffix: &suffix,
        };
        objects.write(&key, &body, fresh + repeats)?;
        objects.summary.repeats += repeats;
        made += fresh;
    }
    Ok(())
}

/// What object names are made of.
pub(crate) const ALNUM: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// How busy each of the 24 hours from `start` is.
fn hours(start: i64) -> [u64; 24] {
    std::array::from_fn(|hour| clock::rhythm(start + hour as i64 * HOUR))
}

/// The second at which the `place`-th of `events` events falls due, if they come in this rhythm.
fn at(rhythm: &[u64; 24], place: u64, events: u64) -> i64 {
    let total: u64 = rhythm.iter().sum();
    // In units of weight times events, so that nothing is rounded before the end.
    let mut rest = u128::from(place) * u128::from(total);
    let events = u128::from(events);
    for (hour, &weight) in rhythm.iter().enumerate() {
        let here = u128::from(weight) * events;
        if rest < here {
            return hour as i64 * HOUR + (rest * HOUR as u128 / here) as i64;
        }
        rest -= here;
    }
    DAY - 1
}

fn share(events: u64, part: u64, total: u64) -> u64 {
    (u128::from(events) * u128::from(part) / u128::from(total.max(1))) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{prop_assert, prop_assert_eq, proptest};

    proptest! {
        #[test]
        fn slices_share_out_every_event(events in 0_u64..1_000_000, days in 1_u32..40, accounts in 1_u32..6, regions in 1_u32..6) {
            let options = Options { days, accounts, regions, ..Options::default() };
            let slices = cut(&options, events);
            prop_assert_eq!(slices.len() as u32, days * accounts * regions);
            prop_assert_eq!(slices.iter().map(|slice| slice.events).sum::<u64>(), events);
        }

        #[test]
        fn events_stay_in_their_day_and_in_order(start in 0_i64..2_000_000_000, events in 1_u64..10_000) {
            let rhythm = hours(start);
            let times: Vec<i64> = (0..events).step_by(97).map(|place| at(&rhythm, place, events)).collect();
            prop_assert!(times.is_sorted());
            prop_assert!(times.iter().all(|time| (0..DAY).contains(time)));
        }
    }

    #[test]
    fn sizes_have_the_documented_median() {
        let mut rng = Rng::new(3);
        let mut sizes: Vec<u64> = (0..10_001).map(|_| rng.quantile(SIZES)).collect();
        sizes.sort_unstable();
        assert_eq!(sizes[5_000], MEDIAN);
        let ones = sizes.iter().filter(|size| **size == 1).count();
        assert!(
            (1_700..3_200).contains(&ones),
            "{ones} of 10,001 objects hold one record"
        );
    }
}
