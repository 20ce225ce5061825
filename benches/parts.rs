//! The parts that need no lake.

use std::hint::black_box;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};

/// The records of a small generated archive.
pub(crate) fn records() -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let options = generate::Options {
        events: 2_000,
        ..generate::Options::default()
    };
    generate::archive(folder.path(), &options).unwrap();
    let mut records = Vec::new();
    objects(folder.path(), &mut |text| {
        let path = [json::Step::Key("Records")];
        let list = json::get(text, &path).unwrap().unwrap();
        records.extend(
            json::elements(list)
                .unwrap()
                .unwrap()
                .into_iter()
                .map(str::to_owned),
        );
    });
    records
}

fn objects(folder: &std::path::Path, visit: &mut dyn FnMut(&str)) {
    use std::io::Read;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            objects(&path, visit);
        } else {
            let mut text = String::new();
            let file = std::fs::File::open(path).unwrap();
            flate2::read::MultiGzDecoder::new(file)
                .read_to_string(&mut text)
                .unwrap();
            visit(&text);
        }
    }
}

mod json_scan {
    use super::{Bencher, BytesCount, black_box, records};

    #[divan::bench]
    fn validate(bencher: Bencher) {
        let records = records();
        let bytes: usize = records.iter().map(String::len).sum();
        bencher.counter(BytesCount::new(bytes)).bench_local(|| {
            for record in &records {
                black_box(json::validate(record).is_ok());
            }
        });
    }

    #[divan::bench]
    fn get(bencher: Bencher) {
        let records = records();
        let bytes: usize = records.iter().map(String::len).sum();
        let path = [json::Step::Key("userIdentity"), json::Step::Key("arn")];
        bencher.counter(BytesCount::new(bytes)).bench_local(|| {
            for record in &records {
                black_box(json::get(record, &path).ok());
            }
        });
    }
}

mod language {
    use super::{Bencher, black_box};

    #[divan::bench]
    fn parse_tutorial(bencher: Bencher) {
        let query = include_str!("../data/queries/tutorial/secrets-unauthorized.dql");
        bencher.bench(|| black_box(syntax::dql::parse(black_box(query))));
    }
}

mod pattern {
    use super::{Bencher, ItemsCount, black_box};

    #[divan::bench]
    fn secret_name(bencher: Bencher) {
        let program = functions::dpl::compile("LD ':secret:' STRING:secretId").unwrap();
        let message = "User: arn:aws:sts::111122223333:assumed-role/app/i-0abc is not authorized to perform: \
                       secretsmanager:GetSecretValue on resource: \
                       arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf because no \
                       identity-based policy allows the secretsmanager:GetSecretValue action";
        bencher
            .counter(ItemsCount::new(1usize))
            .bench(|| black_box(functions::dpl::run(&program, black_box(message))));
    }
}
