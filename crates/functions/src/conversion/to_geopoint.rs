//! `toGeopoint(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const TO_GEOPOINT: Function = Function {
    name: "toGeopoint",
    summary: "A geo point of a text `latitude,longitude` in degrees.",
    parameters: &[required(
        "value",
        Accepts::STRING.or(Accepts::GEOPOINT).or(Accepts::ARRAY),
        "the value; of an array, its first element",
    )],
    examples: &[
        ("toString(toGeopoint(\"48.2,16.37\"))", "\"48.2,16.37\""),
        ("toGeopoint(\"91,0\")", "null"),
    ],
    body: Body::Row(Row::new(
        |_| Type::Geopoint,
        |values| match super::scalar(values) {
            point @ Value::Geopoint(..) => point,
            Value::String(text) => {
                let point = text.split_once(',').and_then(|(latitude, longitude)| {
                    Some((
                        latitude.trim().parse::<f64>().ok()?,
                        longitude.trim().parse::<f64>().ok()?,
                    ))
                });
                match point {
                    Some((latitude, longitude))
                        if latitude.abs() <= 90.0 && longitude.abs() <= 180.0 =>
                    {
                        Value::Geopoint(latitude, longitude)
                    }
                    _ => Value::Null,
                }
            }
            _ => Value::Null,
        },
    )),
};
