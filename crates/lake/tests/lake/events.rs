//! Events for the tests: as few fields as they need, as the arrays that a row group wants.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Int64Array, StringViewArray, TimestampMicrosecondArray, new_null_array,
};
use lake::{FileWriter, Lake, NewFile, encode_row_group, schema};

/// 2024-01-02T00:00:00Z in microseconds, and its day.
pub(crate) const JANUARY_2: i64 = 1_704_153_600_000_000;
pub(crate) const DAY: i32 = 19_724;

/// One event. Its content is made from its id.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) time: Option<i64>,
    pub(crate) source: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) arn: Option<String>,
    pub(crate) bucket: &'static str,
    pub(crate) mistyped: Option<&'static str>,
    pub(crate) conflict: Option<bool>,
}

impl Event {
    pub(crate) fn new(time: Option<i64>, id: &str) -> Event {
        Event {
            time,
            source: Some("sts.amazonaws.com".to_owned()),
            name: Some("AssumeRole".to_owned()),
            id: Some(id.to_owned()),
            arn: Some(format!("arn:aws:iam::111122223333:user/{id}")),
            bucket: "default_logs",
            mistyped: None,
            conflict: None,
        }
    }

    pub(crate) fn content(&self) -> String {
        format!(
            r#"{{"eventID":"{}"}}"#,
            self.id.as_deref().unwrap_or("none")
        )
    }
}

/// The arrays of a row group, sorted as the lake wants them.
pub(crate) fn arrays(events: &[Event]) -> Vec<ArrayRef> {
    let mut events = events.to_vec();
    events.sort_by(|a, b| (&a.source, &a.name, a.time).cmp(&(&b.source, &b.name, b.time)));
    let texts = |value: &dyn Fn(&Event) -> Option<String>| -> ArrayRef {
        Arc::new(events.iter().map(value).collect::<StringViewArray>())
    };
    let fields = schema();
    let column = |name: &str| -> ArrayRef {
        match name {
            "event_time" => {
                let times: TimestampMicrosecondArray =
                    events.iter().map(|event| event.time).collect();
                Arc::new(times.with_timezone("UTC"))
            }
            "event_source" => texts(&|event| event.source.clone()),
            "event_name" => texts(&|event| event.name.clone()),
            "event_id" => texts(&|event| event.id.clone()),
            "user_identity_arn" => texts(&|event| event.arn.clone()),
            "recipient_account_id" => texts(&|_| Some("111122223333".to_owned())),
            "bucket" => texts(&|event| Some(event.bucket.to_owned())),
            "source" => texts(&|_| Some("AWSLogs/a.json.gz".to_owned())),
            "source_index" => Arc::new((0..events.len() as i64).collect::<Int64Array>()),
            "conflict" => Arc::new(
                events
                    .iter()
                    .map(|event| event.conflict)
                    .collect::<BooleanArray>(),
            ),
            "mistyped" => texts(&|event| event.mistyped.map(str::to_owned)),
            "content" => texts(&|event| Some(event.content())),
            _ => new_null_array(
                fields.field_with_name(name).unwrap().data_type(),
                events.len(),
            ),
        }
    };
    fields
        .fields()
        .iter()
        .map(|field| column(field.name()))
        .collect()
}

/// A finished file of these row groups.
pub(crate) fn file(lake: &Lake, date: Option<i32>, groups: &[Vec<Event>]) -> NewFile {
    let mut writer = FileWriter::create(lake, date).unwrap();
    for group in groups {
        writer
            .append(encode_row_group(&arrays(group)).unwrap())
            .unwrap();
    }
    writer.finish().unwrap()
}

/// A finished file of January 2 with one event for each id, a second apart.
pub(crate) fn day_file(lake: &Lake, ids: &[&str]) -> NewFile {
    let events = ids.iter().enumerate();
    let events = events.map(|(n, id)| Event::new(Some(JANUARY_2 + n as i64 * 1_000_000), id));
    file(lake, Some(DAY), &[events.collect()])
}

/// All ids in the lake, each as often as it is there, in order.
pub(crate) async fn ids(lake: &Lake) -> Vec<String> {
    let everything = lake::Reach {
        time: Some((i64::MIN, i64::MAX)),
        untimed: true,
    };
    let mut ids = Vec::new();
    for file in lake.snapshot().await.unwrap().files {
        for batch in lake.ids(&file, &everything).unwrap() {
            ids.extend(batch.unwrap().event_id.iter().flatten().map(str::to_owned));
        }
    }
    ids.sort();
    ids
}
