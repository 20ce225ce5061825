//! A time series as a row of small bars, with its greatest value behind.

use engine::Value;

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The numbers of an array, null where there is none; `None` where one is no number.
pub(super) fn numbers(elements: &[Value]) -> Option<Vec<Option<f64>>> {
    let number = |value: &Value| match value {
        Value::Null => Some(None),
        Value::Long(long) => Some(Some(*long as f64)),
        Value::Double(double) => Some(Some(*double)),
        _ => None,
    };
    elements.iter().map(number).collect()
}

/// One bar a number, in at most `room` bars: neighbours share one where there are more, the greatest of them shown. The
/// lowest bar is 0, or the least number if that is below; the highest is the greatest. Null is a gap.
pub(super) fn bars(series: &[Option<f64>], room: usize) -> String {
    let shared = series.len().div_ceil(room.max(1)).max(1);
    let points: Vec<Option<f64>> = series.chunks(shared).map(greatest).collect();
    let low = points.iter().flatten().copied().fold(0.0, f64::min);
    let high = points.iter().flatten().copied().fold(0.0, f64::max);
    let bar = |point: &Option<f64>| match point {
        None => ' ',
        Some(number) => {
            // Halves, so that the distance of two finite numbers is finite.
            let part = (number / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
            let place = if part.is_finite() {
                (part * 7.0).ceil() as usize
            } else {
                0
            };
            BARS.get(place).copied().unwrap_or('█')
        }
    };
    points.iter().map(bar).collect()
}

/// The greatest number as people read it; nothing where there is none.
pub(super) fn peak(series: &[Option<f64>]) -> String {
    match greatest(series) {
        None => String::new(),
        Some(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        Some(number) if (0.01..1e15).contains(&number.abs()) => {
            let text = format!("{number:.2}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        Some(number) => format!("{number:.2e}"),
    }
}

fn greatest(series: &[Option<f64>]) -> Option<f64> {
    series.iter().flatten().copied().reduce(f64::max)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn some(numbers: &[f64]) -> Vec<Option<f64>> {
        numbers.iter().copied().map(Some).collect()
    }

    #[test]
    fn bars_rise_from_zero() {
        assert_eq!(
            bars(&some(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]), 8),
            "▁▂▃▄▅▆▇█"
        );
        assert_eq!(bars(&some(&[0.0, 0.0]), 8), "▁▁");
        assert_eq!(bars(&some(&[5.0, 5.0]), 8), "██");
        // A single call is seen beside a thousand.
        assert_eq!(bars(&some(&[0.0, 1.0, 1000.0]), 8), "▁▂█");
        assert_eq!(bars(&some(&[-7.0, 0.0]), 8), "▁█");
        assert_eq!(bars(&[Some(1.0), None, Some(1.0)], 8), "█ █");
        assert_eq!(bars(&some(&[f64::MIN, f64::MAX]), 8), "▁█");
        assert_eq!(bars(&[], 8), "");
    }

    #[test]
    fn neighbours_share_a_bar() {
        let series = some(&[0.0, 7.0, 0.0, 0.0, 1.0]);
        assert_eq!(bars(&series, 3), "█▁▂");
        assert_eq!(bars(&series, 1), "█");
        assert_eq!(bars(&series, 0), "█");
    }

    #[test]
    fn peaks() {
        let table = [
            (some(&[1.0, 42.0]), "42"),
            (some(&[5.5, 5.25]), "5.5"),
            (some(&[1.0 / 3.0]), "0.33"),
            (some(&[0.001]), "1.00e-3"),
            (some(&[1e20]), "1.00e20"),
            (vec![None], ""),
        ];
        for (series, text) in table {
            assert_eq!(peak(&series), text);
        }
    }

    proptest! {
        #[test]
        fn any_series_fits(
            series in prop::collection::vec(prop::option::of(prop::num::f64::NORMAL | prop::num::f64::ZERO), 0..50),
            room in 1usize..60,
        ) {
            let drawn = bars(&series, room).chars().count();
            prop_assert!(drawn <= room && (drawn > 0 || series.is_empty()));
        }
    }
}
