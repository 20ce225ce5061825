//! Who did it, and to whom.

use super::event::is;
use super::tree::text;
use super::{Source, Values};

/// What the ARN of a role that a service has for itself holds.
const SERVICE_ROLE: &str = ":role/aws-service-role/";

/// What the names of users are read from.
pub(super) const READS: &[&str] = &[
    "userIdentity.type",
    "userIdentity.userName",
    "userIdentity.principalId",
    "userIdentity.arn",
    "userIdentity.sessionContext.sessionIssuer.userName",
    "userIdentity.sessionContext.sessionIssuer.arn",
    "userIdentity.onBehalfOf.userId",
    "eventName",
    "additionalEventData.UserName",
    "requestParameters.userName",
    "requestParameters.newUserName",
    "responseElements.user.userId",
];

fn identity_type(source: &dyn Source) -> String {
    text(source, "userIdentity.type").unwrap_or_default()
}

/// Whether a service of AWS acts for itself: it is no user.
fn is_service(source: &dyn Source) -> bool {
    match identity_type(source).as_str() {
        "AWSService" => true,
        "AssumedRole" => text(source, "userIdentity.sessionContext.sessionIssuer.arn")
            .is_some_and(|arn| arn.contains(SERVICE_ROLE)),
        _ => false,
    }
}

pub(super) fn is_user_authentication(source: &dyn Source) -> bool {
    is(source, "UserAuthentication") && identity_name(source).is_none()
}

/// The service that acts.
pub(super) fn service(source: &dyn Source) -> Values {
    if !is_service(source) {
        return Values::new();
    }
    let invoked_by = text(source, "userIdentity.invokedBy");
    let of_role = || {
        let arn = text(source, "userIdentity.sessionContext.sessionIssuer.arn")?;
        let (_, behind) = arn.split_once(SERVICE_ROLE)?;
        behind.split('/').next().map(str::to_owned)
    };
    invoked_by.or_else(of_role).into_iter().collect()
}

/// The name that the identity brings: a role's where one is assumed.
fn identity_name(source: &dyn Source) -> Option<String> {
    if is_service(source) {
        return None;
    }
    let issuer = match identity_type(source).as_str() {
        "AssumedRole" | "FederatedUser" => {
            text(source, "userIdentity.sessionContext.sessionIssuer.userName")
        }
        _ => None,
    };
    issuer.or_else(|| text(source, "userIdentity.userName"))
}

pub(super) fn name(source: &dyn Source) -> Values {
    let given = || {
        let named = is_user_authentication(source) && !is_service(source);
        named.then(|| text(source, "additionalEventData.UserName"))?
    };
    identity_name(source).or_else(given).into_iter().collect()
}

pub(super) fn id(source: &dyn Source) -> Values {
    if is_service(source) {
        return Values::new();
    }
    let center = || {
        let center = identity_type(source) == "IdentityCenterUser";
        center.then(|| text(source, "userIdentity.onBehalfOf.userId"))?
    };
    text(source, "userIdentity.principalId")
        .or_else(center)
        .into_iter()
        .collect()
}

/// The name of the session, which whoever assumes a role chooses.
fn session(source: &dyn Source) -> Option<String> {
    let named = matches!(
        identity_type(source).as_str(),
        "AssumedRole" | "FederatedUser" | "IdentityCenterUser"
    );
    let arn = text(source, "userIdentity.arn").filter(|arn| named && arn.contains(":sts:"))?;
    let (_, name) = arn.rsplit_once('/')?;
    (!name.is_empty()).then(|| name.to_owned())
}

pub(super) fn email(source: &dyn Source) -> Values {
    session(source)
        .filter(|name| name.contains('@'))
        .into_iter()
        .collect()
}

/// All users that the event names.
pub(super) fn related(source: &dyn Source) -> Values {
    let session = session(source);
    let local = session.as_deref().and_then(|name| name.split_once('@'));
    let local = local
        .map(|(local, _)| local.to_owned())
        .filter(|local| !local.is_empty());
    let mut all = Values::new();
    all.extend(text(source, "userIdentity.userName"));
    all.extend(name(source));
    all.extend(id(source));
    all.extend(session);
    all.extend(local);
    for path in [
        "userIdentity.onBehalfOf.userId",
        "responseElements.user.userId",
        "requestParameters.newUserName",
        "requestParameters.userName",
    ] {
        all.extend(text(source, path));
    }
    distinct(all)
}

/// The values, each once, in order.
pub(super) fn distinct(all: Values) -> Values {
    let mut seen = std::collections::HashSet::new();
    all.into_iter()
        .filter(|value| seen.insert(value.clone()))
        .collect()
}
