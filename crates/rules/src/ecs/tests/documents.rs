//! Records and their documents, worked out by hand: every field that a document has, and no other.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::ecs::{FIELDS, Geo, Network, Place, Record, find};

/// What every document has.
const ALWAYS: &[(&str, &str)] = &[
    ("cloud.provider", "aws"),
    ("data_stream.dataset", "aws.cloudtrail"),
    ("data_stream.namespace", "default"),
    ("data_stream.type", "logs"),
    ("ecs.version", "8.11.0"),
    ("event.dataset", "aws.cloudtrail"),
    ("event.kind", "event"),
    ("event.module", "aws"),
];

/// What is known of one address.
struct Known;

impl Geo for Known {
    fn place(&self, address: IpAddr) -> Option<Place> {
        (address.to_string() == "192.0.2.10").then(|| Place {
            city_name: Some("Berlin".to_owned()),
            continent_name: Some("Europe".to_owned()),
            country_iso_code: Some("DE".to_owned()),
            country_name: Some("Germany".to_owned()),
            location: Some((52.5, 13.25)),
            region_iso_code: Some("DE-BE".to_owned()),
            region_name: Some("Land Berlin".to_owned()),
        })
    }

    fn network(&self, address: IpAddr) -> Option<Network> {
        (address.to_string() == "192.0.2.10").then(|| Network {
            number: Some(64496),
            organization: Some("Example Net".to_owned()),
        })
    }
}

/// A document, but for what every document has: name and values.
fn document(record: &str) -> BTreeMap<&'static str, Vec<String>> {
    let record = Record::new(record).with_geo(&Known);
    let mut all: BTreeMap<_, _> = FIELDS
        .iter()
        .map(|row| (row.name, find(row.name).expect(row.name).values(&record)))
        .filter(|(_, values)| !values.is_empty())
        .collect();
    for (name, value) in ALWAYS {
        assert_eq!(all.remove(name), Some(vec![(*value).to_owned()]), "{name}");
    }
    all
}

/// What the documents of these tests have, all together, a name and its values each.
type Expected = &'static [(&'static str, &'static [&'static str])];

struct Case {
    record: &'static str,
    expected: Expected,
}

fn check(case: &Case) {
    let found = document(case.record);
    let expected: BTreeMap<&str, Vec<String>> = case
        .expected
        .iter()
        .map(|(name, values)| {
            (
                *name,
                values.iter().map(|value| (*value).to_owned()).collect(),
            )
        })
        .collect();
    for (name, values) in &expected {
        assert_eq!(found.get(name), Some(values), "{name}");
    }
    let more: Vec<_> = found
        .iter()
        .filter(|(name, _)| !expected.contains_key(*name))
        .collect();
    assert!(more.is_empty(), "{more:?}");
}

const USER: Case = Case {
    record: r#"{
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "IAMUser", "principalId": "AIDA1", "arn": "arn:aws:iam::111122223333:user/alice",
            "accountId": "111122223333", "accessKeyId": "AKIA1", "userName": "alice", "invokedBy": "none"
        },
        "eventTime": "2026-05-01T12:00:00Z",
        "eventSource": "iam.amazonaws.com",
        "eventName": "CreateUser",
        "awsRegion": "us-east-1",
        "sourceIPAddress": "192.0.2.10",
        "userAgent": "aws-cli/2.15.0 Python/3.11.6 Linux/6.1",
        "requestParameters": {"userName": "bob", "path": "/", "tags": []},
        "responseElements": {"user": {"userId": "AIDA2", "userName": "bob"}},
        "requestID": "req-1",
        "eventID": "event-1",
        "readOnly": false,
        "eventType": "AwsApiCall",
        "managementEvent": true,
        "recipientAccountId": "444455556666",
        "eventCategory": "Management",
        "sessionCredentialFromConsole": "true",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": "iam.amazonaws.com", "keyExchange": "x25519"
        },
        "edgeDeviceDetails": {"type": "x"}
    }"#,
    expected: &[
        ("@timestamp", &["2026-05-01T12:00:00Z"]),
        ("aws.cloudtrail.event_category", &["Management"]),
        ("aws.cloudtrail.event_type", &["AwsApiCall"]),
        ("aws.cloudtrail.event_version", &["1.11"]),
        ("aws.cloudtrail.flattened.request_parameters", &["bob", "/"]),
        (
            "aws.cloudtrail.flattened.response_elements",
            &["AIDA2", "bob"],
        ),
        ("aws.cloudtrail.management_event", &["true"]),
        ("aws.cloudtrail.read_only", &["false"]),
        ("aws.cloudtrail.recipient_account_id", &["444455556666"]),
        ("aws.cloudtrail.request_id", &["req-1"]),
        // h("path") = 3433509 and h("userName") = -266666762: slots 1 and 12 of 16.
        (
            "aws.cloudtrail.request_parameters",
            &["{path=/, userName=bob}"],
        ),
        // h("userId") = -836030906: slot 13, behind `userName`.
        (
            "aws.cloudtrail.response_elements",
            &["{user={userName=bob, userId=AIDA2}}"],
        ),
        ("aws.cloudtrail.session_credential_from_console", &["true"]),
        ("aws.cloudtrail.tls_details.key_exchange", &["x25519"]),
        ("aws.cloudtrail.user_identity.access_key_id", &["AKIA1"]),
        (
            "aws.cloudtrail.user_identity.arn",
            &["arn:aws:iam::111122223333:user/alice"],
        ),
        ("aws.cloudtrail.user_identity.type", &["IAMUser"]),
        ("cloud.account.id", &["111122223333"]),
        ("cloud.region", &["us-east-1"]),
        ("cloud.service.name", &["iam"]),
        ("event.action", &["CreateUser"]),
        ("event.category", &["iam"]),
        ("event.created", &["2026-05-01T12:00:00Z"]),
        ("event.id", &["event-1"]),
        ("event.ingested", &["2026-05-01T12:00:00Z"]),
        ("event.outcome", &["success"]),
        ("event.provider", &["iam.amazonaws.com"]),
        ("event.type", &["user", "creation"]),
        (
            "related.entity",
            &[
                "AIDA2",
                "AKIA1",
                "alice",
                "arn:aws:iam::111122223333:user/alice",
                "bob",
            ],
        ),
        ("related.ip", &["192.0.2.10"]),
        ("related.user", &["alice", "AIDA1", "AIDA2", "bob"]),
        ("source.address", &["192.0.2.10"]),
        ("source.as.number", &["64496"]),
        ("source.as.organization.name", &["Example Net"]),
        ("source.geo.city_name", &["Berlin"]),
        ("source.geo.continent_name", &["Europe"]),
        ("source.geo.country_iso_code", &["DE"]),
        ("source.geo.country_name", &["Germany"]),
        ("source.geo.location", &["52.5,13.25"]),
        ("source.geo.region_iso_code", &["DE-BE"]),
        ("source.geo.region_name", &["Land Berlin"]),
        ("source.ip", &["192.0.2.10"]),
        ("tls.cipher", &["TLS_AES_128_GCM_SHA256"]),
        ("tls.client.server_name", &["iam.amazonaws.com"]),
        ("tls.version", &["1.3"]),
        ("tls.version_protocol", &["tls"]),
        ("user.entity.id", &["arn:aws:iam::111122223333:user/alice"]),
        ("user.id", &["AIDA1"]),
        ("user.name", &["alice"]),
        ("user.target.id", &["AIDA2"]),
        ("user.target.name", &["bob"]),
        ("user_agent.device.name", &["Other"]),
        ("user_agent.name", &["aws-cli"]),
        (
            "user_agent.original",
            &["aws-cli/2.15.0 Python/3.11.6 Linux/6.1"],
        ),
        ("user_agent.os.full", &["Linux 6.1"]),
        ("user_agent.os.name", &["Linux"]),
        ("user_agent.os.version", &["6.1"]),
        ("user_agent.version", &["2.15.0"]),
    ],
};

const ROLE: Case = Case {
    record: r#"{
        "userIdentity": {
            "type": "AssumedRole", "principalId": "AROA1:carol@example.com",
            "arn": "arn:aws:sts::111122223333:assumed-role/Deploy/carol@example.com",
            "accountId": "", "accessKeyId": "-",
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role", "principalId": "AROA1", "arn": "arn:aws:iam::111122223333:role/Deploy",
                    "accountId": "111122223333", "userName": "Deploy"
                },
                "webIdFederationData": {"federatedProvider": "accounts.example.com", "attributes": {"a:b": "c"}},
                "attributes": {"creationDate": "2026-05-01T11:00:00Z", "mfaAuthenticated": "false"},
                "ec2RoleDelivery": "2.0", "sourceIdentity": "carol", "assumedRoot": "true", "signInSessionArn": "arn:s"
            },
            "onBehalfOf": {"userId": "u-1", "identityStoreArn": "arn:i"},
            "credentialId": "cred", "identityProvider": "idp", "invokedBy": "cloudformation.amazonaws.com",
            "invokedByDelegate": {"accountId": "777788889999"},
            "inScopeOf": {
                "issuerType": "AWS::Lambda::Function", "credentialsIssuedTo": "arn:f", "sourceArn": "arn:g",
                "sourceAccount": "1"
            }
        },
        "eventTime": "2026-05-01T12:00:00Z",
        "eventSource": "ec2.amazonaws.com",
        "eventName": "RunInstances",
        "sourceIPAddress": "cloudformation.amazonaws.com",
        "errorCode": "Client.UnauthorizedOperation",
        "errorMessage": "no",
        "requestParameters": null,
        "responseElements": {"instancesSet": {"items": [{"instanceId": "i-0123456789abcdef0"}, {"instanceId": "i-x"}]}},
        "resources": [
            {"ARN": "arn:one", "accountId": "1", "type": "AWS::EC2::Instance"},
            {"ARN": "arn:two", "accountId": "1", "type": "AWS::EC2::Subnet"},
            {"ARN": "arn:one", "accountId": "1", "type": "AWS::EC2::Instance"}
        ],
        "recipientAccountId": "444455556666",
        "sharedEventID": "shared",
        "vpcEndpointId": "vpce-1", "vpcEndpointAccountId": "2",
        "apiVersion": "2016-11-15",
        "serviceEventDetails": {"state": ["a", {"b": 1}]},
        "addendum": {
            "reason": "UPDATED_DATA", "updatedFields": "x", "originalRequestID": "r", "originalEventID": "e"
        }
    }"#,
    expected: &[
        ("@timestamp", &["2026-05-01T12:00:00Z"]),
        ("aws.cloudtrail.addendum.original_event_id", &["e"]),
        ("aws.cloudtrail.addendum.original_request_id", &["r"]),
        ("aws.cloudtrail.addendum.reason", &["UPDATED_DATA"]),
        ("aws.cloudtrail.addendum.updated_fields", &["x"]),
        ("aws.cloudtrail.api_version", &["2016-11-15"]),
        (
            "aws.cloudtrail.error_code",
            &["Client.UnauthorizedOperation"],
        ),
        ("aws.cloudtrail.error_message", &["no"]),
        (
            "aws.cloudtrail.flattened.response_elements",
            &["i-0123456789abcdef0", "i-x"],
        ),
        (
            "aws.cloudtrail.flattened.service_event_details",
            &["a", "1"],
        ),
        ("aws.cloudtrail.recipient_account_id", &["444455556666"]),
        ("aws.cloudtrail.resources.account_id", &["1"]),
        ("aws.cloudtrail.resources.arn", &["arn:one", "arn:two"]),
        (
            "aws.cloudtrail.resources.type",
            &["AWS::EC2::Instance", "AWS::EC2::Subnet"],
        ),
        (
            "aws.cloudtrail.response_elements",
            &["{instancesSet={items=[{instanceId=i-0123456789abcdef0}, {instanceId=i-x}]}}"],
        ),
        (
            "aws.cloudtrail.service_event_details",
            &["{state=[a, {b=1}]}"],
        ),
        ("aws.cloudtrail.shared_event_id", &["shared"]),
        (
            "aws.cloudtrail.user_identity.arn",
            &["arn:aws:sts::111122223333:assumed-role/Deploy/carol@example.com"],
        ),
        ("aws.cloudtrail.user_identity.credential_id", &["cred"]),
        ("aws.cloudtrail.user_identity.identity_provider", &["idp"]),
        (
            "aws.cloudtrail.user_identity.in_scope_of.credentials_issued_to",
            &["arn:f"],
        ),
        (
            "aws.cloudtrail.user_identity.in_scope_of.issuer_type",
            &["AWS::Lambda::Function"],
        ),
        (
            "aws.cloudtrail.user_identity.in_scope_of.source_account",
            &["1"],
        ),
        (
            "aws.cloudtrail.user_identity.in_scope_of.source_arn",
            &["arn:g"],
        ),
        (
            "aws.cloudtrail.user_identity.invoked_by",
            &["cloudformation.amazonaws.com"],
        ),
        (
            "aws.cloudtrail.user_identity.invoked_by_delegate.account_id",
            &["777788889999"],
        ),
        (
            "aws.cloudtrail.user_identity.on_behalf_of.identity_store_arn",
            &["arn:i"],
        ),
        (
            "aws.cloudtrail.user_identity.on_behalf_of.user_id",
            &["u-1"],
        ),
        (
            "aws.cloudtrail.user_identity.session_context.assumed_root",
            &["true"],
        ),
        (
            "aws.cloudtrail.user_identity.session_context.creation_date",
            &["2026-05-01T11:00:00Z"],
        ),
        (
            "aws.cloudtrail.user_identity.session_context.ec2_role_delivery",
            &["2.0"],
        ),
        (
            "aws.cloudtrail.user_identity.session_context.mfa_authenticated",
            &["false"],
        ),
        (
            "aws.cloudtrail.user_identity.session_context.session_issuer.account_id",
            &["111122223333"],
        ),
        (
            "aws.cloudtrail.user_identity.session_context.session_issuer.arn",
            &["arn:aws:iam::111122223333:role/Deploy"],
        ),
        (
            "aws.cloudtrail.user_identity.session_context.session_issuer.principal_id",
            &["AROA1"],
        ),
        (
            "aws.cloudtrail.user_identity.session_context.session_issuer.type",
            &["Role"],
        ),
        (
            "aws.cloudtrail.user_identity.session_context.sign_in_session_arn",
            &["arn:s"],
        ),
        (
            "aws.cloudtrail.user_identity.session_context.source_identity",
            &["carol"],
        ),
        (
            "aws.cloudtrail.user_identity.session_context.web_id_federation_data.attributes",
            &["c"],
        ),
        (
            "aws.cloudtrail.user_identity.session_context.web_id_federation_data.federated_provider",
            &["accounts.example.com"],
        ),
        ("aws.cloudtrail.user_identity.type", &["AssumedRole"]),
        ("aws.cloudtrail.vpc_endpoint_account_id", &["2"]),
        ("aws.cloudtrail.vpc_endpoint_id", &["vpce-1"]),
        ("cloud.account.id", &["444455556666"]),
        ("cloud.service.name", &["ec2"]),
        ("event.action", &["RunInstances"]),
        ("event.created", &["2026-05-01T12:00:00Z"]),
        ("event.ingested", &["2026-05-01T12:00:00Z"]),
        ("event.outcome", &["failure"]),
        ("event.provider", &["ec2.amazonaws.com"]),
        ("event.type", &["info"]),
        ("related.hosts", &["i-0123456789abcdef0"]),
        (
            "related.user",
            &[
                "Deploy",
                "AROA1:carol@example.com",
                "carol@example.com",
                "carol",
                "u-1",
            ],
        ),
        ("source.address", &["cloudformation.amazonaws.com"]),
        ("user.email", &["carol@example.com"]),
        ("user.entity.id", &["arn:aws:iam::111122223333:role/Deploy"]),
        ("user.id", &["AROA1:carol@example.com"]),
        ("user.name", &["Deploy"]),
    ],
};

const LOGIN: Case = Case {
    record: r#"{
        "userIdentity": {"type": "Root", "principalId": "111122223333", "accountId": "111122223333", "accessKeyId": ""},
        "eventTime": "2026-05-01T12:00:00Z",
        "eventSource": "signin.amazonaws.com",
        "eventName": "ConsoleLogin",
        "sourceIPAddress": "2001:db8::1",
        "errorMessage": "Failed authentication",
        "responseElements": {"ConsoleLogin": "Failure"},
        "additionalEventData": {"LoginTo": "https://example.com", "MobileVersion": "No", "MFAUsed": "Yes"}
    }"#,
    expected: &[
        ("@timestamp", &["2026-05-01T12:00:00Z"]),
        // h("LoginTo") = 2006997924, h("MobileVersion") = 1174321590, h("MFAUsed") = 1685022117: slots 4, 8 and 10.
        (
            "aws.cloudtrail.additional_eventdata",
            &["{LoginTo=https://example.com, MobileVersion=No, MFAUsed=Yes}"],
        ),
        (
            "aws.cloudtrail.console_login.additional_eventdata.login_to",
            &["https://example.com"],
        ),
        (
            "aws.cloudtrail.console_login.additional_eventdata.mfa_used",
            &["true"],
        ),
        (
            "aws.cloudtrail.console_login.additional_eventdata.mobile_version",
            &["false"],
        ),
        ("aws.cloudtrail.error_message", &["Failed authentication"]),
        (
            "aws.cloudtrail.flattened.additional_eventdata",
            &["https://example.com", "No", "Yes"],
        ),
        ("aws.cloudtrail.flattened.response_elements", &["Failure"]),
        (
            "aws.cloudtrail.response_elements",
            &["{ConsoleLogin=Failure}"],
        ),
        ("aws.cloudtrail.user_identity.type", &["Root"]),
        ("cloud.account.id", &["111122223333"]),
        ("cloud.service.name", &["signin"]),
        ("event.action", &["ConsoleLogin"]),
        ("event.category", &["authentication"]),
        ("event.created", &["2026-05-01T12:00:00Z"]),
        ("event.ingested", &["2026-05-01T12:00:00Z"]),
        ("event.outcome", &["failure"]),
        ("event.provider", &["signin.amazonaws.com"]),
        ("event.type", &["info"]),
        ("related.ip", &["2001:db8::1"]),
        ("related.user", &["111122223333"]),
        ("source.address", &["2001:db8::1"]),
        ("source.ip", &["2001:db8::1"]),
        ("user.id", &["111122223333"]),
    ],
};

const GROUP: Case = Case {
    record: r#"{
        "userIdentity": {"type": "IAMUser", "userName": "alice"},
        "eventSource": "example",
        "eventName": "CreateGroup",
        "requestParameters": {"groupName": "admins", "newUserName": "eve"},
        "responseElements": {"group": {"groupId": "AGPA1"}}
    }"#,
    expected: &[
        (
            "aws.cloudtrail.flattened.request_parameters",
            &["admins", "eve"],
        ),
        ("aws.cloudtrail.flattened.response_elements", &["AGPA1"]),
        // h("groupName") = -1483174486 and h("newUserName") = 990079670: slots 2 and 5.
        (
            "aws.cloudtrail.request_parameters",
            &["{groupName=admins, newUserName=eve}"],
        ),
        (
            "aws.cloudtrail.response_elements",
            &["{group={groupId=AGPA1}}"],
        ),
        ("aws.cloudtrail.user_identity.type", &["IAMUser"]),
        ("cloud.service.name", &["example"]),
        ("event.action", &["CreateGroup"]),
        ("event.category", &["iam"]),
        ("event.outcome", &["success"]),
        ("event.provider", &["example"]),
        ("event.type", &["group", "creation"]),
        ("group.id", &["AGPA1"]),
        ("group.name", &["admins"]),
        ("related.user", &["alice", "eve"]),
        ("user.changes.name", &["eve"]),
        ("user.name", &["alice"]),
    ],
};

const SERVICE: Case = Case {
    record: r#"{
        "userIdentity": {"type": "AWSService", "invokedBy": "config.amazonaws.com", "principalId": "x", "userName": "y"},
        "eventName": "AssumeRole",
        "awsAccountId": "999988887777"
    }"#,
    expected: &[
        (
            "aws.cloudtrail.user_identity.invoked_by",
            &["config.amazonaws.com"],
        ),
        ("aws.cloudtrail.user_identity.type", &["AWSService"]),
        ("cloud.account.id", &["999988887777"]),
        ("event.action", &["AssumeRole"]),
        ("event.category", &["authentication"]),
        ("event.outcome", &["success"]),
        ("event.type", &["info"]),
        ("related.user", &["y"]),
        ("service.name", &["config.amazonaws.com"]),
    ],
};

const CASES: &[&Case] = &[&USER, &ROLE, &LOGIN, &GROUP, &SERVICE];

#[test]
fn a_user_creates_a_user() {
    check(&USER);
}

#[test]
fn a_role_is_refused() {
    check(&ROLE);
}

#[test]
fn a_login_fails() {
    check(&LOGIN);
}

#[test]
fn a_group_is_made() {
    check(&GROUP);
}

#[test]
fn a_service_acts() {
    check(&SERVICE);
}

#[test]
fn every_row_has_a_case() {
    // Of the target of an event only one can be at a time; their tests are below.
    let targets = [
        "entity.target.id",
        "user.target.entity.id",
        "host.target.entity.id",
        "service.target.entity.id",
    ];
    for row in FIELDS {
        let in_cases = CASES
            .iter()
            .any(|case| case.expected.iter().any(|(name, _)| *name == row.name));
        let always = ALWAYS.iter().any(|(name, _)| *name == row.name);
        assert!(
            in_cases || always || targets.contains(&row.name),
            "{}",
            row.name
        );
    }
}

fn of(name: &str, record: &str) -> Vec<String> {
    super::values(name, record)
}

#[test]
fn outcomes() {
    for (record, expected) in [
        ("{}", "success"),
        (r#"{"errorCode":null,"errorMessage":""}"#, "success"),
        (r#"{"errorCode":"-"}"#, "success"),
        (r#"{"errorCode":"X"}"#, "failure"),
        (r#"{"errorMessage":"X"}"#, "failure"),
        (
            r#"{"eventName":"ConsoleLogin","errorMessage":"X","responseElements":{"ConsoleLogin":"Success"}}"#,
            "success",
        ),
        (
            r#"{"eventName":"ConsoleLogin","responseElements":{"ConsoleLogin":"Failure"}}"#,
            "failure",
        ),
        (
            r#"{"eventName":"Other","responseElements":{"ConsoleLogin":"Failure"}}"#,
            "success",
        ),
    ] {
        assert_eq!(of("event.outcome", record), [expected], "{record}");
    }
}

#[test]
fn kinds_of_events() {
    for (name, category, types) in [
        ("AttachRolePolicy", "iam", "change"),
        ("PutObject", "file", "change"),
        ("CreateAccessKey", "iam", "user change"),
        ("ListUserTags", "iam", "user info"),
        ("UpdateRole", "iam", "admin change"),
        ("AuthorizeSecurityGroupIngress", "network", "access"),
        ("SendCommand", "process", "start"),
        ("TerminateSession", "session", "end"),
        ("DeleteTrail", "configuration", "deletion"),
        ("ListFunctions20150331", "", "info"),
        ("GetSecretValue", "", "info"),
    ] {
        let record = format!(r#"{{"eventName":"{name}"}}"#);
        assert_eq!(of("event.category", &record).join(" "), category, "{name}");
        assert_eq!(of("event.type", &record).join(" "), types, "{name}");
    }
}

#[test]
fn names_of_users() {
    let table = [
        (r#"{"userIdentity":{"type":"IAMUser","userName":"a"}}"#, "a"),
        (
            r#"{"userIdentity":{"type":"AssumedRole","userName":"a","sessionContext":{"sessionIssuer":{"userName":"r"}}}}"#,
            "r",
        ),
        (
            r#"{"userIdentity":{"type":"FederatedUser","sessionContext":{"sessionIssuer":{"userName":"r"}}}}"#,
            "r",
        ),
        (
            r#"{"userIdentity":{"type":"IAMUser","sessionContext":{"sessionIssuer":{"userName":"r"}}}}"#,
            "",
        ),
        (
            r#"{"userIdentity":{"type":"AWSService","userName":"a"}}"#,
            "",
        ),
        (
            r#"{"userIdentity":{"type":"AssumedRole","sessionContext":{"sessionIssuer":{"userName":"r","arn":"arn:aws:iam::1:role/aws-service-role/x.amazonaws.com/r"}}}}"#,
            "",
        ),
        (
            r#"{"eventName":"UserAuthentication","additionalEventData":{"UserName":"u"}}"#,
            "u",
        ),
        (
            r#"{"eventName":"UserAuthentication","userIdentity":{"userName":"a"},"additionalEventData":{"UserName":"u"}}"#,
            "a",
        ),
        (
            r#"{"eventName":"Other","additionalEventData":{"UserName":"u"}}"#,
            "",
        ),
    ];
    for (record, expected) in table {
        assert_eq!(of("user.name", record).join(" "), expected, "{record}");
    }
    let authentication =
        r#"{"eventName":"UserAuthentication","additionalEventData":{"UserName":"u","a":"b"}}"#;
    assert_eq!(
        of("aws.cloudtrail.additional_eventdata", authentication),
        ["{a=b}"]
    );
    assert_eq!(
        of(
            "aws.cloudtrail.flattened.additional_eventdata",
            authentication
        ),
        ["b"]
    );
}

#[test]
fn ids_of_users_and_services() {
    let center = r#"{"userIdentity":{"type":"IdentityCenterUser","onBehalfOf":{"userId":"u"}}}"#;
    assert_eq!(of("user.id", center), ["u"]);
    assert_eq!(
        of(
            "user.id",
            r#"{"userIdentity":{"type":"IAMUser","onBehalfOf":{"userId":"u"}}}"#
        ),
        [""; 0]
    );
    let linked = |invoked_by: &str| {
        format!(
            r#"{{"userIdentity":{{"type":"AssumedRole","principalId":"p",{invoked_by}"sessionContext":{{"sessionIssuer":{{"arn":"arn:aws:iam::1:role/aws-service-role/autoscaling.amazonaws.com/R"}}}}}}}}"#
        )
    };
    assert_eq!(
        of("service.name", &linked("")),
        ["autoscaling.amazonaws.com"]
    );
    assert_eq!(
        of(
            "service.name",
            &linked(r#""invokedBy":"ec2.amazonaws.com","#)
        ),
        ["ec2.amazonaws.com"]
    );
    assert_eq!(of("user.id", &linked("")), [""; 0]);
    assert_eq!(
        of(
            "service.name",
            r#"{"userIdentity":{"type":"IAMUser","invokedBy":"x"}}"#
        ),
        [""; 0]
    );
}

#[test]
fn addresses() {
    for (address, expected) in [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("AWS Internal", ""),
        ("ec2.amazonaws.com", ""),
        ("192.0.2.1 ", ""),
        ("075.050.255.67", ""),
        ("192.0.2.1/24", ""),
    ] {
        let record = format!(r#"{{"sourceIPAddress":"{address}"}}"#);
        assert_eq!(of("source.ip", &record).join(" "), expected, "{address}");
        assert_eq!(of("source.address", &record), [address]);
    }
}

#[test]
fn targets() {
    let names = [
        "entity.target.id",
        "user.target.entity.id",
        "host.target.entity.id",
        "service.target.entity.id",
    ];
    for (target, expected) in [
        ("Deploy", 0),
        ("123456789012", 0),
        ("arn:aws:iam::1:role/Deploy", 1),
        ("AKIAABCDEFGHIJKLMNOP", 1),
        ("i-0123456789abcdef0", 2),
        ("sg-1", 3),
        ("arn:aws:s3:::bucket", 3),
        ("arn:aws:iam::1:role/aws-service-role/x.amazonaws.com/R", 3),
    ] {
        for event in ["AttachRolePolicy", "UpdateAssumeRolePolicy", "CreateRole"] {
            let record = format!(
                r#"{{"eventName":"{event}","requestParameters":{{"roleName":"{target}"}}}}"#
            );
            for (position, name) in names.iter().enumerate() {
                let found = of(name, &record).join(" ");
                let there = position == expected && event != "CreateRole";
                assert_eq!(
                    found,
                    if there { target } else { "" },
                    "{event} {target} {name}"
                );
            }
        }
    }
}

#[test]
fn entities() {
    let record = r#"{
        "eventSource": "iam.amazonaws.com", "eventName": "AttachRolePolicy",
        "userIdentity": {"type": "AssumedRole", "arn": "arn:session", "sessionContext": {"sessionIssuer": {"arn": "arn:role", "userName": "role"}}},
        "requestParameters": {"roleName": "Deploy", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"},
        "resources": [{"ARN": "arn:resource"}]
    }"#;
    let expected = [
        "Deploy",
        "arn:aws:iam::aws:policy/AdministratorAccess",
        "arn:resource",
        "arn:role",
        "arn:session",
        "role",
    ];
    assert_eq!(of("related.entity", record), expected);
    assert_eq!(
        of(
            "related.entity",
            &record.replace("iam.amazonaws", "s3.amazonaws")
        ),
        [""; 0]
    );
}
