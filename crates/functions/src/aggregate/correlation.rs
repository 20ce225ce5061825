//! `correlation(expression1, expression2)`

use super::gather::correlation::Correlation;
use super::gather::gather;
use crate::function::Aggregate;
use crate::parameter::{Accepts, required};
use crate::types::Type;

pub(super) const CORRELATION: Aggregate = Aggregate {
    name: "correlation",
    summary: "Pearson's correlation coefficient of two numbers, of the records that have both; null where one of them \
              is the same in all, or a value is no number.",
    parameters: &[
        required("expression1", Accepts::NUMBER, "one number"),
        required("expression2", Accepts::NUMBER, "the other"),
    ],
    series: false,
    ordered: false,
    build: |arguments| {
        let values = ["expression1", "expression2"].map(|name| {
            arguments
                .required(name)
                .map(|argument| argument.value.clone())
        });
        let [first, second] = values;
        let values = [first?, second?];
        Ok(gather::<Correlation>(Vec::new(), &values, Type::Double))
    },
};
