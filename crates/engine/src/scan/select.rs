//! Which rows of a file meet the conditions that its dictionaries decide.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{BooleanArray, BooleanBufferBuilder};
use arrow::buffer::BooleanBuffer;
use bytes::Bytes;
use datafusion::common::{DataFusionError, Result};
use datafusion::datasource::physical_plan::parquet::{ParquetAccessPlan, RowGroupAccess};
use lake::{CodedTexts, Inflater, Probe};
use parquet::arrow::arrow_reader::RowSelection;
use parquet::arrow::async_reader::AsyncFileReader;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};

use super::condition::{Condition, Conditions};

/// What is to be read of a file.
pub(super) struct Selected {
    pub(super) plan: ParquetAccessPlan,
    /// For each part of the predicate, whether the plan leaves no row that does not meet it.
    pub(super) decided: Vec<bool>,
    /// Rows of the row groups that were asked for, and those of them that are chosen.
    pub(super) rows: usize,
    pub(super) chosen: usize,
}

/// Chooses from the row groups of `plan`.
pub(super) async fn select(
    conditions: &Conditions,
    footer: &ParquetMetaData,
    mut plan: ParquetAccessPlan,
    reader: &mut dyn AsyncFileReader,
) -> Result<Selected> {
    let mut decided: Vec<bool> = conditions
        .parts
        .iter()
        .map(|part| part.condition.is_some())
        .collect();
    let mut inflater = Inflater::new().map_err(DataFusionError::from)?;
    let (mut rows, mut chosen) = (0, 0);
    for place in plan.row_group_indexes() {
        let group = footer.row_group(place);
        let count = usize::try_from(group.num_rows()).unwrap_or_default();
        rows += count;
        let chunks = chunks(conditions, group);
        let mut columns: Vec<&ColumnChunkMetaData> = chunks.iter().flatten().copied().collect();
        columns.sort_unstable_by_key(|chunk| chunk.byte_range());
        columns.dedup_by_key(|chunk| chunk.byte_range());
        let ranges = columns.iter().map(|chunk| {
            let (start, length) = chunk.byte_range();
            start..start + length
        });
        let bytes = reader.get_byte_ranges(ranges.collect()).await?;
        let ranges = columns.iter().map(|chunk| chunk.byte_range());
        let bytes: HashMap<(u64, u64), Bytes> = ranges.zip(bytes).collect();

        let mut met: Option<BooleanBuffer> = None;
        let parts = conditions.parts.iter().zip(&chunks);
        let mut open = Vec::new();
        for (number, (part, chunk)) in parts.enumerate() {
            let rows = part
                .condition
                .as_ref()
                .zip(*chunk)
                .and_then(|(condition, chunk)| {
                    let bytes = bytes.get(&chunk.byte_range())?;
                    meeting(condition, chunk, bytes, count, &mut inflater)
                });
            match rows {
                Some(rows) => {
                    met = Some(match met {
                        Some(met) => &met & &rows,
                        None => rows,
                    });
                    if met.as_ref().is_some_and(|met| met.count_set_bits() == 0) {
                        break;
                    }
                }
                None => open.push(number),
            }
        }
        let left = met.as_ref().map_or(count, BooleanBuffer::count_set_bits);
        chosen += left;
        if left == 0 {
            plan.set(place, RowGroupAccess::Skip);
            continue;
        }
        for number in open {
            decided[number] = false;
        }
        if let Some(met) = met.filter(|_| left < count) {
            let rows = RowSelection::from_filters(&[BooleanArray::new(met, None)]);
            plan.set(place, RowGroupAccess::Selection(rows));
        }
    }
    Ok(Selected {
        plan,
        decided,
        rows,
        chosen,
    })
}

/// The plan without the row groups that bloom filters rule out.
pub(super) async fn sift(
    conditions: &Conditions,
    footer: &ParquetMetaData,
    plan: &mut ParquetAccessPlan,
    reader: &mut dyn AsyncFileReader,
) -> Result<()> {
    let needles = || conditions.parts.iter().flat_map(|part| &part.needles);
    // A row group and the probes for all texts of a needle.
    let mut asked: Vec<(usize, Vec<Probe>)> = Vec::new();
    for place in plan.row_group_indexes() {
        for needle in needles() {
            let chunk = chunk_of(footer.row_group(place), &needle.column);
            let texts = needle.texts.iter();
            let probes = texts.map(|text| Probe::new(chunk?, text));
            asked.extend(probes.collect::<Option<_>>().map(|probes| (place, probes)));
        }
    }
    let probes = asked.iter().flat_map(|(_, probes)| probes);
    let ranges: Vec<_> = probes
        .flat_map(|probe| [probe.header.clone(), probe.block.clone()])
        .collect();
    if ranges.is_empty() {
        return Ok(());
    }
    let bytes = reader.get_byte_ranges(ranges).await?;
    let mut bytes = bytes.as_chunks::<2>().0.iter();
    for (place, probes) in &asked {
        let mut out = true;
        for probe in probes {
            let ruled_out = bytes.next();
            let ruled_out = ruled_out.is_some_and(|[header, block]| probe.rules_out(header, block));
            out &= ruled_out;
        }
        if out {
            plan.skip(*place);
        }
    }
    Ok(())
}

/// The chunk of a column.
fn chunk_of<'a>(group: &'a RowGroupMetaData, name: &str) -> Option<&'a ColumnChunkMetaData> {
    let mut chunks = group.columns().iter();
    chunks.find(|chunk| matches!(chunk.column_descr().path().parts(), [only] if only == name))
}

/// Of each part the chunk of its column, where its dictionary may decide it.
fn chunks<'a>(
    conditions: &Conditions,
    group: &'a RowGroupMetaData,
) -> Vec<Option<&'a ColumnChunkMetaData>> {
    let chunk = |condition: &Condition| {
        let chunk = chunk_of(group, &condition.column);
        chunk.filter(|chunk| CodedTexts::possible(chunk))
    };
    let parts = conditions.parts.iter();
    parts
        .map(|part| part.condition.as_ref().and_then(chunk))
        .collect()
}

/// The rows of a chunk that meet a condition; none where the chunk does not tell.
fn meeting(
    condition: &Condition,
    chunk: &ColumnChunkMetaData,
    bytes: &Bytes,
    rows: usize,
    inflater: &mut Inflater,
) -> Option<BooleanBuffer> {
    let coded = CodedTexts::new(chunk, bytes, rows, inflater)?;
    let verdict = condition.verdict(coded.texts())?;
    let all = std::iter::once(verdict.null).chain(verdict.texts.iter().copied());
    // Not one of the texts: then there is nothing to look for in the rows.
    if all.clone().all(|met| !met) {
        return Some(BooleanBuffer::new_unset(rows));
    }
    if all.clone().all(|met| met) {
        return Some(BooleanBuffer::new_set(rows));
    }
    let mut met = BooleanBufferBuilder::new(rows);
    coded.runs(inflater, |code, count| {
        let holds = code.map_or(verdict.null, |code| verdict.texts[code]);
        met.append_n(count, holds);
    })?;
    Some(met.finish())
}

/// The bytes that columns of a footer have in the row groups of a plan.
pub(super) fn bytes_of(plan: &ParquetAccessPlan, footer: &ParquetMetaData) -> u64 {
    let groups = plan.row_group_indexes().into_iter();
    let groups = groups.map(|place| footer.row_group(place));
    let columns = groups.flat_map(|group| group.columns());
    columns.map(|chunk| chunk.byte_range().1).sum()
}

/// A plan for all row groups of a file.
pub(super) fn all(footer: &Arc<ParquetMetaData>) -> ParquetAccessPlan {
    ParquetAccessPlan::new_all(footer.num_row_groups())
}
