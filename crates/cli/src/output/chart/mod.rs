//! `chart`: time series as lines in the terminal, with axes and a legend.
//!
//! Steps: `series` reads the lines out of a result, `scale` picks the ticks of the axes, `canvas` draws the lines, and
//! here they become a page.

mod canvas;
mod scale;
mod series;

use std::io::{self, Write};

use engine::{OutputField, Value};
use unicode_width::UnicodeWidthStr;

use super::{Closing, Look, Output, fit};
use canvas::Canvas;
use scale::{Ticks, time_ticks, value_ticks};
use series::Line;

pub(crate) use series::is_series;

/// Lines of characters that the lines take.
const HEIGHT: usize = 16;

/// The width of a chart that goes to no terminal.
const WIDTH: usize = 80;

/// The least width in which something can be seen.
const LEAST: usize = 30;

/// The most lines that can be told apart.
const MOST: usize = 10;

/// What marks a line where there are no colours.
const LETTERS: [char; MOST] = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];

/// A chart of all records.
pub(super) struct Chart {
    fields: Vec<OutputField>,
    look: Look,
    lines: Vec<Line>,
    left_out: usize,
}

impl Chart {
    pub(super) fn new(fields: Vec<OutputField>, look: Look) -> Chart {
        Chart {
            fields,
            look,
            lines: Vec::new(),
            left_out: 0,
        }
    }

    /// Leaves the lines with the greatest totals, as many as can be told apart.
    fn choose(&mut self) {
        if self.lines.len() > MOST {
            self.left_out = self.lines.len() - MOST;
            self.lines.sort_by(|a, b| b.total().total_cmp(&a.total()));
            self.lines.truncate(MOST);
        }
    }

    fn page(&self) -> String {
        let Some((start, end)) = self
            .lines
            .iter()
            .map(|line| line.span)
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
        else {
            return "no series\n".to_owned();
        };
        let numbers = || {
            self.lines
                .iter()
                .flat_map(|line| line.points.iter().flatten())
        };
        let low = numbers().copied().fold(0.0, f64::min);
        let high = numbers().copied().fold(0.0, f64::max);
        let ticks = value_ticks(low, high);
        let margin = ticks.labels.iter().map(|(_, label)| label.width()).max();
        let margin = margin.unwrap_or(0);
        let width = self.look.width.unwrap_or(WIDTH).max(LEAST);
        let room = width.saturating_sub(margin + 2).max(8);
        let mut canvas = Canvas::new(room, HEIGHT);
        for (place, line) in self.lines.iter().enumerate() {
            let across = |nanos: i64| (nanos - start) as f64 / ((end - start).max(1) as f64);
            let up = |number: f64| (number - ticks.low) / (ticks.high - ticks.low);
            let (from, to) = (across(line.span.0), across(line.span.1));
            let points: Vec<Option<(f64, f64)>> = line
                .points
                .iter()
                .enumerate()
                .map(|(bucket, number)| {
                    let part = (bucket as f64 + 0.5) / line.points.len() as f64;
                    number.map(|number| (from + (to - from) * part, up(number)))
                })
                .collect();
            canvas.line(place, &points);
        }
        // Without colours several lines are told apart by letters.
        let letters = self.lines.len() > 1 && !self.look.paint.is_on();
        let mut page = String::new();
        for row in 0..HEIGHT {
            let label = ticks
                .labels
                .iter()
                .find(|(part, _)| canvas::row_of(*part, HEIGHT) == row);
            let label = label.map_or("", |(_, label)| label.as_str());
            let axis = if label.is_empty() { '│' } else { '┤' };
            let drawn = if letters {
                canvas.row(row, |place, _| LETTERS[place % MOST].to_string())
            } else {
                canvas.row(row, |place, dots| {
                    self.look.paint.tint(place, &dots.to_string())
                })
            };
            page.push_str(format!("{label:>margin$} {axis}{drawn}").trim_end());
            page.push('\n');
        }
        page.push_str(&self.below(
            &time_ticks(start, end, room, &self.look.timezone),
            margin,
            room,
        ));
        for (place, line) in self.lines.iter().enumerate() {
            let mark = if letters {
                LETTERS[place % MOST].to_string()
            } else {
                "━".to_owned()
            };
            let label = fit(&line.label, width.saturating_sub(2));
            page.push_str(&format!("{} {label}\n", self.look.paint.tint(place, &mark)));
        }
        page
    }

    /// The axis of time, and its labels.
    fn below(&self, ticks: &Ticks, margin: usize, room: usize) -> String {
        let mut axis: Vec<char> = vec!['─'; room];
        let mut labels = String::new();
        for (part, label) in &ticks.labels {
            let column = ((part * room as f64) as usize).min(room.saturating_sub(1));
            axis[column] = '┴';
            if labels.width() + usize::from(!labels.is_empty()) <= column
                && column + label.width() <= room
            {
                labels.push_str(&" ".repeat(column - labels.width()));
                labels.push_str(label);
            }
        }
        let axis: String = axis.into_iter().collect();
        format!("{:margin$} └{axis}\n{:margin$}  {labels}\n", "", "")
    }
}

impl Output for Chart {
    fn rows(&mut self, rows: Vec<Vec<Value>>, _: &mut dyn Write) -> io::Result<()> {
        for row in &rows {
            self.lines
                .extend(series::lines(&self.fields, row, &self.look.timezone));
        }
        Ok(())
    }

    fn end(&mut self, _: &Closing<'_>, out: &mut dyn Write) -> io::Result<()> {
        self.choose();
        out.write_all(self.page().as_bytes())
    }

    fn remarks(&self) -> Vec<String> {
        if self.left_out == 0 {
            return Vec::new();
        }
        vec![format!(
            "the {MOST} series with the greatest totals are shown, {} are left out: `limit` or `filter` chooses others",
            self.left_out
        )]
    }
}

#[cfg(test)]
mod tests;
