//! Names that the rules' lint holds for one service's alone, against the events that we make.

use crate::naive::archive::delivered;

#[test]
fn no_event_has_the_name_of_another_service() {
    let folder = tempfile::tempdir().unwrap();
    let options = generate::Options {
        events: 6_000,
        ..generate::Options::default()
    };
    generate::archive(folder.path(), &options).unwrap();
    let mut known = std::collections::BTreeSet::new();
    for record in delivered(folder.path()).unwrap() {
        let text = |key: &str| record.json[key].as_str().unwrap_or_default().to_owned();
        let (name, source) = (text("eventName"), text("eventSource"));
        if let Some(service) = rules::lint::service(&name, false) {
            assert_eq!(source, format!("{service}.amazonaws.com"), "{name}");
            known.insert(name);
        }
    }
    assert!(known.len() > 20, "{known:?}");
}
