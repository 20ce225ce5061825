//! DQL's functions in SQL: by position, the optional parameters behind the required ones, under their names in any case.
//! Of a function that takes any number of values, the optional parameters can't be given.
//!
//! A call is replaced by the expression that DQL makes of it before the plan is run. What SQL has under the same name
//! (`lower`, `concat`, `round`, …) stays SQL's.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::simplify::{ExprSimplifyResult, SimplifyContext};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    TypeSignature, Volatility, col,
};
use datafusion::prelude::SessionContext;
use functions::compare::Truth;
use functions::parameter::{Argument, Arguments, Constancy, Parameter};
use functions::{Body, Function, Type, Typed, Value};
use syntax::{Diagnostic, Span};

/// Makes the functions known to a session that knows SQL's.
pub(super) fn register(context: &SessionContext, zone: &str, now: i64) {
    for function in functions::functions() {
        let name = function.name.to_ascii_lowercase();
        let takes_values = matches!(function.body, Body::Build(_) | Body::Row(_));
        if !takes_values || context.state().scalar_functions().contains_key(&name) {
            continue;
        }
        let signature =
            TypeSignature::OneOf(vec![TypeSignature::VariadicAny, TypeSignature::Nullary]);
        context.register_udf(ScalarUDF::new_from_impl(Call {
            function,
            // As written in DQL, for those who quote the name.
            aliases: Vec::from_iter((name != function.name).then(|| function.name.to_owned())),
            name,
            zone: zone.to_owned(),
            now,
            // Volatile calls are not computed before they are replaced.
            signature: Signature::new(signature, Volatility::Volatile),
        }));
    }
}

/// A function that a statement may call.
#[derive(Debug)]
struct Call {
    function: &'static Function,
    name: String,
    aliases: Vec<String>,
    zone: String,
    now: i64,
    signature: Signature,
}

impl PartialEq for Call {
    fn eq(&self, other: &Call) -> bool {
        (&self.name, &self.zone, self.now) == (&other.name, &other.zone, other.now)
    }
}

impl Eq for Call {}

impl Hash for Call {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.name, &self.zone, self.now).hash(state);
    }
}

impl Call {
    /// The value of the call.
    fn value(&self, given: Vec<Typed>) -> Result<Typed> {
        let span = Span::new(0, 0);
        let mut arguments = Arguments::new(span, self.zone.clone(), self.now);
        let count = given.len();
        let mut given = given.into_iter();
        for parameter in in_order(self.function.parameters) {
            let most = if parameter.variadic { count } else { 1 };
            for value in given.by_ref().take(most) {
                self.check(parameter, &value)?;
                arguments.push(parameter.name, Argument { value, span });
            }
        }
        if given.next().is_some() {
            return plan_err!("{} takes no {count} values", self.function.name);
        }
        let missing =
            |parameter: &&Parameter| parameter.required && arguments.get(parameter.name).is_none();
        if let Some(parameter) = self.function.parameters.iter().find(missing) {
            return plan_err!(
                "{} needs its parameter {}: {}",
                self.function.name,
                parameter.name,
                parameter.doc
            );
        }
        let value = match self.function.call(&arguments, Truth::Exact) {
            Ok(value) => value,
            Err(wrong) => return plan_err!("{}", said(&wrong)),
        };
        // SQL has no types for records, addresses, and values whose type differs: they are text.
        let ty = value.ty();
        if !ty.is_text() && ty != Type::Timeframe {
            return Ok(value);
        }
        let Some(to_string) = functions::find("toString") else {
            return Ok(value);
        };
        let mut arguments = Arguments::new(span, self.zone.clone(), self.now);
        let parameter = to_string.parameters.first().map_or("", |first| first.name);
        arguments.push(parameter, Argument { value, span });
        match to_string.call(&arguments, Truth::Exact) {
            Ok(value) => Ok(value),
            Err(wrong) => plan_err!("{}", said(&wrong)),
        }
    }

    fn check(&self, parameter: &Parameter, value: &Typed) -> Result<()> {
        let name = format!("{} of {}", parameter.name, self.function.name);
        let ty = value.ty();
        if !parameter.accepts.takes(&ty) {
            let wanted = parameter.accepts.article();
            return plan_err!("{name} has to be {wanted}, and this is {}", ty.article());
        }
        let fixed = value.fixed();
        if parameter.constancy != Constancy::Any && fixed.is_none() {
            return plan_err!("{name} has to be a constant");
        }
        if let (Some((least, greatest)), Some(number)) = (
            parameter.range,
            fixed.as_ref().and_then(|value| value.as_long()),
        ) && !(least..=greatest).contains(&number)
        {
            return plan_err!("{name} has to be between {least} and {greatest}");
        }
        if let (Some(check), Some(Value::String(text))) = (parameter.check, &fixed)
            && let Err(wrong) = check(text)
        {
            return plan_err!("{name}: {wrong}");
        }
        Ok(())
    }
}

/// The required parameters, then the one that takes the rest, or else the optional ones.
fn in_order(parameters: &'static [Parameter]) -> impl Iterator<Item = &'static Parameter> {
    let rank = |parameter: &&Parameter| {
        (
            !parameter.required && !parameter.variadic,
            parameter.variadic,
        )
    };
    let mut ordered: Vec<&Parameter> = parameters.iter().collect();
    ordered.sort_by_key(rank);
    ordered.into_iter()
}

fn said(diagnostic: &Diagnostic) -> &str {
    &diagnostic.message
}

impl ScalarUDFImpl for Call {
    fn name(&self) -> &str {
        &self.name
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        plan_err!("the type of {} depends on its values", self.function.name)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        let given = args.arg_fields.iter().zip(args.scalar_arguments);
        let given = given.enumerate().map(|(place, (field, literal))| {
            let expr = match literal {
                Some(scalar) => Expr::Literal((*scalar).clone(), None),
                None => col(format!("argument {place}")),
            };
            argument(expr, field.data_type())
        });
        let value = self.value(given.collect::<Result<_>>()?)?;
        Ok(Arc::new(Field::new(&self.name, value.ty().arrow(), true)))
    }

    fn simplify(&self, args: Vec<Expr>, info: &SimplifyContext) -> Result<ExprSimplifyResult> {
        let given = args.into_iter().map(|expr| {
            let arrow = info.get_data_type(&expr)?;
            argument(expr, &arrow)
        });
        let value = self.value(given.collect::<Result<_>>()?)?;
        Ok(ExprSimplifyResult::Simplified(value.expr()))
    }

    fn invoke_with_args(&self, _: ScalarFunctionArgs) -> Result<ColumnarValue> {
        exec_err!(
            "{} was not replaced by what it stands for",
            self.function.name
        )
    }
}

/// A value of SQL as one of DQL.
fn argument(expr: Expr, arrow: &DataType) -> Result<Typed> {
    let (cast, ty) = super::typed(expr.clone(), arrow);
    Ok(match (expr, &ty) {
        (_, Type::Null) => Typed::null(),
        (Expr::Literal(ScalarValue::IntervalMonthDayNano(Some(interval)), _), _)
            if interval.months == 0 =>
        {
            let days = i64::from(interval.days).saturating_mul(86_400_000_000_000);
            let nanos = days.saturating_add(interval.nanoseconds);
            Typed::constant(&Value::Duration(nanos), &Type::Duration)
        }
        (Expr::Literal(scalar, _), ty) => {
            let scalar: ScalarValue = scalar.cast_to(&ty.arrow())?;
            Typed::of(Expr::Literal(scalar, None), ty.clone())
        }
        _ => Typed::of(cast, ty),
    })
}
