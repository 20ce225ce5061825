//! Who is refused: at the console, and by IAM.

use super::{
    ALICE, AWAY, BATCH, BOB, Call, Form, HOME, MAIN, MALLORY, NOWHERE, OFFICE, OPS, REPORTS,
    SECOND, SignIn, Who, refused,
};

/// Failed console sign-ins inside the window: one row each in the answer.
pub const SIGN_IN_FAILURES: &[SignIn] = &[
    sign_in(
        ALICE,
        OFFICE,
        "Failed authentication",
        "No",
        &[(95, 2), (400, 3), (1_790, 1)],
    ),
    SignIn {
        form: Form::Copied,
        ..sign_in(
            BOB,
            OFFICE,
            "Failed authentication",
            "No",
            &[(96, 1), (97, 1), (98, 2)],
        )
    },
    sign_in(
        Who::Hidden(MAIN),
        NOWHERE,
        "No username found in supplied account",
        "No",
        &[(610, 5)],
    ),
    sign_in(ALICE, NOWHERE, "Failed authentication", "Yes", &[(620, 2)]),
    SignIn {
        region: AWAY,
        ..sign_in(
            Who::User(SECOND, "carol"),
            "2001:db8::7",
            "Failed authentication",
            "No",
            &[(1_800, 1)],
        )
    },
    sign_in(
        Who::Root(MAIN),
        NOWHERE,
        "Failed authentication",
        "YES",
        &[(630, 1)],
    ),
    sign_in(BOB, OFFICE, "Failed authentication", "", &[(640, 1)]),
];

/// Sign-ins that are no answer.
pub const SIGN_IN_DECOYS: &[SignIn] = &[
    sign_in(ALICE, OFFICE, "Failed authentication", "No", &[(1_801, 4)]),
    SignIn {
        outcome: "Success",
        ..sign_in(ALICE, OFFICE, "", "Yes", &[(60, 1), (700, 1)])
    },
    SignIn {
        outcome: "failure",
        ..sign_in(BOB, OFFICE, "Failed authentication", "No", &[(410, 1)])
    },
    SignIn {
        form: Form::TextResponse,
        ..sign_in(BOB, OFFICE, "Failed authentication", "No", &[(420, 1)])
    },
];

/// Calls that were refused with `AccessDenied` or `UnauthorizedOperation`, beside those for secrets and keys.
pub const REFUSED: &[Call] = &[
    refused(
        "iam",
        "ListUsers",
        MALLORY,
        &[(120, 9), (600, 9), (1_800, 9)],
    ),
    Call {
        form: Form::Copied,
        ..refused("s3", "PutBucketPolicy", MALLORY, &[(300, 8)])
    },
    Call {
        code: "UnauthorizedOperation",
        ..refused(
            "ec2",
            "DescribeInstances",
            MALLORY,
            &[(90, 7), (400, 7), (1_700, 7)],
        )
    },
    Call {
        form: Form::Reordered,
        ..refused("iam", "CreateUser", MALLORY, &[(200, 6)])
    },
    refused("s3", "GetObject", REPORTS, &[(150, 2), (700, 2)]),
    refused("s3", "GetObject", MALLORY, &[(150, 3), (700, 4)]),
    refused("sts", "AssumeRole", Who::Foreign(MAIN), &[(180, 5)]),
    refused("s3", "ListBuckets", MALLORY, &[(210, 4), (1_210, 5)]),
    refused("iam", "PutRolePolicy", MALLORY, &[(240, 4)]),
    Call {
        form: Form::SameId,
        ..refused(
            "cloudtrail",
            "DeleteTrail",
            MALLORY,
            &[(333, 3), (1_333, 4)],
        )
    },
    Call {
        form: Form::NoIdCopied,
        ..refused("cloudtrail", "StopLogging", MALLORY, &[(360, 3)])
    },
    Call {
        form: Form::NoId,
        ..refused("ssm", "GetParameter", BATCH, &[(390, 2), (1_390, 3)])
    },
    refused("iam", "CreateAccessKey", MALLORY, &[(420, 2)]),
    // No ARN of a secret in the message, or no message.
    Call {
        message: "User: {arn} is not authorized to perform: secretsmanager:GetSecretValue on resource: prod/orders",
        ..refused("secretsmanager", "GetSecretValue", MALLORY, &[(700, 2)])
    },
    Call {
        message: "",
        ..refused("secretsmanager", "GetSecretValue", MALLORY, &[(700, 1)])
    },
];

/// Refusals that are no answer to the question for refused calls.
pub const REFUSED_DECOYS: &[Call] = &[
    Call {
        code: "Client.UnauthorizedOperation",
        ..refused("ec2", "RunInstances", MALLORY, &[(100, 12)])
    },
    Call {
        code: "AccessDeniedException",
        ..refused("lambda", "ListFunctions20150331", MALLORY, &[(130, 11)])
    },
    refused("iam", "ListUsers", MALLORY, &[(1_801, 20)]),
];

/// Calls with keys that need care: dashes, dots, blanks, slashes, and two that differ only by case.
pub const ODD_KEYS: &[Call] = &[Call {
    request: r#"{"bucketName":"acme-odd","x-amz-acl":"private","X-Amz-Acl":"public-read","a.b":1,"a":{"b":2},"with blank":true,"with/slash":null,"with:colon":1e3,"key":"caf\u00e9 ☕"}"#,
    ..Call {
        service: "s3",
        code: "",
        message: "",
        ..refused("s3", "PutObject", OPS, &[(222, 2)])
    }
}];

const fn sign_in(
    who: Who,
    address: &'static str,
    reason: &'static str,
    mfa: &'static str,
    bursts: &'static [(u32, u32)],
) -> SignIn {
    SignIn {
        who,
        region: HOME,
        address,
        outcome: "Failure",
        reason,
        mfa,
        bursts,
        form: Form::Plain,
    }
}
