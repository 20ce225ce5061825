//! What the integration calls entities: the ids of who acts and of what is acted on.
//!
//! Only the events of which rules test the target have one here: a role that a policy is attached to, or whose trust
//! changes.

use super::event::is;
use super::resource;
use super::tree::{text, texts};
use super::{Source, Values};

/// What related entities are read from.
pub(super) const READS: &[&str] = &[
    "eventSource",
    "eventName",
    "userIdentity",
    "resources",
    "requestParameters",
    "responseElements",
];

/// What a target is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    User,
    Host,
    Service,
    Other,
}

fn target(source: &dyn Source) -> Option<String> {
    let known = is(source, "AttachRolePolicy") || is(source, "UpdateAssumeRolePolicy");
    text(source, "requestParameters.roleName").filter(|_| known)
}

fn kind(target: &str) -> Kind {
    const USERS: &[&str] = &[
        "user",
        "role",
        "assumed-role",
        "federated-user",
        "instance-profile",
        "mfa",
    ];
    const SERVICES: &[&str] = &["sg-", "vpc-", "subnet-", "arn:aws:s3:"];
    let resource = target
        .starts_with("arn:")
        .then(|| target.splitn(6, ':').nth(5))
        .flatten();
    let resource_type = resource.and_then(|resource| resource.split(['/', ':']).next());
    let access_key = target.len() == 20 && target.starts_with("AKIA");
    match resource_type {
        _ if target.contains(":role/aws-service-role/") => Kind::Service,
        Some("instance") => Kind::Host,
        Some(resource_type) if USERS.contains(&resource_type) => Kind::User,
        _ if access_key => Kind::User,
        _ if target.starts_with("i-") => Kind::Host,
        _ if SERVICES.iter().any(|prefix| target.starts_with(prefix)) => Kind::Service,
        _ => Kind::Other,
    }
}

fn targets(source: &dyn Source, wanted: Kind) -> Values {
    let target = target(source).filter(|target| kind(target) == wanted);
    target.into_iter().collect()
}

pub(super) fn user_target(source: &dyn Source) -> Values {
    targets(source, Kind::User)
}

pub(super) fn host_target(source: &dyn Source) -> Values {
    targets(source, Kind::Host)
}

pub(super) fn service_target(source: &dyn Source) -> Values {
    targets(source, Kind::Service)
}

pub(super) fn other_target(source: &dyn Source) -> Values {
    targets(source, Kind::Other)
}

/// The id of the user that acts: the role's where one is assumed.
pub(super) fn user(source: &dyn Source) -> Values {
    let id = match text(source, "userIdentity.type").as_deref() {
        Some("AssumedRole") => text(source, "userIdentity.sessionContext.sessionIssuer.arn")
            .or_else(|| text(source, "userIdentity.arn")),
        Some("IAMUser" | "Root") => text(source, "userIdentity.arn"),
        _ => None,
    };
    id.into_iter().collect()
}

/// All entities that an event of IAM names, sorted.
pub(super) fn related(source: &dyn Source) -> Values {
    if text(source, "eventSource").as_deref() != Some("iam.amazonaws.com") {
        return Values::new();
    }
    const PATHS: &[&str] = &[
        "userIdentity.accessKeyId",
        "userIdentity.arn",
        "userIdentity.userName",
        "userIdentity.sessionContext.sessionIssuer.arn",
        "userIdentity.sessionContext.sessionIssuer.userName",
        "requestParameters.userName",
        "requestParameters.serialNumber",
        "requestParameters.accessKeyId",
        "requestParameters.policyArn",
        "requestParameters.roleName",
        "requestParameters.policyName",
        "responseElements.accessKey.userName",
        "responseElements.accessKey.accessKeyId",
        "responseElements.user.arn",
        "responseElements.user.userId",
        "responseElements.user.userName",
        "responseElements.userId",
        "responseElements.role.arn",
        "responseElements.serialNumber",
    ];
    let mut all: Values = PATHS.iter().flat_map(|path| texts(source, path)).collect();
    all.extend(resource::arns(source));
    all.extend(target(source));
    all.sort();
    all.dedup();
    all
}
