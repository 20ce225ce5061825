//! Who calls too often.

use super::{Call, Form, OFFICE, OPS, refused};

/// Calls that EC2 throttled.
pub const THROTTLED: &[Call] = &[
    throttled("DescribeInstances", &[(1, 1), (122, 9), (1_800, 2)]),
    throttled("DescribeSnapshots", &[(300, 20), (361, 15)]),
    throttled("RunInstances", &[(610, 2)]),
    Call {
        form: Form::FractionTime,
        ..throttled("DescribeVolumes", &[(700, 1)])
    },
    Call {
        form: Form::OffsetTime,
        ..throttled("DescribeVolumes", &[(800, 1)])
    },
];

/// Throttling that is no answer: too old, without a time, or worded in another way.
pub const THROTTLED_DECOYS: &[Call] = &[
    throttled("DescribeInstances", &[(1_801, 5)]),
    Call {
        form: Form::NoTime,
        ..throttled("DescribeInstances", &[(500, 1)])
    },
    Call {
        form: Form::WordTime,
        ..throttled("DescribeInstances", &[(510, 1)])
    },
    Call {
        service: "ssm",
        code: "ThrottlingException",
        message: "Rate exceeded",
        ..throttled("GetParametersByPath", &[(400, 6)])
    },
];

const fn throttled(name: &'static str, bursts: &'static [(u32, u32)]) -> Call {
    let request = r#"{"maxResults":1000,"filterSet":{}}"#;
    Call {
        code: "Client.RequestLimitExceeded",
        message: "Request limit exceeded.",
        request,
        distinct: 1,
        address: OFFICE,
        ..refused("ec2", name, OPS, bursts)
    }
}
