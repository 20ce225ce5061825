//! `unescapeHtml(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const UNESCAPE_HTML: Function = Function {
    name: "unescapeHtml",
    summary: "A text with HTML's character references, named and numeric, replaced by their characters.",
    parameters: &[required("expression", Accepts::STRING, "the text")],
    examples: &[
        ("unescapeHtml(\"a &lt;b&gt; &amp;amp;\")", "\"a <b> &amp;\""),
        ("unescapeHtml(\"&#65;&#x42;&auml;\")", "\"ABä\""),
        ("unescapeHtml(\"a & b &none;\")", "\"a & b &none;\""),
        ("unescapeHtml(null)", "null"),
    ],
    body: Body::Row(Row::new(row::string, |values| match values {
        [Value::String(text)] => Value::string(htmlize::unescape(text.as_ref()).into_owned()),
        _ => Value::Null,
    })),
};
