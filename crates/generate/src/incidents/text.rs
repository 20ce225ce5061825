//! The plan as records.

use serde_json::{Map, Value};

use super::before;
use super::plan::{self, Call, Form, Key, SignIn, Who};
use crate::hole::uuid;
use crate::record::{Record, quote};
use crate::rng::mix;

/// One planted record, and its second delivery if it has one.
pub(super) struct Event {
    pub(super) account: &'static str,
    pub(super) region: &'static str,
    pub(super) time: i64,
    pub(super) text: String,
    pub(super) again: Option<String>,
}

const AGENT: &str = "aws-cli/2.22.4 md/awscrt#0.22.0 ua/2.0 os/linux#5.10.227 md/arch#x86_64 lang/python#3.12.6 md/pyimpl#CPython cfg/retry-mode#standard";
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

/// Everything that is planned, as records.
pub(super) fn all(seed: u64, now: i64) -> Vec<Event> {
    let mut writer = Writer {
        seed,
        now,
        written: 0,
        events: Vec::new(),
    };
    for sign_in in [plan::SIGN_IN_FAILURES, plan::SIGN_IN_DECOYS].concat() {
        writer.sign_in(&sign_in);
    }
    let calls = [
        plan::REFUSED,
        plan::REFUSED_DECOYS,
        plan::SECRETS_WITHOUT_KMS,
        plan::SECRETS_UNKNOWN,
        plan::RAPID_READS,
        plan::RAPID_DECOYS,
        plan::THROTTLED,
        plan::THROTTLED_DECOYS,
        plan::ODD_KEYS,
    ];
    for call in calls
        .concat()
        .iter()
        .chain(plan::SECRETS_REFUSED.iter().map(|(call, _)| call))
    {
        writer.call(call);
    }
    for key in [plan::KEYS, plan::KEY_DECOYS].concat() {
        writer.key(&key);
    }
    writer.events
}

struct Writer {
    seed: u64,
    now: i64,
    /// How many records there are so far; their ids follow from it.
    written: u64,
    events: Vec<Event>,
}

impl Writer {
    fn sign_in(&mut self, sign_in: &SignIn) {
        let response = match sign_in.form {
            Form::TextResponse => format!("{:?}", sign_in.outcome),
            _ => format!(r#"{{"ConsoleLogin":"{}"}}"#, sign_in.outcome),
        };
        let extra = match sign_in.mfa {
            "" => "null".to_owned(),
            mfa => format!(
                r#"{{"LoginTo":"https://console.aws.amazon.com/console/home","MobileVersion":"No","MFAUsed":"{mfa}"}}"#
            ),
        };
        let record = Record {
            service: "signin",
            name: "ConsoleLogin",
            region: sign_in.region,
            address: sign_in.address,
            agent: BROWSER,
            error_message: sign_in.reason,
            request: "null",
            response: &response,
            extra: &extra,
            event_type: "AwsConsoleSignIn",
            ..Record::default()
        };
        for &(ago, times) in sign_in.bursts {
            for _ in 0..times {
                self.write(
                    record.clone(),
                    sign_in.region,
                    sign_in.who,
                    ago,
                    sign_in.form,
                    0,
                );
            }
        }
    }

    fn call(&mut self, call: &Call) {
        let message = call.message.replace(
            "{arn}",
            &call
                .who
                .arn()
                .unwrap_or_else(|| "an unknown principal".to_owned()),
        );
        let first = self.written;
        let mut attempt = 0;
        for &(ago, times) in call.bursts {
            for _ in 0..times {
                let request = call
                    .request
                    .replace("{n}", &format!("{:02}", attempt % call.distinct.max(1)));
                attempt += 1;
                let record = Record {
                    service: call.service,
                    name: call.name,
                    region: call.region,
                    address: call.address,
                    agent: if call.who == Who::User(super::ACCOUNTS[0], "alice") {
                        BROWSER
                    } else {
                        AGENT
                    },
                    error_code: call.code,
                    error_message: &message,
                    request: &request,
                    response: "null",
                    read_only: !["Create", "Put", "Delete", "Stop", "Run"]
                        .iter()
                        .any(|verb| call.name.starts_with(verb)),
                    event_type: "AwsApiCall",
                    data: call.service == "s3" && call.name.ends_with("Object"),
                    ..Record::default()
                };
                self.write(record, call.region, call.who, ago, call.form, first);
            }
        }
    }

    fn key(&mut self, key: &Key) {
        let account = key.who.account();
        let policy = match key.form {
            Form::Oversized => r#"{\"Sid\":\"hidden among many\",\"Effect\":\"Allow\",\"Action\":\"kms:*\",\"Resource\":\"*\"},"#.repeat(1_600),
            _ => r#"{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": []\n}"#.to_owned(),
        };
        let origin = if key.origin.is_empty() {
            String::new()
        } else {
            format!(r#""origin":{},"#, key.origin)
        };
        let refused = key.usage.is_empty();
        let request = match (key.form, refused && key.origin.is_empty()) {
            (_, true) => "null".to_owned(),
            (Form::WrongTypes, _) => r#""{origin=AWS_KMS}""#.to_owned(),
            _ => format!(
                r#"{{"policy":"{policy}","description":"","keyUsage":"{}",{origin}"bypassPolicyLockoutSafetyCheck":false,"multiRegion":false}}"#,
                key.usage
            ),
        };
        let arn = format!("arn:aws:kms:{}:{account}:key/{}", key.region, key.key_id);
        let response = match refused {
            true => "null".to_owned(),
            false => format!(
                r#"{{"keyMetadata":{{"aWSAccountId":"{account}","keyId":"{}","arn":"{arn}","enabled":true,"keyUsage":"{}","keyState":"PendingImport","keyManager":"CUSTOMER","multiRegion":false}}}}"#,
                key.key_id, key.usage
            ),
        };
        let resources = if refused {
            String::new()
        } else {
            format!(r#"[{{"accountId":"{account}","type":"AWS::KMS::Key","ARN":"{arn}"}}]"#)
        };
        let (code, message) = match (refused, key.origin.is_empty()) {
            (true, true) => (
                "AccessDenied",
                "User is not authorized to perform: kms:CreateKey because no identity-based policy allows the kms:CreateKey action",
            ),
            (true, false) => (
                "ValidationException",
                "1 validation error detected: the value at 'origin' is not valid",
            ),
            (false, _) => ("", ""),
        };
        let record = Record {
            service: "kms",
            name: "CreateKey",
            region: key.region,
            address: "198.51.100.23",
            agent: AGENT,
            error_code: code,
            error_message: message,
            request: &request,
            response: &response,
            resources: &resources,
            event_type: "AwsApiCall",
            ..Record::default()
        };
        self.write(record, key.region, key.who, key.ago, key.form, 0);
    }

    /// Completes a record, gives it its form, and keeps it. `row` is the number of the row's first record.
    fn write(
        &mut self,
        record: Record<'_>,
        region: &'static str,
        who: Who,
        ago: u32,
        form: Form,
        row: u64,
    ) {
        self.written += 1;
        let mut ids = [String::new(), String::new()];
        for (which, id) in ids.iter_mut().enumerate() {
            let number = if which == 1 && form == Form::SameId {
                row
            } else {
                self.written
            };
            uuid(mix(mix(self.seed, 0x1d00 + which as u64), number), id);
        }
        let time = self.now - i64::from(ago);
        let written = match form {
            Form::NoTime => String::new(),
            Form::WordTime => "yesterday".to_owned(),
            Form::FractionTime => before(self.now, ago).replace('Z', ".250Z"),
            Form::OffsetTime => before(self.now + 7_200, ago).replace('Z', "+02:00"),
            _ => before(self.now, ago),
        };
        let mut text = String::new();
        Record {
            version: "1.11",
            identity: &identity(who),
            time: &written,
            request_id: if record.event_type == "AwsApiCall" {
                &ids[0]
            } else {
                ""
            },
            event_id: if matches!(form, Form::NoId | Form::NoIdCopied) {
                ""
            } else {
                &ids[1]
            },
            account: who.account(),
            ..record
        }
        .write(&mut text);
        if form == Form::WrongTypes {
            let mut agent = String::new();
            quote(&mut agent, AGENT);
            text = text.replace(&agent, "42");
        }
        let again = match form {
            Form::Copied | Form::NoIdCopied => Some(text.clone()),
            Form::Reordered => Some(reordered(&text)),
            _ => None,
        };
        self.events.push(Event {
            account: who.account(),
            region,
            time,
            text,
            again,
        });
    }
}

/// `userIdentity`.
fn identity(who: Who) -> String {
    let account = who.account();
    let arn = who.arn().unwrap_or_default();
    match who {
        Who::User(_, name) => format!(
            r#"{{"type":"IAMUser","principalId":"{}","arn":"{arn}","accountId":"{account}","accessKeyId":"{}","userName":"{name}"}}"#,
            unique("AIDA", name),
            unique("AKIA", name)
        ),
        Who::Role(_, role, session) => format!(
            r#"{{"type":"AssumedRole","principalId":"{id}:{session}","arn":"{arn}","accountId":"{account}","accessKeyId":"{}","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"{id}","arn":"arn:aws:iam::{account}:role/{role}","accountId":"{account}","userName":"{role}"}},"webIdFederationData":{{}},"attributes":{{"creationDate":"2024-11-27T12:00:00Z","mfaAuthenticated":"false"}}}}}}"#,
            unique("ASIA", session),
            id = unique("AROA", role)
        ),
        Who::Root(_) => format!(
            r#"{{"type":"Root","principalId":"{account}","arn":"{arn}","accountId":"{account}","accessKeyId":""}}"#
        ),
        Who::Hidden(_) => format!(
            r#"{{"type":"IAMUser","accountId":"{account}","accessKeyId":"","userName":"HIDDEN_DUE_TO_SECURITY_REASONS"}}"#
        ),
        Who::Foreign(_) => format!(
            r#"{{"type":"AWSAccount","principalId":"{}","accountId":"210987654321"}}"#,
            unique("AIDA", "stranger")
        ),
    }
}

/// A unique id for a name.
fn unique(prefix: &str, name: &str) -> String {
    let mut id = prefix.to_owned();
    let bits = name.bytes().fold(1, |sum, byte| mix(sum, u64::from(byte)));
    crate::hole::letters(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", bits, 16, &mut id);
    id
}

/// The same record, its keys the other way round. What is no object stays as it is.
fn reordered(text: &str) -> String {
    match serde_json::from_str(text) {
        Ok(Value::Object(map)) => {
            Value::Object(map.into_iter().rev().collect::<Map<_, _>>()).to_string()
        }
        _ => text.to_owned(),
    }
}
