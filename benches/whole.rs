//! The whole way: from objects to a lake, and from queries to answers.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use divan::Bencher;
use divan::counter::ItemsCount;
use engine::{Engine, Now, QueryOptions, Settings};

const QUERIES: &[&str] = &[
    "external-keys",
    "secrets-unauthorized",
    "secrets-unknown",
    "secrets-without-kms",
    "sign-in-failures",
    "throttling",
    "unauthorized-calls",
    "unauthorized-calls-by-user",
];

/// As many as asked for; few without optimisation, where only that it works is looked at.
fn events() -> u64 {
    let asked = std::env::var("TRAILSIFT_BENCH_EVENTS").ok();
    let usual = if cfg!(debug_assertions) {
        2_000
    } else {
        100_000
    };
    asked.and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// An archive of [`events`] events, and a lake of it. Both go with the process.
fn ground() -> &'static (tempfile::TempDir, PathBuf, PathBuf) {
    static GROUND: OnceLock<(tempfile::TempDir, PathBuf, PathBuf)> = OnceLock::new();
    GROUND.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let (archive, lake) = (folder.path().join("archive"), folder.path().join("lake"));
        let options = generate::Options {
            events: events(),
            median_size: 100,
            ..generate::Options::default()
        };
        generate::archive(&archive, &options).unwrap();
        fill(&lake, &archive);
        (folder, archive, lake)
    })
}

fn fill(lake: &Path, archive: &Path) {
    let runtime = engine::runtime(2).unwrap();
    let (lake, archive) = (lake.to_str().unwrap().to_owned(), archive.to_owned());
    let work = async move {
        let lake = lake::Lake::open_or_create(&lake).await.unwrap();
        let options = ingest::Options {
            bucket: "my_aws_bucket".to_owned(),
            ..ingest::Options::default()
        };
        ingest::ingest(&[archive], &lake, &options, ingest::quiet())
            .await
            .unwrap();
    };
    engine::run(&runtime, work).unwrap();
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn ingest_archive(bencher: Bencher) {
    let (_, archive, _) = ground();
    bencher
        .counter(ItemsCount::new(events()))
        .with_inputs(|| tempfile::tempdir().unwrap())
        .bench_values(|folder| fill(&folder.path().join("lake"), archive));
}

#[divan::bench(args = QUERIES, sample_count = 20)]
fn tutorial(bencher: Bencher, query: &str) {
    let (_, _, lake) = ground();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/queries/tutorial");
    let text = std::fs::read_to_string(path.join(query).with_extension("dql")).unwrap();
    let runtime = engine::runtime(2).unwrap();
    let location = lake.to_str().unwrap().to_owned();
    let open = async move { Engine::open(&location, Settings::default()).await.unwrap() };
    let engine = std::sync::Arc::new(engine::run(&runtime, open).unwrap());
    bencher.bench_local(|| {
        let (engine, text) = (std::sync::Arc::clone(&engine), text.clone());
        let work = async move {
            let options = QueryOptions {
                now: Some(Now::Latest),
                ..QueryOptions::default()
            };
            let mut answer = engine.query(&text, &options).await.unwrap();
            answer.rows().await.unwrap().len()
        };
        engine::run(&runtime, work).unwrap()
    });
}
