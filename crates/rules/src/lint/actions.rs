//! Which service an event's name belongs to, for names of one service alone.
//!
//! No list of all of AWS, but names that detections ask for and that no other service has, in any letter case. Names that
//! two services share are left out: `DeleteDetector` is also Fraud Detector's, `CreateGrant` License Manager's,
//! `CreateOrganization` WorkMail's, `CreatePolicyVersion` IoT's, `CreateKeyPair` Lightsail's.

/// Services, as the source of their events begins, and names that are theirs alone.
const ACTIONS: &[(&str, &[&str])] = &[
    (
        "cloudtrail",
        &[
            "CreateTrail",
            "DeleteEventDataStore",
            "DeleteTrail",
            "DescribeTrails",
            "GetTrailStatus",
            "LookupEvents",
            "PutEventSelectors",
            "PutInsightSelectors",
            "StartLogging",
            "StopEventDataStoreIngestion",
            "StopLogging",
            "UpdateTrail",
        ],
    ),
    (
        "config",
        &[
            "DeleteConfigRule",
            "DeleteConfigurationRecorder",
            "DeleteConformancePack",
            "DeleteDeliveryChannel",
            "DescribeConfigRules",
            "PutConfigRule",
            "PutConfigurationRecorder",
            "PutConformancePack",
            "PutDeliveryChannel",
            "PutEvaluations",
            "StartConfigurationRecorder",
            "StopConfigurationRecorder",
        ],
    ),
    (
        "ec2",
        &[
            "AcceptVpcPeeringConnection",
            "AssociateIamInstanceProfile",
            "AttachInternetGateway",
            "AuthorizeSecurityGroupEgress",
            "AuthorizeSecurityGroupIngress",
            "CreateFlowLogs",
            "CreateInternetGateway",
            "CreateNatGateway",
            "CreateNetworkAcl",
            "CreateNetworkAclEntry",
            "CreateSecurityGroup",
            "DeleteFlowLogs",
            "DeleteInternetGateway",
            "DeleteNetworkAcl",
            "DeleteNetworkAclEntry",
            "DeleteSecurityGroup",
            "DisableEbsEncryptionByDefault",
            "EnableSerialConsoleAccess",
            "GetPasswordData",
            "ModifyImageAttribute",
            "ModifyInstanceAttribute",
            "ModifySnapshotAttribute",
            "ReplaceIamInstanceProfileAssociation",
            "ReplaceNetworkAclEntry",
            "RevokeSecurityGroupEgress",
            "RevokeSecurityGroupIngress",
            "RunInstances",
            "TerminateInstances",
        ],
    ),
    (
        "guardduty",
        &[
            "CreatePublishingDestination",
            "DeletePublishingDestination",
            "StopMonitoringMembers",
        ],
    ),
    (
        "iam",
        &[
            "AddRoleToInstanceProfile",
            "AttachGroupPolicy",
            "AttachRolePolicy",
            "AttachUserPolicy",
            "CreateAccessKey",
            "CreateLoginProfile",
            "CreateOpenIDConnectProvider",
            "CreateSAMLProvider",
            "CreateServiceSpecificCredential",
            "CreateVirtualMFADevice",
            "DeactivateMFADevice",
            "DeleteAccessKey",
            "DeleteAccountPasswordPolicy",
            "DeleteGroupPolicy",
            "DeleteLoginProfile",
            "DeleteRolePermissionsBoundary",
            "DeleteRolePolicy",
            "DeleteSAMLProvider",
            "DeleteUserPermissionsBoundary",
            "DeleteUserPolicy",
            "DeleteVirtualMFADevice",
            "DetachGroupPolicy",
            "DetachRolePolicy",
            "DetachUserPolicy",
            "EnableMFADevice",
            "GenerateCredentialReport",
            "GetAccountAuthorizationDetails",
            "GetCredentialReport",
            "PutGroupPolicy",
            "PutRolePermissionsBoundary",
            "PutRolePolicy",
            "PutUserPermissionsBoundary",
            "PutUserPolicy",
            "UpdateAccessKey",
            "UpdateAccountPasswordPolicy",
            "UpdateAssumeRolePolicy",
            "UpdateLoginProfile",
            "UpdateSAMLProvider",
        ],
    ),
    (
        "kms",
        &[
            "CancelKeyDeletion",
            "DisableKeyRotation",
            "EnableKeyRotation",
            "GenerateDataKey",
            "GenerateDataKeyWithoutPlaintext",
            "ImportKeyMaterial",
            "PutKeyPolicy",
            "ScheduleKeyDeletion",
        ],
    ),
    (
        "lambda",
        &[
            "AddPermission20150331v2",
            "CreateFunction20150331",
            "CreateFunctionUrlConfig",
            "UpdateFunctionCode20150331v2",
            "UpdateFunctionConfiguration20150331v2",
        ],
    ),
    (
        "organizations",
        &[
            "CreateOrganizationalUnit",
            "DeleteOrganizationalUnit",
            "EnableAWSServiceAccess",
            "InviteAccountToOrganization",
            "LeaveOrganization",
            "RemoveAccountFromOrganization",
        ],
    ),
    (
        "rds",
        &[
            "AuthorizeDBSecurityGroupIngress",
            "CreateDBClusterSnapshot",
            "CreateDBSnapshot",
            "DeleteDBClusterSnapshot",
            "DeleteDBSnapshot",
            "ModifyDBClusterSnapshotAttribute",
            "ModifyDBSnapshotAttribute",
            "RestoreDBInstanceFromDBSnapshot",
        ],
    ),
    (
        "s3",
        &[
            "DeleteBucketPublicAccessBlock",
            "DeleteBucketWebsite",
            "PutBucketAcl",
            "PutBucketLogging",
            "PutBucketPublicAccessBlock",
            "PutBucketWebsite",
        ],
    ),
    (
        "secretsmanager",
        &[
            "BatchGetSecretValue",
            "CancelRotateSecret",
            "GetSecretValue",
            "ListSecretVersionIds",
            "PutSecretValue",
            "RestoreSecret",
            "RotateSecret",
            "UpdateSecretVersionStage",
        ],
    ),
    (
        "signin",
        &[
            "CheckMfa",
            "ConsoleLogin",
            "GetSigninToken",
            "PasswordRecoveryCompleted",
            "PasswordRecoveryRequested",
            "SwitchRole",
        ],
    ),
    (
        "sts",
        &[
            "AssumeRole",
            "AssumeRoleWithSAML",
            "AssumeRoleWithWebIdentity",
            "GetCallerIdentity",
            "GetFederationToken",
            "GetSessionToken",
        ],
    ),
];

/// The service that alone has events of this name, as their `eventSource` begins; none where that is not known. The case
/// of the name counts if it is `cased`.
pub fn service(name: &str, cased: bool) -> Option<&'static str> {
    let is = |known: &&&str| match cased {
        true => **known == name,
        false => known.eq_ignore_ascii_case(name),
    };
    let has = |(_, names): &&(&str, &[&str])| names.iter().any(|known| is(&known));
    ACTIONS.iter().find(has).map(|(service, _)| *service)
}

/// What `eventSource` is for events of a service.
pub(super) fn source(service: &str) -> String {
    format!("{service}.amazonaws.com")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_once_and_in_order() {
        let names = || ACTIONS.iter().flat_map(|(_, names)| names.iter());
        let lower: std::collections::HashSet<_> =
            names().map(|name| name.to_ascii_lowercase()).collect();
        assert_eq!(lower.len(), names().count());
        assert!(ACTIONS.is_sorted_by_key(|(service, _)| service));
        for (service, names) in ACTIONS {
            assert!(names.is_sorted(), "{service}");
        }
    }

    #[test]
    fn the_case_of_a_name_may_count() {
        assert_eq!(service("ConsoleLogin", true), Some("signin"));
        assert_eq!(service("consolelogin", true), None);
        assert_eq!(service("consolelogin", false), Some("signin"));
        // Both IAM's and others'.
        assert_eq!(service("CreateUser", false), None);
    }
}
