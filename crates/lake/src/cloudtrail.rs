//! The columns of CloudTrail, as data: the one place that says what a CloudTrail column is.
//!
//! Fields and types after AWS's "CloudTrail record contents", the `requestParameters` and `responseElements`
//! below them after what published detection rules read.

use crate::{Column, Kind};

/// The layout that this version writes. A new column raises it.
pub const LAYOUT: u32 = 1;

/// DQL's `JSON` matcher takes objects of at most this many bytes; a longer record reads as null.
pub const JSON_LIMIT: usize = 128_000;

/// What stands first in `mistyped` for a record longer than [`JSON_LIMIT`].
pub const OVER_LIMIT: &str = "*";

/// Columns that are not a place in the record but tell of it as a whole.
pub mod house {
    /// The UTC day of `event_time`; the partition. Null where the time is missing or absurd.
    pub const EVENT_DATE: &str = "event_date";
    /// `recipientAccountId`, or else the account in the object's path. Text.
    pub const ACCOUNT_ID: &str = "account_id";
    /// The bucket (`dt.system.bucket`) given at ingest. Text.
    pub const BUCKET: &str = "bucket";
    /// The object that the record came from. Text.
    pub const SOURCE: &str = "source";
    /// The record's place in its object, from 0. Long.
    pub const SOURCE_INDEX: &str = "source_index";
    /// Whether another record with this `eventID` but other content is in the lake. Boolean, null for no.
    pub const CONFLICT: &str = "conflict";
    /// The columns whose value the record holds in another form, comma separated, null for none; `*` first where the
    /// record is over the JSON limit. Text.
    pub const MISTYPED: &str = "mistyped";
    /// The record's exact bytes. Text.
    pub const CONTENT: &str = "content";
}

use Kind::{Boolean, Json, Text, Timestamp};

const NEEDLE: bool = true;
const PLAIN: bool = false;

/// Path (keys joined by dots; no key here holds one), name, kind, bloom filter, documentation.
#[rustfmt::skip]
const COLUMNS: &[(&str, &str, Kind, bool, &str)] = &[
    ("eventTime", "event_time", Timestamp, PLAIN, "when the call completed, by the service's clock"),
    ("eventSource", "event_source", Text, PLAIN, "the service that was called"),
    ("eventName", "event_name", Text, PLAIN, "the API action"),
    ("awsRegion", "aws_region", Text, PLAIN, "the region of the call"),
    ("recipientAccountId", "recipient_account_id", Text, PLAIN, "the account that the record was delivered to"),
    ("errorCode", "error_code", Text, PLAIN, "the error, where there was one"),
    ("errorMessage", "error_message", Text, PLAIN, "what the service said of the error"),
    ("sourceIPAddress", "source_ip_address", Text, NEEDLE, "the caller's address: IPv4, IPv6 or a service's DNS name"),
    ("userAgent", "user_agent", Text, PLAIN, "the agent that made the call"),
    ("eventID", "event_id", Text, NEEDLE, "the record's own id"),
    ("requestID", "request_id", Text, NEEDLE, "the id of the request; calls that fan out share it"),
    ("sharedEventID", "shared_event_id", Text, NEEDLE, "links the records of one action in several accounts"),
    ("eventType", "event_type", Text, PLAIN, "what kind of event it is: an API call, a sign-in, a service event"),
    ("eventCategory", "event_category", Text, PLAIN, "Management, Data, NetworkActivity or Insight"),
    ("eventVersion", "event_version", Text, PLAIN, "the version of the record's format"),
    ("apiVersion", "api_version", Text, PLAIN, "the version of the API that was called"),
    ("readOnly", "read_only", Boolean, PLAIN, "whether the call only read"),
    ("managementEvent", "management_event", Boolean, PLAIN, "whether it is a management event"),
    ("vpcEndpointId", "vpc_endpoint_id", Text, NEEDLE, "the VPC endpoint that the call went through"),
    ("vpcEndpointAccountId", "vpc_endpoint_account_id", Text, PLAIN, "the account that owns that endpoint"),
    ("sessionCredentialFromConsole", "session_credential_from_console", Text, PLAIN, "\"true\" where the credentials came from a console session"),

    ("userIdentity.type", "user_identity_type", Text, PLAIN, "what kind of identity called"),
    ("userIdentity.arn", "user_identity_arn", Text, NEEDLE, "the ARN of the caller"),
    ("userIdentity.principalId", "user_identity_principal_id", Text, NEEDLE, "the unique id of the caller"),
    ("userIdentity.accountId", "user_identity_account_id", Text, PLAIN, "the account of the caller"),
    ("userIdentity.accessKeyId", "user_identity_access_key_id", Text, NEEDLE, "the access key that signed the call"),
    ("userIdentity.userName", "user_identity_user_name", Text, NEEDLE, "the friendly name of the caller"),
    ("userIdentity.invokedBy", "user_identity_invoked_by", Text, PLAIN, "the AWS service that called for the caller"),
    ("userIdentity.identityProvider", "user_identity_identity_provider", Text, PLAIN, "the external identity provider"),
    ("userIdentity.credentialId", "user_identity_credential_id", Text, PLAIN, "the credential of an Identity Center user"),
    ("userIdentity.onBehalfOf.userId", "user_identity_on_behalf_of_user_id", Text, PLAIN, "the Identity Center user behind the call"),
    ("userIdentity.onBehalfOf.identityStoreArn", "user_identity_on_behalf_of_identity_store_arn", Text, PLAIN, "the identity store of that user"),
    ("userIdentity.sessionContext.attributes.mfaAuthenticated", "user_identity_session_context_attributes_mfa_authenticated", Text, PLAIN, "\"true\" where the session signed in with MFA"),
    ("userIdentity.sessionContext.attributes.creationDate", "user_identity_session_context_attributes_creation_date", Text, PLAIN, "when the session's credentials were issued"),
    ("userIdentity.sessionContext.sessionIssuer.type", "user_identity_session_context_session_issuer_type", Text, PLAIN, "what issued the session: a role, a user, the root"),
    ("userIdentity.sessionContext.sessionIssuer.arn", "user_identity_session_context_session_issuer_arn", Text, NEEDLE, "the ARN of the issuer, the role for an assumed role"),
    ("userIdentity.sessionContext.sessionIssuer.principalId", "user_identity_session_context_session_issuer_principal_id", Text, PLAIN, "the unique id of the issuer"),
    ("userIdentity.sessionContext.sessionIssuer.accountId", "user_identity_session_context_session_issuer_account_id", Text, PLAIN, "the account of the issuer"),
    ("userIdentity.sessionContext.sessionIssuer.userName", "user_identity_session_context_session_issuer_user_name", Text, PLAIN, "the friendly name of the issuer"),
    ("userIdentity.sessionContext.sourceIdentity", "user_identity_session_context_source_identity", Text, PLAIN, "the source identity set when the role was assumed"),
    ("userIdentity.sessionContext.ec2RoleDelivery", "user_identity_session_context_ec2_role_delivery", Text, PLAIN, "the version of the instance metadata service that gave the credentials"),

    ("requestParameters.bucketName", "request_parameters_bucket_name", Text, NEEDLE, "the S3 bucket asked for"),
    ("requestParameters.key", "request_parameters_key", Text, PLAIN, "the S3 key asked for"),
    ("requestParameters.secretId", "request_parameters_secret_id", Text, NEEDLE, "the secret asked for, by name or ARN"),
    ("requestParameters.keyId", "request_parameters_key_id", Text, NEEDLE, "the KMS key asked for"),
    ("requestParameters.origin", "request_parameters_origin", Text, PLAIN, "where the material of a new KMS key comes from"),
    ("requestParameters.roleArn", "request_parameters_role_arn", Text, NEEDLE, "the role to be assumed or passed"),
    ("requestParameters.roleName", "request_parameters_role_name", Text, NEEDLE, "the role to be changed"),
    ("requestParameters.roleSessionName", "request_parameters_role_session_name", Text, PLAIN, "the name given to the session"),
    ("requestParameters.userName", "request_parameters_user_name", Text, NEEDLE, "the IAM user to be changed"),
    ("requestParameters.groupName", "request_parameters_group_name", Text, PLAIN, "the IAM group to be changed"),
    ("requestParameters.policyArn", "request_parameters_policy_arn", Text, PLAIN, "the policy to be attached or changed"),
    ("requestParameters.policyName", "request_parameters_policy_name", Text, PLAIN, "the inline policy to be put"),
    ("requestParameters.instanceId", "request_parameters_instance_id", Text, NEEDLE, "the EC2 instance asked for"),
    ("requestParameters.functionName", "request_parameters_function_name", Text, PLAIN, "the Lambda function asked for"),
    ("responseElements.ConsoleLogin", "response_elements_console_login", Text, PLAIN, "Success or Failure of a console sign-in"),
    ("responseElements.keyMetadata.keyId", "response_elements_key_metadata_key_id", Text, NEEDLE, "the KMS key that was made"),
    ("responseElements.keyMetadata.keyUsage", "response_elements_key_metadata_key_usage", Text, PLAIN, "what that key is for"),
    ("responseElements.accessKey.accessKeyId", "response_elements_access_key_access_key_id", Text, NEEDLE, "the access key that was made"),
    ("responseElements.credentials.accessKeyId", "response_elements_credentials_access_key_id", Text, NEEDLE, "the temporary access key that was issued"),
    ("additionalEventData.MFAUsed", "additional_event_data_mfa_used", Text, PLAIN, "whether a console sign-in used MFA"),
    ("additionalEventData.SamlProviderArn", "additional_event_data_saml_provider_arn", Text, PLAIN, "the SAML provider of a console sign-in"),
    ("tlsDetails.tlsVersion", "tls_details_tls_version", Text, PLAIN, "the TLS version of the call"),
    ("tlsDetails.cipherSuite", "tls_details_cipher_suite", Text, PLAIN, "the cipher suite of the call"),
    ("tlsDetails.clientProvidedHostHeader", "tls_details_client_provided_host_header", Text, PLAIN, "the host name that the client asked for"),

    ("requestParameters", "request_parameters", Json, PLAIN, "what was asked, as it came"),
    ("responseElements", "response_elements", Json, PLAIN, "what was answered, as it came"),
    ("additionalEventData", "additional_event_data", Json, PLAIN, "what the service added, as it came"),
    ("serviceEventDetails", "service_event_details", Json, PLAIN, "the details of a service event, as they came"),
    ("resources", "resources", Json, PLAIN, "the resources that were touched, as they came"),
    ("insightDetails", "insight_details", Json, PLAIN, "the details of an Insight event, as they came"),
    ("addendum", "addendum", Json, PLAIN, "why a record came late or was corrected, as it came"),
    ("edgeDeviceDetails", "edge_device_details", Json, PLAIN, "the edge device, as it came"),
    ("eventContext", "event_context", Json, PLAIN, "tags and condition keys of an enriched event, as they came"),
];

/// Columns whose least and greatest values stand in the table's log, so that whole files are passed over.
const STATISTICS: &[&str] = &[
    "event_time",
    "event_source",
    "event_name",
    "aws_region",
    "recipient_account_id",
    "error_code",
    "event_type",
    "event_category",
    "user_identity_type",
    "user_identity_arn",
    "read_only",
];

/// The declared columns, in the order in which files hold them. The house's columns stand around them: see
/// [`house`].
pub fn columns() -> Vec<Column> {
    COLUMNS
        .iter()
        .map(|&(path, name, kind, bloom, doc)| Column {
            path: path.split('.').map(str::to_owned).collect(),
            name: name.to_owned(),
            kind,
            bloom,
            statistics: STATISTICS.contains(&name),
            since: 1,
            doc: doc.to_owned(),
        })
        .collect()
}
