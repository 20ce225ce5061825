//! `check` and `fmt`: what is said of a query's text, and the text laid out.

use crate::run::Folder;

#[test]
fn a_query_is_checked_without_being_run() {
    let folder = Folder::new();
    folder
        .run(&["check", "data record(a = 1)"])
        .with(0)
        .prints("")
        .says(&["the query is fine"]);
    folder
        .run(&["check", "data record(a = 1) | filter b == 1"])
        .with(0)
        .prints("")
        .says(&["warning[W0302]", "1 warning"]);
    folder
        .run(&["check", "data record(a = 1) | fliter a"])
        .with(2)
        .prints("")
        .says(&["error[E0301]", "1 error"]);
}

#[test]
fn several_files_are_checked_at_once() {
    let folder = Folder::new();
    folder.file("fine.dql", b"data record(a = 1)\n");
    folder.file("wrong.dql", b"data record(a = 1)\n| filter a === 1\n");
    folder
        .run(&["check", "--file", "fine.dql", "--file", "wrong.dql"])
        .with(2)
        .prints("")
        .says(&[
            "error[E0206]",
            "wrong.dql:2:12",
            "1 error in 1 of 2 queries",
        ]);
    folder
        .run(&["check", "--file", "fine.dql", "-f", "wrong.dql", "--format", "json"])
        .with(2)
        .prints(concat!(
            r#"[{"file":"wrong.dql","line":2,"column":12,"end_line":2,"end_column":15,"code":"E0206","severity":"error","#,
            r#""message":"`===` is no operator of DQL","help":null,"#,
            r#""fix":{"line":2,"column":12,"end_line":2,"end_column":15,"text":"=="}}]"#,
            "\n"
        ));
    folder
        .run(&["check", "data record(a = 1)", "--format", "json"])
        .with(0)
        .prints("[]\n");
    folder
        .run(&["check", "q", "--file", "fine.dql"])
        .with(2)
        .prints("");
}

#[test]
fn a_query_is_laid_out() {
    let folder = Folder::new();
    let query = "FETCH logs|Filter a==1 // why\n|summarize COUNT(),by:b";
    folder
        .run(&["fmt", query])
        .with(0)
        .prints("FETCH logs\n| Filter a == 1 // why\n| summarize COUNT(), by: b\n");
    folder
        .run(&["fmt", "--canonical", query])
        .with(0)
        .prints("fetch logs\n| filter a == 1\n| summarize by:{b}, count()\n")
        .says(&["comments are not kept"]);
    folder
        .run(&["fmt", "fetch logs | limit ("])
        .with(2)
        .prints("")
        .says(&["error[E0202]"]);
}

#[test]
fn whether_a_query_is_laid_out() {
    let folder = Folder::new();
    folder.file("fine.dql", b"fetch logs\n| limit 1\n");
    folder.file("other.dql", b"fetch logs | limit 1\n");
    folder
        .run(&["fmt", "--check", "--file", "fine.dql"])
        .with(0)
        .prints("");
    folder
        .run(&["fmt", "--check", "--file", "other.dql"])
        .with(2)
        .prints("other.dql\n");
    folder
        .run(&["fmt", "--check", "fetch logs"])
        .with(0)
        .prints("");
    folder
        .run(&["fmt", "--check", "fetch  logs"])
        .with(2)
        .prints("query\n");
}

#[test]
fn files_are_written_all_or_none() {
    let folder = Folder::new();
    let read = |name: &str| std::fs::read_to_string(folder.path(name)).unwrap();
    folder.file("a.dql", b"// note\nfetch logs|limit 1");
    folder.file("b.dql", b"fetch logs | limit (");
    folder
        .run(&["fmt", "--write", "a.dql", "b.dql"])
        .with(2)
        .prints("")
        .says(&["error[E0202]", "b.dql:1:20", "nothing was written"]);
    assert_eq!(read("a.dql"), "// note\nfetch logs|limit 1");
    folder
        .run(&["fmt", "--write", "a.dql"])
        .with(0)
        .prints("")
        .says(&["a.dql is laid out"]);
    assert_eq!(read("a.dql"), "// note\nfetch logs\n| limit 1\n");
    let again = folder.run(&["fmt", "--write", "a.dql"]).with(0).prints("");
    assert_eq!(again.err, "");
    folder
        .run(&["fmt", "--write", "a.dql", "--canonical"])
        .with(2)
        .prints("");
    folder
        .run(&["fmt", "--write", "none.dql"])
        .with(3)
        .prints("");
}
