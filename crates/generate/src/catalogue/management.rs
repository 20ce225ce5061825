//! Systems Manager, CloudWatch, Logs, Config, CloudFormation, Organizations, tagging, health and billing.

use super::{Api, read, write};
use crate::identity::Kind::*;

pub(super) const APIS: &[Api] = &[
    write("ssm", "UpdateInstanceInformation", &[(AssumedRole, 30)])
        .request(r#"{"instanceId":"${actor.instance}","agentVersion":"3.3.1230.0","agentStatus":"Active","platformType":"Linux","platformName":"Amazon Linux","platformVersion":"2023","iPAddress":"${address}","computerName":"${host}","agentName":"amazon-ssm-agent","availabilityZone":"${region}${zone}","sSMConnectionChannel":"ssmmessages"}"#),
    read("ssm", "ListInstanceAssociations", &[(AssumedRole, 14)])
        .request(r#"{"instanceId":"${actor.instance}","maxResults":20}"#)
        .resources(r#"[{"accountId":"${account}","ARN":"arn:aws:ec2:${region}:${account}:instance/${actor.instance}"}]"#),
    read("ssm", "GetParameter", &[(AssumedRole, 16), (User, 3)])
        .request(r#"{"name":"${parameter}","withDecryption":true}"#)
        .resources(r#"[{"accountId":"${account}","ARN":"arn:aws:ssm:${region}:${account}:parameter${parameter}"}]"#)
        .faults(&[("ParameterNotFound", "Parameter ${parameter} not found.")]),
    read("ssm", "GetParametersByPath", &[(AssumedRole, 6)])
        .request(r#"{"path":"/config","recursive":true,"withDecryption":false,"maxResults":10}"#)
        .faults(&[("ThrottlingException", "Rate exceeded")]),
    write("ssm", "SendCommand", &[(AssumedRole, 2), (User, 1)])
        .request(r#"{"instanceIds":["${instance}"],"documentName":"AWS-RunShellScript","parameters":{"commands":["systemctl restart ${service}"]},"interactive":false}"#)
        .response(r#"{"command":{"commandId":"${uuid2}","documentName":"AWS-RunShellScript","documentVersion":"$DEFAULT","comment":"","expiresAfter":"${expiry}","parameters":{"commands":["systemctl restart ${service}"]},"instanceIds":["${instance}"],"targets":[],"requestedDateTime":"${long}","status":"Pending","statusDetails":"Pending","outputS3Region":"${region}","outputS3BucketName":"","maxConcurrency":"50","maxErrors":"0","targetCount":1,"completedCount":0,"errorCount":0,"serviceRole":"","notificationConfig":{"notificationArn":"","notificationEvents":[],"notificationType":""},"cloudWatchOutputConfig":{"cloudWatchLogGroupName":"","cloudWatchOutputEnabled":false},"interactive":false,"timeoutSeconds":3600}}"#)
        .faults(&[("InvalidInstanceId", "Instances [[${instance}]] not in a valid state for account ${account}")]),
    write("logs", "CreateLogStream", &[(Service, 45)])
        .invoked_by("delivery.logs.amazonaws.com")
        .request(r#"{"forAccount":"${account}","logGroupName":"/aws/route53/${vpc}/dns-query-logs","logStreamName":"${vpc}_${stamp}_${actor.instance}"}"#)
        .version("20140328")
        .faults(&[("ResourceAlreadyExistsException", "The specified log stream already exists")]),
    write("logs", "CreateLogStream", &[(AssumedRole, 14)])
        .request(r#"{"logGroupName":"/aws/lambda/${function}","logStreamName":"${day}/[$LATEST]${hex32}"}"#)
        .version("20140328")
        .faults(&[("ResourceNotFoundException", "The specified log group does not exist.")]),
    write("logs", "CreateLogGroup", &[(AssumedRole, 2), (Service, 3)])
        .request(r#"{"logGroupName":"/aws/lambda/${function}"}"#)
        .version("20140328")
        .faults(&[("ResourceAlreadyExistsException", "The specified log group already exists")]),
    read("logs", "DescribeLogGroups", &[(AssumedRole, 5), (User, 2)])
        .request(r#"{"logGroupNamePrefix":"/aws/lambda/","limit":50}"#)
        .version("20140328"),
    read("logs", "FilterLogEvents", &[(User, 2), (AssumedRole, 3)])
        .request(r#"{"logGroupName":"/aws/lambda/${function}","filterPattern":"?ERROR ?Exception","startTime":${millis},"interleaved":true,"limit":100}"#)
        .version("20140328")
        .faults(&[("ResourceNotFoundException", "The specified log group does not exist."), ("ThrottlingException", "Rate exceeded")]),
    write("logs", "PutRetentionPolicy", &[(AssumedRole, 1)])
        .request(r#"{"logGroupName":"/aws/lambda/${function}","retentionInDays":30}"#)
        .version("20140328"),
    read("monitoring", "DescribeAlarms", &[(AssumedRole, 10), (Service, 10), (User, 2)])
        .request(r#"{"alarmNames":["${alarm}"],"alarmTypes":["MetricAlarm","CompositeAlarm"],"maxRecords":100}"#),
    read("monitoring", "GetMetricData", &[(AssumedRole, 8)])
        .request(r#"{"metricDataQueries":[{"id":"m1","metricStat":{"metric":{"namespace":"AWS/ApplicationELB","metricName":"RequestCount","dimensions":[{"name":"LoadBalancer","value":"app/${balancer}/${hex16}"}]},"period":300,"stat":"Sum"},"returnData":true}],"startTime":"${yesterday}","endTime":"${time}"}"#)
        .data(),
    write("monitoring", "PutMetricAlarm", &[(AssumedRole, 3), (Service, 6)])
        .request(r#"{"alarmName":"TargetTracking-${table}-AlarmHigh-${uuid2}","alarmDescription":"DO NOT EDIT OR DELETE.","actionsEnabled":true,"alarmActions":["arn:aws:autoscaling:${region}:${account}:scalingPolicy:${workload}"],"metricName":"ConsumedReadCapacityUnits","namespace":"AWS/DynamoDB","statistic":"Sum","dimensions":[{"name":"TableName","value":"${table}"}],"period":60,"evaluationPeriods":2,"threshold":42.5,"comparisonOperator":"GreaterThanThreshold"}"#),
    write("config", "PutEvaluations", &[(AssumedRole, 6)])
        .request(r#"{"evaluations":[{"complianceResourceType":"AWS::S3::Bucket","complianceResourceId":"${bucket}","complianceType":"NON_COMPLIANT","annotation":"no lifecycle rule","orderingTimestamp":"${long}"}],"resultToken":"${hex64}","testMode":false}"#)
        .response(r#"{"failedEvaluations":[]}"#),
    read("config", "DescribeConfigRules", &[(AssumedRole, 4), (Service, 6)])
        .request(r#"{"configRuleNames":["${policy}"]}"#)
        .faults(&[("NoSuchConfigRuleException", "The ConfigRule '${policy}' provided in the request is invalid.")]),
    write("cloudformation", "CreateStack", &[(AssumedRole, 1)])
        .request(r#"{"stackName":"${stack}","templateURL":"https://${bucket}.s3.${region}.amazonaws.com/template.yaml","capabilities":["CAPABILITY_NAMED_IAM"],"parameters":[{"parameterKey":"Stage","parameterValue":"${stage}"}],"disableRollback":false,"tags":[{"key":"team","value":"${team}"}]}"#)
        .response(r#"{"stackId":"arn:aws:cloudformation:${region}:${account}:stack/${stack}/${uuid2}"}"#)
        .faults(&[("AlreadyExistsException", "Stack [${stack}] already exists")]),
    read("cloudformation", "DescribeStacks", &[(AssumedRole, 8), (User, 2)])
        .request(r#"{"stackName":"${stack}"}"#)
        .faults(&[("ValidationException", "Stack with id ${stack} does not exist")]),
    read("organizations", "DescribeOrganization", &[(AssumedRole, 4), (Service, 4)]).global().faults(&[("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")]),
    read("tagging", "GetResources", &[(AssumedRole, 8)])
        .request(r#"{"resourcesPerPage":100,"tagFilters":[{"key":"team","values":["${team}"]}],"resourceTypeFilters":["ec2:instance","rds:db"]}"#),
    read("health", "DescribeEventAggregates", &[(AssumedRole, 8), (User, 8), (Root, 6)])
        .request(r#"{"filter":{"eventStatusCodes":["open","upcoming"],"startTimes":[{"from":"${long}"}]},"aggregateField":"eventTypeCategory"}"#),
    read("ce", "GetCostAndUsage", &[(User, 2), (Root, 2), (AssumedRole, 2)])
        .request(r#"{"TimePeriod":{"Start":"2024-11-01","End":"2024-11-30"},"Granularity":"DAILY","Metrics":["UnblendedCost"],"GroupBy":[{"Type":"DIMENSION","Key":"SERVICE"}],"Filter":{"Not":{"Dimensions":{"Key":"RECORD_TYPE","Values":["Credit"]}}}}"#)
        .global(),
    write("backup", "BackupJobCompleted", &[(ServiceEvent, 3)])
        .invoked_by("backup.amazonaws.com")
        .service_event(r#"{"completionDate":{"seconds":${epoch},"nanos":0},"state":"COMPLETED","percentDone":100.0,"backupJobId":"${uuid2}","resourceArn":"arn:aws:ec2:${region}:${account}:volume/${volume}","backupVaultName":"Default","resourceType":"EBS"}"#),
    write("autoscaling", "TerminateInstanceFailed", &[(ServiceEvent, 1)])
        .invoked_by("autoscaling.amazonaws.com")
        .service_event(r#"{"instanceId":"${instance}","autoScalingGroupName":"${group}","code":"400"}"#),
];
