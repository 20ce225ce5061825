//! EC2, Lambda, ECS, EKS, ECR and Auto Scaling.

use super::{Api, read, write};
use crate::identity::Kind::*;

const NO_INSTANCE: (&str, &str) = (
    "Client.InvalidInstanceID.NotFound",
    "The instance ID '${instance}' does not exist",
);
const THROTTLED: (&str, &str) = ("Client.RequestLimitExceeded", "Request limit exceeded.");

pub(super) const APIS: &[Api] = &[
    read("ec2", "DescribeInstances", &[(AssumedRole, 40), (User, 10), (Role, 4)])
        .request(r#"{"maxResults":1000,"instancesSet":{},"filterSet":{"items":[{"name":"tag:team","valueSet":{"items":[{"value":"${team}"}]}},{"name":"instance-state-name","valueSet":{"items":[{"value":"running"},{"value":"pending"}]}}]}}"#)
        .faults(&[NO_INSTANCE, THROTTLED]),
    read("ec2", "DescribeInstances", &[(AssumedRole, 20)])
        .request(r#"{"instancesSet":{"items":[{"instanceId":"${instance}"},{"instanceId":"${instance2}"}]},"filterSet":{}}"#)
        .faults(&[NO_INSTANCE, THROTTLED]),
    read("ec2", "DescribeInstanceStatus", &[(AssumedRole, 20)])
        .request(r#"{"instancesSet":{"items":[{"instanceId":"${instance}"}]},"filterSet":{},"includeAllInstances":true}"#)
        .faults(&[THROTTLED]),
    read("ec2", "DescribeVolumes", &[(AssumedRole, 10), (User, 3)])
        .request(r#"{"volumeSet":{},"filterSet":{"items":[{"name":"attachment.instance-id","valueSet":{"items":[{"value":"${instance}"}]}}]}}"#),
    read("ec2", "DescribeSnapshots", &[(AssumedRole, 6), (User, 2)])
        .request(r#"{"maxResults":1000,"snapshotSet":{},"ownersSet":{"items":[{"owner":"self"}]},"sharedUsersSet":{},"filterSet":{}}"#),
    read("ec2", "DescribeImages", &[(AssumedRole, 8), (User, 2)])
        .request(r#"{"executableBySet":{},"imagesSet":{"items":[{"imageId":"${image}"}]},"ownersSet":{},"filterSet":{}}"#)
        .faults(&[("Client.InvalidAMIID.NotFound", "The image id '[${image}]' does not exist")]),
    read("ec2", "DescribeLaunchTemplateVersions", &[(AssumedRole, 5)])
        .request(r#"{"DescribeLaunchTemplateVersionsRequest":{"LaunchTemplateId":"lt-0${hex16}","LaunchTemplateVersion":{"tag":1,"content":"$Latest"},"MaxResults":10}}"#),
    read("ec2", "DescribeRegions", &[(User, 4), (AssumedRole, 4), (Root, 4)]).request(r#"{"regionSet":{},"allRegions":true}"#),
    write("ec2", "RunInstances", &[(AssumedRole, 5), (User, 1)])
        .request(r#"{"instancesSet":{"items":[{"imageId":"${image}","minCount":1,"maxCount":1,"keyName":"ops"}]},"userData":"<sensitiveDataRemoved>","instanceType":"${size}","blockDeviceMapping":{"items":[{"deviceName":"/dev/xvda","ebs":{"volumeSize":40,"deleteOnTermination":true,"volumeType":"gp3","encrypted":true}}]},"monitoring":{"enabled":false},"disableApiTermination":false,"networkInterfaceSet":{"items":[{"deviceIndex":0,"subnetId":"${subnet}","groupSet":{"items":[{"groupId":"${sg}"}]}}]},"iamInstanceProfile":{"name":"${role}"},"metadataOptions":{"httpTokens":"required","httpPutResponseHopLimit":2},"tagSpecificationSet":{"items":[{"resourceType":"instance","tags":[{"key":"Name","value":"${service}"},{"key":"aws:autoscaling:groupName","value":"${group}"}]}]}}"#)
        .response(r#"{"requestId":"${uuid}","reservationId":"r-0${hex16}","ownerId":"${account}","groupSet":{},"instancesSet":{"items":[{"instanceId":"${instance}","imageId":"${image}","instanceState":{"code":0,"name":"pending"},"privateDnsName":"ip-10-0-0-1.${region}.compute.internal","amiLaunchIndex":0,"productCodes":{},"instanceType":"${size}","launchTime":${millis},"placement":{"availabilityZone":"${region}${zone}","tenancy":"default"},"monitoring":{"state":"disabled"},"subnetId":"${subnet}","vpcId":"${vpc}","privateIpAddress":"${address}","stateReason":{"code":"pending","message":"pending"},"architecture":"x86_64","rootDeviceType":"ebs","rootDeviceName":"/dev/xvda","virtualizationType":"hvm","hypervisor":"xen","tagSet":{"items":[{"key":"Name","value":"${service}"}]},"groupSet":{"items":[{"groupId":"${sg}","groupName":"${service}"}]},"networkInterfaceSet":{"items":[{"networkInterfaceId":"${eni}","subnetId":"${subnet}","vpcId":"${vpc}","ownerId":"${account}","status":"in-use","macAddress":"0a:1b:2c:3d:4e:5f","privateIpAddress":"${address}","sourceDestCheck":true,"attachment":{"attachmentId":"eni-attach-0${hex16}","deviceIndex":0,"status":"attaching","attachTime":${millis},"deleteOnTermination":true}}]},"iamInstanceProfile":{"arn":"arn:aws:iam::${account}:instance-profile/${role}","id":"AIPA${id16}"},"ebsOptimized":false,"enaSupport":true,"cpuOptions":{"coreCount":1,"threadsPerCore":2}}]},"requesterId":"${account}"}"#)
        .faults(&[
            ("Server.InsufficientInstanceCapacity", "We currently do not have sufficient ${size} capacity in the Availability Zone you requested (${region}${zone}). Our system will be working on provisioning additional capacity."),
            ("Client.InstanceLimitExceeded", "You have requested more vCPU capacity than your current vCPU limit of 64 allows for the instance bucket that the specified instance type belongs to."),
        ]),
    write("ec2", "TerminateInstances", &[(AssumedRole, 4), (User, 1)])
        .request(r#"{"instancesSet":{"items":[{"instanceId":"${instance}"}]}}"#)
        .response(r#"{"requestId":"${uuid}","instancesSet":{"items":[{"instanceId":"${instance}","currentState":{"code":32,"name":"shutting-down"},"previousState":{"code":16,"name":"running"}}]}}"#)
        .faults(&[NO_INSTANCE]),
    write("ec2", "CreateTags", &[(AssumedRole, 6), (Service, 6)])
        .request(r#"{"resourcesSet":{"items":[{"resourceId":"${volume}"},{"resourceId":"${snapshot}"}]},"tagSet":{"items":[{"key":"team","value":"${team}"},{"key":"aws:backup:source-resource","value":"${uuid2}"}]}}"#)
        .response(r#"{"requestId":"${uuid}","_return":true}"#),
    write("ec2", "CreateSnapshot", &[(AssumedRole, 3), (Service, 8)])
        .request(r#"{"volumeId":"${volume}","description":"nightly","tagSpecificationSet":{"items":[{"resourceType":"snapshot","tags":[{"key":"retain","value":"35"}]}]}}"#)
        .response(r#"{"requestId":"${uuid}","snapshotId":"snap-0${hex16}","volumeId":"${volume}","status":"pending","startTime":${millis},"ownerId":"${account}","volumeSize":"40","description":"nightly","encrypted":true}"#),
    write("ec2", "ModifyInstanceAttribute", &[(AssumedRole, 1), (User, 1)])
        .request(r#"{"instanceId":"${instance}","disableApiTermination":{"value":true}}"#)
        .response(r#"{"requestId":"${uuid}","_return":true}"#)
        .faults(&[NO_INSTANCE]),
    write("ec2", "ModifySnapshotAttribute", &[(User, 1)])
        .request(r#"{"snapshotId":"${snapshot}","createVolumePermission":{"add":{"items":[{"userId":"${partner}"}]}},"attributeType":"CREATE_VOLUME_PERMISSION"}"#)
        .response(r#"{"requestId":"${uuid}","_return":true}"#),
    read("lambda", "Invoke", &[(Service, 50), (AssumedRole, 12)])
        .request(r#"{"functionName":"arn:aws:lambda:${region}:${account}:function:${function}","sourceArn":"arn:aws:events:${region}:${account}:rule/${service}","contentType":"application/json"}"#)
        .extra(r#"{"functionVersion":"arn:aws:lambda:${region}:${account}:function:${function}:$LATEST","customerEniId":"${eni}"}"#)
        .resources(r#"[{"accountId":"${account}","type":"AWS::Lambda::Function","ARN":"arn:aws:lambda:${region}:${account}:function:${function}"}]"#)
        .data()
        .faults(&[("TooManyRequestsException", "Rate Exceeded.")]),
    read("lambda", "ListFunctions20150331", &[(AssumedRole, 6), (User, 2)])
        .request(r#"{"maxItems":50,"masterRegion":"ALL","functionVersion":"ALL"}"#)
        .version("2015-03-31"),
    read("lambda", "GetFunction20150331v2", &[(AssumedRole, 6), (Service, 4)])
        .request(r#"{"functionName":"${function}"}"#)
        .version("2015-03-31")
        .faults(&[("ResourceNotFoundException", "Function not found: arn:aws:lambda:${region}:${account}:function:${function}")]),
    write("lambda", "UpdateFunctionConfiguration20150331v2", &[(AssumedRole, 2)])
        .request(r#"{"functionName":"${function}","memorySize":512,"timeout":30,"environment":{},"layers":["arn:aws:lambda:${region}:${account}:layer:telemetry:${n99}"]}"#)
        .response(r#"{"functionName":"${function}","functionArn":"arn:aws:lambda:${region}:${account}:function:${function}","runtime":"python3.12","role":"arn:aws:iam::${account}:role/${role}","handler":"app.handler","codeSize":${n9999999},"timeout":30,"memorySize":512,"lastModified":"${time}","version":"$LATEST","vpcConfig":{"subnetIds":["${subnet}"],"securityGroupIds":["${sg}"],"vpcId":"${vpc}"},"environment":{},"tracingConfig":{"mode":"PassThrough"},"revisionId":"${uuid2}","state":"Active","packageType":"Zip","architectures":["arm64"],"ephemeralStorage":{"size":512},"snapStart":{"applyOn":"None","optimizationStatus":"Off"}}"#)
        .version("2015-03-31"),
    write("ecs", "RunTask", &[(Service, 6), (AssumedRole, 3)])
        .request(r#"{"cluster":"${cluster}","taskDefinition":"${service}:${n99}","count":1,"launchType":"FARGATE","networkConfiguration":{"awsvpcConfiguration":{"subnets":["${subnet}","${subnet2}"],"securityGroups":["${sg}"],"assignPublicIp":"DISABLED"}},"overrides":{"containerOverrides":[{"name":"app","environment":"HIDDEN_DUE_TO_SECURITY_REASONS"}]},"enableECSManagedTags":false}"#)
        .response(r#"{"tasks":[{"taskArn":"arn:aws:ecs:${region}:${account}:task/${cluster}/${hex32}","clusterArn":"arn:aws:ecs:${region}:${account}:cluster/${cluster}","taskDefinitionArn":"arn:aws:ecs:${region}:${account}:task-definition/${service}:${n99}","overrides":{"containerOverrides":[{"name":"app"}],"inferenceAcceleratorOverrides":[]},"lastStatus":"PROVISIONING","desiredStatus":"RUNNING","cpu":"256","memory":"512","containers":[{"containerArn":"arn:aws:ecs:${region}:${account}:container/${cluster}/${hex32}/${uuid2}","taskArn":"arn:aws:ecs:${region}:${account}:task/${cluster}/${hex32}","name":"app","lastStatus":"PENDING","networkInterfaces":[],"cpu":"0"}],"version":1,"createdAt":"${long}","group":"family:${service}","launchType":"FARGATE","platformVersion":"1.4.0","attachments":[{"id":"${uuid3}","type":"ElasticNetworkInterface","status":"PRECREATED","details":[{"name":"subnetId","value":"${subnet}"}]}],"tags":[]}],"failures":[]}"#)
        .faults(&[("ClusterNotFoundException", "Cluster not found.")]),
    write("ecs", "SubmitTaskStateChange", &[(AssumedRole, 8)])
        .request(r#"{"cluster":"${cluster}","task":"arn:aws:ecs:${region}:${account}:task/${cluster}/${hex32}","status":"RUNNING","reason":"","containers":[],"attachments":[],"managedAgents":[]}"#)
        .response(r#"{"acknowledgment":"ACK"}"#),
    read("ecs", "DescribeServices", &[(AssumedRole, 6)])
        .request(r#"{"cluster":"arn:aws:ecs:${region}:${account}:cluster/${cluster}","services":["${service}"],"include":["TAGS"]}"#),
    read("eks", "DescribeCluster", &[(AssumedRole, 5)])
        .request(r#"{"name":"${cluster}"}"#)
        .faults(&[("ResourceNotFoundException", "No cluster found for name: ${cluster}.")]),
    read("ecr", "GetAuthorizationToken", &[(AssumedRole, 8)]).request(r#"{"registryIds":["${account}"]}"#),
    read("ecr", "BatchGetImage", &[(AssumedRole, 8), (Account, 3), (Service, 6)])
        .request(r#"{"registryId":"${account}","repositoryName":"${repository}","imageIds":[{"imageTag":"v1.${n99}.0"}],"acceptedMediaTypes":["application/vnd.docker.distribution.manifest.v2+json"]}"#)
        .resources(r#"[{"accountId":"${account}","ARN":"arn:aws:ecr:${region}:${account}:repository/${repository}"}]"#)
        .faults(&[("RepositoryNotFoundException", "The repository with name '${repository}' does not exist in the registry with id '${account}'")]),
    write("ecr", "PutImage", &[(AssumedRole, 2)])
        .request(r#"{"registryId":"${account}","repositoryName":"${repository}","imageManifest":"{\n   \"schemaVersion\": 2,\n   \"mediaType\": \"application/vnd.docker.distribution.manifest.v2+json\",\n   \"config\": {\n      \"mediaType\": \"application/vnd.docker.container.image.v1+json\",\n      \"size\": ${n9999},\n      \"digest\": \"sha256:${hex64}\"\n   },\n   \"layers\": []\n}","imageTag":"v1.${n99}.0"}"#)
        .response(r#"{"image":{"registryId":"${account}","repositoryName":"${repository}","imageId":{"imageDigest":"sha256:${hex64}","imageTag":"v1.${n99}.0"},"imageManifestMediaType":"application/vnd.docker.distribution.manifest.v2+json"}}"#)
        .resources(r#"[{"accountId":"${account}","ARN":"arn:aws:ecr:${region}:${account}:repository/${repository}"}]"#),
    read("autoscaling", "DescribeAutoScalingGroups", &[(AssumedRole, 12), (Service, 8)])
        .request(r#"{"autoScalingGroupNames":["${group}"],"includeInstances":true}"#),
    write("autoscaling", "CompleteLifecycleAction", &[(AssumedRole, 1)])
        .request(r#"{"lifecycleHookName":"drain","autoScalingGroupName":"${group}","lifecycleActionToken":"${uuid2}","lifecycleActionResult":"CONTINUE","instanceId":"${instance}"}"#),
];
