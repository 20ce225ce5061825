//! Data files as any reader of Parquet sees them, and the arrays that are refused.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, new_null_array};
use arrow::compute::concat_batches;
use lake::{
    Error, FileWriter, Lake, NewFile, ROW_GROUP_ROWS, Scalar, Shape, encode_row_group, schema,
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, Encoding};
use parquet::file::metadata::ParquetMetaData;
use parquet::file::properties::ReaderProperties;
use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::{ReadOptionsBuilder, SerializedFileReader};
use proptest::prelude::*;

use crate::events::{DAY, Event, JANUARY_2, arrays, file};

async fn new_lake() -> (tempfile::TempDir, Lake) {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open_or_create(folder.path().to_str().unwrap())
        .await
        .unwrap();
    (folder, lake)
}

fn open(lake: &Lake, new: &NewFile) -> SerializedFileReader<std::fs::File> {
    let properties = ReaderProperties::builder()
        .set_read_bloom_filter(true)
        .build();
    let options = ReadOptionsBuilder::new()
        .with_page_index()
        .with_reader_properties(properties)
        .build();
    let file = std::fs::File::open(lake.folder().join(&new.file().path)).unwrap();
    SerializedFileReader::new_with_options(file, options).unwrap()
}

fn leaf(metadata: &ParquetMetaData, name: &str) -> usize {
    let columns = metadata.file_metadata().schema_descr().columns();
    columns
        .iter()
        .position(|column| column.name() == name)
        .unwrap()
}

fn hour(n: i64) -> Vec<Event> {
    (0..50)
        .map(|minute| {
            Event::new(
                Some(JANUARY_2 + (n * 60 + minute) * 60_000_000),
                &format!("{n}-{minute}"),
            )
        })
        .collect()
}

#[tokio::test]
async fn a_plain_reader_gets_back_what_was_written() {
    let (_folder, lake) = new_lake().await;
    let groups = [hour(0), hour(1)];
    let new = file(&lake, Some(DAY), &groups);
    assert!(new.file().path.starts_with("event_date=2024-01-02/"));
    assert!(new.file().path.ends_with(".parquet"));

    let path = lake.folder().join(&new.file().path);
    assert_eq!(new.file().size, std::fs::metadata(&path).unwrap().len());
    let reader =
        ParquetRecordBatchReaderBuilder::try_new(std::fs::File::open(path).unwrap()).unwrap();
    assert_eq!(reader.schema().fields(), schema().fields());
    let read: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
    let written: Vec<RecordBatch> = groups
        .iter()
        .map(|group| RecordBatch::try_new(schema(), arrays(group)).unwrap())
        .collect();
    assert_eq!(
        concat_batches(&schema(), &read).unwrap(),
        concat_batches(&schema(), &written).unwrap()
    );
}

#[tokio::test]
async fn needles_have_bloom_filters_and_pages_have_bounds() {
    let (_folder, lake) = new_lake().await;
    let new = file(&lake, Some(DAY), &[hour(0), hour(1)]);
    let reader = open(&lake, &new);
    let metadata = reader.metadata();
    assert_eq!(metadata.num_row_groups(), 2);

    let id = leaf(metadata, "event_id");
    for (group, present, absent) in [(0, "0-7", "1-7"), (1, "1-7", "0-7")] {
        let row_group = reader.get_row_group(group).unwrap();
        let bloom = row_group.get_column_bloom_filter(id).unwrap();
        assert!(bloom.check(&present));
        assert!(!bloom.check(&absent));
        for plain in ["content", "event_name", "user_agent"] {
            assert!(
                row_group
                    .get_column_bloom_filter(leaf(metadata, plain))
                    .is_none(),
                "{plain}"
            );
        }
    }

    let chunk = |name| metadata.row_group(1).column(leaf(metadata, name));
    for name in ["event_time", "event_name", "source_ip_address", "content"] {
        assert!(chunk(name).offset_index_offset().is_some(), "{name}");
    }
    assert!(chunk("event_name").column_index_offset().is_some());
    assert!(chunk("content").column_index_offset().is_none());
    assert!(chunk("content").statistics().is_none());
    assert_eq!(
        chunk("request_parameters")
            .statistics()
            .unwrap()
            .null_count_opt(),
        Some(50)
    );
    assert!(matches!(
        chunk("content").compression(),
        Compression::ZSTD(_)
    ));

    let dictionary = |name| {
        chunk(name)
            .encodings()
            .any(|encoding| encoding == Encoding::RLE_DICTIONARY)
    };
    assert!(dictionary("event_name"));
    for name in ["event_id", "request_id", "shared_event_id", "content"] {
        assert!(!dictionary(name), "{name}");
    }

    let sorting = metadata.row_group(0).sorting_columns().unwrap();
    let sorting: Vec<_> = sorting
        .iter()
        .map(|by| (by.column_idx, by.descending, by.nulls_first))
        .collect();
    let by = |name| (leaf(metadata, name) as i32, false, true);
    assert_eq!(
        sorting,
        [by("event_source"), by("event_name"), by("event_time")]
    );

    let pairs = metadata.file_metadata().key_value_metadata().unwrap();
    assert!(pairs.iter().any(|pair| pair.key == "ARROW:schema"));
    assert!(
        pairs
            .iter()
            .any(|pair| pair.key == "trailsift.layout" && pair.value.as_deref() == Some("1"))
    );
}

#[tokio::test]
async fn an_event_outside_its_day_is_refused() {
    let (_folder, lake) = new_lake().await;
    for (date, time, fits) in [
        (Some(DAY), Some(JANUARY_2), true),
        (Some(DAY), Some(JANUARY_2 + 86_399_999_999), true),
        (Some(DAY), Some(JANUARY_2 + 86_400_000_000), false),
        (Some(DAY), Some(JANUARY_2 - 1), false),
        (Some(DAY), None, false),
        (None, Some(JANUARY_2), true),
        (None, None, true),
    ] {
        let group = encode_row_group(&arrays(&[Event::new(time, "a")])).unwrap();
        let appended = FileWriter::create(&lake, date).unwrap().append(group);
        assert_eq!(appended.is_ok(), fits, "{date:?} {time:?}");
        assert!(fits || matches!(appended, Err(Error::Shape(Shape::Day))));
    }
    let beyond = FileWriter::create(&lake, Some(i32::MAX));
    assert!(matches!(
        beyond,
        Err(Error::Shape(Shape::Calendar(i32::MAX)))
    ));
}

#[test]
fn arrays_that_are_no_row_group_are_refused() {
    let good = arrays(&hour(0));
    let shape = |arrays: &[ArrayRef]| match encode_row_group(arrays) {
        Err(Error::Shape(shape)) => Some(shape),
        _ => None,
    };
    let place = |name: &str| schema().index_of(name).unwrap();
    let with = |name: &str, array: ArrayRef| {
        let mut arrays = good.clone();
        arrays[place(name)] = array;
        arrays
    };
    assert_eq!(shape(&good), None);
    let columns = good.len();
    assert_eq!(
        shape(&good[1..]),
        Some(Shape::Count {
            given: columns - 1,
            columns
        })
    );
    let longs: ArrayRef = Arc::new(arrow::array::Int64Array::from(vec![1; 50]));
    assert_eq!(
        shape(&with("user_agent", longs)),
        Some(Shape::Type("user_agent".to_owned()))
    );
    let short = good[place("user_agent")].slice(0, 49);
    assert_eq!(
        shape(&with("user_agent", short)),
        Some(Shape::Length("user_agent".to_owned()))
    );
    let nulls = new_null_array(good[place("content")].data_type(), 50);
    assert_eq!(
        shape(&with("content", nulls)),
        Some(Shape::Null("content".to_owned()))
    );
    let none: Vec<ArrayRef> = good.iter().map(|array| array.slice(0, 0)).collect();
    assert_eq!(shape(&none), Some(Shape::Rows(0)));
    let many: Vec<ArrayRef> = good
        .iter()
        .map(|array| new_null_array(array.data_type(), ROW_GROUP_ROWS + 1))
        .collect();
    assert_eq!(shape(&many), Some(Shape::Rows(ROW_GROUP_ROWS + 1)));

    let mut times: Vec<Option<i64>> = good[place("event_time")]
        .as_primitive::<arrow::datatypes::TimestampMicrosecondType>()
        .iter()
        .collect();
    times.swap(3, 4);
    let times = arrow::array::TimestampMicrosecondArray::from(times).with_timezone("UTC");
    assert_eq!(
        shape(&with("event_time", Arc::new(times))),
        Some(Shape::Order(4))
    );
}

/// An event as odd as events get: any text, long ones too, any time in a century, or nothing.
fn any_event() -> impl Strategy<Value = Event> {
    let text = || proptest::option::of(prop_oneof![".{0,6}", "(é|~|\u{10FFFF}|z){0,200}"]);
    let time = proptest::option::of(-1_000_000_000_000_000..4_000_000_000_000_000_i64);
    let flags = (
        prop::sample::select(vec!["default_logs", "other", "my_aws_bucket"]),
        prop::sample::select(vec![None, Some("read_only"), Some("*,user_agent")]),
        prop::sample::select(vec![None, Some(true), Some(false)]),
    );
    (time, text(), text(), text(), flags).prop_map(|(time, source, name, arn, flags)| Event {
        time,
        source,
        name,
        id: None,
        arn,
        bucket: flags.0,
        mistyped: flags.1,
        conflict: flags.2,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever is written, and in whatever row groups: the log's bounds enclose it, its counts are right, and they
    /// survive the log.
    #[test]
    fn the_log_tells_the_truth_of_a_file(
        groups in prop::collection::vec(prop::collection::vec(any_event(), 1..8), 1..4),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (_folder, lake) = new_lake().await;
            let new = file(&lake, None, &groups);
            let base = lake.snapshot().await.unwrap();
            let committed = lake.commit(&base, uuid::Uuid::new_v4(), vec![new.clone()], Default::default()).await;
            prop_assert_eq!(&committed.unwrap().snapshot.files, &[new.file().clone()]);

            let file = new.file();
            let events: Vec<&Event> = groups.iter().flatten().collect();
            let count = |is: &dyn Fn(&Event) -> bool| events.iter().filter(|event| is(event)).count() as u64;
            prop_assert_eq!(file.rows, events.len() as u64);
            let times: Vec<i64> = events.iter().filter_map(|event| event.time).collect();
            prop_assert_eq!(file.time, times.iter().min().copied().zip(times.iter().max().copied()));
            prop_assert_eq!(file.untimed(), Some(count(&|event| event.time.is_none())));
            prop_assert_eq!(file.conflicts, count(&|event| event.conflict == Some(true)));
            let mistyped = |name| file.mistyped.get(name).copied().unwrap_or_default();
            prop_assert_eq!(mistyped("read_only"), count(&|event| event.mistyped == Some("read_only")));
            prop_assert_eq!(mistyped("*"), count(&|event| event.mistyped == Some("*,user_agent")));
            prop_assert_eq!(mistyped("user_agent"), mistyped("*"));
            let mut buckets: Vec<&str> = events.iter().map(|event| event.bucket).collect();
            buckets.sort_unstable();
            buckets.dedup();
            prop_assert_eq!(&file.buckets, &buckets);

            let of = |column: &str| -> Vec<Option<String>> {
                let value = |event: &&Event| match column {
                    "event_source" => event.source.clone(),
                    "event_name" => event.name.clone(),
                    _ => event.arn.clone(),
                };
                events.iter().map(value).collect()
            };
            for column in ["event_source", "event_name", "user_identity_arn"] {
                let values = of(column);
                let statistics = &file.statistics[column];
                let nulls = values.iter().filter(|value| value.is_none()).count() as u64;
                prop_assert_eq!(statistics.nulls, Some(nulls));
                prop_assert_eq!(statistics.min.is_some(), nulls < file.rows);
                prop_assert_eq!(statistics.max.is_some(), nulls < file.rows);
                for value in values.into_iter().flatten().map(Scalar::Text) {
                    prop_assert!(statistics.min.as_ref() <= Some(&value));
                    prop_assert!(statistics.max.as_ref() >= Some(&value));
                }
            }
            Ok(())
        })?;
    }
}
