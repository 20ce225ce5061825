//! Timestamps in patterns. Seconds since 1970 were worked out with a calendar.

use jiff::tz::TimeZone;

use super::check;
use crate::dpl::{Capture, Options, Runs, compile_with};

fn at(text: &str) -> String {
    format!("t=\"{text}Z\"")
}

#[test]
fn formats() {
    for (pattern, input, expected) in [
        (
            "TIMESTAMP:t",
            "2024-02-29 23:59:58",
            "2024-02-29T23:59:58.000000000",
        ),
        (
            "TIME(format='dd.MM.yyyy'):t",
            "01.02.2003",
            "2003-02-01T00:00:00.000000000",
        ),
        (
            "TIMESTAMP('d/M/y'):t",
            "9/3/31",
            "2031-03-09T00:00:00.000000000",
        ),
        (
            "TIMESTAMP('d/M/yy'):t",
            "9/3/32",
            "1932-03-09T00:00:00.000000000",
        ),
        (
            "TIMESTAMP('d/M/y'):t",
            "9/3/1999",
            "1999-03-09T00:00:00.000000000",
        ),
        (
            "TIMESTAMP('MMM d yyyy h:mm a'):t",
            "jun  7 2020 12:05 am",
            "2020-06-07T00:05:00.000000000",
        ),
        (
            "TIMESTAMP('MMM dd yyyy h:mm a'):t",
            "Jun  7 2020 12:05 PM",
            "2020-06-07T12:05:00.000000000",
        ),
        (
            "TIMESTAMP('EEEE, d MMMM yyyy kk:mm'):t",
            "Friday, 3 July 2020 24:10",
            "2020-07-03T00:10:00.000000000",
        ),
        (
            "TIMESTAMP('yyyy-DDD'):t",
            "2024-060",
            "2024-02-29T00:00:00.000000000",
        ),
        (
            "TIMESTAMP('yyyy-MM-dd G'):t",
            "0044-03-15 AD",
            "0044-03-15T00:00:00.000000000",
        ),
        (
            "TIMESTAMP('yyyyMMddHHmmss'):t",
            "20200102030405",
            "2020-01-02T03:04:05.000000000",
        ),
        (
            "TIMESTAMP('s.S'):t",
            "1576590440.7",
            "2019-12-17T13:47:20.007000000",
        ),
        ("TIMESTAMP('s'):t", "0", "1970-01-01T00:00:00.000000000"),
        (
            "TIMESTAMP('ss.SSS', tz='UTC'):t",
            "05.25",
            "1970-01-01T00:00:05.025000000",
        ),
        (
            "TIMESTAMP('HH:mm:ss.SSSSSS'):t",
            "01:02:03.678599",
            "1970-01-01T01:02:03.678000000",
        ),
        (
            "TIMESTAMP('HH:mm:ss.f'):t",
            "01:02:03.5",
            "1970-01-01T01:02:03.500000000",
        ),
        (
            "TIMESTAMP(\"u 'at' HH 'o''clock'\"):t",
            "77 at 05 o'clock",
            "1970-01-01T05:00:00.000000000",
        ),
        (
            "JSONTIMESTAMP:t",
            "2019-01-01T01:01:01.123PST",
            "2019-01-01T09:01:01.123000000",
        ),
        (
            "HTTPDATE:t",
            "26/Dec/2018:02:59:40 +0100",
            "2018-12-26T01:59:40.000000000",
        ),
        (
            "ISO8601:t",
            "2019-01-01T13:23:45+05:30",
            "2019-01-01T07:53:45.000000000",
        ),
        (
            "ISO8601:t",
            "2019-01-01T13:23:45GMT-02:00",
            "2019-01-01T15:23:45.000000000",
        ),
        (
            "ISO8601:t",
            "2019-07-01T13:23:45America/New_York",
            "2019-07-01T17:23:45.000000000",
        ),
        (
            "TIMESTAMP(tz='CET'):t",
            "2020-07-01 12:00:00",
            "2020-07-01T11:00:00.000000000",
        ),
    ] {
        // Before the year 1678 nanoseconds do not fit.
        let expected = if expected.starts_with("0044") {
            "-".to_owned()
        } else {
            at(expected)
        };
        check(&[(pattern, input, &expected)]);
    }
}

#[test]
fn what_is_no_time() {
    check(&[
        ("TIMESTAMP:t", "2023-02-29 00:00:00", "-"),
        ("TIMESTAMP:t", "2023-13-01 00:00:00", "-"),
        ("TIMESTAMP:t", "2023-1-01 00:00:00", "-"),
        ("TIMESTAMP:t", "2023-01-01 24:00:00", "-"),
        ("TIMESTAMP:t", " 2023-01-01 00:00:00", "-"),
        ("ISO8601:t", "2019-01-01T13:23:45", "-"),
        ("ISO8601:t", "2019-01-01T13:23:45.5Z", "-"),
        ("ISO8601:t", "2019-01-01T13:23:45Nowhere", "-"),
        ("TIMESTAMP('s'):t", "99999999999999999999", "-"),
        ("TIMESTAMP('yyyy-DDD'):t", "2023-366", "-"),
        ("TIMESTAMP*:t 'x'", "x", "t=null"),
    ]);
}

#[test]
fn weeks() {
    check(&[
        // 2024 begins with a Monday.
        (
            "TIMESTAMP(\"YYYY-'W'ww-E\"):t",
            "2024-W05-Wed",
            &at("2024-01-31T00:00:00.000000000"),
        ),
        (
            "TIMESTAMP(\"YYYY-'W'ww\"):t",
            "2024-W05",
            &at("2024-01-29T00:00:00.000000000"),
        ),
        // The last days of 2024 are in the first week of 2025.
        (
            "TIMESTAMP(\"YYYY-'W'ww-E\"):t",
            "2025-W01-Mon",
            &at("2024-12-30T00:00:00.000000000"),
        ),
        ("TIMESTAMP(\"YYYY-'W'ww\"):t", "2024-W53", "-"),
        // March 2024 begins with a Friday: its first week is that of the 4th.
        (
            "TIMESTAMP('yyyy-MM W EEE'):t",
            "2024-03 1 Wed",
            &at("2024-03-06T00:00:00.000000000"),
        ),
        (
            "TIMESTAMP('yyyy-MM W EEE'):t",
            "2024-03 0 Fri",
            &at("2024-03-01T00:00:00.000000000"),
        ),
        (
            "TIMESTAMP('F EEEE MMMM yyyy'):t",
            "2 Tuesday March 2024",
            &at("2024-03-12T00:00:00.000000000"),
        ),
        (
            "TIMESTAMP('F EEEE MMMM yyyy'):t",
            "5 Tuesday March 2024",
            "-",
        ),
        // A day that is named counts more than a week.
        (
            "TIMESTAMP('yyyy-MM-dd W'):t",
            "2024-03-20 1",
            &at("2024-03-20T00:00:00.000000000"),
        ),
    ]);
}

#[test]
fn names_in_other_languages() {
    check(&[
        (
            "TIMESTAMP('d. MMMM yyyy', locale='de'):t",
            "4. März 2024",
            &at("2024-03-04T00:00:00.000000000"),
        ),
        (
            "TIMESTAMP('EEE, dd. MMM yyyy', locale='de-AT'):t",
            "Mo., 04. MÄR. 2024",
            &at("2024-03-04T00:00:00.000000000"),
        ),
        (
            "TIMESTAMP('dd MMM yyyy', locale='fr'):t",
            "12 févr. 2024",
            &at("2024-02-12T00:00:00.000000000"),
        ),
        (
            "TIMESTAMP('dd.MMM.yyyy', locale='fr'):t",
            "12.juil.2024",
            &at("2024-07-12T00:00:00.000000000"),
        ),
        (
            "TIMESTAMP('dd MMM yyyy', locale='fr'):t",
            "12 Feb 2024",
            "-",
        ),
        // `mar` is a beginning of `mars`, and Tuesday in French.
        (
            "TIMESTAMP('EEE d MMM yyyy', locale='fr_FR'):t",
            "mar 5 mars 2024",
            &at("2024-03-05T00:00:00.000000000"),
        ),
        (
            "TIMESTAMP('d MMMM yyyy', locale='pl'):t",
            "5 października 2024",
            &at("2024-10-05T00:00:00.000000000"),
        ),
        (
            "LD TIMESTAMP('d MMM yyyy', locale='es'):t",
            "fecha 9 ene 2024",
            &at("2024-01-09T00:00:00.000000000"),
        ),
    ]);
}

#[test]
fn every_language_has_all_its_names() {
    for language in crate::dpl::time::Names::languages() {
        for (format, names) in [("MMMM", 12), ("MMM", 12), ("EEEE", 7), ("E", 7)] {
            let found = crate::dpl::time::Names::find(language)
                .unwrap()
                .list(format);
            assert_eq!(
                found.split_ascii_whitespace().count(),
                names,
                "{language} {format}"
            );
        }
    }
}

#[test]
fn surroundings_supply_what_is_missing() {
    let options = Options {
        time_zone: TimeZone::get("Europe/Berlin").unwrap(),
    };
    let program = compile_with("TIMESTAMP('MMM d HH:mm'):t", &options).unwrap();
    // 2021-12-31T23:30:00Z: already 2022 in Berlin.
    let mut runs = Runs::new(&program, 1_640_993_400_000_000_000);
    let captures = runs.run("Jul  4 12:00").unwrap();
    // 2022-07-04T10:00:00Z.
    assert_eq!(captures, [Capture::Timestamp(1_656_928_800_000_000_000)]);
}
