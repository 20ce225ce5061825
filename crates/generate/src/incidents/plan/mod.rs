//! The plan of the incidents, as data. Times are seconds before `now`.
//!
//! A burst is `(ago, times)`: so many records in that one second. Bursts of one API lie in the same second or more
//! than a minute apart, so that no answer depends on where the minutes begin.

mod access;
mod keys;
mod secrets;
mod throttling;

use super::ACCOUNTS;

pub use access::{ODD_KEYS, REFUSED, REFUSED_DECOYS, SIGN_IN_DECOYS, SIGN_IN_FAILURES};
pub use keys::{KEY_DECOYS, KEYS};
pub use secrets::{
    RAPID_DECOYS, RAPID_READS, SECRETS_REFUSED, SECRETS_UNKNOWN, SECRETS_WITHOUT_KMS,
};
pub use throttling::{THROTTLED, THROTTLED_DECOYS};

/// Somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// An IAM user: account and name.
    User(&'static str, &'static str),
    /// A role: account, role, session.
    Role(&'static str, &'static str, &'static str),
    /// The account's root.
    Root(&'static str),
    /// A sign-in with a name that does not exist: AWS hides it, and there is no ARN.
    Hidden(&'static str),
    /// A principal of a foreign account, seen from this one: there is no ARN.
    Foreign(&'static str),
}

impl Who {
    /// The account that sees the event.
    pub fn account(&self) -> &'static str {
        match self {
            Self::User(account, _)
            | Self::Role(account, _, _)
            | Self::Root(account)
            | Self::Hidden(account)
            | Self::Foreign(account) => account,
        }
    }

    /// `userIdentity.arn`, if there is one.
    pub fn arn(&self) -> Option<String> {
        match self {
            Self::User(account, name) => Some(format!("arn:aws:iam::{account}:user/{name}")),
            Self::Role(account, role, session) => Some(format!(
                "arn:aws:sts::{account}:assumed-role/{role}/{session}"
            )),
            Self::Root(account) => Some(format!("arn:aws:iam::{account}:root")),
            Self::Hidden(_) | Self::Foreign(_) => None,
        }
    }
}

/// What is unusual about the form of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Nothing.
    Plain,
    /// It is delivered a second time, in another object.
    Copied,
    /// It is delivered a second time, its keys in another order.
    Reordered,
    /// It has no `eventID`.
    NoId,
    /// It has no `eventID` and is delivered a second time.
    NoIdCopied,
    /// All records of the row have the same `eventID`, but differ: all count, none is a repeat.
    SameId,
    /// It has no `eventTime`: it is in no window.
    NoTime,
    /// Its `eventTime` is no time: it is in no window.
    WordTime,
    /// Its `eventTime` has a fraction of a second.
    FractionTime,
    /// Its `eventTime` is written with an offset from UTC.
    OffsetTime,
    /// Its `requestParameters` is a text and its `userAgent` a number.
    WrongTypes,
    /// It is longer than the 128,000 bytes that DQL's JSON takes: `event` is null.
    Oversized,
    /// Its `responseElements` is the text that should stand inside.
    TextResponse,
}

/// Some calls of one API by one principal.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// The first part of `eventSource`.
    pub service: &'static str,
    /// `eventName`.
    pub name: &'static str,
    /// Who calls.
    pub who: Who,
    /// `awsRegion`.
    pub region: &'static str,
    /// `sourceIPAddress`.
    pub address: &'static str,
    /// `errorCode`; empty for a success.
    pub code: &'static str,
    /// `errorMessage`; `{arn}` stands for the caller's ARN. Empty for none.
    pub message: &'static str,
    /// `requestParameters`, JSON; `{n}` stands for the number of the attempt, modulo `distinct`.
    pub request: &'static str,
    /// How many different requests there are.
    pub distinct: u32,
    /// When, and how often.
    pub bursts: &'static [(u32, u32)],
    /// What is unusual.
    pub form: Form,
}

/// Some console sign-ins of one name from one address.
#[derive(Clone, Copy, Debug)]
pub struct SignIn {
    /// Who tries.
    pub who: Who,
    /// `awsRegion`.
    pub region: &'static str,
    /// `sourceIPAddress`.
    pub address: &'static str,
    /// `responseElements.ConsoleLogin`.
    pub outcome: &'static str,
    /// `errorMessage`; there is never an `errorCode`.
    pub reason: &'static str,
    /// `additionalEventData.MFAUsed`; empty where `additionalEventData` is null.
    pub mfa: &'static str,
    /// When, and how often.
    pub bursts: &'static [(u32, u32)],
    /// What is unusual.
    pub form: Form,
}

/// One KMS key that somebody makes.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Who.
    pub who: Who,
    /// `awsRegion`.
    pub region: &'static str,
    /// `requestParameters.origin`, JSON; empty where absent.
    pub origin: &'static str,
    /// `keyUsage` of the answer; empty where there is no answer, because the call was refused.
    pub usage: &'static str,
    /// `keyId` of the answer.
    pub key_id: &'static str,
    /// When.
    pub ago: u32,
    /// What is unusual.
    pub form: Form,
}

const MAIN: &str = ACCOUNTS[0];
const SECOND: &str = ACCOUNTS[1];
const ALICE: Who = Who::User(MAIN, "alice");
const BOB: Who = Who::User(MAIN, "bob");
const MALLORY: Who = Who::User(MAIN, "mallory");
const OPS: Who = Who::Role(MAIN, "ops", "inventory");
const DEPLOY: Who = Who::Role(MAIN, "ci-deploy", "build-7731");
const BACKUP: Who = Who::Role(MAIN, "backup-reader", "i-0f3d5b7a9c1e2d4f6");
const REPORTS: Who = Who::Role(SECOND, "reporting", "i-0a1b2c3d4e5f60718");
const BATCH: Who = Who::Role(SECOND, "nightly-batch", "nightly-batch");
const HOME: &str = "us-east-1";
const AWAY: &str = "eu-west-1";
const OFFICE: &str = "198.51.100.23";
const NOWHERE: &str = "203.0.113.77";

/// Calls that were refused for want of a permission.
const fn refused(
    service: &'static str,
    name: &'static str,
    who: Who,
    bursts: &'static [(u32, u32)],
) -> Call {
    let message = "User: {arn} is not authorized to perform this action because no identity-based policy allows it";
    Call {
        service,
        name,
        who,
        region: HOME,
        address: NOWHERE,
        code: "AccessDenied",
        message,
        request: "null",
        distinct: 0,
        bursts,
        form: Form::Plain,
    }
}
