//! What rules find.

use std::sync::Arc;

use rules::run::Kind;

use crate::value::Value;

/// What a rule found once.
#[derive(Clone, Debug, Default)]
pub struct Alert {
    /// 32 hexadecimal digits; the same whenever the same is found.
    pub id: String,
    /// What was found; none for a record of a query.
    pub kind: Option<Kind>,
    /// When the rule ran, nanoseconds; for what has no schedule the time of the event that completed it. None for a record
    /// without a time.
    pub run: Option<i64>,
    /// The first and the last nanosecond of the window that the run saw, where the rule has windows.
    pub window: Option<(i64, i64)>,
    /// The time of its oldest event, nanoseconds.
    pub first: Option<i64>,
    /// The time of its newest event, nanoseconds.
    pub last: Option<i64>,
    /// The fields that make it this alert, by name, with their values; no value where the events lack the field.
    pub key: Vec<(String, Option<Arc<str>>)>,
    /// How many events are in it; 1 for a record of a query.
    pub count: u64,
    /// How many different values there were, where the rule asks.
    pub distinct: Option<u64>,
    /// The sum, mean or percentile, where the rule asks.
    pub value: Option<f64>,
    /// How many further alerts were suppressed in favour of this one.
    pub suppressed: u64,
    /// What tells its oldest events from all others, in order of time, until `events` has them; no more than
    /// [`super::DetectOptions::events`].
    pub identities: Vec<Arc<str>>,
    /// The times between which those are, where `first` and `last` don't say so; of no use once `events` has them.
    pub reach: Option<(i64, i64)>,
    /// Those events.
    pub events: Vec<Arc<NamedEvent>>,
    /// For a rule in DQL the record, a value for each of the outcome's fields.
    pub record: Vec<Value>,
}

/// An event of an alert: where it is, and what to know first. Texts are the attacker's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedEvent {
    /// `eventID`.
    pub id: Option<Arc<str>>,
    /// The account that received it.
    pub account: Option<Arc<str>>,
    /// `eventTime`, nanoseconds.
    pub time: i64,
    /// The object that it came from.
    pub source: Option<Arc<str>>,
    /// Its place there, from 0.
    pub index: i64,
    /// `eventSource`.
    pub service: Option<Arc<str>>,
    /// `eventName`.
    pub action: Option<Arc<str>>,
    /// `awsRegion`.
    pub region: Option<Arc<str>>,
    /// `errorCode`.
    pub error: Option<Arc<str>>,
    /// `sourceIPAddress`.
    pub address: Option<Arc<str>>,
    /// `userAgent`.
    pub agent: Option<Arc<str>>,
    /// `userIdentity.type`.
    pub identity: Option<Arc<str>>,
    /// Who called: `userIdentity.arn`, or else its principal, or the service that called.
    pub principal: Option<Arc<str>>,
    /// `userIdentity.accessKeyId`.
    pub access_key: Option<Arc<str>>,
}
