//! DynamoDB, RDS, SQS, SNS, Kinesis, Athena, Glue and Redshift's kind.

use super::{Api, read, write};
use crate::identity::Kind::*;

const TABLE: &str = r#"[{"accountId":"${account}","type":"AWS::DynamoDB::Table","ARN":"arn:aws:dynamodb:${region}:${account}:table/${table}"}]"#;
const NO_TABLE: (&str, &str) = (
    "ResourceNotFoundException",
    "Requested resource not found: Table: ${table} not found",
);

pub(super) const APIS: &[Api] = &[
    read("dynamodb", "GetItem", &[(AssumedRole, 24), (Federated, 10)])
        .request(r#"{"tableName":"${table}","key":{"pk":"HIDDEN_DUE_TO_SECURITY_REASONS"},"consistentRead":false,"returnConsumedCapacity":"NONE"}"#)
        .resources(TABLE)
        .data()
        .faults(&[NO_TABLE, ("ThrottlingException", "Rate exceeded")]),
    write("dynamodb", "UpdateItem", &[(AssumedRole, 12)])
        .request(r##"{"tableName":"${table}","key":{"pk":"HIDDEN_DUE_TO_SECURITY_REASONS"},"expressionAttributeNames":{"#P":"price","#s":"state"},"updateExpression":"HIDDEN_DUE_TO_SECURITY_REASONS","returnValues":"ALL_NEW"}"##)
        .resources(TABLE)
        .data()
        .faults(&[("ConditionalCheckFailedException", "The conditional request failed")]),
    read("dynamodb", "DescribeTable", &[(AssumedRole, 10), (User, 2)])
        .request(r#"{"tableName":"${table}"}"#)
        .resources(TABLE)
        .version("2012-08-10")
        .faults(&[NO_TABLE]),
    write("dynamodb", "UpdateTable", &[(Service, 2), (AssumedRole, 1)])
        .request(r#"{"tableName":"${table}","provisionedThroughput":{"readCapacityUnits":${n99},"writeCapacityUnits":${n99}}}"#)
        .response(r#"{"tableDescription":{"tableName":"${table}","tableStatus":"UPDATING","creationDateTime":"${long}","keySchema":[{"attributeName":"pk","keyType":"HASH"}],"attributeDefinitions":[{"attributeName":"pk","attributeType":"S"}],"provisionedThroughput":{"lastIncreaseDateTime":"${long}","numberOfDecreasesToday":${n9},"readCapacityUnits":${n99},"writeCapacityUnits":${n99}},"tableSizeBytes":${n9999999},"itemCount":${n9999},"tableArn":"arn:aws:dynamodb:${region}:${account}:table/${table}","tableId":"${workload}"}}"#)
        .resources(TABLE)
        .version("2012-08-10"),
    read("rds", "DescribeDBInstances", &[(AssumedRole, 8), (User, 2)])
        .request(r#"{"dBInstanceIdentifier":"${database}"}"#)
        .faults(&[("DBInstanceNotFound", "DBInstance ${database} not found.")]),
    read("rds", "DescribeDBClusters", &[(AssumedRole, 5)]).request(r#"{"includeShared":false}"#),
    read("rds", "ListTagsForResource", &[(AssumedRole, 4)])
        .request(r#"{"resourceName":"arn:aws:rds:${region}:${account}:db:${database}"}"#),
    write("rds", "CreateDBSnapshot", &[(Service, 3), (AssumedRole, 1)])
        .request(r#"{"dBSnapshotIdentifier":"rds-${database}-${hex8}","dBInstanceIdentifier":"${database}"}"#)
        .response(r#"{"dBSnapshotIdentifier":"rds-${database}-${hex8}","dBInstanceIdentifier":"${database}","engine":"postgres","allocatedStorage":100,"status":"creating","port":5432,"availabilityZone":"${region}${zone}","vpcId":"${vpc}","masterUsername":"app","engineVersion":"16.4","licenseModel":"postgresql-license","snapshotType":"manual","percentProgress":0,"storageType":"gp3","encrypted":true,"kmsKeyId":"arn:aws:kms:${region}:${account}:key/${key}","dBSnapshotArn":"arn:aws:rds:${region}:${account}:snapshot:rds-${database}-${hex8}","iAMDatabaseAuthenticationEnabled":false,"processorFeatures":[],"dbiResourceId":"db-${alnum16}","tagList":[],"originalSnapshotCreateTime":"${long}"}"#)
        .faults(&[("DBSnapshotAlreadyExists", "Cannot create the snapshot because a snapshot with the identifier rds-${database}-${hex8} already exists.")]),
    write("rds", "ModifyDBInstance", &[(AssumedRole, 1)])
        .request(r#"{"dBInstanceIdentifier":"${database}","publiclyAccessible":false,"applyImmediately":true,"deletionProtection":true,"masterUserPassword":"****","allowMajorVersionUpgrade":false}"#)
        .response(r#"{"dBInstanceIdentifier":"${database}","dBInstanceClass":"db.r6g.large","engine":"postgres","dBInstanceStatus":"available","masterUsername":"app","endpoint":{"address":"${database}.${region}.rds.amazonaws.com","port":5432,"hostedZoneId":"Z1PVIF0B656C1W"},"allocatedStorage":100,"backupRetentionPeriod":7,"vpcSecurityGroups":[{"status":"active","vpcSecurityGroupId":"${sg}"}],"pendingModifiedValues":{"masterUserPassword":"****"},"multiAZ":true,"publiclyAccessible":false,"storageEncrypted":true,"deletionProtection":true}"#),
    read("sqs", "GetQueueAttributes", &[(AssumedRole, 8), (Service, 6)])
        .request(r#"{"queueUrl":"https://sqs.${region}.amazonaws.com/${account}/${queue}","attributeNames":["ApproximateNumberOfMessages","QueueArn"]}"#)
        .faults(&[("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist for this wsdl version.")]),
    write("sqs", "CreateQueue", &[(AssumedRole, 1)])
        .request(r#"{"queueName":"${queue}","attributes":{"VisibilityTimeout":"60","KmsMasterKeyId":"alias/aws/sqs"},"tags":{"team":"${team}","cost-center":"${n9999}"}}"#)
        .response(r#"{"queueUrl":"https://sqs.${region}.amazonaws.com/${account}/${queue}"}"#),
    read("sns", "GetTopicAttributes", &[(AssumedRole, 5)])
        .request(r#"{"topicArn":"arn:aws:sns:${region}:${account}:${topic}"}"#)
        .faults(&[("NotFoundException", "Topic does not exist")]),
    write("sns", "Subscribe", &[(AssumedRole, 1)])
        .request(r#"{"topicArn":"arn:aws:sns:${region}:${account}:${topic}","protocol":"sqs","endpoint":"arn:aws:sqs:${region}:${account}:${queue}","attributes":{"RawMessageDelivery":"true"}}"#)
        .response(r#"{"subscriptionArn":"arn:aws:sns:${region}:${account}:${topic}:${uuid2}"}"#),
    read("kinesis", "DescribeStreamSummary", &[(AssumedRole, 5), (Service, 5)])
        .request(r#"{"streamName":"${stream}"}"#)
        .faults(&[("LimitExceededException", "Rate exceeded for account ${account}.")]),
    write("athena", "StartQueryExecution", &[(AssumedRole, 4), (User, 2)])
        .request(r#"{"queryString":"SELECT \"day\", count(*) AS n\nFROM ${database}.events\nWHERE team = '${team}'\nGROUP BY 1","clientRequestToken":"${uuid2}","queryExecutionContext":{"database":"${database}"},"resultConfiguration":{"outputLocation":"s3://${bucket}/athena/"},"workGroup":"primary"}"#)
        .response(r#"{"queryExecutionId":"${uuid3}"}"#)
        .faults(&[("InvalidRequestException", "Queries of this type are not supported")]),
    read("athena", "GetQueryExecution", &[(AssumedRole, 5), (User, 2)]).request(r#"{"queryExecutionId":"${uuid3}"}"#),
    read("glue", "GetTable", &[(AssumedRole, 6), (Service, 6)])
        .request(r#"{"databaseName":"${database}","name":"${table}"}"#)
        .resources(r#"[{"accountId":"${account}","ARN":"arn:aws:glue:${region}:${account}:catalog"},{"accountId":"${account}","ARN":"arn:aws:glue:${region}:${account}:database/${database}"},{"accountId":"${account}","ARN":"arn:aws:glue:${region}:${account}:table/${database}/${table}"}]"#)
        .faults(&[("EntityNotFoundException", "Entity Not Found")]),
    read("glue", "GetPartitions", &[(AssumedRole, 4)])
        .request(r#"{"databaseName":"${database}","tableName":"${table}","expression":"day >= '${day}'","segment":{"segmentNumber":${n9},"totalSegments":10},"excludeColumnSchema":true}"#),
];
