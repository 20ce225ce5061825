//! VPC, load balancers, Route 53 and CloudFront.

use super::{Api, read, write};
use crate::identity::Kind::*;

pub(super) const APIS: &[Api] = &[
    read("ec2", "DescribeNetworkInterfaces", &[(AssumedRole, 14), (User, 2)])
        .request(r#"{"networkInterfaceIdSet":{"items":[{"networkInterfaceId":"${eni}"}]},"filterSet":{}}"#)
        .faults(&[("Client.InvalidNetworkInterfaceID.NotFound", "The networkInterface ID '${eni}' does not exist")]),
    read("ec2", "DescribeSecurityGroups", &[(AssumedRole, 12), (User, 4)])
        .request(r#"{"securityGroupSet":{},"securityGroupIdSet":{"items":[{"groupId":"${sg}"}]},"filterSet":{}}"#)
        .faults(&[("Client.InvalidGroup.NotFound", "The security group '${sg}' does not exist")]),
    read("ec2", "DescribeSubnets", &[(AssumedRole, 10), (Service, 6)])
        .request(r#"{"subnetSet":{"items":[{"subnetId":"${subnet}"},{"subnetId":"${subnet2}"}]},"filterSet":{}}"#),
    read("ec2", "DescribeVpcs", &[(AssumedRole, 5), (User, 2)])
        .request(r#"{"vpcSet":{},"filterSet":{"items":[{"name":"isDefault","valueSet":{"items":[{"value":"false"}]}}]}}"#),
    // One filter is an object, several are an array; without any the whole is a text.
    read("ec2", "DescribeVpcEndpoints", &[(AssumedRole, 4)])
        .request(r#"{"DescribeVpcEndpointsRequest":{"Filter":{"Value":{"tag":1,"content":"${vpc}"},"tag":1,"Name":"vpc-id"},"MaxResults":1000}}"#),
    read("ec2", "DescribeVpcEndpoints", &[(User, 2)]).request(r#"{"DescribeVpcEndpointsRequest":""}"#),
    write("ec2", "CreateNetworkInterface", &[(Service, 14), (AssumedRole, 4)])
        .request(r#"{"subnetId":"${subnet}","description":"AWS Lambda VPC ENI-${function}-${uuid2}","groupSet":{"items":[{"groupId":"${sg}"}]},"privateIpAddressesSet":{},"clientToken":"${uuid3}"}"#)
        .response(r#"{"requestId":"${uuid}","networkInterface":{"networkInterfaceId":"${eni}","subnetId":"${subnet}","vpcId":"${vpc}","availabilityZone":"${region}${zone}","description":"AWS Lambda VPC ENI-${function}-${uuid2}","ownerId":"${account}","requesterManaged":false,"status":"pending","macAddress":"0a:${n9}1:2c:3d:4e:5f","privateIpAddress":"${address}","sourceDestCheck":true,"interfaceType":"lambda","groupSet":{"items":[{"groupId":"${sg}","groupName":"${service}"}]},"privateIpAddressesSet":{"item":[{"privateIpAddress":"${address}","primary":true}]},"ipv6AddressesSet":{},"tagSet":{}}}"#)
        .faults(&[("Client.InsufficientFreeAddressesInSubnet", "The specified subnet does not have enough free addresses to satisfy the request.")]),
    write("ec2", "DeleteNetworkInterface", &[(Service, 12)])
        .invoked_by("lambda.amazonaws.com")
        .request(r#"{"networkInterfaceId":"${eni}"}"#)
        .response(r#"{"requestId":"${uuid}","_return":true}"#)
        .faults(&[("Client.InvalidParameterValue", "Network interface '${eni}' is currently in use.")]),
    write("ec2", "AuthorizeSecurityGroupIngress", &[(AssumedRole, 2), (User, 1)])
        .request(r#"{"groupId":"${sg}","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":${port},"toPort":${port},"groups":{},"ipRanges":{"items":[{"cidrIp":"${address}/32","description":"${team}"}]},"ipv6Ranges":{},"prefixListIds":{}}]}}"#)
        .response(r#"{"requestId":"${uuid}","_return":true,"securityGroupRuleSet":{"items":[{"groupOwnerId":"${account}","groupId":"${sg}","securityGroupRuleId":"${rule}","description":"${team}","isEgress":false,"ipProtocol":"tcp","fromPort":${port},"toPort":${port},"cidrIpv4":"${address}/32"}]}}"#)
        .faults(&[("Client.InvalidPermission.Duplicate", "the specified rule \"peer: ${address}/32, TCP, from port: ${port}, to port: ${port}, ALLOW\" already exists")]),
    write("ec2", "DeleteFlowLogs", &[(AssumedRole, 1)])
        .request(r#"{"DeleteFlowLogsRequest":{"FlowLogId":{"tag":1,"content":"fl-0${hex16}"}}}"#)
        .response(r#"{"DeleteFlowLogsResponse":{"xmlns":"http://ec2.amazonaws.com/doc/2016-11-15/","unsuccessful":"","requestId":"${uuid}"}}"#),
    read("elasticloadbalancing", "DescribeLoadBalancers", &[(AssumedRole, 14), (Service, 10)])
        .request(r#"{"names":["${balancer}"]}"#)
        .version("2015-12-01")
        .faults(&[("LoadBalancerNotFoundException", "Load balancers '[${balancer}]' not found")]),
    read("elasticloadbalancing", "DescribeTargetHealth", &[(AssumedRole, 14), (Service, 10)])
        .request(r#"{"targetGroupArn":"arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/${service}/${hex16}"}"#)
        .version("2015-12-01"),
    write("elasticloadbalancing", "RegisterTargets", &[(AssumedRole, 4), (Service, 6)])
        .request(r#"{"targetGroupArn":"arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/${service}/${hex16}","targets":[{"id":"${instance}","port":8080}]}"#)
        .version("2015-12-01")
        .faults(&[("TargetGroupNotFoundException", "Target groups '${service}' not found")]),
    write("route53", "ChangeResourceRecordSets", &[(AssumedRole, 4)])
        .request(r#"{"hostedZoneId":"Z0${alnum16}","changeBatch":{"comment":"external-dns","changes":[{"action":"UPSERT","resourceRecordSet":{"name":"${host}","type":"A","tTL":60,"resourceRecords":[{"value":"${address}"}]}}]}}"#)
        .response(r#"{"changeInfo":{"status":"PENDING","id":"/change/C0${alnum16}","submittedAt":"${long}"}}"#)
        .extra(r#"{"Note":"Do not use to reconstruct hosted zone"}"#)
        .version("2013-04-01")
        .global()
        .faults(&[("InvalidChangeBatchException", "[Tried to delete resource record set [name='${host}', type='A'] but it was not found]")]),
    write("cloudfront", "CreateInvalidation", &[(AssumedRole, 2)])
        .request(r#"{"distributionId":"E${alnum16}","invalidationBatch":{"callerReference":"${millis}","paths":{"items":["/*"],"quantity":1}}}"#)
        .response(r#"{"invalidation":{"createTime":"${long}","status":"InProgress","id":"I${alnum16}","invalidationBatch":{"callerReference":"${millis}","paths":{"items":["/*"],"quantity":1}}},"location":"https://cloudfront.amazonaws.com/2020-05-31/distribution/E${alnum16}/invalidation/I${alnum16}"}"#)
        .version("2020_05_31")
        .global(),
];
