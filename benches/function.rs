//! Functions over a batch of values: stock expressions of DataFusion's beside functions of ours.

use std::hint::black_box;
use std::sync::Arc;

use arrow::array::{ArrayRef, StringViewArray, TimestampNanosecondArray};
use arrow::record_batch::RecordBatch;
use datafusion::common::DFSchema;
use datafusion::prelude::{SessionContext, col};
use divan::Bencher;
use divan::counter::ItemsCount;
use functions::compare::Truth;
use functions::parameter::{Argument, Arguments};
use functions::{Type, Typed};

/// How many rows a batch has, as scans give them.
const ROWS: usize = 8_192;

/// An argument: a column of the batch, or a constant.
#[derive(Debug)]
enum Given {
    /// A caller's ARN, an address, an instant.
    Arn,
    Address,
    Time,
    Text(&'static str),
}

/// A call: the function, the arguments for its first parameters, and those for others by name.
struct Call(
    &'static str,
    &'static [Given],
    &'static [(&'static str, Given)],
);

impl std::fmt::Display for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

const CALLS: &[Call] = &[
    Call("contains", &[Given::Arn, Given::Text("role/app-7")], &[]),
    Call("startsWith", &[Given::Arn, Given::Text("arn:aws:sts")], &[]),
    Call("lower", &[Given::Arn], &[]),
    Call("stringLength", &[Given::Arn], &[]),
    Call("splitString", &[Given::Arn, Given::Text(":")], &[]),
    Call(
        "matchesPhrase",
        &[Given::Arn, Given::Text("assumed-role")],
        &[],
    ),
    Call(
        "ipIn",
        &[Given::Address, Given::Text("198.51.100.0/24")],
        &[],
    ),
    Call(
        "formatTimestamp",
        &[Given::Time],
        &[("format", Given::Text("yyyy-MM-dd HH:mm"))],
    ),
    Call("hashSha256", &[Given::Arn], &[]),
];

fn batch() -> RecordBatch {
    let rows = 0..ROWS;
    let arns: StringViewArray = rows
        .clone()
        .map(|n| {
            Some(format!(
                "arn:aws:sts::111122223333:assumed-role/app-{}/i-{n:017x}",
                n % 40
            ))
        })
        .collect();
    let addresses: StringViewArray = rows
        .clone()
        .map(|n| Some(format!("198.51.{}.{}", 90 + n % 20, n % 256)))
        .collect();
    let times: TimestampNanosecondArray = rows
        .map(|n| Some(1_732_470_208_000_000_000 + n as i64 * 1_000_000_007))
        .collect();
    let column = |array: ArrayRef| array;
    RecordBatch::try_from_iter([
        ("arn", column(Arc::new(arns))),
        ("address", column(Arc::new(addresses))),
        ("time", column(Arc::new(times))),
    ])
    .unwrap()
}

fn typed(given: &Given) -> Typed {
    match given {
        Given::Arn => Typed::known(col("arn"), Type::String),
        Given::Address => Typed::known(col("address"), Type::String),
        Given::Time => Typed::known(col("time"), Type::TIMESTAMP),
        Given::Text(text) => Typed::string_literal(text),
    }
}

#[divan::bench(args = CALLS)]
fn of_a_batch(bencher: Bencher, call: &Call) {
    let function = functions::find(call.0).unwrap();
    let mut arguments = Arguments::new(Default::default(), "UTC".to_owned(), 0);
    let first = call.1.iter().zip(function.parameters);
    let first = first.map(|(given, parameter)| (parameter.name, given));
    for (name, given) in first.chain(call.2.iter().map(|(name, given)| (*name, given))) {
        let (value, span) = (typed(given), arguments.span);
        arguments.push(name, Argument { value, span });
    }
    let value = function.call(&arguments, Truth::Exact).unwrap();
    let batch = batch();
    let columns = DFSchema::try_from(batch.schema()).unwrap();
    let context = SessionContext::new();
    let planned = context
        .create_physical_expr(value.expr(), &columns)
        .unwrap();
    let first = planned.evaluate(&batch).unwrap().into_array(ROWS).unwrap();
    assert!(first.null_count() < ROWS, "{call} gives nothing");
    bencher
        .counter(ItemsCount::new(ROWS))
        .bench_local(|| black_box(planned.evaluate(black_box(&batch)).unwrap()));
}
