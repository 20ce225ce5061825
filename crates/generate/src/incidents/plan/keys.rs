//! Who makes KMS keys, and where their material comes from.

use super::{ALICE, AWAY, BATCH, Form, HOME, Key, MALLORY, OPS, Who};

/// Keys whose origin does not begin with `AWS_`, or is not known: the answer, row by row.
pub const KEYS: &[Key] = &[
    key(
        ALICE,
        r#""EXTERNAL""#,
        "ENCRYPT_DECRYPT",
        "0c7a6f1e-58d2-4b39-9e04-6a1f2d3c4b5a",
        333,
    ),
    Key {
        region: AWAY,
        ..key(
            BATCH,
            r#""EXTERNAL""#,
            "SIGN_VERIFY",
            "1d8b7a2f-69e3-4c4a-8f15-7b2a3e4d5c6b",
            1_234,
        )
    },
    key(
        OPS,
        r#""EXTERNAL_KEY_STORE""#,
        "ENCRYPT_DECRYPT",
        "2e9c8b3a-7af4-4d5b-9a26-8c3b4f5e6d7c",
        77,
    ),
    key(
        OPS,
        r#""EXTERNAL""#,
        "ENCRYPT_DECRYPT",
        "3fad9c4b-8ba5-4e6c-ab37-9d4c5a6f7e8d",
        1_800,
    ),
    // The origin is left to the default, and so is not written.
    key(
        OPS,
        "",
        "GENERATE_VERIFY_MAC",
        "4abead5c-9cb6-4f7d-bc48-ae5d6b7a8f9e",
        888,
    ),
    // Refused: request and answer are null.
    key(MALLORY, "", "", "", 450),
    // A number for an origin: no text that could begin with `AWS_`.
    Key {
        ..key(MALLORY, "7", "", "", 555)
    },
    Key {
        form: Form::WrongTypes,
        ..key(
            OPS,
            r#""AWS_KMS""#,
            "ENCRYPT_DECRYPT",
            "5bcfbe6d-adc7-4a8e-8d59-bf6e7c8b9aaf",
            666,
        )
    },
];

/// Keys that are no answer.
pub const KEY_DECOYS: &[Key] = &[
    key(
        OPS,
        r#""AWS_KMS""#,
        "ENCRYPT_DECRYPT",
        "6cdacf7e-bed8-4b9f-9e6a-ca7f8d9cabba",
        200,
    ),
    key(
        OPS,
        r#""AWS_CLOUDHSM""#,
        "ENCRYPT_DECRYPT",
        "7debda8f-cfe9-4caa-af7b-db8a9eadbccb",
        260,
    ),
    key(
        ALICE,
        r#""EXTERNAL""#,
        "ENCRYPT_DECRYPT",
        "8efceb9a-dafa-4dbb-ba8c-ec9bafbecddc",
        1_801,
    ),
    // A policy so long that the record is beyond DQL's limit.
    Key {
        form: Form::Oversized,
        ..key(
            ALICE,
            r#""EXTERNAL""#,
            "ENCRYPT_DECRYPT",
            "9fadfcab-ebab-4ecc-8b9d-fdacbacfdeed",
            150,
        )
    },
];

const fn key(
    who: Who,
    origin: &'static str,
    usage: &'static str,
    key_id: &'static str,
    ago: u32,
) -> Key {
    Key {
        who,
        region: HOME,
        origin,
        usage,
        key_id,
        ago,
        form: Form::Plain,
    }
}
