//! XML documents in patterns.

use super::check;

#[test]
fn elements_attributes_and_texts() {
    check(&[
        ("XML:x", "<a>1</a>", r#"x={"a":"1"}"#),
        ("XML:x", "<a/>", r#"x={"a":""}"#),
        (
            "XML:x",
            r#"<a b="1" c='2'/>"#,
            r#"x={"a":{"@b":"1","@c":"2"}}"#,
        ),
        (
            "XML:x",
            r#"<a b="1">t</a>"#,
            r##"x={"a":{"@b":"1","#text":"t"}}"##,
        ),
        // Several elements of one name are a list, at the place of the first.
        (
            "XML:x",
            "<a><b>1</b><c>2</c><b>3</b></a>",
            r#"x={"a":{"b":["1","3"],"c":"2"}}"#,
        ),
        // Text on both sides of an element comes in two parts.
        (
            "XML:x",
            "<a>one <b>two</b> three</a>",
            r##"x={"a":{"#text":["one "," three"],"b":"two"}}"##,
        ),
        // White space between elements is no text.
        ("XML:x", "<a>\n  <b>1</b>\n</a>", r#"x={"a":{"b":"1"}}"#),
        (
            "XML:x",
            "<a>one<!-- x -->two</a>",
            r#"x={"a":["one","two"]}"#,
        ),
        (
            "XML:x",
            "<a>&lt;b&gt; &#65;&#x42;<![CDATA[<c>&]]></a>",
            r#"x={"a":"<b> AB<c>&"}"#,
        ),
    ]);
}

#[test]
fn what_stands_around_a_document() {
    check(&[
        (
            "XML:x ' end'",
            "<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY e \"]>\">]>\n<!-- c --><a>1</a> end",
            r#"x={"a":"1"}"#,
        ),
        ("LD XML:x", "text <a>1</a>", r#"x={"a":"1"}"#),
        ("XML:x", " <a>1</a>", "-"),
        ("XML:x", "<a>1</b>", "-"),
        ("XML:x", "<a><b></a>", "-"),
        ("XML:x", "<a>&nbsp;</a>", "-"),
        ("XML:x", "<a b=1/>", "-"),
        ("XML:x", "<1/>", "-"),
        ("XML(maxlen=8):x", "<a>1</a>", r#"x={"a":"1"}"#),
        ("XML(maxlen=7):x", "<a>1</a>", "-"),
    ]);
    let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
    check(&[("XML:x", &deep, "-")]);
}

#[test]
fn parameters() {
    let input = r#"<s:e xmlns:s="u"><s:b s:i="1">x</s:b><b>y</b></s:e>"#;
    check(&[
        (
            "XML:x",
            input,
            r##"x={"s:e":{"@xmlns:s":"u","s:b":{"@s:i":"1","#text":"x"},"b":"y"}}"##,
        ),
        (
            "XML(ignoreNamespace=true):x",
            input,
            r##"x={"e":{"b":[{"@i":"1","#text":"x"},"y"]}}"##,
        ),
        ("XML_PLAIN:x", input, r#"x={"s:e":{"s:b":"x","b":"y"}}"#),
        ("XML(rootTag='b'):x", input, r#"x={"b":"y"}"#),
        ("XML(rootTag='b', excludeRoot=true):x", input, r#"x="y""#),
        (
            "XML(excludeRoot=true):x",
            "<a><b>1</b></a>",
            r#"x={"b":"1"}"#,
        ),
        ("XML(rootTag='none'):x", input, "-"),
    ]);
}
