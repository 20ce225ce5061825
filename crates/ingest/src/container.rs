//! What an object of JSON is that may hold CloudTrail records: a log, a record, or one of the wrappings that records
//! come in on their way through other services and tools.
//!
//! The members are looked at by name, wherever they stand, and nothing of their values is read but what the decision
//! needs.

use json::{Cursor, Text};

use crate::flatten::{Source, unescaped};

/// An object, and where in the text what it holds begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Container {
    /// A record itself.
    Record,
    /// A log: its first array `Records` begins here.
    Log,
    /// Something around one value: an EventBridge event, a row of S3 Select.
    Around(usize),
    /// An array of wrapped records: `Events` of `lookup-events`, `records` of Firehose.
    Many(usize),
    /// A message of CloudWatch Logs; the array of its events.
    Messages(usize),
    /// A record as text: `CloudTrailEvent`, `_raw`, `message`.
    Text(Text),
    /// Base64, most often of gzip: `awslogs.data`, `kinesis.data`, `data`.
    Payload(Text),
    /// A digest of log files, which holds no events.
    Digest,
    /// A message of CloudWatch Logs that only checks the line.
    Control,
    /// None of these.
    Foreign,
}

/// Members that CloudTrail records have; hardly anything else has several.
const MARKS: &[&str] = &[
    "eventVersion",
    "eventTime",
    "eventSource",
    "eventName",
    "eventID",
    "eventType",
    "eventCategory",
    "userIdentity",
    "awsRegion",
    "sourceIPAddress",
    "recipientAccountId",
];

/// What the members of an object say.
#[derive(Default)]
struct Seen {
    marks: usize,
    /// Whether its source is a service's own notification, which looks much like a record.
    notification: bool,
    digest: bool,
    records: Option<usize>,
    detail: Option<usize>,
    detail_type: Option<Text>,
    message_type: Option<Text>,
    log_events: Option<usize>,
    events: Option<usize>,
    firehose: Option<usize>,
    row: Option<usize>,
    lookup: Option<Text>,
    payload: Option<Text>,
    data: Option<Text>,
    text: Option<Text>,
}

/// Passes an object and says what it is.
///
/// # Errors
/// What is wrong with its JSON.
pub(crate) fn container(
    source: Source<'_>,
    cursor: &mut Cursor<'_>,
) -> Result<Container, json::Error> {
    let mut seen = Seen::default();
    let mut member = cursor.first_member()?;
    while let Some(name) = member {
        let key = unescaped(source, name);
        seen.member(source, key.as_ref(), cursor)?;
        member = cursor.next_member()?;
    }
    Ok(seen.container(source))
}

impl Seen {
    /// Passes the value of a member.
    fn member(
        &mut self,
        source: Source<'_>,
        key: &str,
        cursor: &mut Cursor<'_>,
    ) -> Result<(), json::Error> {
        let at = cursor.at();
        let kind = cursor.peek();
        self.marks += usize::from(MARKS.contains(&key));
        match (key, kind) {
            ("awslogs" | "kinesis", Some(b'{')) => {
                let data = string_in(source, cursor, "data")?;
                self.payload = self.payload.or(data);
                return Ok(());
            }
            ("event", Some(b'{')) => {
                let original = string_in(source, cursor, "original")?;
                self.text = self.text.or(original);
                return Ok(());
            }
            ("input", Some(b'{')) => {
                let message = string_in(source, cursor, "message")?;
                self.text = self.text.or(message);
                return Ok(());
            }
            (_, Some(b'"')) => {
                let text = cursor.string()?;
                match key {
                    "detail-type" => self.detail_type = Some(text),
                    "messageType" => self.message_type = Some(text),
                    "CloudTrailEvent" => self.lookup = Some(text),
                    "data" => self.data = Some(text),
                    "_raw" | "message" | "@message" | "event.original" | "log" => {
                        self.text = Some(text);
                    }
                    "eventSource" => {
                        self.notification = unescaped(source, text).starts_with("aws:");
                    }
                    "digestStartTime" => self.digest = true,
                    _ => {}
                }
                return Ok(());
            }
            (_, Some(b'[')) => match key {
                "Records" => self.records = self.records.or(Some(at)),
                "logEvents" => self.log_events = Some(at),
                "Events" => self.events = Some(at),
                "records" => self.firehose = Some(at),
                _ => {}
            },
            ("detail", Some(b'{')) => self.detail = Some(at),
            ("_1", Some(b'{')) => self.row = Some(at),
            _ => {}
        }
        cursor.skip()
    }

    fn container(&self, source: Source<'_>) -> Container {
        let is_record = !self.notification && self.marks >= 3;
        let payload = self.payload.or(self.data);
        if is_record {
            Container::Record
        } else if self.records.is_some() {
            Container::Log
        } else if self.digest {
            Container::Digest
        } else if let (Some(detail), Some(of)) = (self.detail, self.detail_type) {
            // EventBridge carries the events of all services; these are the ones by way of CloudTrail.
            match unescaped(source, of).ends_with("via CloudTrail") {
                true => Container::Around(detail),
                false => Container::Foreign,
            }
        } else if let Some(messages) = self.log_events {
            let of = self.message_type.map(|of| unescaped(source, of));
            match of.as_deref() {
                Some("CONTROL_MESSAGE") => Container::Control,
                _ => Container::Messages(messages),
            }
        } else if let Some(text) = self.lookup {
            Container::Text(text)
        } else if let Some(many) = self.events.or(self.firehose) {
            Container::Many(many)
        } else if let Some(row) = self.row {
            Container::Around(row)
        } else if let Some(payload) = payload {
            Container::Payload(payload)
        } else if let Some(text) = self.text {
            Container::Text(text)
        } else if self.marks > 0 && !self.notification {
            Container::Record
        } else {
            Container::Foreign
        }
    }
}

/// Passes an object, and gives the string that it has under `wanted`.
fn string_in(
    source: Source<'_>,
    cursor: &mut Cursor<'_>,
    wanted: &str,
) -> Result<Option<Text>, json::Error> {
    let mut found = None;
    let mut member = cursor.first_member()?;
    while let Some(name) = member {
        match cursor.peek() {
            Some(b'"') if unescaped(source, name) == wanted => found = Some(cursor.string()?),
            _ => cursor.skip()?,
        }
        member = cursor.next_member()?;
    }
    Ok(found)
}
