//! Ingests killed at any moment, alone and while another one runs: afterwards every event is there, once.
//! `TRAILSIFT_KILL_ROUNDS` says how many rounds are played, six where it does not.

use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::crash::{has_each_once, ingest, knows_all, object};
use crate::run::Folder;

const OBJECTS: u32 = 6;
const EVENTS: u32 = 60;

/// Objects of which each has ten events that others have too.
fn archive() -> Folder {
    let folder = Folder::new();
    for n in 0..OBJECTS {
        let (half, first) = (
            if n % 2 == 0 { "even" } else { "odd" },
            n * EVENTS / OBJECTS,
        );
        let last = (first + EVENTS / OBJECTS + 11).min(EVENTS);
        object(&folder, &format!("archive/{half}/{n:02}.json"), first..last);
    }
    folder
}

fn spawn(folder: &Folder, sources: &[&str]) -> Child {
    let mut command = folder.command(&ingest(sources));
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Numbers that look like chance, and are the same for the same seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        // Knuth's constants; the high bits are the good ones.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

#[test]
fn killed_at_any_moment_every_event_is_there_once() {
    let rounds = std::env::var("TRAILSIFT_KILL_ROUNDS");
    let rounds = rounds.map_or(6, |rounds| rounds.parse().unwrap());
    let folder = archive();
    let began = Instant::now();
    assert!(spawn(&folder, &["archive"]).wait().unwrap().success());
    let whole = u64::try_from(began.elapsed().as_micros()).unwrap();

    for round in 0..rounds {
        let mut chance = Chance(round);
        let folder = archive();
        for _ in 0..1 + chance.below(3) {
            let mut first = spawn(&folder, &["archive"]);
            // Every other time a second one works on a part of the same, and is killed at a moment of its own or lives.
            let mut second = (chance.below(2) == 0).then(|| spawn(&folder, &["archive/odd"]));
            sleep(Duration::from_micros(chance.below(whole)));
            first.kill().unwrap();
            first.wait().unwrap();
            if let Some(second) = &mut second {
                if chance.below(2) == 0 {
                    sleep(Duration::from_micros(chance.below(whole / 2)));
                    second.kill().unwrap();
                    second.wait().unwrap();
                } else {
                    assert!(second.wait().unwrap().success(), "round {round}");
                }
            }
        }
        folder.run(&ingest(&["archive"])).with(0);
        has_each_once(&folder, EVENTS);
        knows_all(&folder, &["archive"], OBJECTS as usize);
    }
}

#[test]
fn ingests_at_once_of_overlapping_sources_write_each_event_once() {
    let folder = archive();
    let sources: [&[&str]; 3] = [
        &["archive"],
        &["archive/odd"],
        &["archive/even", "archive/odd"],
    ];
    let children: Vec<Child> = sources
        .iter()
        .map(|sources| spawn(&folder, sources))
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    has_each_once(&folder, EVENTS);
    knows_all(&folder, &["archive"], OBJECTS as usize);
}
