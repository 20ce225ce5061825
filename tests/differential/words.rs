//! The vocabulary that records and queries share, so that equality, grouping and `in` hit.

use super::dice::Dice;
use super::record::Node;
use crate::naive::logic::Step;
use crate::naive::time::{SECOND, parse, text};

/// Texts, the frequent ones first. Some are as long as the bounds that files keep of their values, and longer; some
/// look like other types, some like patterns.
pub const TEXTS: &[&str] = &[
    "ConsoleLogin",
    "AccessDenied",
    "arn:aws:iam::111111111111:user/Ann",
    "us-east-1",
    "",
    "true",
    "5",
    "consolelogin",
    "ConsoleLog",
    "2024-05-02T12:00:00Z",
    "a",
    "A",
    "null",
    "%",
    "Console_ogin",
    "back\\slash",
    "quo\"te",
    "line\nbreak\r\ttab",
    "nul\0inside",
    "\0",
    "\u{1}\u{1f}\u{7f}",
    "Ünïcödé",
    "日本",
    "😀 pair",
    "\u{fffd}",
    "\u{10ffff}",
    "</script>/",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2",
    "éééééééééééééééééééééééééééééééééééééééééééééééééééééééééé",
    "\u{10ffff}\u{10ffff}\u{10ffff}\u{10ffff}\u{10ffff}\u{10ffff}\u{10ffff}\u{10ffff}\u{10ffff}\u{10ffff}\u{10ffff}\u{10ffff}\u{10ffff}\u{10ffff}\u{10ffff}\u{10ffff}\u{10ffff}\u{10ffff}",
];

/// Parts of texts to look for, plain ASCII, so that letters have one other case at most.
pub const PARTS: &[&str] = &[
    "Console", "login", "arn:", "%", "_", "a", "AAAA", "\\", "\"", "", "1", "line", "user/Ann",
    "T12:00",
];

/// Numbers as records write them. Without `-0`, a long, which the naive evaluator's reader takes for a double.
pub const NUMBERS: &[&str] = &[
    "5",
    "5.0",
    "0",
    "1e3",
    "1000",
    "-0.0",
    "0.1",
    "50e-1",
    "-3",
    "2.5",
    "9007199254740992",
    "9007199254740993",
    "9007199254740992.0",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "1E+2",
    "100",
    "1e30",
];

/// Numbers whose sums are exact in whatever order they are added.
pub const MEASURES: &[&str] = &["1", "5", "5.0", "2.5", "-3", "1e3", "0", "0.25"];

/// Keys of free objects.
pub const KEYS: &[&str] = &[
    "x",
    "y",
    "arn",
    "ARN",
    "type",
    "key",
    "bucketName",
    "a b",
    "quo\"te",
    "back`tick",
    "ключ",
    "x.y",
    "",
];

/// Moments around which events happen, UTC.
const MOMENTS: &[&str] = &[
    "2024-05-02T12:00:00Z",
    "2024-05-02T12:00:01Z",
    "2024-05-01T00:00:00Z",
    "2024-05-01T23:59:59Z",
    "2024-05-02T00:00:00Z",
    "2024-05-02T12:30:00Z",
    "2024-05-02T13:07:41Z",
    "2024-05-03T00:00:00Z",
    "2024-05-03T08:15:00Z",
];

/// Fractions of a second, from none to nanoseconds.
const FRACTIONS: &[&str] = &[
    "",
    ".5",
    ".123",
    ".000001",
    ".123456",
    ".000000500",
    ".0000015",
    ".999999999",
    ".000000001",
    ".123456789",
];

/// What `now()` is: behind every event, and no round number.
pub const NOW: &str = "2024-05-04T09:08:07.000000300Z";

/// A moment, nanoseconds since 1970.
pub fn moment(dice: &mut Dice) -> i128 {
    let moment = dice.pick_early(MOMENTS);
    parse(moment).unwrap()
}

/// A moment, or one close by.
pub fn near(dice: &mut Dice) -> i128 {
    moment(dice)
        + match dice.below(10) {
            0 => 1,
            1 => -1,
            2 => 500,
            3 => 1_000,
            4 => -SECOND,
            5 => 123_456_789,
            _ => 0,
        }
}

/// A moment as a text with a fraction of 0 to 9 digits.
pub fn instant(dice: &mut Dice) -> String {
    let second = text(moment(dice));
    let fraction = *dice.pick_early(FRACTIONS);
    format!("{}{fraction}Z", &second[..19])
}

/// A moment as a text with an offset.
pub fn offset_instant(dice: &mut Dice) -> String {
    let (offset, seconds): (&str, i32) = *dice.pick(&[
        ("+02:00", 7_200),
        ("-0530", -19_800),
        ("+00:00", 0),
        ("-00:00", 0),
        ("+1400", 50_400),
    ]);
    let local = text(moment(dice) + i128::from(seconds) * SECOND);
    let fraction = *dice.pick_early(FRACTIONS);
    format!("{}{fraction}{offset}", &local[..19])
}

/// Texts that are no instants, or none that nanoseconds of 64 bits can hold.
pub const NO_INSTANTS: &[&str] = &[
    "yesterday",
    "",
    "2024-05-01",
    "2024-05-01 00:00:00Z",
    "2024-05-01T00:00:00",
    "2024-05-01T00:00:00z",
    "2024-02-30T00:00:00Z",
    "2024-05-01T24:00:00Z",
    "2024-05-01T00:00:00.Z",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00Z",
];

/// A scalar of any type.
pub fn scalar(dice: &mut Dice) -> Node {
    match dice.below(10) {
        0..5 => Node::Text((*dice.pick_early(TEXTS)).to_owned()),
        5..8 => Node::Raw((*dice.pick(NUMBERS)).to_owned()),
        8 => Node::Raw((*dice.pick(&["true", "false"])).to_owned()),
        _ => Node::Raw("null".to_owned()),
    }
}

/// The places that queries read, the frequent ones first. A number is an index, and `/` divides the steps, because keys
/// may hold dots.
const PLACES: &[&str] = &[
    "eventName",
    "userIdentity/arn",
    "errorCode",
    "eventTime",
    "readOnly",
    "requestParameters/bucketName",
    "eventSource",
    "x",
    "requestParameters/size",
    "awsRegion",
    "userIdentity",
    "resources/0/ARN",
    "requestParameters",
    "responseElements/ConsoleLogin",
    "userIdentity/sessionContext/attributes/mfaAuthenticated",
    "requestParameters/flag",
    "recipientAccountId",
    "resources",
    "eventID",
    "resources/-1",
    "resources/-1/type",
    "resources/1/accountId",
    "managementEvent",
    "additionalEventData/MFAUsed",
    "additionalEventData",
    "responseElements/keyMetadata/keyId",
    "responseElements/keyMetadata",
    "userIdentity/sessionContext/sessionIssuer/arn",
    "userIdentity/sessionContext/attributes",
    "userIdentity/onBehalfOf/userId",
    "userIdentity/userName",
    "userIdentity/arn/x",
    "userIdentity.arn",
    "EventName",
    "eventname",
    "eventName/0",
    "x/y",
    "x/0",
    "x/-1",
    "x/x/x",
    "x/0/0",
    "a b",
    "quo\"te",
    "back`tick",
    "ключ",
    "x.y",
    "requestParameters/a b",
    "requestParameters/key",
    "requestParameters/x/0/y",
    "tlsDetails/tlsVersion",
    "sharedEventID",
    "sourceIPAddress",
    "addendum",
    "addendum/x",
    "serviceEventDetails/x/-2",
    "deep/0/x/0/x",
    "missing",
    "missing/x/0",
];

/// The steps to a place that queries read.
pub fn place(dice: &mut Dice) -> Vec<Step> {
    match dice.chance(40) {
        true => steps(*dice.pick(&PLACES[..12])),
        false => steps(*dice.pick_early(PLACES)),
    }
}

/// The steps of `a/0/b`.
pub fn steps(path: &str) -> Vec<Step> {
    path.split('/')
        .map(|step| match step.parse() {
            Ok(index) => Step::Index(index),
            Err(_) => Step::Key(step.to_owned()),
        })
        .collect()
}
