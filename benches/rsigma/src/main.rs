//! `rsigma-peer RULES ARCHIVE THREADS`: how often each rule of a folder meets a record of an archive by RSigma, as JSON on
//! standard output, with the seconds that it took from the objects to the last match.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use rsigma_eval::{Engine, JsonEvent};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, rules, archive, threads] = arguments.as_slice() else {
        panic!("usage: rsigma-peer RULES ARCHIVE THREADS");
    };
    let began = Instant::now();
    let mut engine = Engine::new();
    for file in files(Path::new(rules), "yml") {
        let text = std::fs::read_to_string(&file).expect("a rule");
        let collection = rsigma_parser::parse_sigma_yaml(&text).expect("YAML");
        engine.add_collection(&collection).expect("a sound rule");
    }
    let loaded = began.elapsed();
    let objects = files(Path::new(archive), "gz");
    let next = AtomicUsize::new(0);
    let began = Instant::now();
    let parts: Vec<(u64, BTreeMap<String, u64>)> = std::thread::scope(|scope| {
        let work = || {
            let (mut events, mut hits) = (0, BTreeMap::new());
            while let Some(object) = objects.get(next.fetch_add(1, Ordering::Relaxed)) {
                events += read(object, &engine, &mut hits);
            }
            (events, hits)
        };
        let threads: usize = threads.parse().expect("a number");
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running
            .into_iter()
            .map(|thread| thread.join().expect("a thread"))
            .collect()
    });
    let seconds = began.elapsed().as_secs_f64();
    let (mut events, mut hits) = (0, BTreeMap::new());
    for (of_part, part) in parts {
        events += of_part;
        for (rule, count) in part {
            *hits.entry(rule).or_insert(0_u64) += count;
        }
    }
    let result = serde_json::json!({
        "events": events, "hits": hits, "seconds": seconds, "loading": loaded.as_secs_f64(),
    });
    println!("{result}");
}

fn read(object: &Path, engine: &Engine, hits: &mut BTreeMap<String, u64>) -> u64 {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(object).expect("an object");
    flate2::read::MultiGzDecoder::new(file)
        .read_to_end(&mut bytes)
        .expect("gzip");
    let log: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    let records = log["Records"].as_array().map_or(&[][..], Vec::as_slice);
    for record in records {
        for found in engine.evaluate(&JsonEvent::borrow(record)) {
            let rule = found.header.rule_id.unwrap_or_default();
            *hits.entry(rule).or_insert(0) += 1;
        }
    }
    records.len() as u64
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|known| known == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}
