//! Two texts, line by line: what only one of them has.

/// The lines of both, those of `a` alone behind `-`, those of `b` alone behind `+`.
pub fn difference(a: &str, b: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.lines().collect(), b.lines().collect());
    // `longest[i][j]` lines are common, in order, to what is left of `a` from `i` and of `b` from `j` on.
    let mut longest = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i][j] = match a[i] == b[j] {
                true => longest[i + 1][j + 1] + 1,
                false => longest[i + 1][j].max(longest[i][j + 1]),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut out = String::new();
    while i < a.len() || j < b.len() {
        let line = match (a.get(i), b.get(j)) {
            (Some(left), Some(right)) if left == right => {
                (i, j) = (i + 1, j + 1);
                format!("  {left}\n")
            }
            (Some(left), right) if right.is_none() || longest[i + 1][j] >= longest[i][j + 1] => {
                i += 1;
                format!("- {left}\n")
            }
            (_, Some(right)) => {
                j += 1;
                format!("+ {right}\n")
            }
            (_, None) => break,
        };
        out += &line;
    }
    out
}

#[test]
fn only_what_differs_is_marked() {
    assert_eq!(
        difference("a\nb\nc", "a\nx\nc\nd"),
        "  a\n- b\n+ x\n  c\n+ d\n"
    );
    assert_eq!(difference("", "a"), "+ a\n");
    assert_eq!(difference("a", ""), "- a\n");
}
