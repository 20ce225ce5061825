//! Files in MaxMind's format, written here byte by byte after the format's specification.

use std::path::PathBuf;

use crate::ecs::{Databases, Geo, Network, Place, Record, find};

/// A value of the format.
enum Value {
    Text(&'static str),
    Double(f64),
    Short(u16),
    Number(u32),
    Long(u64),
    Map(Vec<(&'static str, Value)>),
    Array(Vec<Value>),
}

/// Type and size, then the value.
fn write(value: &Value, out: &mut Vec<u8>) {
    let mut head = |kind: u8, size: usize| {
        // A size from 29 on stands in a byte behind, a type above 7 too.
        let small = size.min(29) as u8;
        match kind {
            0..=7 => out.push(kind << 5 | small),
            _ => out.extend([small, kind - 7]),
        }
        if small == 29 {
            out.push(u8::try_from(size - 29).expect("a short text"));
        }
    };
    match value {
        Value::Text(text) => {
            head(2, text.len());
            out.extend(text.as_bytes());
        }
        Value::Double(number) => {
            head(3, 8);
            out.extend(number.to_be_bytes());
        }
        Value::Short(number) => {
            head(5, 2);
            out.extend(number.to_be_bytes());
        }
        Value::Long(number) => {
            head(9, 8);
            out.extend(number.to_be_bytes());
        }
        Value::Number(number) => {
            head(6, 4);
            out.extend(number.to_be_bytes());
        }
        Value::Map(members) => {
            head(7, members.len());
            for (name, value) in members {
                write(&Value::Text(name), out);
                write(value, out);
            }
        }
        Value::Array(all) => {
            head(11, all.len());
            all.iter().for_each(|value| write(value, out));
        }
    }
}

/// A database with one row, for the network of 24 bits that an address is in.
fn database(kind: &'static str, address: [u8; 4], row: &Value) -> Vec<u8> {
    const NODES: u32 = 24;
    let number = u32::from_be_bytes(address);
    let mut out = Vec::new();
    for depth in 0..NODES {
        // The next node, or the row behind the tree and 16 bytes; the other side leads nowhere.
        let onward = if depth + 1 < NODES {
            depth + 1
        } else {
            NODES + 16
        };
        let right = number >> (31 - depth) & 1 == 1;
        let sides = if right {
            [NODES, onward]
        } else {
            [onward, NODES]
        };
        for side in sides {
            out.extend(&side.to_be_bytes()[1..]);
        }
    }
    out.extend([0; 16]);
    write(row, &mut out);
    out.extend(b"\xab\xcd\xefMaxMind.com");
    let metadata = Value::Map(vec![
        ("binary_format_major_version", Value::Short(2)),
        ("binary_format_minor_version", Value::Short(0)),
        ("build_epoch", Value::Long(1)),
        ("database_type", Value::Text(kind)),
        ("description", Value::Map(vec![])),
        ("ip_version", Value::Short(4)),
        ("languages", Value::Array(vec![])),
        ("node_count", Value::Number(NODES)),
        ("record_size", Value::Short(24)),
    ]);
    write(&metadata, &mut out);
    out
}

fn named(name: &'static str) -> Value {
    Value::Map(vec![("en", Value::Text(name))])
}

fn city() -> Vec<u8> {
    let row = Value::Map(vec![
        ("city", Value::Map(vec![("names", named("Berlin"))])),
        (
            "continent",
            Value::Map(vec![
                ("code", Value::Text("EU")),
                ("names", named("Europe")),
            ]),
        ),
        (
            "country",
            Value::Map(vec![
                ("iso_code", Value::Text("DE")),
                ("names", named("Germany")),
            ]),
        ),
        (
            "location",
            Value::Map(vec![
                ("latitude", Value::Double(52.5)),
                ("longitude", Value::Double(13.25)),
            ]),
        ),
        (
            "subdivisions",
            Value::Array(vec![Value::Map(vec![
                ("iso_code", Value::Text("BE")),
                ("names", named("Land Berlin")),
            ])]),
        ),
    ]);
    database("GeoLite2-City", [192, 0, 2, 0], &row)
}

fn asn() -> Vec<u8> {
    let row = Value::Map(vec![
        ("autonomous_system_number", Value::Number(64496)),
        ("autonomous_system_organization", Value::Text("Example Net")),
    ]);
    database("GeoLite2-ASN", [192, 0, 2, 0], &row)
}

/// A file with these bytes, removed by whoever made it.
fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = std::env::temp_dir().join(format!("trailsift-{}-{name}", std::process::id()));
    std::fs::write(&path, bytes).expect("a file");
    path
}

#[test]
fn places_and_networks() {
    let files = [file("city.mmdb", &city()), file("asn.mmdb", &asn())];
    let databases = Databases::open(&files).expect("databases");
    files
        .iter()
        .for_each(|path| std::fs::remove_file(path).expect("a file"));
    let inside = "192.0.2.77".parse().expect("an address");
    let text = |text: &str| Some(text.to_owned());
    let place = Place {
        city_name: text("Berlin"),
        continent_name: text("Europe"),
        country_iso_code: text("DE"),
        country_name: text("Germany"),
        location: Some((52.5, 13.25)),
        region_iso_code: text("DE-BE"),
        region_name: text("Land Berlin"),
    };
    let network = Network {
        number: Some(64496),
        organization: text("Example Net"),
    };
    assert_eq!(databases.place(inside), Some(place));
    assert_eq!(databases.network(inside), Some(network));
    for outside in ["192.0.3.1", "2001:db8::1"] {
        let outside = outside.parse().expect("an address");
        assert_eq!(
            (databases.place(outside), databases.network(outside)),
            (None, None)
        );
    }
    let record = Record::new(r#"{"sourceIPAddress":"192.0.2.77"}"#);
    let values = |record: &Record<'_>, name: &str| find(name).expect(name).values(record);
    assert_eq!(
        values(&record.with_geo(&databases), "source.as.organization.name"),
        ["Example Net"]
    );
    assert_eq!(values(&record, "source.as.organization.name"), [""; 0]);
    let service = Record::new(r#"{"sourceIPAddress":"ec2.amazonaws.com"}"#).with_geo(&databases);
    assert_eq!(values(&service, "source.geo.city_name"), [""; 0]);
}

#[test]
fn what_is_no_database() {
    let other = database("Other-Kind", [192, 0, 2, 0], &Value::Map(vec![]));
    for (name, bytes, said) in [
        ("other.mmdb", &other[..], "`Other-Kind`"),
        ("text.mmdb", b"nothing of the kind", "can't be used"),
    ] {
        let path = file(name, bytes);
        let error = Databases::open(std::slice::from_ref(&path))
            .err()
            .expect("an error");
        std::fs::remove_file(&path).expect("a file");
        assert!(error.to_string().contains(said), "{error}");
    }
    assert!(Databases::open(&["/no/such/file".into()]).is_err());
}
