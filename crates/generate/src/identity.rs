//! Who calls: the kinds of `userIdentity`, how often each is seen, and what it looks like.

use crate::rng::{Rng, skewed};

/// The kinds of caller. The names are CloudTrail's own, but for the service event's, which has no type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Service,
    AssumedRole,
    User,
    Root,
    WebIdentity,
    Saml,
    Federated,
    Account,
    IdentityCenter,
    Directory,
    Role,
    Unknown,
    ServiceEvent,
}

/// How many of 1,000 events each kind makes. Services calling for themselves are the largest group in a busy account.
pub(crate) const MIX: &[(Kind, u32)] = &[
    (Kind::Service, 440),
    (Kind::AssumedRole, 355),
    (Kind::User, 75),
    (Kind::Account, 48),
    (Kind::WebIdentity, 25),
    (Kind::ServiceEvent, 18),
    (Kind::Saml, 9),
    (Kind::Unknown, 9),
    (Kind::Federated, 8),
    (Kind::Root, 6),
    (Kind::IdentityCenter, 4),
    (Kind::Role, 2),
    (Kind::Directory, 1),
];

/// Where a call comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// An address on the network, with TLS.
    Network,
    /// An AWS service, which stands as a DNS name in place of the address and of the agent.
    Service,
    /// AWS's own network, which says so.
    Internal,
}

/// One form of `userIdentity`.
pub(crate) struct Form {
    pub(crate) kind: Kind,
    /// How often this form is taken among those of its kind.
    pub(crate) weight: u32,
    pub(crate) origin: Origin,
    /// The service that stands behind it; empty where any may.
    pub(crate) invoker: &'static str,
    /// The object, a template.
    pub(crate) identity: &'static str,
    /// The caller as error messages name it, a template.
    pub(crate) named: &'static str,
}

const ROLE_ARN: &str = "arn:aws:iam::${account}:role/${actor}";
const USER_ARN: &str = "arn:aws:iam::${account}:user/${actor}";

/// All forms.
pub(crate) const FORMS: &[Form] = &[
    form(
        Kind::Service,
        10,
        Origin::Service,
        r#"{"type":"AWSService","invokedBy":"${invoker}"}"#,
        "",
    ),
    // A Lambda function: the session is named for the function.
    form(
        Kind::AssumedRole,
        8,
        Origin::Network,
        r#"{"type":"AssumedRole","principalId":"${actor.role}:${actor}","arn":"arn:aws:sts::${account}:assumed-role/${actor}/${actor}","accountId":"${account}","accessKeyId":"${session.key}","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"${actor.role}","arn":"arn:aws:iam::${account}:role/${actor}","accountId":"${account}","userName":"${actor}"},"webIdFederationData":{},"attributes":{"creationDate":"${session.start}","mfaAuthenticated":"false"}}}"#,
        "arn:aws:sts::${account}:assumed-role/${actor}/${actor}",
    ),
    // A machine: the session is named for the instance, the role has a path that the session's ARN drops.
    form(
        Kind::AssumedRole,
        8,
        Origin::Network,
        r#"{"type":"AssumedRole","principalId":"${actor.role}:${actor.instance}","arn":"arn:aws:sts::${account}:assumed-role/${actor}-node/${actor.instance}","accountId":"${account}","accessKeyId":"${session.key}","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"${actor.role}","arn":"arn:aws:iam::${account}:role/nodes/${actor}-node","accountId":"${account}","userName":"${actor}-node"},"attributes":{"creationDate":"${session.start}","mfaAuthenticated":"false"},"ec2RoleDelivery":"2.0"}}"#,
        "arn:aws:sts::${account}:assumed-role/${actor}-node/${actor.instance}",
    ),
    // A person who came through single sign-on, with a second factor.
    form(
        Kind::AssumedRole,
        4,
        Origin::Network,
        r#"{"type":"AssumedRole","principalId":"${actor.role}:${actor}@example.com","arn":"arn:aws:sts::${account}:assumed-role/AWSReservedSSO_Engineer_5f1c8a7be2d04936/${actor}@example.com","accountId":"${account}","accessKeyId":"${session.key}","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"${actor.role}","arn":"arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/${region}/AWSReservedSSO_Engineer_5f1c8a7be2d04936","accountId":"${account}","userName":"AWSReservedSSO_Engineer_5f1c8a7be2d04936"},"webIdFederationData":{},"attributes":{"creationDate":"${session.start}","mfaAuthenticated":"true"},"sourceIdentity":"${actor}"}}"#,
        "arn:aws:sts::${account}:assumed-role/AWSReservedSSO_Engineer_5f1c8a7be2d04936/${actor}@example.com",
    ),
    // A service that uses the role that was made for it.
    Form {
        invoker: "autoscaling.amazonaws.com",
        ..form(
            Kind::AssumedRole,
            9,
            Origin::Service,
            r#"{"type":"AssumedRole","principalId":"${actor.role}:AWSServiceSession","arn":"arn:aws:sts::${account}:assumed-role/AWSServiceRoleForAutoScaling/AWSServiceSession","accountId":"${account}","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"${actor.role}","arn":"arn:aws:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling","accountId":"${account}","userName":"AWSServiceRoleForAutoScaling"},"attributes":{"creationDate":"${session.start}","mfaAuthenticated":"false"}},"invokedBy":"${invoker}"}"#,
            "arn:aws:sts::${account}:assumed-role/AWSServiceRoleForAutoScaling/AWSServiceSession",
        )
    },
    form(
        Kind::AssumedRole,
        4,
        Origin::Internal,
        r#"{"type":"AssumedRole","principalId":"${actor.role}:AWSConfig-Describe","arn":"arn:aws:sts::${account}:assumed-role/AWSServiceRoleForConfig/AWSConfig-Describe","accountId":"${account}","accessKeyId":"${session.key}","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"${actor.role}","arn":"arn:aws:iam::${account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig","accountId":"${account}","userName":"AWSServiceRoleForConfig"},"webIdFederationData":{},"attributes":{"creationDate":"${session.start}","mfaAuthenticated":"false"}},"invokedBy":"AWS Internal"}"#,
        "arn:aws:sts::${account}:assumed-role/AWSServiceRoleForConfig/AWSConfig-Describe",
    ),
    // A pod in a cluster: the token's issuer and subject have keys with dots and colons.
    form(
        Kind::AssumedRole,
        3,
        Origin::Network,
        r#"{"type":"AssumedRole","principalId":"${actor.role}:${actor}","arn":"arn:aws:sts::${account}:assumed-role/${actor}-pod/${actor}","accountId":"${account}","accessKeyId":"${session.key}","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"${actor.role}","arn":"arn:aws:iam::${account}:role/${actor}-pod","accountId":"${account}","userName":"${actor}-pod"},"webIdFederationData":{"federatedProvider":"arn:aws:iam::${account}:oidc-provider/oidc.eks.${region}.amazonaws.com/id/0A1B2C3D4E5F","attributes":{"oidc.eks.${region}.amazonaws.com/id/0A1B2C3D4E5F:sub":"system:serviceaccount:${actor}"}},"attributes":{"creationDate":"${session.start}","mfaAuthenticated":"false"}}}"#,
        "arn:aws:sts::${account}:assumed-role/${actor}-pod/${actor}",
    ),
    form(
        Kind::User,
        6,
        Origin::Network,
        r#"{"type":"IAMUser","principalId":"${actor.user}","arn":"arn:aws:iam::${account}:user/${actor}","accountId":"${account}","accessKeyId":"${actor.key}","userName":"${actor}"}"#,
        USER_ARN,
    ),
    form(
        Kind::User,
        3,
        Origin::Network,
        r#"{"type":"IAMUser","principalId":"${actor.user}","arn":"arn:aws:iam::${account}:user/${actor}","accountId":"${account}","accessKeyId":"${session.key}","userName":"${actor}","sessionContext":{"sessionIssuer":{},"webIdFederationData":{},"attributes":{"creationDate":"${session.start}","mfaAuthenticated":"true"}}}"#,
        USER_ARN,
    ),
    form(
        Kind::User,
        1,
        Origin::Service,
        r#"{"type":"IAMUser","principalId":"${actor.user}","arn":"arn:aws:iam::${account}:user/${actor}","accountId":"${account}","accessKeyId":"${session.key}","userName":"${actor}","sessionContext":{"attributes":{"creationDate":"${session.start}","mfaAuthenticated":"false"}},"invokedBy":"${invoker}"}"#,
        USER_ARN,
    ),
    form(
        Kind::Root,
        2,
        Origin::Network,
        r#"{"type":"Root","principalId":"${account}","arn":"arn:aws:iam::${account}:root","accountId":"${account}","accessKeyId":""}"#,
        "arn:aws:iam::${account}:root",
    ),
    form(
        Kind::Root,
        1,
        Origin::Network,
        r#"{"type":"Root","principalId":"${account}","arn":"arn:aws:iam::${account}:root","accountId":"${account}","accessKeyId":"${session.key}","userName":"acme-main","sessionContext":{"sessionIssuer":{},"webIdFederationData":{},"attributes":{"creationDate":"${session.start}","mfaAuthenticated":"true"}}}"#,
        "arn:aws:iam::${account}:root",
    ),
    named(
        Kind::WebIdentity,
        Origin::Network,
        r#"{"type":"WebIdentityUser","principalId":"arn:aws:iam::${account}:oidc-provider/oidc.eks.${region}.amazonaws.com/id/0A1B2C3D4E5F:sts.amazonaws.com:system:serviceaccount:${actor}","userName":"system:serviceaccount:${actor}","identityProvider":"arn:aws:iam::${account}:oidc-provider/oidc.eks.${region}.amazonaws.com/id/0A1B2C3D4E5F"}"#,
        "system:serviceaccount:${actor}",
    ),
    named(
        Kind::Saml,
        Origin::Network,
        r#"{"type":"SAMLUser","principalId":"SbdGOnUkh1i4Y8i0ug+O5dPrUn0=:${actor}@example.com","userName":"${actor}@example.com","identityProvider":"SbdGOnUkh1i4Y8i0ug+O5dPrUn0="}"#,
        "${actor}@example.com",
    ),
    form(
        Kind::Federated,
        1,
        Origin::Network,
        r#"{"type":"FederatedUser","principalId":"${account}:${actor}","arn":"arn:aws:sts::${account}:federated-user/${actor}","accountId":"${account}","accessKeyId":"${session.key}","sessionContext":{"sessionIssuer":{"type":"IAMUser","principalId":"${actor.user}","arn":"arn:aws:iam::${account}:user/broker","accountId":"${account}","userName":"broker"},"webIdFederationData":{},"attributes":{"creationDate":"${session.start}","mfaAuthenticated":"false"}}}"#,
        "arn:aws:sts::${account}:federated-user/${actor}",
    ),
    named(
        Kind::Account,
        Origin::Network,
        r#"{"type":"AWSAccount","principalId":"${actor.role}:${actor}","accountId":"${partner}"}"#,
        "arn:aws:sts::${partner}:assumed-role/${actor}/${actor}",
    ),
    named(
        Kind::Account,
        Origin::Service,
        r#"{"type":"AWSAccount","principalId":"${actor.role}:${actor}","accountId":"${partner}","invokedBy":"${invoker}"}"#,
        "arn:aws:sts::${partner}:assumed-role/${actor}/${actor}",
    ),
    named(
        Kind::IdentityCenter,
        Origin::Network,
        r#"{"type":"IdentityCenterUser","accountId":"${account}","onBehalfOf":{"userId":"544894e8-80c1-707f-60e3-3ba6510dfac1","identityStoreArn":"arn:aws:identitystore::${account}:identitystore/d-9067642ac7"},"credentialId":"${uuid3}"}"#,
        "${actor}",
    ),
    named(
        Kind::Directory,
        Origin::Network,
        r#"{"type":"Directory","principalId":"d-9067642ac7:${actor}","accountId":"${account}","userName":"${actor}"}"#,
        "${actor}",
    ),
    form(
        Kind::Role,
        1,
        Origin::Service,
        r#"{"type":"Role","principalId":"${actor.role}","arn":"arn:aws:iam::${account}:role/${actor}","accountId":"${account}","userName":"${actor}","invokedBy":"${invoker}"}"#,
        ROLE_ARN,
    ),
    named(
        Kind::Unknown,
        Origin::Network,
        r#"{"type":"Unknown","principalId":"${account}","accountId":"${account}","userName":"${actor}@example.com"}"#,
        "${actor}@example.com",
    ),
    named(
        Kind::ServiceEvent,
        Origin::Service,
        r#"{"accountId":"${account}","invokedBy":"${invoker}"}"#,
        "",
    ),
];

const fn form(
    kind: Kind,
    weight: u32,
    origin: Origin,
    identity: &'static str,
    named: &'static str,
) -> Form {
    Form {
        kind,
        weight,
        origin,
        invoker: "",
        identity,
        named,
    }
}

/// A form of which there is one for its kind and origin.
const fn named(kind: Kind, origin: Origin, identity: &'static str, named: &'static str) -> Form {
    Form {
        kind,
        weight: 1,
        origin,
        invoker: "",
        identity,
        named,
    }
}

/// Agents of programs and of people, templates.
pub(crate) const AGENTS: &[&str] = &[
    "aws-sdk-go-v2/1.32.4 os/linux lang/go#1.22.8 md/GOOS#linux md/GOARCH#arm64 api/${region}",
    "Boto3/1.35.66 md/Botocore#1.35.66 ua/2.0 os/linux#5.10.227-219.884.amzn2.x86_64 md/arch#x86_64 lang/python#3.12.6 md/pyimpl#CPython exec-env/AWS_Lambda_python3.12 cfg/retry-mode#legacy Botocore/1.35.66",
    "aws-sdk-java/2.29.20 Linux/5.10.227-219.884.amzn2.x86_64 OpenJDK_64-Bit_Server_VM/17.0.13+11-LTS Java/17.0.13 vendor/Amazon.com_Inc. io/async http/NettyNio cfg/retry-mode/legacy",
    "aws-sdk-js/3.699.0 ua/2.1 os/linux#5.10.227 lang/js md/nodejs#20.18.0 exec-env/AWS_Lambda_nodejs20.x m/E,N",
    "APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) terraform-provider-aws/5.77.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.32.5 ua/2.1 os/linux lang/go#1.23.3",
    "aws-cli/2.22.4 md/awscrt#0.22.0 ua/2.0 os/macos#24.1.0 md/arch#arm64 lang/python#3.12.6 md/pyimpl#CPython cfg/retry-mode#standard md/installer#source md/prompt#off md/command#sts.get-caller-identity",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.750 Linux/5.10.226-192.879.amzn2int.x86_64 OpenJDK_64-Bit_Server_VM/25.372-b08 java/1.8.0_372 vendor/Oracle_Corporation cfg/retry-mode/standard]",
    "Go-http-client/1.1",
];

/// How many principals act in an account. A few do most.
const ACTORS: u64 = 120;

/// Draws a kind of caller.
pub(crate) fn kind(rng: &mut Rng) -> Kind {
    MIX[rng.weighted(MIX.iter().map(|&(_, weight)| weight))].0
}

/// Draws the number of a caller.
pub(crate) fn actor(rng: &mut Rng) -> u64 {
    skewed(rng.next(), ACTORS)
}
