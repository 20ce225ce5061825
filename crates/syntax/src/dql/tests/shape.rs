//! Trees as text in Lisp's manner: everything but the spans and the spelling of names, nothing left to precedence.

use crate::dql::ast::{
    Accessor, AlignUnit, Block, Direction, Expr, ExprKind, Literal, Parameter, ParameterKind,
    Query, Value,
};

/// `(fetch logs) | (filter (== a 1))`
pub(super) fn query(query: &Query) -> String {
    let commands: Vec<String> = query
        .commands
        .iter()
        .map(|command| {
            format!(
                "({})",
                list(&command.name.text, command.parameters.iter().map(parameter))
            )
        })
        .collect();
    commands.join(" | ")
}

fn list(head: &str, items: impl Iterator<Item = String>) -> String {
    items.fold(head.to_string(), |text, item| text + " " + &item)
}

fn parameter(node: &Parameter) -> String {
    match &node.kind {
        ParameterKind::Named { name, value } => format!("(:{} {})", name.text, parameter(value)),
        ParameterKind::Group(inner) => format!("({})", list("group", inner.iter().map(parameter))),
        ParameterKind::Argument(argument) => {
            let value = match &argument.value {
                Value::Block(node) => block(node),
                Value::Expr(expr) => expression(expr),
            };
            let value = match &argument.name {
                Some(name) => format!("(= {:?} {value})", name.text),
                None => value,
            };
            match argument.direction {
                Some(Direction::Ascending) => format!("(asc {value})"),
                Some(Direction::Descending) => format!("(desc {value})"),
                None => value,
            }
        }
    }
}

fn block(node: &Block) -> String {
    node.query
        .as_ref()
        .map_or("[]".to_string(), |inner| format!("[{}]", query(inner)))
}

/// `(+ a (* b 2))`
pub(super) fn expression(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Literal(literal) => value(literal),
        ExprKind::Field(name)
            if matches!(
                name.text.as_str(),
                "true" | "false" | "null" | "not" | "error"
            ) =>
        {
            format!("field:{}", name.text)
        }
        ExprKind::Field(name) if is_plain(&name.text) => name.text.clone(),
        ExprKind::Field(name) => format!("`{:?}", name.text),
        ExprKind::Call(call) => format!(
            "(call {})",
            list(&call.name.text, call.parameters.iter().map(parameter))
        ),
        ExprKind::Access { base, accessor } => {
            let accessor = match accessor {
                Accessor::Index(index) => index.to_string(),
                Accessor::Key(name) => format!("{:?}", name.text),
                Accessor::Each => "each".to_string(),
            };
            format!("(get {} {accessor})", expression(base))
        }
        ExprKind::Unary { op, operand } => format!("({op:?} {})", expression(operand)),
        ExprKind::Binary {
            op, left, right, ..
        } => {
            format!("({} {} {})", op.text(), expression(left), expression(right))
        }
        ExprKind::In {
            needle,
            block: node,
        } => format!("(in {} {})", expression(needle), block(node)),
        ExprKind::Align { left, unit } => {
            let AlignUnit {
                factor,
                unit,
                weekday,
                ..
            } = unit;
            let left = left
                .as_ref()
                .map_or("now".to_string(), |left| expression(left));
            format!("(@ {left} {factor} {unit:?} {weekday:?})")
        }
        ExprKind::Error => "error".to_string(),
    }
}

fn value(literal: &Literal) -> String {
    match literal {
        Literal::Long(value) => value.to_string(),
        Literal::Double(value) => format!("{value:?}"),
        Literal::String(value) => format!("{value:?}"),
        Literal::Duration(duration) => format!("{}*{:?}", duration.amount, duration.unit),
        Literal::Null => "null".to_string(),
        Literal::Boolean(value) => value.to_string(),
    }
}

fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
}
