//! Columns given as texts beside the same given as arrays: Parquet's own writer says what must come out.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringViewArray};
use arrow::compute::concat_batches;
use lake::{
    CodedTexts, Error, FileWriter, Inflater, Lake, Layout, NewFile, Packing, Probe, Scratch, Shape,
    Texts, Values, schema,
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::file::page_index::offset_index::OffsetIndexMetaData;
use parquet::file::properties::ReaderProperties;
use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::{ReadOptionsBuilder, SerializedFileReader};
use proptest::prelude::*;

use crate::events::{DAY, Event, JANUARY_2, arrays};

/// A column with a bloom filter, one without, one whose bounds stand in the log,
/// and two without dictionary, with nulls and without.
const COLUMNS: [&str; 5] = [
    "source_ip_address",
    "user_agent",
    "error_code",
    "request_parameters",
    "content",
];

/// The arrays of a row group in which some columns have these values.
fn group(columns: &[Vec<Option<String>>]) -> Vec<ArrayRef> {
    let events: Vec<Event> = (0..columns[0].len() as i64)
        .map(|n| Event::new(Some(JANUARY_2 + n), &n.to_string()))
        .collect();
    let mut arrays = arrays(&events);
    for (name, values) in COLUMNS.iter().zip(columns) {
        let place = schema().index_of(name).unwrap();
        let values = values.iter().cloned();
        arrays[place] = match *name {
            "content" => Arc::new(
                values
                    .map(|text| Some(text.unwrap_or_default()))
                    .collect::<StringViewArray>(),
            ),
            _ => Arc::new(values.collect::<StringViewArray>()),
        };
    }
    arrays
}

/// The texts of an array, each once, in the order in which they come.
fn texts(array: &StringViewArray) -> Texts<'_> {
    let mut texts = Texts::with_capacity(array.len());
    let mut places = HashMap::new();
    for value in array {
        match value {
            Some(value) => {
                let place = *places.entry(value).or_insert_with(|| texts.add(value));
                texts.push(place);
            }
            None => texts.push_null(),
        }
    }
    texts
}

fn written(lake: &Lake, arrays: &[ArrayRef], as_texts: bool) -> NewFile {
    packed(lake, arrays, as_texts, Packing::Quick)
}

fn packed(lake: &Lake, arrays: &[ArrayRef], as_texts: bool, packing: Packing) -> NewFile {
    let layout = Layout::built_in();
    let group = layout.encode_each(&Scratch::new(packing), arrays[0].len(), |place| {
        let array = &arrays[place];
        Ok::<_, Error>(match as_texts {
            true if layout.takes_texts(place) => Values::Texts(texts(array.as_string_view())),
            true if layout.takes_long(place) => {
                let texts = array.as_string_view().iter();
                Values::Long(texts.map(|text| text.map(str::as_bytes)).collect())
            }
            _ => ArrayRef::clone(array).into(),
        })
    });
    let mut writer = FileWriter::create(lake, Some(DAY)).unwrap();
    writer.append(group.unwrap()).unwrap();
    writer.finish().unwrap()
}

fn read(lake: &Lake, new: &NewFile) -> RecordBatch {
    let file = File::open(lake.folder().join(&new.file().path)).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let schema = Arc::clone(reader.schema());
    let batches: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
    concat_batches(&schema, &batches).unwrap()
}

fn opened(lake: &Lake, new: &NewFile) -> SerializedFileReader<File> {
    let blooms = ReaderProperties::builder().set_read_bloom_filter(true);
    let options = ReadOptionsBuilder::new()
        .with_page_index()
        .with_reader_properties(blooms.build());
    let file = File::open(lake.folder().join(&new.file().path)).unwrap();
    SerializedFileReader::new_with_options(file, options.build()).unwrap()
}

/// How many chunks of a file can be read as their dictionaries have them; those that can give what the arrays have.
fn coded(lake: &Lake, new: &NewFile, arrays: &[ArrayRef]) -> usize {
    let bytes = std::fs::read(lake.folder().join(&new.file().path)).unwrap();
    let reader = opened(lake, new);
    let mut inflater = Inflater::new().unwrap();
    let mut count = 0;
    for (place, array) in arrays.iter().enumerate() {
        let chunk = reader.metadata().row_group(0).column(place);
        let (start, length) = chunk.byte_range();
        let bytes = &bytes[start as usize..(start + length) as usize];
        let Some(coded) = CodedTexts::new(chunk, bytes, array.len(), &mut inflater) else {
            continue;
        };
        let mut rows: Vec<Option<&str>> = Vec::new();
        let each = |code: Option<usize>, times| {
            assert!(times > 0);
            let text = code.map(|code| coded.texts().value(code));
            rows.extend(std::iter::repeat_n(text, times));
        };
        if coded.runs(&mut inflater, each).is_some() {
            let given: Vec<Option<&str>> = array.as_string_view().iter().collect();
            assert!(rows == given, "column {place}");
            count += 1;
        }
        // Bytes that end early are no chunk.
        let short = CodedTexts::new(chunk, &bytes[..bytes.len() - 1], array.len(), &mut inflater);
        let told = short.map(|coded| coded.runs(&mut inflater, |_, _| ()));
        assert_eq!(told.flatten(), None);
    }
    count
}

/// Writes the columns both ways and compares all that a reader sees.
fn compare(columns: &[Vec<Option<String>>]) {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let lake = runtime.block_on(Lake::open_or_create(folder.path().to_str().unwrap()));
    let lake = lake.unwrap();
    let arrays = group(columns);
    let (ours, theirs) = (
        written(&lake, &arrays, true),
        written(&lake, &arrays, false),
    );

    let read = read(&lake, &ours);
    for ((field, read), given) in schema().fields().iter().zip(read.columns()).zip(&arrays) {
        assert!(read == given, "{}", field.name());
    }
    assert_eq!(ours.file().statistics, theirs.file().statistics);
    // Nearly all columns are null here, and so in a dictionary.
    assert!(coded(&lake, &ours, &arrays) > 50);
    assert!(coded(&lake, &theirs, &arrays) > 50);
    let bytes = std::fs::read(lake.folder().join(&ours.file().path)).unwrap();
    let (ours, theirs) = (opened(&lake, &ours), opened(&lake, &theirs));
    let indexes = |reader: &SerializedFileReader<File>| {
        let metadata = reader.metadata();
        (
            metadata.column_index().unwrap()[0].clone(),
            metadata.offset_index().unwrap()[0].clone(),
        )
    };
    let ((bounds, places), (their_bounds, their_places)) = (indexes(&ours), indexes(&theirs));
    for (place, field) in schema().fields().iter().enumerate() {
        let name = field.name();
        let layout = Layout::built_in();
        if layout.takes_long(place) {
            let nulls = |chunk: &ColumnChunkMetaData| chunk.statistics()?.null_count_opt();
            let (chunk, their_chunk) = (
                ours.metadata().row_group(0).column(place),
                theirs.metadata().row_group(0).column(place),
            );
            assert_eq!(nulls(chunk), nulls(their_chunk), "{name}");
            assert_eq!(chunk.num_values(), their_chunk.num_values());
            let encodings = chunk.encodings().collect::<BTreeSet<_>>();
            assert_eq!(encodings, their_chunk.encodings().collect(), "{name}");
        }
        if !layout.takes_texts(place) {
            continue;
        }
        let (chunk, their_chunk) = (
            ours.metadata().row_group(0).column(place),
            theirs.metadata().row_group(0).column(place),
        );
        assert_eq!(chunk.statistics(), their_chunk.statistics(), "{name}");
        assert_eq!(chunk.num_values(), their_chunk.num_values());
        let encodings = chunk.encodings().collect::<BTreeSet<_>>();
        assert_eq!(encodings, their_chunk.encodings().collect(), "{name}");
        // The histograms are for nested columns, and ours has none.
        let plain = |index: &ColumnIndexMetaData| {
            let pages: Vec<_> = (0..index.num_pages() as usize)
                .map(|page| (index.is_null_page(page), index.null_count(page)))
                .collect();
            let texts = match index {
                ColumnIndexMetaData::BYTE_ARRAY(index) => {
                    let bound = |bytes: Option<&[u8]>| bytes.map(<[u8]>::to_vec);
                    (0..pages.len())
                        .map(|page| (bound(index.min_value(page)), bound(index.max_value(page))))
                        .collect()
                }
                _ => Vec::new(),
            };
            (pages, texts, index.get_boundary_order())
        };
        assert_eq!(plain(&bounds[place]), plain(&their_bounds[place]), "{name}");
        let rows = |place: &OffsetIndexMetaData| {
            let pages = place.page_locations().iter();
            pages.map(|page| page.first_row_index).collect::<Vec<_>>()
        };
        assert_eq!(rows(&places[place]), rows(&their_places[place]), "{name}");
    }
    let place = schema().index_of(COLUMNS[0]).unwrap();
    let group = ours.get_row_group(0).unwrap();
    let bloom = group.get_column_bloom_filter(place).unwrap();
    for value in columns[0].iter().flatten() {
        assert!(bloom.check(value.as_str()));
    }
    // A probe says the same of texts that are there and of others.
    let chunk = ours.metadata().row_group(0).column(place);
    let at = |range: &std::ops::Range<u64>| &bytes[range.start as usize..range.end as usize];
    let others = (0..200).map(|n| format!("other {n}"));
    let mut ruled_out = 0;
    for value in columns[0].iter().flatten().cloned().chain(others) {
        let probe = Probe::new(chunk, &value).unwrap();
        let (header, block) = (at(&probe.header), at(&probe.block));
        let out = probe.rules_out(header, block);
        assert_eq!(out, !bloom.check(value.as_str()), "{value}");
        assert!(!probe.rules_out(&header[1..], block) && !probe.rules_out(header, &block[4..]));
        ruled_out += usize::from(out);
    }
    assert!(ruled_out > 0);
}

fn value() -> impl Strategy<Value = Option<String>> {
    let long = (0..20_u32).prop_map(|n| format!("{n}{}", "é".repeat(130)));
    let text = prop_oneof![8 => "[a-c]{0,2}", 4 => "\\PC{0,40}", 1 => long];
    prop_oneof![1 => Just(None), 4 => text.prop_map(Some)]
}

/// Values in runs, as sorting brings them.
fn column(rows: usize) -> impl Strategy<Value = Vec<Option<String>>> {
    let runs = prop::collection::vec((value(), 1..40_usize), 1..60);
    runs.prop_map(move |runs| {
        let values = runs.iter().cycle();
        let values = values.flat_map(|(value, times)| std::iter::repeat_n(value.clone(), *times));
        values.take(rows).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn texts_are_written_as_arrays_are(
        columns in (1..700_usize).prop_flat_map(|rows| prop::collection::vec(column(rows), 3..=5)),
    ) {
        compare(&columns);
    }
}

#[test]
fn many_pages_and_many_texts() {
    let rows = 50_000_usize;
    let some = |n: usize, text: String| (!n.is_multiple_of(7)).then_some(text);
    let few = (0..rows).map(|n| some(n, format!("10.0.{}.{}", n / 9_000, n % 3)));
    let many = (0..rows).map(|n| some(n, format!("agent {n}")));
    // The page in the middle has nulls alone.
    let middle = |n: &usize| !(20_480..40_960).contains(n);
    let none = (0..rows).map(|n| Some(n).filter(middle).map(|n| format!("{:05}", rows - n)));
    compare(&[few.collect(), many.collect(), none.collect()]);
    // Several pages by their bytes, and one text that is larger than a page.
    let long = (0..3_000_usize).map(|n| some(n, "é".repeat(n)));
    let larger = (0..3_000_usize).map(|n| Some("x".repeat(if n == 77 { 3 << 20 } else { 1 })));
    let none = || vec![None; 3_000];
    compare(&[none(), none(), none(), long.collect(), larger.collect()]);
    // A dictionary of a megabyte has no room for these.
    let large = (0..rows).map(|n| Some(format!("{n:060}")));
    compare(&[
        large.collect(),
        vec![None; rows],
        vec![Some(String::new()); rows],
    ]);
}

#[test]
fn densely_packed_records_are_the_same_and_take_less() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let lake = runtime.block_on(Lake::open_or_create(folder.path().to_str().unwrap()));
    let lake = lake.unwrap();
    // Texts without rhyme or reason that come again after 600 KiB, farther back than quick packing looks.
    let mut state = 1_u64;
    let mut letter = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        char::from(b'!' + (state >> 33) as u8 % 64)
    };
    let texts: Vec<String> = (0..600)
        .map(|_| (0..1024).map(|_| letter()).collect())
        .collect();
    let texts = texts.iter().cycle().take(1_800);
    let content: Vec<_> = texts.cloned().map(Some).collect();
    let none = || vec![None; content.len()];
    let arrays = group(&[none(), none(), none(), none(), content.clone()]);
    let [quick, dense] =
        [Packing::Quick, Packing::Dense].map(|packing| packed(&lake, &arrays, true, packing));
    assert!(dense.file().dense && !quick.file().dense);
    assert!(
        dense.file().size < quick.file().size * 3 / 4,
        "{dense:?} {quick:?}"
    );
    assert_eq!(read(&lake, &dense), read(&lake, &quick));
}

#[test]
fn texts_that_are_no_column_are_refused() {
    let arrays = group(&[vec![None; 3], vec![None; 3], vec![None; 3]]);
    let layout = Layout::built_in();
    let shape = |name: &str, texts: &Texts<'static>| {
        let wanted = schema().index_of(name).unwrap();
        let group = layout.encode_each(&lake::Scratch::default(), 3, |place| {
            Ok::<_, Error>(match place == wanted {
                true => Values::Texts(texts.clone()),
                false => ArrayRef::clone(&arrays[place]).into(),
            })
        });
        match group {
            Err(Error::Shape(shape)) => Some(shape),
            _ => None,
        }
    };
    let mut nulls = Texts::with_capacity(3);
    nulls.push_null();
    nulls.push(0);
    assert_eq!(
        shape("user_agent", &nulls),
        Some(Shape::Length("user_agent".to_owned()))
    );
    // A place that nothing stands at is no value.
    nulls.push(7);
    assert_eq!((nulls.rows(), nulls.nulls()), (3, 3));
    assert_eq!(shape("user_agent", &nulls), None);
    assert_eq!(
        shape("source", &nulls),
        Some(Shape::Null("source".to_owned()))
    );
    for name in [
        "event_id",
        "content",
        "request_parameters",
        "event_name",
        "read_only",
    ] {
        assert_eq!(shape(name, &nulls), Some(Shape::Type(name.to_owned())));
    }
}
