//! A rule's guide: Markdown made HTML. HTML in it is shown as text, links lead to the web or nowhere, and images, which
//! would be loaded, are named.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::html::{attribute, block, is_web};

/// The guide as HTML.
pub(super) fn html(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut page = Page::default();
    for event in Parser::new_ext(markdown, options) {
        page.event(event);
    }
    page.out
}

#[derive(Default)]
struct Page {
    out: String,
    /// For each open link, whether it is one.
    links: Vec<bool>,
    /// Whether cells are of a table's head.
    head: bool,
}

impl Page {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                self.out.push_str(&block(&text));
            }
            Event::Code(code) => {
                self.out.push_str("<code>");
                self.out.push_str(&block(&code));
                self.out.push_str("</code>");
            }
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br>"),
            Event::Rule => self.out.push_str("<hr>\n"),
            // What the options do not ask for does not come.
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        let out = &mut self.out;
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => out.push_str("<p>"),
            Tag::Heading { .. } => out.push_str("<h5>"),
            Tag::BlockQuote(_) => out.push_str("<blockquote>"),
            Tag::CodeBlock(kind) => {
                out.push_str("<pre><code");
                if let CodeBlockKind::Fenced(language) = kind
                    && !language.is_empty()
                {
                    out.push_str(" title=\"");
                    out.push_str(&attribute(language));
                    out.push('"');
                }
                out.push('>');
            }
            Tag::List(None) => out.push_str("<ul>\n"),
            Tag::List(Some(first)) => out.push_str(&format!("<ol start=\"{first}\">\n")),
            Tag::Item => out.push_str("<li>"),
            Tag::Table(_) => out.push_str("<div class=\"wide\"><table>\n"),
            Tag::TableHead => {
                self.head = true;
                out.push_str("<thead><tr>");
            }
            Tag::TableRow => out.push_str("<tr>"),
            Tag::TableCell => out.push_str(if self.head { "<th>" } else { "<td>" }),
            Tag::Emphasis => out.push_str("<em>"),
            Tag::Strong => out.push_str("<strong>"),
            Tag::Strikethrough => out.push_str("<del>"),
            Tag::Link { dest_url, .. } => {
                let web = is_web(dest_url);
                self.links.push(web);
                if web {
                    out.push_str("<a href=\"");
                    out.push_str(&attribute(dest_url));
                    out.push_str("\" rel=\"noopener noreferrer\">");
                }
            }
            Tag::Image { .. } => out.push_str("[image: "),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        let text = match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => "</p>\n",
            TagEnd::Heading(_) => "</h5>\n",
            TagEnd::BlockQuote(_) => "</blockquote>\n",
            TagEnd::CodeBlock => "</code></pre>\n",
            TagEnd::List(false) => "</ul>\n",
            TagEnd::List(true) => "</ol>\n",
            TagEnd::Item => "</li>\n",
            TagEnd::Table => "</table></div>\n",
            TagEnd::TableHead => {
                self.head = false;
                "</tr></thead>\n"
            }
            TagEnd::TableRow => "</tr>\n",
            TagEnd::TableCell if self.head => "</th>",
            TagEnd::TableCell => "</td>",
            TagEnd::Emphasis => "</em>",
            TagEnd::Strong => "</strong>",
            TagEnd::Strikethrough => "</del>",
            TagEnd::Link if self.links.pop() == Some(true) => "</a>",
            TagEnd::Image => "]",
            _ => "",
        };
        self.out.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::html;

    #[test]
    fn what_guides_have() {
        for (markdown, expected) in [
            (
                "# A\n\nb *c* **d** `e<f`",
                "<h5>A</h5>\n<p>b <em>c</em> <strong>d</strong> <code>e&lt;f</code></p>\n",
            ),
            ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
            ("3. a", "<ol start=\"3\">\n<li>a</li>\n</ol>\n"),
            (
                "```sql\na < b\n```",
                "<pre><code title=\"sql\">a &lt; b\n</code></pre>\n",
            ),
            (
                "|a|b|\n|-|-|\n|c|d|",
                "<div class=\"wide\"><table>\n<thead><tr><th>a</th><th>b</th></tr></thead>\n<tr><td>c</td><td>d</td></tr>\n</table></div>\n",
            ),
            (
                "[a](https://b.example/?c&d)",
                "<p><a href=\"https://b.example/?c&amp;d\" rel=\"noopener noreferrer\">a</a></p>\n",
            ),
        ] {
            assert_eq!(html(markdown), expected);
        }
    }

    #[test]
    fn nothing_runs_and_nothing_is_loaded() {
        for (markdown, expected) in [
            (
                "a <b onclick=x>c</b>",
                "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>\n",
            ),
            (
                "<script>x</script>",
                "<p>&lt;script&gt;x&lt;/script&gt;</p>\n",
            ),
            ("[a](javascript:x)", "<p>a</p>\n"),
            ("[a](data:text/html,x)", "<p>a</p>\n"),
            ("![a](https://b.example/c.png)", "<p>[image: a]</p>\n"),
            ("<javascript:alert(1)>", "<p>javascript:alert(1)</p>\n"),
            (
                "[a](<https://b\"c>)",
                "<p><a href=\"https://b&quot;c\" rel=\"noopener noreferrer\">a</a></p>\n",
            ),
            (
                "a\u{202e}b",
                "<p>a<span class=\"hidden\">U+202E</span>b</p>\n",
            ),
        ] {
            assert_eq!(html(markdown), expected, "{markdown}");
        }
    }

    proptest! {
        #[test]
        fn only_our_own_elements_come_out(markdown in "([<>\"'&\\[\\]()!`*_#|\\n \\-]|a|script|img|https://x|javascript:|on=){0,40}") {
            let page = html(&markdown);
            for tag in page.split('<').skip(1) {
                let name: String = tag.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect();
                let known = ["p", "h5", "blockquote", "pre", "code", "ul", "ol", "li", "div", "table", "thead", "tr", "th", "td", "em",
                    "strong", "del", "a", "br", "hr", "span"];
                prop_assert!(known.contains(&name.trim_start_matches('/')), "{page}");
                let attributes = tag.split('>').next().unwrap_or_default()[name.len()..].trim_start();
                let starts = ["", "href=\"http", "title=\"", "start=\"", "class=\""];
                prop_assert!(attributes.is_empty() || starts[1..].iter().any(|start| attributes.starts_with(start)), "{page}");
            }
        }
    }
}
