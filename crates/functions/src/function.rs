//! What a function is: one description from which calls, documentation and tests are made.

use datafusion::logical_expr::Expr;
use syntax::{Code, Diagnostic};

use crate::compare::Truth;
use crate::iterative::Iterative;
use crate::parameter::{Arguments, Parameter};
use crate::row::Row;
use crate::typed::Typed;
use crate::types::Type;

/// A function that gives one value a record.
#[derive(Debug)]
pub struct Function {
    /// Its name, canonical spelling.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// What it takes, in order.
    pub parameters: &'static [Parameter],
    /// Calls and their results, each run as a test: a DQL expression, and one that it equals.
    pub examples: &'static [(&'static str, &'static str)],
    /// How the value of a call is made.
    pub body: Body,
}

/// How the value of a call is made. Types were checked against the parameters where they are known.
#[derive(Clone, Copy, Debug)]
pub enum Body {
    /// An expression made of the arguments.
    Build(fn(&Arguments, Truth) -> Result<Typed, Diagnostic>),
    /// A value made of values, row by row.
    Row(Row),
    /// A form of the language whose arguments are more than values: names, most often. The translator reads it.
    Form,
    /// A part of an iterative expression: the value of its argument is the array of what it is for each element.
    Iterative(Iterative),
}

impl Function {
    /// The value of a call.
    ///
    /// # Errors
    /// What is wrong with the arguments.
    pub fn call(&self, arguments: &Arguments, truth: Truth) -> Result<Typed, Diagnostic> {
        match self.body {
            Body::Build(build) => build(arguments, truth).map(crate::fold::folded),
            Body::Row(row) => row.call(self, arguments),
            Body::Form => Err(Diagnostic::error(
                Code::Internal,
                arguments.span,
                format!("`{}` is a form, and is not called", self.name),
            )),
            Body::Iterative(Iterative::Over(make)) => {
                Ok(make(&arguments.required("expression")?.value))
            }
            Body::Iterative(Iterative::Index) => {
                Err(crate::iterative::nothing(self.name, arguments.span))
            }
        }
    }
}

/// A function that gives one value a group of records.
#[derive(Debug)]
pub struct Aggregate {
    /// Its name, canonical spelling.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// What it takes, in order.
    pub parameters: &'static [Parameter],
    /// Whether a time series may be made of it.
    pub series: bool,
    /// Whether its value depends on the order of the records: then it reads their places ([`Arguments::place`]).
    pub ordered: bool,
    /// The aggregation of a call, and the type of its result.
    pub build: fn(&Arguments) -> Result<Aggregation, Diagnostic>,
}

/// How the value of a call is made from the aggregations it needs.
pub type Finish = Box<dyn FnOnce(&[Expr]) -> Typed>;

/// A call of an aggregate, ready for an aggregation node.
pub struct Aggregation {
    /// DataFusion aggregate expressions, most often one.
    pub exprs: Vec<Expr>,
    /// The call's value, given the columns that hold the results of `exprs`.
    pub finish: Finish,
}

impl Aggregation {
    /// An aggregation that is one aggregate expression of the Arrow type of `ty`.
    pub fn one(expr: Expr, ty: Type) -> Aggregation {
        let finish: Finish = Box::new(move |columns| match columns {
            [column] => Typed::of(column.clone(), ty),
            _ => Typed::null(),
        });
        Aggregation {
            exprs: vec![expr],
            finish,
        }
    }
}
