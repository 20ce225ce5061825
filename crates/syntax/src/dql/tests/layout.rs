//! Queries laid out for people.

use crate::dql::layout::{WIDTH, lay_out};

#[track_caller]
fn lays_out(text: &str, expected: &str) {
    let expected = expected.strip_prefix('\n').unwrap_or(expected);
    assert_eq!(lay_out(text).as_deref(), Ok(expected), "{text}");
    assert_eq!(lay_out(expected).as_deref(), Ok(expected), "a second time");
}

#[test]
fn commands_stand_on_lines() {
    lays_out(
        "fetch logs,from:-2h|filter a==1 AND b<>- 2|limit 0x1F",
        "fetch logs, from: -2h\n| filter a == 1 AND b <> -2\n| limit 0x1F\n",
    );
    lays_out("\n\n fetch   logs \n\n", "fetch logs\n");
    lays_out("fetch logs\n\n\n\n| limit 1", "fetch logs\n\n| limit 1\n");
}

#[test]
fn blanks_within_a_line() {
    let table = [
        ("filter a [ 0 ] [ k ] [ ]", "filter a[0][k][]"),
        ("filter f ( a ,b:{ c } )", "filter f(a, b: {c})"),
        ("filter not(a)and - (b)>-c", "filter not (a) and -(b) > -c"),
        (
            "filter in(a,{1})or x in[fetch y]",
            "filter in(a, {1}) or x in [fetch y]",
        ),
        ("filter in [ k ] == 1", "filter in[k] == 1"),
        (
            "fields x=a@ 15m,y=@h,`z z`= -2h@h",
            "fields x = a@15m, y = @h, `z z` = -2h@h",
        ),
        ("sort a desc,b  ASC", "sort a desc, b ASC"),
        ("append[]", "append []"),
        ("append [fetch a]", "append [fetch a]"),
        ("filter a~\"x\"", "filter a ~ \"x\""),
        (
            "fields \"\"\" a\n  b\"\"\",c",
            "fields \"\"\" a\n  b\"\"\", c",
        ),
    ];
    for (text, line) in table {
        lays_out(text, &format!("{line}\n"));
    }
}

#[test]
fn blocks_are_indented() {
    lays_out(
        "append [fetch a|limit 1]|join [fetch b|join [fetch c|limit 2],on:{x}],on:{id},fields:{y}",
        "
append [
    fetch a
    | limit 1
]
| join [
    fetch b
    | join [
        fetch c
        | limit 2
    ], on: {x}
], on: {id}, fields: {y}
",
    );
}

#[test]
fn long_lists_have_an_item_a_line() {
    let name = "a_rather_long_name_of_a_field_in_this_test";
    lays_out(
        &format!("fieldsAdd x = {name}, y = {name}, z = 1"),
        &format!("fieldsAdd\n    x = {name},\n    y = {name},\n    z = 1\n"),
    );
    lays_out(
        &format!("summarize count(), by: {{x = {name}, y = {name}}}"),
        &format!("summarize count(), by: {{\n    x = {name},\n    y = {name}\n}}\n"),
    );
    lays_out(
        &format!("filter in(a, {{\"{name}\", \"{name}\", 3}})"),
        &format!("filter in(a, {{\n    \"{name}\",\n    \"{name}\",\n    3\n}})\n"),
    );
    lays_out(
        &format!("fieldsAdd x = concat({name}, {name}, c)"),
        &format!("fieldsAdd x = concat(\n    {name},\n    {name},\n    c\n)\n"),
    );
}

#[test]
fn long_conditions_break_before_the_weakest_operator() {
    let name = "a_rather_long_name_of_a_field_in_this_test";
    lays_out(
        &format!("filter {name} == 1 and b == 2 or {name} == 2"),
        &format!("filter {name} == 1 and b == 2\n    or {name} == 2\n"),
    );
    lays_out(
        &format!("filter {name} == 1 and ({name} == 2 or b == {name} + 1)"),
        &format!(
            "filter {name} == 1\n    and (\n        {name} == 2\n        or b == {name} + 1\n    )\n"
        ),
    );
}

#[test]
fn lines_end_at_the_width_where_they_can() {
    for length in 1..40 {
        let list = vec!["abc"; length].join(", ");
        let text = format!("filter in(x, array({list})) and y > 1 | fields {list}");
        let laid_out = lay_out(&text).expect("a query");
        assert!(
            laid_out.lines().all(|line| line.chars().count() <= WIDTH),
            "{laid_out}"
        );
        // Nothing is broken that fits.
        for command in text.split("| ") {
            let fits = command.trim_end().len() + 2 < WIDTH;
            assert!(!fits || laid_out.contains(command.trim_end()), "{laid_out}");
        }
    }
}

#[test]
fn comments_stay() {
    lays_out(
        "/* head */ fetch logs // why\n// about the filter\n\n| // moved\n  filter a // tail\n// bye\n",
        "
/* head */ fetch logs // why
// about the filter

// moved
| filter a // tail
// bye
",
    );
    lays_out(
        "fields a // first\n, b /* second */ , c // third\n",
        "fields\n    a, // first\n    b /* second */,\n    c // third\n",
    );
    lays_out(
        "filter f(a, // why\n b) and /* or */ c | /* now */ limit 1",
        "filter f(\n    a, // why\n    b\n)\n    and /* or */ c\n| /* now */ limit 1\n",
    );
    lays_out(
        "append [ // inside\n fetch a\n // last\n]",
        "append [ // inside\n    fetch a\n    // last\n]\n",
    );
}

#[test]
fn what_cannot_be_read_is_not_laid_out() {
    for text in ["", "fetch logs | limit (", "| fetch logs", "// nothing"] {
        let diagnostics = lay_out(text).expect_err("an error");
        assert!(
            diagnostics.iter().any(crate::Diagnostic::is_error),
            "{text}"
        );
    }
}
