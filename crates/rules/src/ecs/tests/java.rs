//! The string form of free objects, against worked examples and against a map that is filled as Java fills its own.

use proptest::prelude::*;

use super::values;
use crate::ecs::java::print;
use crate::ecs::tree::read;

fn printed(json: &str) -> String {
    print(&read(json).expect("something is left"))
}

#[test]
fn keys_come_in_the_order_of_their_slots() {
    let table = [
        (
            r#"{"credentials":{"a":"1"},"assumedRoleUser":{"b":"2"}}"#,
            "{assumedRoleUser={b=2}, credentials={a=1}}",
        ),
        (
            r#"{"functionName":"f","invocationType":"Event"}"#,
            "{invocationType=Event, functionName=f}",
        ),
        (
            r#"{"quotaCode":"q","serviceCode":"s"}"#,
            "{serviceCode=s, quotaCode=q}",
        ),
        (
            r#"{"key":"k","Host":"h","bucketName":"b"}"#,
            "{bucketName=b, Host=h, key=k}",
        ),
        (
            r#"{"key":"k","x-amz-acl":"a","Host":"h","bucketName":"b"}"#,
            "{bucketName=b, x-amz-acl=a, Host=h, key=k}",
        ),
        (
            r#"{"x-amz-copy-source":"4","key":"5","x-amz-server-side-encryption":"3","x-amz-server-side-encryption-aws-kms-key-id":"1","Host":"2","bucketName":"0"}"#,
            "{bucketName=0, x-amz-server-side-encryption-aws-kms-key-id=1, Host=2, x-amz-server-side-encryption=3, x-amz-copy-source=4, key=5}",
        ),
    ];
    for (json, expected) in table {
        assert_eq!(printed(json), expected);
    }
}

#[test]
fn values_are_printed_raw() {
    let table = [
        (r#"{"a":"x, y=\"z\"}"}"#, "{a=x, y=\"z\"}}"),
        (
            r#"{"a":[1,"b",[true,false],{"c":"d"}]}"#,
            "{a=[1, b, [true, false], {c=d}]}",
        ),
        (
            r#"{"a":["", null, "-", "none", [], {}, [{"x":""}], "b"]}"#,
            "{a=[b]}",
        ),
        (r#"{"a":-5,"b":1.50}"#, "{a=-5, b=1.5}"),
        (
            r#"{"a":12345678901234567890123}"#,
            "{a=12345678901234567890123}",
        ),
        (r#"{"a":1e10}"#, "{a=1.0E10}"),
        (r#"{"a":10000000.0}"#, "{a=1.0E7}"),
        (r#"{"a":9999999.5}"#, "{a=9999999.5}"),
        (r#"{"a":0.001}"#, "{a=0.001}"),
        (r#"{"a":0.00012}"#, "{a=1.2E-4}"),
        (r#"{"a":-1.25E-7}"#, "{a=-1.25E-7}"),
        (r#"{"a":100.0}"#, "{a=100.0}"),
        (r#"{"a":1,"a":2}"#, "{a=2}"),
        (r#"{"a":"\u00e9\n"}"#, "{a=é\n}"),
    ];
    for (json, expected) in table {
        assert_eq!(printed(json), expected, "{json}");
    }
    assert_eq!(read(r#"{"a":{"b":[null,{"c":"-"}]}}"#), None);
}

#[test]
fn the_four_free_objects() {
    for (path, name) in [
        ("requestParameters", "request_parameters"),
        ("responseElements", "response_elements"),
        ("additionalEventData", "additional_eventdata"),
        ("serviceEventDetails", "service_event_details"),
    ] {
        let record = format!(r#"{{"eventName":"X","{path}":{{"a":{{"b":"c"}},"n":null}}}}"#);
        let name = format!("aws.cloudtrail.{name}");
        assert_eq!(values(&name, &record), ["{a={b=c}}"]);
        assert_eq!(values(&name, &format!(r#"{{"{path}":null}}"#)), [""; 0]);
    }
}

/// A map as Java fills it: one key after the other, slots in a table that grows once it is too full.
struct Map {
    table: Vec<Vec<String>>,
    count: usize,
}

impl Map {
    fn hash(key: &str) -> u32 {
        let mut hash: i32 = 0;
        for unit in key.encode_utf16() {
            hash = hash.wrapping_mul(31).wrapping_add(i32::from(unit));
        }
        let hash = hash as u32;
        hash ^ (hash >> 16)
    }

    fn insert(&mut self, key: &str) {
        let size = self.table.len();
        let slot = &mut self.table[Map::hash(key) as usize % size];
        if slot.iter().any(|known| known == key) {
            return;
        }
        slot.push(key.to_owned());
        self.count += 1;
        if self.count > size / 4 * 3 {
            let mut larger = vec![Vec::new(); size * 2];
            for key in self.table.concat() {
                larger[Map::hash(&key) as usize % (size * 2)].push(key);
            }
            self.table = larger;
        }
    }
}

proptest! {
    #[test]
    fn the_order_is_that_of_a_map_filled_key_by_key(
        keys in prop::collection::vec(("[a-zA-Zé😀-]{1,12}", any::<bool>()), 1..60)
    ) {
        let mut map = Map { table: vec![Vec::new(); 16], count: 0 };
        let mut members = Vec::new();
        let mut kept = std::collections::HashMap::new();
        for (key, keep) in &keys {
            map.insert(key);
            let value = if *keep { "\"v\"" } else { "null" };
            members.push(format!("\"{key}\":{value}"));
            kept.insert(key.clone(), *keep);
        }
        let expected: Vec<String> = map
            .table
            .concat()
            .into_iter()
            .filter(|key| kept[key])
            .map(|key| format!("{key}=v"))
            .collect();
        let tree = read(&format!("{{{}}}", members.join(",")));
        match tree {
            Some(tree) => prop_assert_eq!(print(&tree), format!("{{{}}}", expected.join(", "))),
            None => prop_assert!(expected.is_empty()),
        }
    }

    #[test]
    fn any_text_is_read(text in "[\\[\\]{}\":,a0-9.eE-]{0,40}") {
        if let Some(tree) = read(&text) {
            print(&tree);
        }
    }
}
