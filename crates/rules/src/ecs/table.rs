//! The fields of a document, one row each: name, type, and how the values are made.

use super::Type::{Boolean, Date, Flattened, GeoPoint, Ip, Keyword, Long};
use super::{Definition, Made, Network, Place, Source, Type, Values};
use super::{agent, entity, event, resource, user};

/// The longest value of the two fields that Elastic's integration limits, in UTF-16 units.
const LONGEST: usize = 8191;

/// All fields, but for the leaves of those that are flattened.
pub static FIELDS: &[Definition] = &[
    // the document
    copied("@timestamp", Date, "eventTime"),
    // When it arrived is not in the record; without a better source it is when it happened.
    copied("event.ingested", Date, "eventTime"),
    copied("event.created", Date, "eventTime"),
    constant("data_stream.type", "logs"),
    constant("data_stream.dataset", "aws.cloudtrail"),
    constant("data_stream.namespace", "default"),
    constant("event.dataset", "aws.cloudtrail"),
    constant("event.module", "aws"),
    constant("event.kind", "event"),
    constant("cloud.provider", "aws"),
    constant("ecs.version", "8.11.0"),
    // the event
    copied("event.id", Keyword, "eventID"),
    copied("event.action", Keyword, "eventName"),
    copied("event.provider", Keyword, "eventSource"),
    computed(
        "event.outcome",
        Keyword,
        &[
            "eventName",
            "errorCode",
            "errorMessage",
            "responseElements.ConsoleLogin",
        ],
        event::outcome,
    ),
    computed("event.category", Keyword, &["eventName"], event::category),
    computed("event.type", Keyword, &["eventName"], event::types),
    copied("aws.cloudtrail.event_version", Keyword, "eventVersion"),
    copied("aws.cloudtrail.event_type", Keyword, "eventType"),
    copied("aws.cloudtrail.event_category", Keyword, "eventCategory"),
    copied("aws.cloudtrail.api_version", Keyword, "apiVersion"),
    copied(
        "aws.cloudtrail.management_event",
        Keyword,
        "managementEvent",
    ),
    copied("aws.cloudtrail.read_only", Boolean, "readOnly"),
    copied("aws.cloudtrail.request_id", Keyword, "requestID"),
    copied(
        "aws.cloudtrail.recipient_account_id",
        Keyword,
        "recipientAccountId",
    ),
    copied("aws.cloudtrail.error_code", Keyword, "errorCode"),
    copied("aws.cloudtrail.error_message", Keyword, "errorMessage"),
    copied(
        "aws.cloudtrail.session_credential_from_console",
        Keyword,
        "sessionCredentialFromConsole",
    ),
    copied("aws.cloudtrail.vpc_endpoint_id", Keyword, "vpcEndpointId"),
    copied(
        "aws.cloudtrail.vpc_endpoint_account_id",
        Keyword,
        "vpcEndpointAccountId",
    ),
    copied("aws.cloudtrail.addendum.reason", Keyword, "addendum.reason"),
    copied(
        "aws.cloudtrail.addendum.updated_fields",
        Keyword,
        "addendum.updatedFields",
    ),
    copied(
        "aws.cloudtrail.addendum.original_request_id",
        Keyword,
        "addendum.originalRequestID",
    ),
    copied(
        "aws.cloudtrail.addendum.original_event_id",
        Keyword,
        "addendum.originalEventID",
    ),
    first(
        "aws.cloudtrail.shared_event_id",
        &["sharedEventID", "sharedEventId"],
    ),
    // the cloud
    first(
        "cloud.account.id",
        &[
            "userIdentity.accountId",
            "recipientAccountId",
            "awsAccountId",
        ],
    ),
    copied("cloud.region", Keyword, "awsRegion"),
    computed(
        "cloud.service.name",
        Keyword,
        &["eventSource"],
        event::service,
    ),
    // who
    computed("user.name", Keyword, user::READS, user::name),
    computed("user.id", Keyword, user::READS, user::id),
    computed("user.email", Keyword, user::READS, user::email),
    computed(
        "service.name",
        Keyword,
        &[
            "userIdentity.type",
            "userIdentity.invokedBy",
            "userIdentity.sessionContext.sessionIssuer.arn",
        ],
        user::service,
    ),
    copied(
        "aws.cloudtrail.user_identity.type",
        Keyword,
        "userIdentity.type",
    ),
    copied(
        "aws.cloudtrail.user_identity.arn",
        Keyword,
        "userIdentity.arn",
    ),
    copied(
        "aws.cloudtrail.user_identity.access_key_id",
        Keyword,
        "userIdentity.accessKeyId",
    ),
    copied(
        "aws.cloudtrail.user_identity.invoked_by",
        Keyword,
        "userIdentity.invokedBy",
    ),
    copied(
        "aws.cloudtrail.user_identity.on_behalf_of.user_id",
        Keyword,
        "userIdentity.onBehalfOf.userId",
    ),
    copied(
        "aws.cloudtrail.user_identity.on_behalf_of.identity_store_arn",
        Keyword,
        "userIdentity.onBehalfOf.identityStoreArn",
    ),
    copied(
        "aws.cloudtrail.user_identity.invoked_by_delegate.account_id",
        Keyword,
        "userIdentity.invokedByDelegate.accountId",
    ),
    copied(
        "aws.cloudtrail.user_identity.credential_id",
        Keyword,
        "userIdentity.credentialId",
    ),
    copied(
        "aws.cloudtrail.user_identity.identity_provider",
        Keyword,
        "userIdentity.identityProvider",
    ),
    copied(
        "aws.cloudtrail.user_identity.in_scope_of.issuer_type",
        Keyword,
        "userIdentity.inScopeOf.issuerType",
    ),
    copied(
        "aws.cloudtrail.user_identity.in_scope_of.credentials_issued_to",
        Keyword,
        "userIdentity.inScopeOf.credentialsIssuedTo",
    ),
    copied(
        "aws.cloudtrail.user_identity.in_scope_of.source_arn",
        Keyword,
        "userIdentity.inScopeOf.sourceArn",
    ),
    copied(
        "aws.cloudtrail.user_identity.in_scope_of.source_account",
        Keyword,
        "userIdentity.inScopeOf.sourceAccount",
    ),
    copied(
        "aws.cloudtrail.user_identity.session_context.mfa_authenticated",
        Keyword,
        "userIdentity.sessionContext.attributes.mfaAuthenticated",
    ),
    copied(
        "aws.cloudtrail.user_identity.session_context.creation_date",
        Date,
        "userIdentity.sessionContext.attributes.creationDate",
    ),
    copied(
        "aws.cloudtrail.user_identity.session_context.session_issuer.type",
        Keyword,
        "userIdentity.sessionContext.sessionIssuer.type",
    ),
    copied(
        "aws.cloudtrail.user_identity.session_context.session_issuer.principal_id",
        Keyword,
        "userIdentity.sessionContext.sessionIssuer.principalId",
    ),
    copied(
        "aws.cloudtrail.user_identity.session_context.session_issuer.arn",
        Keyword,
        "userIdentity.sessionContext.sessionIssuer.arn",
    ),
    copied(
        "aws.cloudtrail.user_identity.session_context.session_issuer.account_id",
        Keyword,
        "userIdentity.sessionContext.sessionIssuer.accountId",
    ),
    copied(
        "aws.cloudtrail.user_identity.session_context.ec2_role_delivery",
        Keyword,
        "userIdentity.sessionContext.ec2RoleDelivery",
    ),
    copied(
        "aws.cloudtrail.user_identity.session_context.source_identity",
        Keyword,
        "userIdentity.sessionContext.sourceIdentity",
    ),
    copied(
        "aws.cloudtrail.user_identity.session_context.assumed_root",
        Keyword,
        "userIdentity.sessionContext.assumedRoot",
    ),
    copied(
        "aws.cloudtrail.user_identity.session_context.sign_in_session_arn",
        Keyword,
        "userIdentity.sessionContext.signInSessionArn",
    ),
    copied(
        "aws.cloudtrail.user_identity.session_context.web_id_federation_data.federated_provider",
        Keyword,
        "userIdentity.sessionContext.webIdFederationData.federatedProvider",
    ),
    flattened(
        "aws.cloudtrail.user_identity.session_context.web_id_federation_data.attributes",
        "userIdentity.sessionContext.webIdFederationData.attributes",
    ),
    // to whom and to what
    copied("user.target.name", Keyword, "requestParameters.userName"),
    copied("user.target.id", Keyword, "responseElements.user.userId"),
    copied(
        "user.changes.name",
        Keyword,
        "requestParameters.newUserName",
    ),
    copied("group.name", Keyword, "requestParameters.groupName"),
    copied("group.id", Keyword, "responseElements.group.groupId"),
    computed(
        "aws.cloudtrail.resources.arn",
        Keyword,
        &["resources"],
        resource::arns,
    ),
    computed(
        "aws.cloudtrail.resources.account_id",
        Keyword,
        &["resources"],
        resource::accounts,
    ),
    computed(
        "aws.cloudtrail.resources.type",
        Keyword,
        &["resources"],
        resource::types,
    ),
    // the free objects: their string forms, and leaf by leaf
    limited(computed(
        "aws.cloudtrail.request_parameters",
        Keyword,
        &["requestParameters"],
        resource::request_parameters,
    )),
    limited(computed(
        "aws.cloudtrail.response_elements",
        Keyword,
        &["responseElements"],
        resource::response_elements,
    )),
    computed(
        "aws.cloudtrail.additional_eventdata",
        Keyword,
        &["additionalEventData", "eventName", "userIdentity"],
        resource::additional_event_data,
    ),
    computed(
        "aws.cloudtrail.service_event_details",
        Keyword,
        &["serviceEventDetails"],
        resource::service_event_details,
    ),
    flattened(
        "aws.cloudtrail.flattened.request_parameters",
        "requestParameters",
    ),
    flattened(
        "aws.cloudtrail.flattened.response_elements",
        "responseElements",
    ),
    flattened(
        "aws.cloudtrail.flattened.additional_eventdata",
        "additionalEventData",
    ),
    flattened(
        "aws.cloudtrail.flattened.service_event_details",
        "serviceEventDetails",
    ),
    computed(
        "aws.cloudtrail.console_login.additional_eventdata.mobile_version",
        Boolean,
        &["eventName", "additionalEventData.MobileVersion"],
        event::mobile_version,
    ),
    computed(
        "aws.cloudtrail.console_login.additional_eventdata.login_to",
        Keyword,
        &["eventName", "additionalEventData.LoginTo"],
        event::login_to,
    ),
    computed(
        "aws.cloudtrail.console_login.additional_eventdata.mfa_used",
        Boolean,
        &["eventName", "additionalEventData.MFAUsed"],
        event::mfa_used,
    ),
    // from where, and with what
    copied("source.address", Keyword, "sourceIPAddress"),
    computed("source.ip", Ip, &["sourceIPAddress"], resource::ip),
    place("source.geo.city_name", Keyword, |place| {
        place.city_name.clone()
    }),
    place("source.geo.continent_name", Keyword, |place| {
        place.continent_name.clone()
    }),
    place("source.geo.country_iso_code", Keyword, |place| {
        place.country_iso_code.clone()
    }),
    place("source.geo.country_name", Keyword, |place| {
        place.country_name.clone()
    }),
    place("source.geo.region_iso_code", Keyword, |place| {
        place.region_iso_code.clone()
    }),
    place("source.geo.region_name", Keyword, |place| {
        place.region_name.clone()
    }),
    place("source.geo.location", GeoPoint, |place| {
        place
            .location
            .map(|(latitude, longitude)| format!("{latitude},{longitude}"))
    }),
    network("source.as.number", Long, |network| {
        network.number.map(|number| number.to_string())
    }),
    network("source.as.organization.name", Keyword, |network| {
        network.organization.clone()
    }),
    copied("user_agent.original", Keyword, "userAgent"),
    computed("user_agent.name", Keyword, &["userAgent"], agent::name),
    computed(
        "user_agent.version",
        Keyword,
        &["userAgent"],
        agent::program_version,
    ),
    computed(
        "user_agent.os.name",
        Keyword,
        &["userAgent"],
        agent::system_name,
    ),
    computed(
        "user_agent.os.version",
        Keyword,
        &["userAgent"],
        agent::system_version,
    ),
    computed(
        "user_agent.os.full",
        Keyword,
        &["userAgent"],
        agent::system_full,
    ),
    computed(
        "user_agent.device.name",
        Keyword,
        &["userAgent"],
        agent::device,
    ),
    computed(
        "tls.version",
        Keyword,
        &["tlsDetails.tlsVersion"],
        event::tls_version,
    ),
    computed(
        "tls.version_protocol",
        Keyword,
        &["tlsDetails.tlsVersion"],
        event::tls_protocol,
    ),
    copied("tls.cipher", Keyword, "tlsDetails.cipherSuite"),
    copied(
        "tls.client.server_name",
        Keyword,
        "tlsDetails.clientProvidedHostHeader",
    ),
    copied(
        "aws.cloudtrail.tls_details.key_exchange",
        Keyword,
        "tlsDetails.keyExchange",
    ),
    // what belongs together
    computed("related.user", Keyword, user::READS, user::related),
    computed("related.ip", Ip, &["sourceIPAddress"], resource::ip),
    computed(
        "related.hosts",
        Keyword,
        &["requestParameters", "responseElements"],
        resource::hosts,
    ),
    computed("related.entity", Keyword, entity::READS, entity::related),
    computed(
        "entity.target.id",
        Keyword,
        &["eventName", "requestParameters.roleName"],
        entity::other_target,
    ),
    computed(
        "user.target.entity.id",
        Keyword,
        &["eventName", "requestParameters.roleName"],
        entity::user_target,
    ),
    computed(
        "host.target.entity.id",
        Keyword,
        &["eventName", "requestParameters.roleName"],
        entity::host_target,
    ),
    computed(
        "service.target.entity.id",
        Keyword,
        &["eventName", "requestParameters.roleName"],
        entity::service_target,
    ),
    computed(
        "user.entity.id",
        Keyword,
        &[
            "userIdentity.type",
            "userIdentity.arn",
            "userIdentity.sessionContext.sessionIssuer.arn",
        ],
        entity::user,
    ),
];

const fn row(name: &'static str, kind: Type, made: Made) -> Definition {
    Definition {
        name,
        kind,
        made,
        longest: None,
    }
}

const fn copied(name: &'static str, kind: Type, path: &'static str) -> Definition {
    row(name, kind, Made::Copied(path))
}

const fn constant(name: &'static str, value: &'static str) -> Definition {
    row(name, Keyword, Made::Constant(value))
}

const fn first(name: &'static str, paths: &'static [&'static str]) -> Definition {
    row(name, Keyword, Made::First(paths))
}

const fn computed(
    name: &'static str,
    kind: Type,
    reads: &'static [&'static str],
    compute: fn(&dyn Source) -> Values,
) -> Definition {
    row(name, kind, Made::Computed(reads, compute))
}

const fn limited(definition: Definition) -> Definition {
    Definition {
        longest: Some(LONGEST),
        ..definition
    }
}

const fn flattened(name: &'static str, path: &'static str) -> Definition {
    row(name, Flattened, Made::Leaves(path))
}

const fn place(name: &'static str, kind: Type, part: fn(&Place) -> Option<String>) -> Definition {
    row(name, kind, Made::Place(part))
}

const fn network(
    name: &'static str,
    kind: Type,
    part: fn(&Network) -> Option<String>,
) -> Definition {
    row(name, kind, Made::Network(part))
}
