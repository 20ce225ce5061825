//! `trailsift pattern`: what is shown of a match, and the exit codes.

use crate::run::Folder;

#[test]
fn every_part_stands_under_the_matcher_that_took_it() {
    let folder = Folder::new();
    folder
        .run(&["pattern", "LD:user '@' INT:n ' '?", "ann@42, and more"])
        .with(0)
        .prints(
            "LD:user │ '@' │ INT:n │ (not taken)\n\
             ann     │ @   │ 42    │ , and more\n\
             \n\
             user  string  \"ann\"\n\
             n     long    42\n",
        );
}

#[test]
fn it_says_where_and_why_a_match_stopped() {
    let folder = Folder::new();
    folder
        .run(&["pattern", "LD:user '@' INT:n", "ann@x\u{1b}[31m"])
        .with(4)
        .prints(
            "LD:user │ '@' │ INT:n\n\
             ann     │ @   │ x<U+001B>[31m\n\
             \n\
             no match: INT:n at character 5: no whole number stands here\n",
        );
}

#[test]
fn it_says_what_it_looked_for() {
    let folder = Folder::new();
    let ended = folder
        .run(&["pattern", "LD:user '.'? ('@' INT) LD", "ann at home"])
        .with(4);
    assert!(ended.out.ends_with(
        "no match: LD:user at character 1: nothing up to the end of the line fits what follows: ('@' INT)\n"
    ));
}

#[test]
fn texts_come_line_by_line_or_as_one() {
    let folder = Folder::new();
    folder.file("texts.txt", b"n=1\r\nn=x\n");
    let arguments = |more: &[&'static str]| {
        let mut all = vec!["pattern", "'n=' INT:n", "--format", "ndjson"];
        all.extend(more);
        all
    };
    let expected = "{\"input\":\"n=1\",\"matched\":true,\"gaveUp\":false,\"taken\":[\
         {\"matcher\":\"'n='\",\"start\":0,\"end\":2,\"text\":\"n=\"},\
         {\"matcher\":\"INT:n\",\"start\":2,\"end\":3,\"text\":\"1\"}],\
         \"end\":3,\"types\":{\"n\":\"long\"},\"fields\":{\"n\":1},\"stopped\":null}\n\
         {\"input\":\"n=x\",\"matched\":false,\"gaveUp\":false,\"taken\":[\
         {\"matcher\":\"'n='\",\"start\":0,\"end\":2,\"text\":\"n=\"}],\
         \"end\":null,\"types\":{},\"fields\":null,\
         \"stopped\":{\"matcher\":\"INT:n\",\"at\":2,\"why\":\"no whole number stands here\",\"awaited\":null}}\n";
    folder
        .run(&arguments(&["--file", "texts.txt"]))
        .with(4)
        .says(&["1 of 2 texts match"])
        .prints(expected);
    folder
        .run_with(&arguments(&[]), &[], "n=1\r\nn=x\n")
        .with(4)
        .prints(expected);
    let whole = folder
        .run(&arguments(&["--file", "texts.txt", "--whole"]))
        .with(0);
    assert!(
        whole.out.contains("\"input\":\"n=1\\r\\nn=x\\n\""),
        "{whole:?}"
    );
    // No text at all is a text less that could fail.
    folder.run_with(&arguments(&[]), &[], "").with(0).prints("");
}

#[test]
fn what_is_wrong_is_said() {
    let folder = Folder::new();
    folder
        .run(&["pattern", "LD (INT", "x"])
        .with(2)
        .prints("")
        .says(&["error[E0801]", "pattern:1:4"]);
    folder
        .run(&["pattern", "INT", "--file", "none"])
        .with(3)
        .says(&["none can't be read"]);
    folder.file("bytes", b"\xff\n");
    folder
        .run(&["pattern", "INT", "--file", "bytes"])
        .with(2)
        .says(&["bytes is not UTF-8"]);
}
