//! The corpus of the fuzz target `json_scan`, in every test run.

#[path = "../../../fuzz/src/scan.rs"]
pub mod scan;

#[test]
fn the_corpus_holds() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/json_scan");
    let mut texts = 0;
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let bytes = std::fs::read(entry.expect("an entry").path()).expect("the file");
        scan::json_scan(&String::from_utf8_lossy(&bytes));
        texts += 1;
    }
    assert!(texts > 0);
}
