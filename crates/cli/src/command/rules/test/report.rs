//! What became of tests: a page for people, JSON, and JUnit's XML, which servers of builds read.

use std::fmt::Write;
use std::time::Duration;

use engine::Value;

use super::run::Tested;
use crate::escape::visible;
use crate::human;
use crate::output::{json_object, json_text};

/// The tests that failed, each with what is not as expected.
pub(super) fn page(tested: &[Tested]) -> String {
    let mut page = String::new();
    for failed in tested.iter().filter(|tested| !tested.wrong.is_empty()) {
        // A text takes whatever is written.
        let _ = writeln!(
            page,
            "FAILED {}: {} ({})",
            visible(&failed.rule),
            visible(&failed.test.name),
            visible(&place(failed))
        );
        for line in &failed.wrong {
            let _ = writeln!(page, "  {}", visible(line));
        }
    }
    page
}

/// `33 tests of 17 rules: 32 passed, 1 failed in 1.20 s`
pub(super) fn summary(tested: &[Tested], elapsed: Duration) -> String {
    let mut rules: Vec<&str> = tested.iter().map(|tested| tested.rule.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    let failed = failures(tested.iter());
    let passed = tested.len() as u64 - failed;
    let mut text = format!(
        "{} of {}: ",
        human::counted(tested.len() as u64, "test"),
        human::counted(rules.len() as u64, "rule")
    );
    text.push_str(&match failed {
        0 => format!("{} passed", human::count(passed)),
        failed => format!(
            "{} passed, {} failed",
            human::count(passed),
            human::count(failed)
        ),
    });
    format!("{text} in {}", human::elapsed(elapsed))
}

fn failures<'a>(tested: impl Iterator<Item = &'a Tested>) -> u64 {
    tested.filter(|tested| !tested.wrong.is_empty()).count() as u64
}

/// An array of `{file, line, rule, test, passed, message, seconds}`; the message is null where the test passed.
pub(super) fn json(tested: &[Tested]) -> String {
    let string = |text: &str| Value::String(text.to_owned());
    let objects = tested.iter().map(|tested| {
        let message = match tested.wrong.is_empty() {
            true => Value::Null,
            false => string(&tested.wrong.join("\n")),
        };
        let line = i64::try_from(tested.test.place.line).unwrap_or(i64::MAX);
        json_object([
            ("file", string(&tested.test.path.display().to_string())),
            ("line", Value::Long(line)),
            ("rule", string(&tested.rule)),
            ("test", string(&tested.test.name)),
            ("passed", Value::Boolean(tested.wrong.is_empty())),
            ("message", message),
            ("seconds", Value::Double(tested.elapsed.as_secs_f64())),
        ])
    });
    format!("{}\n", json_text(&Value::Array(objects.collect())))
}

/// A suite for each file, a case for each test.
pub(super) fn junit(tested: &[Tested]) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let head = |tested: &[&Tested]| {
        format!(
            "tests=\"{}\" failures=\"{}\" errors=\"0\" time=\"{}\"",
            tested.len(),
            failures(tested.iter().copied()),
            seconds(tested.iter().map(|tested| tested.elapsed).sum())
        )
    };
    let all: Vec<&Tested> = tested.iter().collect();
    // A text takes whatever is written.
    let _ = writeln!(xml, "<testsuites name=\"trailsift rules\" {}>", head(&all));
    for suite in all.chunk_by(|a, b| a.test.path == b.test.path) {
        let file = suite
            .first()
            .map_or_else(String::new, |first| first.test.path.display().to_string());
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{}\" {}>",
            escaped(&file),
            head(suite)
        );
        for tested in suite {
            let _ = write!(
                xml,
                "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\" time=\"{}\"",
                escaped(&tested.rule),
                escaped(&tested.test.name),
                escaped(&file),
                tested.test.place.line,
                seconds(tested.elapsed)
            );
            let Some(first) = tested.wrong.first() else {
                xml.push_str("/>\n");
                continue;
            };
            let lines: Vec<String> = tested.wrong.iter().map(|line| escaped(line)).collect();
            let _ = writeln!(
                xml,
                ">\n      <failure message=\"{}\">{}</failure>\n    </testcase>",
                escaped(first),
                lines.join("\n")
            );
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn place(tested: &Tested) -> String {
    format!("{}:{}", tested.test.path.display(), tested.test.place.line)
}

fn seconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64())
}

/// A text in XML. Characters that XML does not know are shown by name.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in visible(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // The two that are no control characters and yet not allowed.
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            character => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use rules::fixture::{Expected, RuleTest};
    use rules::yaml::Place;

    use super::*;

    fn tested(file: &str, name: &str, wrong: &[&str]) -> Tested {
        Tested {
            rule: "r".to_owned(),
            test: RuleTest {
                path: file.into(),
                place: Place { line: 7, column: 3 },
                name: name.to_owned(),
                now: None,
                bucket: None,
                events: Vec::new(),
                alerts: Expected::Count(0),
            },
            wrong: wrong.iter().map(|line| (*line).to_owned()).collect(),
            elapsed: Duration::from_millis(1500),
        }
    }

    #[test]
    fn people_see_what_failed() {
        let all = [
            tested("a.yaml", "one", &[]),
            tested("b.yaml", "two", &["x", "  \u{1b}y"]),
        ];
        assert_eq!(page(&all), "FAILED r: two (b.yaml:7)\n  x\n    <U+001B>y\n");
        assert_eq!(
            summary(&all, Duration::from_secs(2)),
            "2 tests of 1 rule: 1 passed, 1 failed in 2.00 s"
        );
        assert_eq!(
            summary(&all[..1], Duration::from_secs(2)),
            "1 test of 1 rule: 1 passed in 2.00 s"
        );
    }

    #[test]
    fn junit_is_sound_whatever_is_in_it() {
        let all = [
            tested("a.yaml", "<one> & \"two\" '", &[]),
            tested("a.yaml", "n", &["a < b", "\u{1}\u{ffff}"]),
            tested("b.yaml", "m", &[]),
        ];
        let expected = "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites name=\"trailsift rules\" tests=\"3\" failures=\"1\" errors=\"0\" time=\"4.500\">
  <testsuite name=\"a.yaml\" tests=\"2\" failures=\"1\" errors=\"0\" time=\"3.000\">
    <testcase classname=\"r\" name=\"&lt;one&gt; &amp; &quot;two&quot; &apos;\" file=\"a.yaml\" line=\"7\" time=\"1.500\"/>
    <testcase classname=\"r\" name=\"n\" file=\"a.yaml\" line=\"7\" time=\"1.500\">
      <failure message=\"a &lt; b\">a &lt; b
&lt;U+0001&gt;\u{fffd}</failure>
    </testcase>
  </testsuite>
  <testsuite name=\"b.yaml\" tests=\"1\" failures=\"0\" errors=\"0\" time=\"1.500\">
    <testcase classname=\"r\" name=\"m\" file=\"b.yaml\" line=\"7\" time=\"1.500\"/>
  </testsuite>
</testsuites>
";
        assert_eq!(junit(&all), expected);
    }

    #[test]
    fn programs_get_every_test() {
        assert_eq!(
            json(&[
                tested("a.yaml", "n", &["x", "y"]),
                tested("a.yaml", "m", &[])
            ]),
            concat!(
                r#"[{"file":"a.yaml","line":7,"rule":"r","test":"n","passed":false,"message":"x\ny","seconds":1.5},"#,
                r#"{"file":"a.yaml","line":7,"rule":"r","test":"m","passed":true,"message":null,"seconds":1.5}]"#,
                "\n"
            )
        );
    }
}
