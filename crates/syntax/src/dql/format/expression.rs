//! Expressions to text, with no more parentheses than the tree needs.

use super::super::ast::{Accessor, AlignUnit, BinaryOp, Expr, ExprKind, Literal, UnaryOp};
use super::super::literal::{write_name, write_string};
use super::super::precedence::Level;
use super::printer::Printer;

impl Printer<'_> {
    pub(super) fn expression(&mut self, expr: &Expr) {
        self.operand(expr, Level::Or);
    }

    /// An expression where only operators of `weakest` or stronger may stand.
    fn operand(&mut self, expr: &Expr, weakest: Level) {
        if level(expr) < weakest {
            self.out.push('(');
            self.bare(expr);
            self.out.push(')');
        } else {
            self.bare(expr);
        }
    }

    /// An expression without parentheses around it.
    ///
    /// Chains lean to the left and may be thousands of levels high, so the way down is a loop.
    fn bare(&mut self, expr: &Expr) {
        let mut behind = Vec::new();
        let mut first = expr;
        let mut weakest = Level::Or;
        while let Some((left, needs)) = left_part(first).filter(|_| level(first) >= weakest) {
            behind.push(first);
            first = left;
            weakest = needs;
        }
        if behind.is_empty() {
            self.piece(expr);
            return;
        }
        self.operand(first, weakest);
        for expr in behind.into_iter().rev() {
            self.behind_left(expr);
        }
    }

    /// What an expression has behind its left part.
    fn behind_left(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Binary { op, right, .. } => {
                self.out.push(' ');
                self.out.push_str(op.text());
                self.out.push(' ');
                self.operand(right, op.level().stronger());
            }
            ExprKind::Access { accessor, .. } => self.accessor(accessor),
            ExprKind::Align { unit, .. } => self.align_unit(unit),
            ExprKind::In { block, .. } => {
                self.out.push_str(" in ");
                self.block(block);
            }
            _ => {}
        }
    }

    /// An expression that does not begin with another one.
    fn piece(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Field(name) => self.out.push_str(&write_name(&name.text)),
            ExprKind::Call(call) => {
                let definition = self.definitions.function(&call.name.text);
                let name = definition
                    .as_ref()
                    .map_or(call.name.text.as_str(), |definition| definition.name);
                self.out.push_str(name);
                self.out.push('(');
                self.parameters(definition.as_ref(), &call.parameters);
                self.out.push(')');
            }
            ExprKind::Unary {
                op: UnaryOp::Not,
                operand,
            } => {
                self.out.push_str("not ");
                self.operand(operand, Level::Not);
            }
            ExprKind::Unary {
                op: UnaryOp::Negate,
                operand,
            } => {
                self.out.push('-');
                self.operand(operand, Level::Negate);
            }
            ExprKind::Align { unit, .. } => self.align_unit(unit),
            // No text means this; it is the printed form of a query that has an error already.
            ExprKind::Error => self.out.push('…'),
            ExprKind::Access { .. } | ExprKind::Binary { .. } | ExprKind::In { .. } => {}
        }
    }

    fn accessor(&mut self, accessor: &Accessor) {
        self.out.push('[');
        match accessor {
            Accessor::Index(index) => self.out.push_str(&index.to_string()),
            Accessor::Key(name) => self.out.push_str(&write_name(&name.text)),
            Accessor::Each => {}
        }
        self.out.push(']');
    }

    fn align_unit(&mut self, unit: &AlignUnit) {
        self.out.push('@');
        if unit.factor != 1 {
            self.out.push_str(&unit.factor.to_string());
        }
        self.out.push_str(unit.unit.text());
        if let Some(weekday) = unit.weekday {
            self.out.push_str(&weekday.to_string());
        }
    }

    fn literal(&mut self, literal: &Literal) {
        let text = match literal {
            Literal::Null => "NULL".to_string(),
            Literal::Boolean(true) => "TRUE".to_string(),
            Literal::Boolean(false) => "FALSE".to_string(),
            Literal::Long(value) => value.to_string(),
            // The shortest text that is read back as the same number; it has a point or an exponent.
            Literal::Double(value) => format!("{value:?}"),
            Literal::String(value) => write_string(value),
            Literal::Duration(duration) => format!("{}{}", duration.amount, duration.unit.text()),
        };
        self.out.push_str(&text);
    }
}

/// How tightly the outermost operator binds.
fn level(expr: &Expr) -> Level {
    match &expr.kind {
        ExprKind::Literal(literal) if is_signed(literal) => Level::Negate,
        ExprKind::Unary {
            op: UnaryOp::Not, ..
        } => Level::Not,
        ExprKind::Unary {
            op: UnaryOp::Negate,
            ..
        } => Level::Negate,
        ExprKind::Binary { op, .. } => op.level(),
        ExprKind::In { .. } => Level::In,
        ExprKind::Align { .. } => Level::Align,
        _ => Level::Postfix,
    }
}

/// Whether a literal is printed with a minus sign.
fn is_signed(literal: &Literal) -> bool {
    match literal {
        Literal::Long(value) => *value < 0,
        Literal::Double(value) => value.is_sign_negative(),
        Literal::Duration(duration) => duration.amount < 0,
        _ => false,
    }
}

/// The expression with which another one begins, and how tightly it must bind there.
fn left_part(expr: &Expr) -> Option<(&Expr, Level)> {
    match &expr.kind {
        ExprKind::Binary {
            op: BinaryOp::Search,
            left,
            ..
        } => Some((left, Level::Search.stronger())),
        ExprKind::Binary { op, left, .. } => Some((left, op.level())),
        ExprKind::Access { base, .. } => Some((base, Level::Postfix)),
        ExprKind::In { needle, .. } => Some((needle, Level::In.stronger())),
        ExprKind::Align {
            left: Some(left), ..
        } => {
            // `@h@d` would be two alignments of nothing.
            let alone = matches!(left.kind, ExprKind::Align { left: None, .. });
            Some((left, if alone { Level::Multiply } else { Level::Align }))
        }
        _ => None,
    }
}
