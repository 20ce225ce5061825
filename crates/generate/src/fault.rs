//! How calls fail: a refusal in the form of the service, or one of the API's own errors.

use crate::catalogue::Api;
use crate::rng::Rng;

/// What stands in a record that failed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// IAM said no; EC2 words it in its own way.
    Denied,
    /// The place of one of the API's own errors.
    Own(usize),
    /// Too many calls.
    Throttled,
}

/// CloudTrail writes IAM's refusals as `AccessDenied`, whatever the service answered.
pub(crate) const DENIED: &str = "User: ${arn} is not authorized to perform: ${action} because no identity-based policy allows the ${action} action";
/// EC2 keeps its own code, and the reason is encoded.
pub(crate) const EC2_DENIED: &str = "You are not authorized to perform this operation. User: ${arn} is not authorized to perform: ${action} because no identity-based policy allows the ${action} action. Encoded authorization failure message: ${token}${hex64}${hex32}";

/// Draws how a call of this API fails: mostly in a way of its own, if it has one.
pub(crate) fn draw(rng: &mut Rng, api: &Api) -> Fault {
    match rng.below(10) {
        0 => Fault::Throttled,
        1..=3 => Fault::Denied,
        _ if api.faults.is_empty() => Fault::Denied,
        _ => Fault::Own(rng.below(api.faults.len() as u64) as usize),
    }
}

/// Code and message of being throttled.
pub(crate) fn throttled(service: &str) -> (&'static str, &'static str) {
    match service {
        "ec2" => ("Client.RequestLimitExceeded", "Request limit exceeded."),
        "s3" => ("SlowDown", "Please reduce your request rate."),
        "iam" | "sts" | "autoscaling" | "elasticloadbalancing" => ("Throttling", "Rate exceeded"),
        _ => ("ThrottlingException", "Rate exceeded"),
    }
}

/// The code of a refusal.
pub(crate) fn denied(service: &str) -> &'static str {
    if service == "ec2" {
        "Client.UnauthorizedOperation"
    } else {
        "AccessDenied"
    }
}
