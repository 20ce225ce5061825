-- DuckDB, the fastest way that we know: each file as one text, of which `from_json` makes the records' texts and a list of
-- structs with the columns. `threads` is what the run gives all; order is not asked for.
SET threads = {threads};
SET memory_limit = '{memory}B';
SET preserve_insertion_order = false;
COPY (
    SELECT
        content,
        record.eventTime AS event_time,
        record.eventSource AS event_source,
        record.eventName AS event_name,
        record.awsRegion AS aws_region,
        record.recipientAccountId AS recipient_account_id,
        record.errorCode AS error_code,
        record.errorMessage AS error_message,
        record.sourceIPAddress AS source_ip_address,
        record.userAgent AS user_agent,
        record.eventID AS event_id,
        record.requestID AS request_id,
        record.sharedEventID AS shared_event_id,
        record.eventType AS event_type,
        record.eventCategory AS event_category,
        record.eventVersion AS event_version,
        record.apiVersion AS api_version,
        record.readOnly AS read_only,
        record.managementEvent AS management_event,
        record.vpcEndpointId AS vpc_endpoint_id,
        record.vpcEndpointAccountId AS vpc_endpoint_account_id,
        record.sessionCredentialFromConsole AS session_credential_from_console,
        record.userIdentity."type" AS user_identity_type,
        record.userIdentity.arn AS user_identity_arn,
        record.userIdentity.principalId AS user_identity_principal_id,
        record.userIdentity.accountId AS user_identity_account_id,
        record.userIdentity.accessKeyId AS user_identity_access_key_id,
        record.userIdentity.userName AS user_identity_user_name,
        record.userIdentity.invokedBy AS user_identity_invoked_by,
        record.userIdentity.sessionContext.attributes.mfaAuthenticated AS user_identity_session_context_attributes_mfa_authenticated,
        record.userIdentity.sessionContext.attributes.creationDate AS user_identity_session_context_attributes_creation_date,
        record.userIdentity.sessionContext.sessionIssuer."type" AS user_identity_session_context_session_issuer_type,
        record.userIdentity.sessionContext.sessionIssuer.arn AS user_identity_session_context_session_issuer_arn,
        record.userIdentity.sessionContext.sessionIssuer.userName AS user_identity_session_context_session_issuer_user_name,
        record.userIdentity.sessionContext.sourceIdentity AS user_identity_session_context_source_identity
    FROM (
        SELECT
            unnest(from_json(json -> 'Records', '["JSON"]')) AS content,
            unnest(from_json(json -> 'Records', '[{
                "eventTime": "TIMESTAMP", "eventSource": "VARCHAR", "eventName": "VARCHAR", "awsRegion": "VARCHAR",
                "recipientAccountId": "VARCHAR", "errorCode": "VARCHAR", "errorMessage": "VARCHAR", "sourceIPAddress": "VARCHAR",
                "userAgent": "VARCHAR", "eventID": "VARCHAR", "requestID": "VARCHAR", "sharedEventID": "VARCHAR",
                "eventType": "VARCHAR", "eventCategory": "VARCHAR", "eventVersion": "VARCHAR", "apiVersion": "VARCHAR",
                "readOnly": "BOOLEAN", "managementEvent": "BOOLEAN", "vpcEndpointId": "VARCHAR", "vpcEndpointAccountId": "VARCHAR",
                "sessionCredentialFromConsole": "VARCHAR",
                "userIdentity": {
                    "type": "VARCHAR", "arn": "VARCHAR", "principalId": "VARCHAR", "accountId": "VARCHAR", "accessKeyId": "VARCHAR",
                    "userName": "VARCHAR", "invokedBy": "VARCHAR",
                    "sessionContext": {
                        "attributes": {"mfaAuthenticated": "VARCHAR", "creationDate": "VARCHAR"},
                        "sessionIssuer": {"type": "VARCHAR", "arn": "VARCHAR", "userName": "VARCHAR"},
                        "sourceIdentity": "VARCHAR"}}}]')) AS record
        FROM read_json_objects('{input}', format = 'unstructured', maximum_object_size = {largest})
    )
) TO '{output}' (FORMAT parquet, COMPRESSION zstd);
