//! Random trees: every form that the grammar has, none that it has not.

use proptest::prelude::*;
use proptest::{collection, option};

use crate::Span;
use crate::dql::ast::*;
use crate::dql::is_plain_name;

const AT: Span = Span { start: 0, end: 0 };

/// A query of a few commands.
pub(super) fn query() -> impl Strategy<Value = Query> {
    query_of(parameters(expression().boxed(), true))
}

fn query_of(parameters: BoxedStrategy<Vec<Parameter>>) -> BoxedStrategy<Query> {
    let command = (word(), parameters).prop_map(|(name, parameters)| Command {
        name,
        parameters,
        span: AT,
    });
    collection::vec(command, 1..3)
        .prop_map(|commands| Query { commands, span: AT })
        .boxed()
}

/// An expression, blocks included.
pub(super) fn expression() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        literal().prop_map(ExprKind::Literal),
        field().prop_map(ExprKind::Field),
        align_unit().prop_map(|unit| ExprKind::Align { left: None, unit }),
    ];
    leaf.prop_map(expr).prop_recursive(6, 60, 4, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        prop_oneof![
            4 => (binary_op(), boxed(), boxed())
                .prop_map(|(op, left, right)| ExprKind::Binary { op, op_span: AT, left, right }),
            2 => (unary_op(), boxed()).prop_map(|(op, operand)| ExprKind::Unary { op, operand }),
            2 => (boxed(), accessor()).prop_map(|(base, accessor)| ExprKind::Access { base, accessor }),
            1 => (boxed(), align_unit()).prop_map(|(left, unit)| ExprKind::Align { left: Some(left), unit }),
            1 => (boxed(), block(inner.clone())).prop_map(|(needle, block)| ExprKind::In { needle, block }),
            2 => (word(), parameters(inner.clone(), false))
                .prop_map(|(name, parameters)| ExprKind::Call(Call { name, parameters })),
        ]
        .prop_map(expr)
    })
}

fn expr(kind: ExprKind) -> Expr {
    Expr { kind, span: AT }
}

fn block(inner: BoxedStrategy<Expr>) -> BoxedStrategy<Block> {
    let query = query_of(
        collection::vec(argument(inner.prop_map(Value::Expr).boxed(), true), 0..3).boxed(),
    );
    option::weighted(0.9, query)
        .prop_map(|query| Block { query, span: AT })
        .boxed()
}

/// Parameters of a command (`directed`: with sort directions) or of a function.
fn parameters(inner: BoxedStrategy<Expr>, directed: bool) -> BoxedStrategy<Vec<Parameter>> {
    let value = prop_oneof![
        8 => inner.clone().prop_map(Value::Expr),
        1 => block(inner).prop_map(Value::Block),
    ];
    let argument = argument(value.boxed(), directed);
    let group = collection::vec(argument.clone(), 0..3)
        .prop_map(|inner| parameter(ParameterKind::Group(inner)));
    let bare = prop_oneof![4 => argument, 1 => group].boxed();
    let named = (word(), bare.clone()).prop_map(|(name, value)| {
        parameter(ParameterKind::Named {
            name,
            value: Box::new(value),
        })
    });
    collection::vec(prop_oneof![3 => bare, 1 => named], 0..4).boxed()
}

fn argument(value: BoxedStrategy<Value>, directed: bool) -> BoxedStrategy<Parameter> {
    let directions = if directed {
        vec![
            None,
            None,
            Some(Direction::Ascending),
            Some(Direction::Descending),
        ]
    } else {
        vec![None]
    };
    let direction = prop::sample::select(directions);
    (option::weighted(0.3, field()), value, direction)
        .prop_map(|(name, value, direction)| {
            parameter(ParameterKind::Argument(Argument {
                name,
                value,
                direction,
            }))
        })
        .boxed()
}

fn parameter(kind: ParameterKind) -> Parameter {
    Parameter { kind, span: AT }
}

/// A word that is not reserved.
fn word() -> impl Strategy<Value = Name> {
    let text = prop_oneof![
        2 => "[a-zA-Z_][a-zA-Z0-9_]{0,5}",
        // Those of which the tests have a definition.
        1 => prop::sample::select(vec![
            "in", "by", "summarize", "SORT", "fetch", "parse", "fieldsAdd", "concat", "Delimiter", "matchesValue",
            "if", "then", "else", "to", "from", "direction", "alias", "expression", "needle", "haystack", "traverse",
            "edges", "array", "timeseries", "filter",
        ])
        .prop_map(str::to_string),
    ];
    text.prop_filter("reserved", |text| is_plain_name(text))
        .prop_map(|text| Name { text, span: AT })
}

fn field() -> impl Strategy<Value = FieldName> {
    let text = prop_oneof![
        4 => "[a-z]{1,4}(\\.[a-z0-9]{1,3}){0,2}",
        1 => prop::sample::select(vec!["in", "asc", "desc", "by", "as", "is", "like", "not", "and", "true", "mod", "h"])
            .prop_map(str::to_string),
        1 => "\\PC{1,6}",
        1 => "(?s).{1,4}",
    ];
    text.prop_map(|text| FieldName {
        text,
        quoted: false,
        span: AT,
    })
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Boolean),
        prop_oneof![0..=i64::MAX, 0..10_i64, Just(i64::MIN)].prop_map(Literal::Long),
        any::<f64>()
            .prop_map(f64::abs)
            .prop_filter("finite", |value| value.is_finite())
            .prop_map(Literal::Double),
        "(?s).{0,6}".prop_map(Literal::String),
        (0..=i64::MAX, unit())
            .prop_map(|(amount, unit)| Literal::Duration(Duration { amount, unit })),
    ]
}

fn unit() -> impl Strategy<Value = Unit> {
    prop::sample::select(Unit::ALL.to_vec())
}

fn align_unit() -> impl Strategy<Value = AlignUnit> {
    prop_oneof![
        (1..100_i64, unit()).prop_map(|(factor, unit)| AlignUnit {
            factor,
            unit,
            weekday: None,
            span: AT
        }),
        (0..=7_u8).prop_map(|day| AlignUnit {
            factor: 1,
            unit: Unit::Week,
            weekday: Some(day),
            span: AT
        }),
    ]
}

fn accessor() -> impl Strategy<Value = Accessor> {
    prop_oneof![
        any::<i64>().prop_map(Accessor::Index),
        field().prop_map(Accessor::Key),
        Just(Accessor::Each),
    ]
}

fn unary_op() -> impl Strategy<Value = UnaryOp> {
    prop_oneof![Just(UnaryOp::Negate), Just(UnaryOp::Not)]
}

fn binary_op() -> impl Strategy<Value = BinaryOp> {
    use BinaryOp::*;
    prop::sample::select(vec![
        Multiply,
        Divide,
        Modulo,
        Add,
        Subtract,
        Search,
        Equal,
        NotEqual,
        Less,
        LessOrEqual,
        Greater,
        GreaterOrEqual,
        And,
        Xor,
        Or,
    ])
}

/// What may stand between two tokens, never nothing: blanks, lines, comments.
pub(super) fn between() -> impl Strategy<Value = Vec<String>> {
    const PIECES: [&str; 14] = [
        " ",
        " ",
        " ",
        "  \t",
        "\n",
        "\n\n",
        " // to the end\n",
        "\n// own line  \r\n",
        "//\n\n",
        " /* inside */ ",
        "/**/",
        "\n/* own\n lines */\n",
        "\n\n/* before */ ",
        "\u{feff}\u{a0}",
    ];
    let piece = prop_oneof![3 => Just(" "), 1 => prop::sample::select(PIECES.to_vec())];
    let fill = collection::vec(piece, 1..4).prop_map(|pieces| pieces.concat());
    collection::vec(fill, 1..60)
}

/// Pieces of queries in any order, mostly no query.
pub(super) fn soup() -> impl Strategy<Value = String> {
    const PIECES: [&str; 64] = [
        "fetch",
        "logs",
        "filter",
        "a",
        "b.c",
        "`q q`",
        "by",
        "as",
        "in",
        "not",
        "and",
        "or",
        "xor",
        "mod",
        "asc",
        "desc",
        "true",
        "null",
        "is",
        "like",
        "1",
        "2.5",
        "0x1F",
        "5m",
        "30min",
        "4xx",
        "9223372036854775808",
        "\"s\"",
        "\"\"\"t\"\"\"",
        "'x'",
        "“y”",
        "\"",
        "`",
        "'",
        "$v",
        "|",
        ",",
        ":",
        ".",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "=",
        "==",
        "!=",
        "<",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "%",
        "@",
        "~",
        "&&",
        "||",
        "!",
        "?",
        "\n",
        "// c\n",
        "é日\u{1b}",
    ];
    let piece = (
        prop::sample::select(PIECES.to_vec()),
        prop_oneof![3 => Just(" "), 1 => Just("")],
    );
    collection::vec(piece, 0..40).prop_map(|pieces| {
        pieces
            .into_iter()
            .flat_map(|(piece, blank)| [piece, blank])
            .collect()
    })
}

/// Short lines of narrow, wide, invisible and controlling characters.
pub(super) fn lines() -> impl Strategy<Value = String> {
    const CHARACTERS: [char; 16] = [
        'a', 'b', ' ', '\n', '\n', '\t', '\r', 'é', '日', '😀', '\u{301}', '\u{200d}', '\u{1b}',
        '\u{85}', '\u{2028}', '\u{202e}',
    ];
    collection::vec(prop::sample::select(CHARACTERS.to_vec()), 0..30)
        .prop_map(|all| all.into_iter().collect())
}
