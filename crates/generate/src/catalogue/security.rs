//! KMS, Secrets Manager, GuardDuty, Security Hub and CloudTrail itself.

use super::{Api, read, write};
use crate::identity::Kind::*;

const KEY: &str = r#"[{"accountId":"${account}","type":"AWS::KMS::Key","ARN":"arn:aws:kms:${region}:${account}:key/${key}"}]"#;
const SECRET: &str = r#"{"secretId":"${secret}"}"#;
const NO_SECRET: (&str, &str) = (
    "ResourceNotFoundException",
    "Secrets Manager can't find the specified secret.",
);
const DISABLED: (&str, &str) = (
    "DisabledException",
    "arn:aws:kms:${region}:${account}:key/${key} is disabled.",
);

pub(super) const APIS: &[Api] = &[
    read("kms", "Decrypt", &[(Service, 70), (AssumedRole, 30), (Role, 10)])
        .request(r#"{"encryptionContext":{"aws:s3:arn":"arn:aws:s3:::${bucket}/${object}"},"encryptionAlgorithm":"SYMMETRIC_DEFAULT"}"#)
        .resources(KEY)
        .faults(&[DISABLED]),
    read("kms", "Decrypt", &[(Service, 40), (AssumedRole, 15)])
        .request(r#"{"encryptionContext":{"SecretARN":"arn:aws:secretsmanager:${region}:${account}:secret:${secret}-AbCdEf","SecretVersionId":"${uuid2}"},"encryptionAlgorithm":"SYMMETRIC_DEFAULT"}"#)
        .invoked_by("secretsmanager.amazonaws.com")
        .resources(KEY),
    read("kms", "Decrypt", &[(Service, 40)])
        .request(r#"{"encryptionContext":{"aws:lambda:FunctionArn":"arn:aws:lambda:${region}:${account}:function:${function}"},"encryptionAlgorithm":"SYMMETRIC_DEFAULT"}"#)
        .invoked_by("lambda.amazonaws.com")
        .resources(KEY),
    read("kms", "GenerateDataKey", &[(Service, 90), (AssumedRole, 20)])
        .request(r#"{"encryptionContext":{"aws:cloudtrail:arn":"arn:aws:cloudtrail:${region}:${account}:trail/management","aws:s3:arn":"arn:aws:s3:::${bucket}/AWSLogs/${account}/CloudTrail/${region}/${day}/${account}_CloudTrail_${region}_${stamp}_${alnum16}.json.gz"},"keyId":"arn:aws:kms:${region}:${account}:key/${key}","keySpec":"AES_256"}"#)
        .invoked_by("cloudtrail.amazonaws.com")
        .resources(KEY)
        .faults(&[DISABLED]),
    read("kms", "Encrypt", &[(Service, 25)])
        .request(r#"{"encryptionContext":{"aws:eks:context":"${workload}"},"keyId":"arn:aws:kms:${region}:${account}:key/${key}","encryptionAlgorithm":"SYMMETRIC_DEFAULT"}"#)
        .invoked_by("eks.amazonaws.com")
        .resources(KEY),
    read("kms", "Sign", &[(Account, 60), (AssumedRole, 4)])
        .request(r#"{"keyId":"arn:aws:kms:${region}:${account}:key/${key}","messageType":"RAW","signingAlgorithm":"RSASSA_PKCS1_V1_5_SHA_256"}"#)
        .resources(KEY),
    read("kms", "DescribeKey", &[(AssumedRole, 8), (User, 3), (Account, 3)])
        .request(r#"{"keyId":"alias/${database}"}"#)
        .resources(KEY)
        .faults(&[("NotFoundException", "Alias arn:aws:kms:${region}:${account}:alias/${database} is not found.")]),
    write("kms", "CreateGrant", &[(Service, 12)])
        .request(r#"{"keyId":"arn:aws:kms:${region}:${account}:key/${key}","granteePrincipal":"rds.${region}.amazonaws.com","operations":["Decrypt","Encrypt","GenerateDataKey","RetireGrant","DescribeKey"],"constraints":{"encryptionContextSubset":{"aws:rds:db-id":"db-${alnum16}"}},"retiringPrincipal":"rds.${region}.amazonaws.com"}"#)
        .invoked_by("rds.amazonaws.com")
        .response(r#"{"grantId":"${hex64}","keyId":"arn:aws:kms:${region}:${account}:key/${key}"}"#)
        .resources(KEY),
    write("kms", "CreateKey", &[(AssumedRole, 1), (User, 1)])
        .request(r#"{"policy":"{\n  \"Version\" : \"2012-10-17\",\n  \"Id\" : \"key-default\",\n  \"Statement\" : [ {\n    \"Effect\" : \"Allow\",\n    \"Principal\" : { \"AWS\" : \"arn:aws:iam::${account}:root\" },\n    \"Action\" : \"kms:*\",\n    \"Resource\" : \"*\"\n  } ]\n}","description":"${database}","keyUsage":"ENCRYPT_DECRYPT","customerMasterKeySpec":"SYMMETRIC_DEFAULT","origin":"AWS_KMS","bypassPolicyLockoutSafetyCheck":false,"multiRegion":false,"tags":[{"tagKey":"team","tagValue":"${team}"}]}"#)
        .response(r#"{"keyMetadata":{"aWSAccountId":"${account}","keyId":"${uuid3}","arn":"arn:aws:kms:${region}:${account}:key/${uuid3}","creationDate":"${long}","enabled":true,"description":"${database}","keyUsage":"ENCRYPT_DECRYPT","keyState":"Enabled","origin":"AWS_KMS","keyManager":"CUSTOMER","customerMasterKeySpec":"SYMMETRIC_DEFAULT","keySpec":"SYMMETRIC_DEFAULT","encryptionAlgorithms":["SYMMETRIC_DEFAULT"],"multiRegion":false}}"#)
        .resources(r#"[{"accountId":"${account}","type":"AWS::KMS::Key","ARN":"arn:aws:kms:${region}:${account}:key/${uuid3}"}]"#),
    write("kms", "RotateKey", &[(ServiceEvent, 3)])
        .invoked_by("AWS Internal")
        .service_event(r#"{"keyId":"${key}","rotationType":"AUTOMATIC","backingKeyId":"${hex64}"}"#)
        .resources(KEY),
    read("secretsmanager", "GetSecretValue", &[(AssumedRole, 22), (User, 2), (Role, 10)])
        .request(r#"{"secretId":"arn:aws:secretsmanager:${region}:${account}:secret:${secret}-AbCdEf","versionStage":"AWSCURRENT"}"#)
        .faults(&[NO_SECRET]),
    read("secretsmanager", "DescribeSecret", &[(AssumedRole, 8)]).request(SECRET).faults(&[NO_SECRET]),
    read("secretsmanager", "ListSecrets", &[(AssumedRole, 5), (User, 2)])
        .request(r#"{"maxResults":100,"filters":[{"key":"tag-key","values":["team"]}],"includePlannedDeletion":false}"#),
    read("secretsmanager", "BatchGetSecretValue", &[(AssumedRole, 1)])
        .request(r#"{"secretIdList":["${secret}","${database}"]}"#),
    write("secretsmanager", "PutSecretValue", &[(AssumedRole, 2), (Service, 2)])
        .request(r#"{"secretId":"${secret}","clientRequestToken":"${uuid2}","versionStages":["AWSPENDING"]}"#)
        .response(r#"{"arn":"arn:aws:secretsmanager:${region}:${account}:secret:${secret}-AbCdEf","name":"${secret}","versionId":"${uuid2}","versionStages":["AWSPENDING"]}"#)
        .faults(&[NO_SECRET]),
    write("secretsmanager", "SecretVersionDeletion", &[(ServiceEvent, 8)])
        .invoked_by("secretsmanager.amazonaws.com")
        .service_event("")
        .extra(r#"{"SecretId":"arn:aws:secretsmanager:${region}:${account}:secret:${secret}-AbCdEf","SecretVersionId":"${uuid2}","DeletionDate":"${long}"}"#),
    write("secretsmanager", "RotationStarted", &[(ServiceEvent, 4)])
        .invoked_by("secretsmanager.amazonaws.com")
        .service_event("")
        .extra(r#"{"SecretId":"arn:aws:secretsmanager:${region}:${account}:secret:${secret}-AbCdEf"}"#),
    write("secretsmanager", "RotationSucceeded", &[(ServiceEvent, 4)])
        .invoked_by("secretsmanager.amazonaws.com")
        .service_event("")
        .extra(r#"{"SecretId":"arn:aws:secretsmanager:${region}:${account}:secret:${secret}-AbCdEf"}"#),
    read("guardduty", "GetFindings", &[(AssumedRole, 3), (User, 1)])
        .request(r#"{"detectorId":"${hex32}","findingIds":["${hex32}"],"sortCriteria":{"attributeName":"severity","orderBy":"DESC"}}"#),
    read("guardduty", "ListFindings", &[(AssumedRole, 3)])
        .request(r#"{"detectorId":"${hex32}","findingCriteria":{"criterion":{"service.archived":{"equals":["false"]},"severity":{"gte":4.0}}},"maxResults":50}"#)
        .faults(&[("BadRequestException", "The request is rejected because the input detectorId is not owned by the current account.")]),
    write("securityhub", "BatchImportFindings", &[(Service, 14), (AssumedRole, 3)])
        .request(r#"{"Findings":[{"SchemaVersion":"2018-10-08","Id":"${region}/${workload}/${n9999}","ProductArn":"arn:aws:securityhub:${region}::product/aws/inspector","GeneratorId":"AWSInspector","AwsAccountId":"${account}","Types":["Software and Configuration Checks/Vulnerabilities/CVE"],"CreatedAt":"${yesterday}","UpdatedAt":"${time}","Severity":{"Label":"MEDIUM","Normalized":${n99}},"Title":"an outdated package","Resources":[{"Type":"AwsEc2Instance","Id":"arn:aws:ec2:${region}:${account}:instance/${instance}","Region":"${region}"}]}]}"#)
        .response(r#"{"FailedCount":0,"SuccessCount":1,"FailedFindings":[]}"#),
    read("cloudtrail", "LookupEvents", &[(User, 4), (AssumedRole, 5)])
        .request(r#"{"maxResults":50,"lookupAttributes":[{"attributeKey":"EventName","attributeValue":"ConsoleLogin"}],"startTime":"${yesterday}","endTime":"${time}"}"#)
        .faults(&[("InvalidLookupAttributesException", "You cannot specify more than one lookup attribute.")]),
    read("cloudtrail", "DescribeTrails", &[(AssumedRole, 8), (User, 2)])
        .request(r#"{"trailNameList":[],"includeShadowTrails":true}"#),
    read("cloudtrail", "GetTrailStatus", &[(AssumedRole, 6)])
        .request(r#"{"name":"arn:aws:cloudtrail:${region}:${account}:trail/management"}"#)
        .faults(&[("TrailNotFoundException", "Unknown trail: arn:aws:cloudtrail:${region}:${account}:trail/management for the user: ${account}")]),
];
