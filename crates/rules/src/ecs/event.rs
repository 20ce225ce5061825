//! What kind of event it was, and how it ended.

use super::tree::{text, tree};
use super::{Source, Values};

/// Category, types, and the names of the events that have them, whatever service they are of.
const KINDS: &[(&str, &[&str], &[&str])] = &[
    (
        "iam",
        &["group", "change"],
        &[
            "AddUserToGroup",
            "AttachGroupPolicy",
            "DeleteGroupPolicy",
            "DetachGroupPolicy",
            "PutGroupPolicy",
            "RemoveUserFromGroup",
            "UpdateGroup",
        ],
    ),
    ("iam", &["group", "creation"], &["CreateGroup"]),
    ("iam", &["group", "deletion"], &["DeleteGroup"]),
    (
        "iam",
        &["group", "info"],
        &[
            "GetGroup",
            "GetGroupPolicy",
            "ListAttachedGroupPolicies",
            "ListGroupPolicies",
            "ListGroups",
            "ListGroupsForUser",
        ],
    ),
    (
        "iam",
        &["user", "change"],
        &[
            "AttachUserPolicy",
            "ChangePassword",
            "CreateAccessKey",
            "CreateVirtualMFADevice",
            "DeactivateMFADevice",
            "DeleteAccessKey",
            "DeleteSSHPublicKey",
            "DeleteUserPermissionsBoundary",
            "DeleteUserPolicy",
            "DeleteVirtualMFADevice",
            "DetachUserPolicy",
            "EnableMFADevice",
            "PutUserPermissionsBoundary",
            "PutUserPolicy",
            "TagUser",
            "UntagUser",
            "UpdateAccessKey",
            "UpdateLoginProfile",
            "UpdateSSHPublicKey",
            "UpdateUser",
        ],
    ),
    ("iam", &["user", "creation"], &["CreateUser"]),
    ("iam", &["user", "deletion"], &["DeleteUser"]),
    (
        "iam",
        &["user", "info"],
        &[
            "GetUser",
            "GetUserPolicy",
            "ListAttachedUserPolicies",
            "ListUserPolicies",
            "ListUsers",
            "ListUserTags",
        ],
    ),
    ("iam", &["admin", "creation"], &["CreateKeyPair"]),
    (
        "iam",
        &["admin", "change"],
        &[
            "SetDefaultPolicyVersion",
            "SetSecurityTokenServicePreferences",
            "UpdateAccountPasswordPolicy",
            "UpdateRole",
        ],
    ),
    (
        "iam",
        &["info"],
        &["ListRoles", "GetPolicy", "ListAttachedRolePolicies"],
    ),
    ("iam", &["creation"], &["CreatePolicy"]),
    ("iam", &["change"], &["AttachRolePolicy"]),
    (
        "authentication",
        &["info"],
        &["AssumeRole", "ConsoleLogin", "GetCallerIdentity"],
    ),
    ("file", &["creation"], &["CreateBucket", "CreateDocument"]),
    ("file", &["deletion"], &["DeleteBucket", "DeleteObject"]),
    (
        "file",
        &["info"],
        &["ListBuckets", "ListObjects", "HeadObject", "GetObject"],
    ),
    ("file", &["change"], &["PutObject"]),
    (
        "host",
        &["info"],
        &[
            "DescribeInstances",
            "DescribeVolumes",
            "ListInstanceAssociations",
        ],
    ),
    (
        "network",
        &["info"],
        &[
            "DescribeSecurityGroups",
            "DescribeNetworkInterfaces",
            "DescribeVpcs",
            "DescribeNetworkAcls",
            "DescribeLoadBalancers",
        ],
    ),
    ("network", &["access"], &["AuthorizeSecurityGroupIngress"]),
    (
        "api",
        &["info"],
        &["DescribeRegions", "Publish", "Converse"],
    ),
    ("configuration", &["info"], &["DescribeTrails"]),
    ("configuration", &["creation"], &["CreateTopic"]),
    ("configuration", &["change"], &["Subscribe"]),
    ("configuration", &["deletion"], &["DeleteTrail"]),
    ("package", &["info"], &["ListFunctions"]),
    (
        "database",
        &["info"],
        &["ListTables", "DescribeDBInstances"],
    ),
    ("process", &["start"], &["SendCommand"]),
    (
        "session",
        &["start"],
        &[
            "StartSession",
            "CreateControlChannel",
            "OpenControlChannel",
            "CreateDataChannel",
            "OpenDataChannel",
        ],
    ),
    ("session", &["end"], &["TerminateSession"]),
];

/// Category and types of an event by its name.
pub(super) fn kind_of(name: &str) -> Option<(&'static str, &'static [&'static str])> {
    let found = KINDS.iter().find(|(_, _, names)| names.contains(&name));
    found.map(|(category, types, _)| (*category, *types))
}

pub(super) fn category(source: &dyn Source) -> Values {
    let name = text(source, "eventName").unwrap_or_default();
    let kind = kind_of(&name);
    kind.map(|(category, _)| category.to_owned())
        .into_iter()
        .collect()
}

pub(super) fn types(source: &dyn Source) -> Values {
    let name = text(source, "eventName").unwrap_or_default();
    let types = kind_of(&name).map_or(&["info"][..], |(_, types)| types);
    types.iter().map(|kind| (*kind).to_owned()).collect()
}

pub(super) fn outcome(source: &dyn Source) -> Values {
    if is(source, "ConsoleLogin")
        && let Some(result) = text(source, "responseElements.ConsoleLogin")
    {
        return vec![result.to_lowercase()];
    }
    let failed = tree(source, "errorCode").is_some() || tree(source, "errorMessage").is_some();
    vec![if failed { "failure" } else { "success" }.to_owned()]
}

pub(super) fn service(source: &dyn Source) -> Values {
    let name = text(source, "eventSource");
    name.map(|name| {
        name.strip_suffix(".amazonaws.com")
            .unwrap_or(&name)
            .to_owned()
    })
    .into_iter()
    .collect()
}

pub(super) fn is(source: &dyn Source, name: &str) -> bool {
    text(source, "eventName").as_deref() == Some(name)
}

pub(super) fn mobile_version(source: &dyn Source) -> Values {
    console_login(source, "additionalEventData.MobileVersion", yes)
}

pub(super) fn login_to(source: &dyn Source) -> Values {
    console_login(source, "additionalEventData.LoginTo", |text| text)
}

pub(super) fn mfa_used(source: &dyn Source) -> Values {
    console_login(source, "additionalEventData.MFAUsed", yes)
}

fn yes(text: String) -> String {
    (text != "No").to_string()
}

fn console_login(source: &dyn Source, path: &str, make: fn(String) -> String) -> Values {
    let value = text(source, path).filter(|_| is(source, "ConsoleLogin"));
    value.map(make).into_iter().collect()
}

/// Protocol and version out of `TLSv1.3`.
fn tls(source: &dyn Source) -> Option<(String, String)> {
    let text = text(source, "tlsDetails.tlsVersion")?;
    let (protocol, version) = text.split_once(['v', 'V'])?;
    Some((protocol.to_lowercase(), version.to_owned()))
}

pub(super) fn tls_protocol(source: &dyn Source) -> Values {
    tls(source)
        .map(|(protocol, _)| protocol)
        .into_iter()
        .collect()
}

pub(super) fn tls_version(source: &dyn Source) -> Values {
    tls(source)
        .map(|(_, version)| version)
        .into_iter()
        .collect()
}
