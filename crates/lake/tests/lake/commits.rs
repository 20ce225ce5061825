//! Commits: what was committed is there, once, whoever else commits and whatever fails afterwards.

use lake::{CommitError, Lake, Reach};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::events::{DAY, Event, JANUARY_2, day_file, file, ids};

async fn new_lake() -> (tempfile::TempDir, Lake) {
    let folder = tempfile::tempdir().unwrap();
    let location = folder.path().join("lake");
    let lake = Lake::open_or_create(location.to_str().unwrap())
        .await
        .unwrap();
    (folder, lake)
}

fn no_info() -> Map<String, Value> {
    Map::new()
}

#[tokio::test]
async fn what_is_committed_is_there_when_the_lake_is_opened_again() {
    let (folder, lake) = new_lake().await;
    let base = lake.snapshot().await.unwrap();
    assert_eq!(
        (base.version, base.files.len(), base.rows(), base.time()),
        (0, 0, 0, None)
    );

    let new = day_file(&lake, &["a", "b"]);
    let batch = Uuid::new_v4();
    let Value::Object(info) = json!({"objects": 3}) else {
        unreachable!()
    };
    let committed = lake
        .commit(&base, batch, vec![new.clone()], info)
        .await
        .unwrap();
    assert_eq!(committed.version, 1);
    assert!(committed.trouble.is_none());

    let lake = Lake::open(folder.path().join("lake").to_str().unwrap())
        .await
        .unwrap();
    let snapshot = lake.snapshot().await.unwrap();
    assert_eq!(snapshot.version, 1);
    assert_eq!(snapshot.files, [new.file().clone()]);
    assert_eq!(snapshot.files, committed.snapshot.files);
    assert_eq!(snapshot.rows(), 2);
    assert_eq!(snapshot.bytes(), new.file().size);
    assert_eq!(snapshot.time(), Some((JANUARY_2, JANUARY_2 + 1_000_000)));

    let commit = lake.folder().join("_delta_log/00000000000000000001.json");
    let commit = std::fs::read_to_string(commit).unwrap();
    let first: Value = serde_json::from_str(commit.lines().next().unwrap()).unwrap();
    assert_eq!(first["commitInfo"]["batch"], json!(batch.to_string()));
    assert_eq!(first["commitInfo"]["trailsift"], json!({"objects": 3}));
}

#[tokio::test]
async fn of_two_writers_from_one_snapshot_the_second_is_told_and_commits_onto_the_new_one() {
    let (_folder, lake) = new_lake().await;
    let base = lake.snapshot().await.unwrap();
    let first = day_file(&lake, &["first"]);
    let second = day_file(&lake, &["second"]);
    lake.commit(&base, Uuid::new_v4(), vec![first.clone()], no_info())
        .await
        .unwrap();

    let batch = Uuid::new_v4();
    let stale = lake
        .commit(&base, batch, vec![second.clone()], no_info())
        .await;
    let Err(CommitError::Stale { snapshot }) = stale else {
        panic!("{stale:?}")
    };
    assert_eq!(snapshot.added_since(&base), [first.file()]);
    assert_eq!(ids(&lake).await, ["first"]);

    lake.commit(&snapshot, batch, vec![second], no_info())
        .await
        .unwrap();
    assert_eq!(ids(&lake).await, ["first", "second"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_writers_at_once_lose_nothing_and_double_nothing() {
    let (folder, _) = new_lake().await;
    let location = folder.path().join("lake").to_str().unwrap().to_owned();
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let location = location.clone();
            tokio::spawn(async move {
                let lake = Lake::open_or_create(&location).await.unwrap();
                let mut base = lake.snapshot().await.unwrap();
                for n in 0..4 {
                    let new = day_file(&lake, &[&format!("{writer}-{n}")]);
                    let batch = Uuid::new_v4();
                    base = loop {
                        match lake
                            .commit(&base, batch, vec![new.clone()], no_info())
                            .await
                        {
                            Ok(committed) => break committed.snapshot,
                            Err(CommitError::Stale { snapshot }) => base = *snapshot,
                            Err(error) => panic!("{error}"),
                        }
                    };
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let lake = Lake::open(&location).await.unwrap();
    let expected: Vec<String> = (0..4)
        .flat_map(|w| (0..4).map(move |n| format!("{w}-{n}")))
        .collect();
    assert_eq!(ids(&lake).await, expected);
    assert_eq!(lake.snapshot().await.unwrap().version, 16);
}

#[tokio::test]
async fn statistics_and_tags_come_back_as_they_went_in_also_from_a_checkpoint() {
    let (folder, lake) = new_lake().await;
    let mut snapshot = lake.snapshot().await.unwrap();
    let mut expected = Vec::new();
    for n in 0..25_i64 {
        let mut one = Event::new(Some(JANUARY_2 + n * 1_000_001), &format!("one-{n}"));
        one.mistyped = Some("*,user_agent,read_only");
        one.conflict = Some(true);
        let mut two = Event::new(Some(JANUARY_2 + n * 1_000_001 + 7), &format!("two-{n}"));
        two.bucket = "my_aws_bucket";
        two.mistyped = Some("user_agent");
        two.arn = None;
        let (date, mut groups) = (Some(DAY), vec![vec![one], vec![two]]);
        let date = if n % 5 == 0 { None } else { date };
        if date.is_none() {
            groups.push(vec![Event::new(None, &format!("three-{n}"))]);
        }
        let new = file(&lake, date, &groups);
        expected.push(new.file().clone());
        snapshot = lake
            .commit(&snapshot, Uuid::new_v4(), vec![new], no_info())
            .await
            .unwrap()
            .snapshot;
    }
    assert!(
        lake.folder()
            .join("_delta_log/00000000000000000019.checkpoint.parquet")
            .is_file()
    );

    // The checkpoint alone must do: without the commits that it replaces.
    for version in 0..=19 {
        std::fs::remove_file(lake.folder().join(format!("_delta_log/{version:020}.json"))).unwrap();
    }
    let lake = Lake::open(folder.path().join("lake").to_str().unwrap())
        .await
        .unwrap();
    let files = lake.snapshot().await.unwrap().files;
    expected.sort_by(|a, b| a.path.cmp(&b.path));
    assert_eq!(files, expected);

    let first = files
        .iter()
        .find(|file| file.time == Some((JANUARY_2, JANUARY_2 + 7)))
        .unwrap();
    assert_eq!(first.rows, 3);
    assert_eq!(first.date, None);
    assert_eq!(first.untimed(), Some(1));
    assert_eq!(first.conflicts, 1);
    assert_eq!(first.buckets, ["default_logs", "my_aws_bucket"]);
    assert_eq!(first.layout, 1);
    let mistyped = [("*", 1), ("read_only", 1), ("user_agent", 2)];
    assert_eq!(
        first.mistyped,
        mistyped.map(|(name, rows)| (name.to_owned(), rows)).into()
    );
    let arn = &first.statistics["user_identity_arn"];
    assert_eq!(arn.nulls, Some(1));
    let text = |text: &str| Some(lake::Scalar::Text(text.to_owned()));
    assert_eq!(arn.min, text("arn:aws:iam::111122223333:user/one-0"));
    assert_eq!(arn.max, text("arn:aws:iam::111122223333:user/three-0"));
    assert_eq!(first.statistics["error_code"].nulls, Some(3));
    assert_eq!(first.statistics["error_code"].min, None);
}

#[tokio::test]
async fn a_commit_stands_although_the_checkpoint_after_it_fails() {
    let (_folder, lake) = new_lake().await;
    let mut snapshot = lake.snapshot().await.unwrap();
    // A folder in the checkpoint's place can't be replaced by it.
    let blocked = lake
        .folder()
        .join("_delta_log/00000000000000000019.checkpoint.parquet/x");
    std::fs::create_dir_all(blocked).unwrap();
    for n in 1..=19 {
        let new = day_file(&lake, &[&format!("{n:02}")]);
        let committed = lake
            .commit(&snapshot, Uuid::new_v4(), vec![new], no_info())
            .await
            .unwrap();
        assert_eq!(committed.version, n);
        assert_eq!(
            committed.trouble.is_some(),
            n == 19,
            "{n}: {:?}",
            committed.trouble
        );
        snapshot = committed.snapshot;
    }
    assert_eq!(ids(&lake).await.len(), 19);
}

#[tokio::test]
async fn the_figures_of_a_lake_add_up() {
    let (_folder, lake) = new_lake().await;
    let base = lake.snapshot().await.unwrap();
    let mut odd = Event::new(Some(JANUARY_2), "a");
    odd.conflict = Some(true);
    odd.mistyped = Some("read_only");
    odd.bucket = "other";
    let files = vec![
        file(
            &lake,
            Some(DAY),
            &[vec![odd, Event::new(Some(JANUARY_2 + 1), "b")]],
        ),
        file(
            &lake,
            Some(DAY),
            &[vec![Event::new(Some(JANUARY_2 + 2), "c")]],
        ),
        file(
            &lake,
            Some(DAY - 1),
            &[vec![Event::new(Some(JANUARY_2 - 1), "d")]],
        ),
        file(&lake, None, &[vec![Event::new(None, "e")]]),
    ];
    let sizes: u64 = files.iter().map(|new| new.file().size).sum();
    let snapshot = lake
        .commit(&base, Uuid::new_v4(), files, no_info())
        .await
        .unwrap()
        .snapshot;

    let info = snapshot.info();
    assert_eq!(
        (info.version, info.files, info.events, info.bytes),
        (1, 4, 5, sizes)
    );
    assert_eq!((info.undated, info.conflicts, info.foreign), (1, 1, 0));
    assert_eq!(info.time, Some((JANUARY_2 - 1, JANUARY_2 + 2)));
    assert_eq!(info.mistyped, [("read_only".to_owned(), 1)].into());
    assert_eq!(
        info.buckets,
        ["default_logs".to_owned(), "other".to_owned()].into()
    );
    let days: Vec<_> = info
        .days
        .iter()
        .map(|(day, figures)| (*day, figures.files, figures.events))
        .collect();
    assert_eq!(
        days,
        [(None, 1, 1), (Some(DAY - 1), 1, 1), (Some(DAY), 2, 3)]
    );

    let in_the_morning = Reach {
        time: Some((JANUARY_2, JANUARY_2 + 1)),
        untimed: false,
    };
    assert_eq!(snapshot.meeting(&in_the_morning).count(), 1);
    let untimed = Reach {
        time: None,
        untimed: true,
    };
    assert_eq!(
        snapshot
            .meeting(&untimed)
            .map(|file| file.date)
            .collect::<Vec<_>>(),
        [None]
    );
}
