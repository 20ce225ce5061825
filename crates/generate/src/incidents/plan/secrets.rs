//! Who asks for secrets: in vain, without end, or too fast.

use super::{
    ALICE, AWAY, BACKUP, BATCH, Call, DEPLOY, Form, MALLORY, NOWHERE, OFFICE, REPORTS, Who, refused,
};

/// Secrets that somebody asked for in vain, the ARN in the message, and what the query makes of it.
pub const SECRETS_REFUSED: &[(Call, &str)] = &[
    (
        secret_refused(
            MALLORY,
            NOWHERE,
            "User: {arn} is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/payments-db-AbCdEf because no identity-based policy allows the secretsmanager:GetSecretValue action",
            &[(500, 3), (900, 2)],
        ),
        "prod/payments-db-AbCdEf",
    ),
    (
        secret_refused(
            MALLORY,
            NOWHERE,
            "User: {arn} is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/ledger-key-XyZ123 with an explicit deny in a resource-based policy",
            &[(500, 1)],
        ),
        "prod/ledger-key-XyZ123",
    ),
    // A service's name for an address, and the ARN at the very end.
    (
        Call {
            region: AWAY,
            ..secret_refused(
                REPORTS,
                "states.amazonaws.com",
                "User: {arn} is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:eu-west-1:444455556666:secret:reports/api-token-Qw3rTy",
                &[(900, 4)],
            )
        },
        "reports/api-token-Qw3rTy",
    ),
];

/// Secrets whose key the caller may not use.
pub const SECRETS_WITHOUT_KMS: &[Call] = &[
    secret_refused(ALICE, OFFICE, "Access to KMS is not allowed", &[(1_100, 3)]),
    Call {
        region: AWAY,
        ..secret_refused(
            BATCH,
            "198.51.100.200",
            "Access to KMS is not allowed",
            &[(1_100, 1), (1_500, 1)],
        )
    },
];

/// Secrets that do not exist: one principal guesses, the others have lost something.
pub const SECRETS_UNKNOWN: &[Call] = &[
    Call {
        request: r#"{"secretId":"prod/guess-{n}"}"#,
        distinct: 24,
        bursts: &every::<25>(1_160, 10),
        ..unknown(MALLORY, NOWHERE)
    },
    Call {
        bursts: &[(650, 2)],
        distinct: 2,
        request: r#"{"secretId":"arn:aws:secretsmanager:us-east-1:111122223333:secret:old/{n}-AbCdEf"}"#,
        ..unknown(ALICE, "ecs-tasks.amazonaws.com")
    },
    Call {
        region: AWAY,
        bursts: &[(250, 3), (850, 3)],
        ..unknown(REPORTS, "198.51.100.201")
    },
    Call {
        region: AWAY,
        bursts: &[(950, 1)],
        distinct: 0,
        request: "null",
        ..unknown(BATCH, "198.51.100.200")
    },
];

/// The principal that empties the store of secrets: 22 single reads and two of several, all within five minutes.
pub const RAPID_READS: &[Call] = &[
    Call {
        request: r#"{"secretId":"prod/app-{n}"}"#,
        distinct: 22,
        bursts: &every::<22>(61, 13),
        ..read("GetSecretValue", DEPLOY)
    },
    Call {
        request: r#"{"secretIdList":["prod/app-1","prod/app-2"]}"#,
        bursts: &[(75, 1), (175, 1)],
        ..read("BatchGetSecretValue", DEPLOY)
    },
];

/// Who reads many secrets, but not as fast, not as many, or in a browser.
pub const RAPID_DECOYS: &[Call] = &[
    // 19 where 20 alarm; every one delivered twice.
    Call {
        request: r#"{"secretId":"backup/{n}"}"#,
        distinct: 19,
        bursts: &every::<19>(70, 14),
        form: Form::Copied,
        ..read("GetSecretValue", BACKUP)
    },
    // 21 in the console.
    Call {
        request: r#"{"secretId":"team/{n}"}"#,
        distinct: 21,
        bursts: &every::<21>(80, 11),
        ..read("GetSecretValue", ALICE)
    },
    // 24, but never 20 in nine minutes.
    Call {
        request: r#"{"secretId":"reports/{n}"}"#,
        distinct: 24,
        bursts: &every::<24>(90, 70),
        region: AWAY,
        ..read("GetSecretValue", REPORTS)
    },
];

const fn secret_refused(
    who: Who,
    address: &'static str,
    message: &'static str,
    bursts: &'static [(u32, u32)],
) -> Call {
    Call {
        address,
        message,
        ..refused("secretsmanager", "GetSecretValue", who, bursts)
    }
}

const fn unknown(who: Who, address: &'static str) -> Call {
    Call {
        code: "ResourceNotFoundException",
        message: "Secrets Manager can't find the specified secret.",
        request: r#"{"secretId":"reports/gone","versionStage":"AWSCURRENT"}"#,
        distinct: 1,
        address,
        ..refused("secretsmanager", "GetSecretValue", who, &[])
    }
}

const fn read(name: &'static str, who: Who) -> Call {
    Call {
        code: "",
        message: "",
        address: OFFICE,
        distinct: 1,
        ..refused("secretsmanager", name, who, &[])
    }
}

/// `N` single events, the youngest `first` seconds ago, the others each `step` seconds older.
const fn every<const N: usize>(first: u32, step: u32) -> [(u32, u32); N] {
    let mut bursts = [(0, 1); N];
    let mut place = 0;
    while place < N {
        bursts[place].0 = first + place as u32 * step;
        place += 1;
    }
    bursts
}
