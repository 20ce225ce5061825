//! The tree of a pattern: what was written, with spans.

use super::matcher::{Matcher, Posix};
use crate::Span;

/// A whole pattern: macros, then the expressions to match one after the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pattern {
    /// The macros in written order.
    pub macros: Vec<Macro>,
    /// What is matched.
    pub body: Sequence,
    /// The whole text.
    pub span: Span,
}

/// `$name = sequence ;`
#[derive(Clone, Debug, PartialEq)]
pub struct Macro {
    /// Its name without the dollar sign.
    pub name: Name,
    /// What it stands for.
    pub body: Sequence,
    /// From the dollar sign to the semicolon.
    pub span: Span,
}

/// Expressions that match one after the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sequence {
    /// The expressions in order.
    pub elements: Vec<Element>,
    /// From the first to the last.
    pub span: Span,
}

/// One expression: `lookaround primary config quantifier ? <constant> : export`.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// `>>`, `<<` and their negations.
    pub look: Option<Look>,
    /// What is matched.
    pub primary: Primary,
    /// Where the primary stands, its body included.
    pub primary_span: Span,
    /// The parameters in parentheses; `None` without parentheses.
    pub config: Option<Config>,
    /// How often.
    pub quantifier: Option<Quantifier>,
    /// Whether `?` was given.
    pub optional: bool,
    /// `<constant>`: the value to export in place of what was matched.
    pub constant: Option<Constant>,
    /// The name of the field that receives the value.
    pub export: Option<Name>,
    /// All of it.
    pub span: Span,
}

impl Element {
    /// A primary with nothing around it.
    pub(super) fn plain(primary: Primary, span: Span) -> Self {
        Element {
            look: None,
            primary,
            primary_span: span,
            config: None,
            quantifier: None,
            optional: false,
            constant: None,
            export: None,
            span,
        }
    }
}

/// A test that consumes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Which side of the current offset is looked at.
    pub side: Side,
    /// Whether the test succeeds where the expression does not match.
    pub negated: bool,
}

/// The side a look-around looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// `>>`
    Ahead,
    /// `<<`
    Behind,
}

/// What an expression may be made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Primary {
    /// A text, escapes undone.
    Literal(String),
    /// `[…]`
    Class(Class),
    /// `( a b c )`
    Group(Sequence),
    /// `( a | b | c )`; a branch of more than one expression is accepted.
    Alternatives(Vec<Sequence>),
    /// `$name`
    Macro(Name),
    /// A matcher with its body, if it has one. `None` for a name that is no matcher.
    Matcher(Option<Matcher>, Option<Body>),
}

/// The content of `[…]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// Whether the set is meant that is left.
    pub negated: bool,
    /// What it lists, in written order.
    pub items: Vec<ClassItem>,
}

/// One entry of a character group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassItem {
    /// The characters from the first to the second, both included.
    Range(char, char),
    /// `[:name:]`, or a shorthand such as `\s`.
    Posix(Posix),
    /// `\S`, `\D`, `\W`: everything but the class.
    NotPosix(Posix),
    /// `[:any:]`: every character.
    Any,
}

/// What stands in braces behind a matcher.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Of `KVP`, `ARRAY`, `STRUCTURE`.
    Sequence(Sequence),
    /// Of `JSON`.
    Members(Vec<Member>),
    /// Of `JSON_ARRAY`, `JSON_VALUE`; `None` for empty braces.
    Type(Option<Box<ValueType>>),
    /// Of `ENUM`.
    Enum(Vec<EnumEntry>),
}

/// `matcher[][] : name : export` in a JSON body.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// What converts the value, and how deep the arrays around it are.
    pub value: ValueType,
    /// The member's name in the JSON text.
    pub name: Name,
    /// Where the value goes.
    pub export: MemberExport,
    /// All of it.
    pub span: Span,
}

/// Where the value of a JSON member goes.
#[derive(Clone, Debug, PartialEq)]
pub enum MemberExport {
    /// To a field of the member's own name.
    Same,
    /// To a field of another name.
    Renamed(Name),
    /// Nowhere: it is checked only.
    Hidden,
}

/// An expression with `[]` behind it, once per dimension.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueType {
    /// The expression for the innermost values; it has no export of its own.
    pub element: Element,
    /// How many pairs of brackets.
    pub dimensions: usize,
}

/// `'text' = number`
#[derive(Clone, Debug, PartialEq)]
pub struct EnumEntry {
    /// The text to match, escapes undone.
    pub text: String,
    /// Its value.
    pub value: Constant,
    /// All of it.
    pub span: Span,
}

/// `( parameter, parameter … )`
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// In written order.
    pub parameters: Vec<Parameter>,
    /// The parentheses and all between them.
    pub span: Span,
}

/// `name = value`; only the format of a timestamp may come without its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// As written.
    pub name: Option<Name>,
    /// What it is set to.
    pub value: ParameterValue,
    /// All of it.
    pub span: Span,
}

/// What a parameter may be set to.
#[derive(Clone, Debug, PartialEq)]
pub enum ParameterValue {
    /// A constant.
    Constant(Constant),
    /// `{ matchers }`, for `fs`.
    Sequence(Sequence),
}

/// A constant of a simple type.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// A string, escapes undone.
    Text(String),
    /// A whole number, decimal or hexadecimal.
    Long(i64),
    /// A number with a fraction or an exponent, or beyond 64 bits.
    Double(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// `null`
    Null,
}

/// How often an expression is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantifier {
    /// How it was written.
    pub form: QuantifierForm,
    /// At least.
    pub min: u32,
    /// At most; `None` if open.
    pub max: Option<u32>,
    /// Where.
    pub span: Span,
}

/// The forms of a quantifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantifierForm {
    /// `*`
    Star,
    /// `+`
    Plus,
    /// `{…}`
    Counted,
}

/// A name as written; quotes and escapes undone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// The name itself.
    pub text: String,
    /// Where.
    pub span: Span,
}
