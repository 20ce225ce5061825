//! Lines of dots: each character holds two by four of them, as the patterns of Braille do.

/// Dots across and down in a character.
const ACROSS: usize = 2;
const DOWN: usize = 4;

/// The bit of each dot in a character, by column and row.
const BITS: [[u32; DOWN]; ACROSS] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

/// The first Braille pattern, which has no dots.
const EMPTY: u32 = 0x2800;

/// A drawing of some columns and rows of characters.
pub(super) struct Canvas {
    width: usize,
    height: usize,
    /// Of each character: its dots, and the line that drew there last.
    cells: Vec<(u32, usize)>,
}

/// The row of characters, from the top, in which a place between 0 (the bottom) and 1 lies.
pub(super) fn row_of(part: f64, height: usize) -> usize {
    dot(1.0 - part, height * DOWN) / DOWN
}

/// The dot of a place between 0 and 1 among so many.
fn dot(part: f64, count: usize) -> usize {
    // Neither negative nor beyond: what is no number is 0.
    ((part.clamp(0.0, 1.0) * count as f64) as usize).min(count.saturating_sub(1))
}

impl Canvas {
    pub(super) fn new(width: usize, height: usize) -> Canvas {
        Canvas {
            width,
            height,
            cells: vec![(0, 0); width * height],
        }
    }

    /// Draws line `place` through points between 0 and 1, from left to right and from the bottom; a point that is none is
    /// a gap.
    pub(super) fn line(&mut self, place: usize, points: &[Option<(f64, f64)>]) {
        let mut before: Option<(usize, usize)> = None;
        for point in points {
            let here = point.map(|(x, y)| {
                (
                    dot(x, self.width * ACROSS),
                    dot(1.0 - y, self.height * DOWN),
                )
            });
            if let Some(to) = here {
                self.segment(place, before.unwrap_or(to), to);
            }
            before = here;
        }
    }

    fn segment(&mut self, place: usize, from: (usize, usize), to: (usize, usize)) {
        let steps = from.0.abs_diff(to.0).max(from.1.abs_diff(to.1));
        let between = |a: usize, b: usize, step: usize| {
            let part = step as f64 / steps.max(1) as f64;
            (a as f64 + (b as f64 - a as f64) * part).round() as usize
        };
        for step in 0..=steps {
            let (x, y) = (between(from.0, to.0, step), between(from.1, to.1, step));
            let cell = (y / DOWN) * self.width + x / ACROSS;
            if let Some(cell) = self.cells.get_mut(cell) {
                *cell = (cell.0 | BITS[x % ACROSS][y % DOWN], place);
            }
        }
    }

    /// A row of characters from the top; `mark` makes the text of one that holds dots, from the line that drew there
    /// last and the dots as a character.
    pub(super) fn row(&self, row: usize, mark: impl Fn(usize, char) -> String) -> String {
        let cells = self.cells.iter().skip(row * self.width).take(self.width);
        cells
            .map(|(dots, place)| match dots {
                0 => " ".to_owned(),
                dots => mark(*place, char::from_u32(EMPTY + dots).unwrap_or(' ')),
            })
            .collect()
    }
}
