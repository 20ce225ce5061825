//! What can stand in a template's hole: ids, names, times and numbers, each drawn from the scene of one record.
//!
//! Nothing written here ever needs an escape in JSON, so a filled template is JSON if the template is.

use std::fmt::Write;

use crate::clock;
use crate::rng::{below, mix, skewed};

/// What the holes of one record draw on.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    /// The archive's seed: the same seed has the same buckets, users and instances.
    pub(crate) seed: u64,
    /// The account, twelve digits.
    pub(crate) account: &'a str,
    /// The region of the call.
    pub(crate) region: &'a str,
    /// When it happened, Unix seconds.
    pub(crate) time: i64,
    /// Everything that is this record's own follows from this.
    pub(crate) salt: u64,
    /// Who calls: a number among the principals of the account, small ones being the busy ones.
    pub(crate) actor: u64,
    /// The AWS service that calls, or calls on somebody's behalf, as a DNS name.
    pub(crate) invoker: &'a str,
    /// The ARN of the caller, where it has one.
    pub(crate) arn: &'a str,
    /// The action as policies write it: `s3:GetObject`.
    pub(crate) action: &'a str,
}

/// One kind of value.
#[derive(Clone, Copy)]
pub(crate) enum Hole {
    Account,
    /// An account that is not the own one.
    Partner,
    Region,
    Invoker,
    Arn,
    Action,
    /// `eventTime`'s form; the second number is an offset in seconds.
    Iso(i64),
    Long(i64),
    Epoch,
    Millis,
    Day,
    Stamp,
    /// A version 4 style GUID, new in every record.
    Uuid,
    /// So many hexadecimal digits, new in every record.
    Hex(usize),
    /// So many letters and digits, new in every record.
    Alnum(usize),
    /// So many of the letters that unique ids are made of, new in every record.
    Base32(usize),
    /// So many characters of base64, new in every record.
    Base64(usize),
    /// A number below this, new in every record.
    Number(u64),
    /// One of these, new in every record.
    OneOf(&'static [&'static str]),
    /// A prefix and 17 hexadecimal digits, from a pool of so many.
    Id(&'static str, u64),
    /// A GUID from a pool of so many.
    PoolUuid(u64),
    /// A prefix, two words and a suffix, from a pool of so many.
    Name(&'static str, &'static str, u64),
    /// The caller: a friendly name, the unique id behind such a prefix, an access key, an address, a session.
    ActorName,
    ActorId(&'static str),
    ActorKey(&'static str),
    ActorAddress,
    ActorInstance,
    /// The caller's session began some hours before the event, the same for all events of these hours.
    SessionStart,
    PrivateAddress,
}

const HOLES: &[(&str, Hole)] = &[
    ("account", Hole::Account),
    ("partner", Hole::Partner),
    ("region", Hole::Region),
    ("invoker", Hole::Invoker),
    ("arn", Hole::Arn),
    ("action", Hole::Action),
    ("time", Hole::Iso(0)),
    ("yesterday", Hole::Iso(-86_400)),
    ("long", Hole::Long(0)),
    ("expiry", Hole::Long(3_600)),
    ("epoch", Hole::Epoch),
    ("millis", Hole::Millis),
    ("day", Hole::Day),
    ("stamp", Hole::Stamp),
    ("uuid", Hole::Uuid),
    ("uuid2", Hole::Uuid),
    ("uuid3", Hole::Uuid),
    ("hex8", Hole::Hex(8)),
    ("hex16", Hole::Hex(16)),
    ("hex32", Hole::Hex(32)),
    ("hex64", Hole::Hex(64)),
    ("alnum6", Hole::Alnum(6)),
    ("alnum16", Hole::Alnum(16)),
    ("alnum20", Hole::Alnum(20)),
    ("id16", Hole::Base32(16)),
    ("token", Hole::Base64(44)),
    ("amzid", Hole::Base64(76)),
    ("n9", Hole::Number(9)),
    ("n99", Hole::Number(99)),
    ("n9999", Hole::Number(9_999)),
    ("n9999999", Hole::Number(9_999_999)),
    ("zone", Hole::OneOf(&["a", "b", "c"])),
    (
        "size",
        Hole::OneOf(&[
            "t3.micro",
            "t3.large",
            "m5.large",
            "m6i.xlarge",
            "c6g.2xlarge",
            "r5.large",
        ]),
    ),
    (
        "port",
        Hole::OneOf(&["22", "80", "443", "3306", "5432", "8443"]),
    ),
    ("stage", Hole::OneOf(&["prod", "staging", "dev"])),
    ("instance", Hole::Id("i-0", 240)),
    ("instance2", Hole::Id("i-0", 240)),
    ("volume", Hole::Id("vol-0", 400)),
    ("snapshot", Hole::Id("snap-0", 900)),
    ("vpc", Hole::Id("vpc-0", 4)),
    ("subnet", Hole::Id("subnet-0", 18)),
    ("subnet2", Hole::Id("subnet-0", 18)),
    ("sg", Hole::Id("sg-0", 60)),
    ("eni", Hole::Id("eni-0", 500)),
    ("image", Hole::Id("ami-0", 12)),
    ("rule", Hole::Id("sgr-0", 200)),
    ("key", Hole::PoolUuid(30)),
    ("workload", Hole::PoolUuid(60)),
    ("bucket", Hole::Name("acme-", "", 48)),
    ("object", Hole::Name("exports/", ".parquet", 256)),
    ("secret", Hole::Name("prod/", "", 40)),
    ("parameter", Hole::Name("/config/", "/endpoint", 90)),
    ("function", Hole::Name("", "-handler", 40)),
    ("function2", Hole::Name("", "-handler", 40)),
    ("table", Hole::Name("", "-items", 30)),
    ("role", Hole::Name("", "-role", 50)),
    ("user", Hole::Name("", "", 60)),
    ("team", Hole::Name("", "-team", 12)),
    ("policy", Hole::Name("", "-policy", 40)),
    ("queue", Hole::Name("", "-queue", 30)),
    ("topic", Hole::Name("", "-events", 20)),
    ("stream", Hole::Name("", "-stream", 12)),
    ("cluster", Hole::Name("", "-cluster", 8)),
    ("service", Hole::Name("", "-service", 40)),
    ("database", Hole::Name("", "-db", 14)),
    ("stack", Hole::Name("", "-stack", 30)),
    ("repository", Hole::Name("apps/", "", 30)),
    ("alarm", Hole::Name("", "-alarm", 60)),
    ("balancer", Hole::Name("", "-lb", 16)),
    ("group", Hole::Name("", "-asg", 16)),
    ("host", Hole::Name("", ".internal.example.com", 60)),
    ("actor", Hole::ActorName),
    ("actor.user", Hole::ActorId("AIDA")),
    ("actor.role", Hole::ActorId("AROA")),
    ("actor.key", Hole::ActorKey("AKIA")),
    ("session.key", Hole::ActorKey("ASIA")),
    ("session.start", Hole::SessionStart),
    ("actor.address", Hole::ActorAddress),
    ("actor.instance", Hole::ActorInstance),
    ("address", Hole::PrivateAddress),
];

const FIRST: &[&str] = &[
    "payments", "orders", "billing", "search", "catalog", "ledger", "reports", "metrics",
    "gateway", "identity", "mailer", "media", "pricing", "shipping", "support", "risk",
];
const SECOND: &[&str] = &[
    "api", "worker", "batch", "ingest", "export", "cache", "sync", "audit", "core", "edge",
    "backup", "loader", "index", "events", "portal", "jobs",
];
const PARTNERS: &[&str] = &[
    "210987654321",
    "345678901234",
    "567890123456",
    "890123456789",
];
const HEX: &[u8; 16] = b"0123456789abcdef";
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

impl Hole {
    /// The hole of this name, and a number that sets it apart from the others.
    pub(crate) fn named(name: &str) -> Option<(Self, u64)> {
        let place = HOLES.iter().position(|(known, _)| *known == name)?;
        Some((HOLES.get(place)?.1, place as u64 + 1))
    }

    /// Writes the value that this hole holds in this scene.
    pub(crate) fn write(self, id: u64, scene: &Scene, out: &mut String) {
        let fresh = mix(scene.salt, id);
        match self {
            Self::Account => out.push_str(scene.account),
            Self::Partner => out.push_str(PARTNERS[below(fresh, PARTNERS.len() as u64) as usize]),
            Self::Region => out.push_str(scene.region),
            Self::Invoker => out.push_str(scene.invoker),
            Self::Arn => out.push_str(scene.arn),
            Self::Action => out.push_str(scene.action),
            Self::Iso(offset) => clock::iso(scene.time + offset, out),
            Self::Long(offset) => clock::long(scene.time + offset, out),
            Self::Epoch => number(out, scene.time as u64),
            Self::Millis => number(out, scene.time as u64 * 1_000 + below(fresh, 1_000)),
            Self::Day => clock::day(scene.time, out),
            Self::Stamp => clock::stamp(scene.time, out),
            Self::Uuid => uuid(fresh, out),
            Self::Hex(width) => letters(HEX, fresh, width, out),
            Self::Alnum(width) => letters(&BASE64[..62], fresh, width, out),
            Self::Base32(width) => letters(BASE32, fresh, width, out),
            Self::Base64(width) => letters(BASE64, fresh, width, out),
            Self::Number(limit) => number(out, below(fresh, limit)),
            Self::OneOf(choices) => {
                out.push_str(choices[below(fresh, choices.len() as u64) as usize])
            }
            Self::Id(prefix, pool) => {
                out.push_str(prefix);
                letters(HEX, from_pool(prefix, fresh, pool, scene), 16, out);
            }
            Self::PoolUuid(pool) => uuid(from_pool("uuid", fresh, pool, scene), out),
            Self::Name(prefix, suffix, pool) => {
                out.push_str(prefix);
                words(skewed(fresh, pool), out);
                out.push_str(suffix);
            }
            Self::ActorName => words(scene.actor, out),
            Self::ActorId(prefix) => {
                out.push_str(prefix);
                letters(BASE32, actor_bits(scene, 1), 17, out);
            }
            Self::ActorKey(prefix) => {
                out.push_str(prefix);
                // Session keys change with the session; long-lived ones do not.
                let session = if prefix == "ASIA" {
                    session_start(scene) as u64
                } else {
                    0
                };
                letters(BASE32, mix(actor_bits(scene, 2), session), 16, out);
            }
            Self::ActorAddress => address(actor_bits(scene, 3), out),
            Self::ActorInstance => {
                out.push_str("i-0");
                letters(HEX, mix(actor_bits(scene, 4), below(fresh, 5)), 16, out);
            }
            Self::SessionStart => clock::iso(session_start(scene), out),
            Self::PrivateAddress => {
                let _ = write!(
                    out,
                    "10.{}.{}.{}",
                    fresh % 16,
                    fresh >> 8 & 255,
                    fresh >> 16 & 255
                );
            }
        }
    }
}

/// A public address: from the blocks that documents use, one in sixteen of IPv6.
fn address(bits: u64, out: &mut String) {
    let last = bits % 254 + 1;
    let _ = match bits >> 32 & 15 {
        0 => write!(out, "2001:db8:{:x}::{:x}", bits >> 40 & 0xffff, last),
        1..=5 => write!(out, "192.0.2.{last}"),
        6..=10 => write!(out, "198.51.100.{last}"),
        _ => write!(out, "203.0.113.{last}"),
    };
}

/// Sessions begin on a grid of four hours, each actor's grid shifted by its own amount.
fn session_start(scene: &Scene) -> i64 {
    const GRID: i64 = 4 * clock::HOUR;
    let shift = below(actor_bits(scene, 5), GRID as u64) as i64;
    (scene.time - shift).div_euclid(GRID) * GRID + shift
}

fn actor_bits(scene: &Scene, what: u64) -> u64 {
    mix(
        mix(scene.seed, account_number(scene.account)),
        scene.actor * 8 + what,
    )
}

/// The bits of one member of the account's pool, the early members being drawn most.
fn from_pool(name: &str, fresh: u64, pool: u64, scene: &Scene) -> u64 {
    let kind = name.bytes().fold(0, |sum, byte| mix(sum, u64::from(byte)));
    mix(
        mix(scene.seed ^ kind, account_number(scene.account)),
        skewed(fresh, pool),
    )
}

fn account_number(account: &str) -> u64 {
    account.bytes().fold(0_u64, |sum, digit| {
        sum.wrapping_mul(10).wrapping_add(u64::from(digit))
    })
}

fn words(place: u64, out: &mut String) {
    let place = place as usize;
    out.push_str(FIRST[place % FIRST.len()]);
    out.push('-');
    // The second word moves on with every round, so that neighbours differ in both.
    out.push_str(SECOND[(place / FIRST.len() + place) % SECOND.len()]);
}

/// A GUID of version 4 out of 64 bits.
pub(crate) fn uuid(bits: u64, out: &mut String) {
    let (high, low) = (bits, mix(bits, 1));
    for nibble in 0..32 {
        if matches!(nibble, 8 | 12 | 16 | 20) {
            out.push('-');
        }
        let word = if nibble < 16 { high } else { low };
        let digit = match nibble {
            12 => 4,
            16 => 8 + (word & 3),
            _ => word >> (nibble % 16 * 4) & 15,
        };
        out.push(char::from(HEX[digit as usize]));
    }
}

/// So many letters of an alphabet out of 64 bits.
pub(crate) fn letters(alphabet: &[u8], bits: u64, width: usize, out: &mut String) {
    let mut rest = bits;
    for place in 0..width {
        if place % 8 == 7 {
            rest = mix(bits, place as u64);
        }
        out.push(char::from(
            alphabet[(rest % alphabet.len() as u64) as usize],
        ));
        rest /= alphabet.len() as u64;
    }
}

fn number(out: &mut String, value: u64) {
    let _ = write!(out, "{value}");
}
