//! The alerts over time: bars of equal spans, a drawing within the page.

use std::io::{self, Write};

use jiff::tz::TimeZone;
use rules::rule::Severity;

use super::html::text;
use super::{Report, SEVERITIES, alerts};
use crate::human;
use crate::output;

const SECOND: i64 = 1_000_000_000;

/// The spans of a bar, seconds.
const SPANS: [i64; 18] = [
    1,
    5,
    10,
    30,
    60,
    300,
    600,
    1_800,
    3_600,
    10_800,
    21_600,
    43_200,
    86_400,
    604_800,
    2_592_000,
    7_776_000,
    31_536_000,
    315_360_000,
];

/// How many bars there are at most.
const BARS: i128 = 90;

/// The drawing's size, and where in it bars are.
const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 170.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 146.0;

/// Alerts in equal spans of time.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bars {
    /// Where the first bar begins, and how long each is, nanoseconds.
    from: i128,
    span: i64,
    /// For each bar, how many alerts of each of [`SEVERITIES`].
    counts: Vec<[u64; 5]>,
}

impl Bars {
    /// The bars over `frame`, which is widened by what lies outside.
    fn of(times: &[(i64, Severity)], frame: Option<(i64, i64)>) -> Option<Bars> {
        let first = times.iter().map(|(time, _)| *time).min()?;
        let last = times.iter().map(|(time, _)| *time).max()?;
        let (from, to) = frame.unwrap_or((first, last));
        // Whoever writes events may write times as far apart as 64 bits allow.
        let (from, to) = (i128::from(from.min(first)), i128::from(to.max(last)));
        let mut spans = SPANS.iter().map(|seconds| seconds * SECOND);
        let span = spans.find(|span| (to - from) / i128::from(*span) < BARS - 1)?;
        let from = from - from.rem_euclid(i128::from(span));
        let place = |time: i128| usize::try_from((time - from) / i128::from(span)).ok();
        let mut counts = vec![[0; 5]; place(to)? + 1];
        for (time, severity) in times {
            let severity = SEVERITIES.iter().position(|one| one == severity)?;
            counts.get_mut(place(i128::from(*time))?)?[severity] += 1;
        }
        Some(Bars { from, span, counts })
    }
}

/// Writes the section; nothing where there are no alerts.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut total = 0;
    let mut timed: Vec<(i64, Severity)> = Vec::new();
    for alert in alerts(&report.detection.outcomes) {
        let (severity, alert) = alert?;
        total += 1;
        timed.extend(alert.last.or(alert.run).map(|time| (time, severity)));
    }
    if total == 0 {
        return Ok(());
    }
    writeln!(out, "<section><h2>Over time</h2>")?;
    let time = &report.options.timeframe;
    let from = time.from.or(report.covered.map(|(first, _)| first));
    let to = time.to.or(report.covered.map(|(_, last)| last));
    let frame = from.zip(to).filter(|(from, to)| from < to);
    if let Some(bars) = Bars::of(&timed, frame) {
        draw(&bars, &report.options.timezone, out)?;
    }
    let without = (total - timed.len()) as u64;
    if without > 0 {
        writeln!(
            out,
            "<p class=\"note\">{} of DQL rules have no time and are not drawn: their records have no field \
             <code>timestamp</code>.</p>",
            human::counted(without, "alert")
        )?;
    }
    writeln!(out, "</section>")
}

fn draw(bars: &Bars, zone: &TimeZone, out: &mut dyn Write) -> io::Result<()> {
    let most = bars.counts.iter().map(|counts| counts.iter().sum::<u64>());
    let most = most.max().unwrap_or(1).max(1);
    let stamp = |bar: usize| {
        let nanos = bars.from + i128::from(bars.span) * bar as i128;
        let nanos = nanos.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64;
        text(&output::instant(nanos, zone))
    };
    let count = bars.counts.len();
    let wide = WIDTH / count as f64;
    writeln!(
        out,
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"Alerts over time, by severity\">"
    )?;
    writeln!(
        out,
        "<line class=\"axis\" x1=\"0\" y1=\"{BOTTOM}\" x2=\"{WIDTH}\" y2=\"{BOTTOM}\"/>\
         <line class=\"grid\" x1=\"0\" y1=\"{TOP}\" x2=\"{WIDTH}\" y2=\"{TOP}\"/>\
         <text x=\"0\" y=\"{}\">{}</text>",
        TOP - 4.0,
        human::counted(most, "alert")
    )?;
    for (bar, counts) in bars.counts.iter().enumerate() {
        if counts.iter().all(|count| *count == 0) {
            continue;
        }
        let told: Vec<String> = SEVERITIES
            .iter()
            .zip(counts)
            .filter(|(_, count)| **count > 0)
            .map(|(severity, count)| format!("{} {}", human::count(*count), severity.text()))
            .collect();
        writeln!(out, "<g><title>{}: {}</title>", stamp(bar), told.join(", "))?;
        let mut bottom = BOTTOM;
        // The worst stands at the bottom, where heights compare.
        for (severity, count) in SEVERITIES.iter().zip(counts) {
            if *count == 0 {
                continue;
            }
            let high = (BOTTOM - TOP) * *count as f64 / most as f64;
            bottom -= high;
            writeln!(
                out,
                "<rect class=\"{}\" x=\"{:.2}\" y=\"{:.2}\" width=\"{:.2}\" height=\"{:.2}\"/>",
                severity.text(),
                bar as f64 * wide,
                bottom,
                (wide - 1.0).max(0.5),
                high
            )?;
        }
        writeln!(out, "</g>")?;
    }
    writeln!(
        out,
        "<text x=\"0\" y=\"163\">{}</text><text class=\"end\" x=\"{WIDTH}\" y=\"163\">{}</text></svg>",
        stamp(0),
        stamp(count)
    )?;
    writeln!(
        out,
        "<p class=\"note\">A bar is {}. An alert stands at its newest event.</p>",
        human::span(bars.span)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_fall_into_spans() {
        let at = |seconds: i64| seconds * SECOND;
        let times = [
            (at(3_600), Severity::High),
            (at(3_601), Severity::Low),
            (at(3_660), Severity::High),
        ];
        // An hour in bars of a minute; the one that ends the frame counts.
        let bars = Bars::of(&times, Some((at(3_600), at(7_200)))).expect("bars");
        assert_eq!((bars.from, bars.span), (at(3_600).into(), at(60)));
        assert_eq!(bars.counts.len(), 61);
        assert_eq!(bars.counts[0], [0, 1, 0, 1, 0]);
        assert_eq!(bars.counts[1], [0, 1, 0, 0, 0]);
        // What lies outside of the frame widens it.
        let bars = Bars::of(&times, Some((at(3_650), at(3_655)))).expect("bars");
        assert_eq!((bars.from, bars.span), (at(3_600).into(), at(1)));
        assert_eq!(bars.counts.len(), 61);
        let one = Bars::of(&times[..1], None).expect("bars");
        assert_eq!(one.counts, [[0, 1, 0, 0, 0]]);
        assert_eq!(Bars::of(&[], None), None);
        // Absurd times are as far apart as it gets.
        let far = [(i64::MIN, Severity::Low), (i64::MAX, Severity::Low)];
        let bars = Bars::of(&far, None).expect("bars");
        assert!(bars.counts.len() <= 90, "{}", bars.counts.len());
    }
}
