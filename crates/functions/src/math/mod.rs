//! Mathematics.

mod abs;
mod acos;
mod asin;
mod atan;
mod atan2;
mod cbrt;
mod ceil;
mod cos;
mod cosh;
mod degree_to_radian;
mod e;
mod exp;
mod floor;
mod hex_string_to_number;
mod hypotenuse;
mod log;
mod log10;
mod log1p;
mod number_to_hex_string;
mod pi;
mod power;
mod radian_to_degree;
mod random;
mod range;
mod round;
mod signum;
mod sin;
mod sinh;
mod sqrt;
mod tan;
mod tanh;

use crate::function::Function;
use crate::types::Type;
use crate::value::Value;

/// The list.
pub(crate) const ALL: &[Function] = &[
    abs::ABS,
    acos::ACOS,
    asin::ASIN,
    atan::ATAN,
    atan2::ATAN2,
    cbrt::CBRT,
    ceil::CEIL,
    cos::COS,
    cosh::COSH,
    degree_to_radian::DEGREE_TO_RADIAN,
    e::E,
    exp::EXP,
    floor::FLOOR,
    hex_string_to_number::HEX_STRING_TO_NUMBER,
    hypotenuse::HYPOTENUSE,
    log::LOG,
    log10::LOG10,
    log1p::LOG1P,
    number_to_hex_string::NUMBER_TO_HEX_STRING,
    pi::PI,
    power::POWER,
    radian_to_degree::RADIAN_TO_DEGREE,
    random::RANDOM,
    range::RANGE,
    round::ROUND,
    signum::SIGNUM,
    sin::SIN,
    sinh::SINH,
    sqrt::SQRT,
    tan::TAN,
    tanh::TANH,
];

/// The type of the first argument; a double where that is no number.
fn same(types: &[Type]) -> Type {
    match types {
        [
            ty @ (Type::Long | Type::Double | Type::Duration | Type::Null),
            ..,
        ] => ty.clone(),
        _ => Type::Dynamic,
    }
}

/// `f` of one number; null where the result is not finite.
fn double<'a>(values: &[Value<'a>], f: fn(f64) -> f64) -> Value<'a> {
    match values {
        [number] => Value::or_null(number.as_number(), |double| Value::double(f(double))),
        _ => Value::Null,
    }
}

/// `f` of two numbers; null where the result is not finite.
fn double2<'a>(values: &[Value<'a>], f: fn(f64, f64) -> f64) -> Value<'a> {
    match values {
        [a, b] => Value::or_null(a.as_number().zip(b.as_number()), |(a, b)| {
            Value::double(f(a, b))
        }),
        _ => Value::Null,
    }
}
