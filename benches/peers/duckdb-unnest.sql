-- DuckDB as its documentation suggests: the key as a column of a declared type, unnested; all paths in one call.
SET threads = {threads};
SET memory_limit = '{memory}B';
SET preserve_insertion_order = false;
COPY (
    SELECT
        content,
        found[1]::TIMESTAMP AS event_time,
        found[2] AS event_source,
        found[3] AS event_name,
        found[4] AS aws_region,
        found[5] AS recipient_account_id,
        found[6] AS error_code,
        found[7] AS error_message,
        found[8] AS source_ip_address,
        found[9] AS user_agent,
        found[10] AS event_id,
        found[11] AS request_id,
        found[12] AS shared_event_id,
        found[13] AS event_type,
        found[14] AS event_category,
        found[15] AS event_version,
        found[16] AS api_version,
        found[17]::BOOLEAN AS read_only,
        found[18]::BOOLEAN AS management_event,
        found[19] AS vpc_endpoint_id,
        found[20] AS vpc_endpoint_account_id,
        found[21] AS session_credential_from_console,
        found[22] AS user_identity_type,
        found[23] AS user_identity_arn,
        found[24] AS user_identity_principal_id,
        found[25] AS user_identity_account_id,
        found[26] AS user_identity_access_key_id,
        found[27] AS user_identity_user_name,
        found[28] AS user_identity_invoked_by,
        found[29] AS user_identity_session_context_attributes_mfa_authenticated,
        found[30] AS user_identity_session_context_attributes_creation_date,
        found[31] AS user_identity_session_context_session_issuer_type,
        found[32] AS user_identity_session_context_session_issuer_arn,
        found[33] AS user_identity_session_context_session_issuer_user_name,
        found[34] AS user_identity_session_context_source_identity
    FROM (
        SELECT
            content,
            json_extract_string(content, [
                '$.eventTime',
                '$.eventSource',
                '$.eventName',
                '$.awsRegion',
                '$.recipientAccountId',
                '$.errorCode',
                '$.errorMessage',
                '$.sourceIPAddress',
                '$.userAgent',
                '$.eventID',
                '$.requestID',
                '$.sharedEventID',
                '$.eventType',
                '$.eventCategory',
                '$.eventVersion',
                '$.apiVersion',
                '$.readOnly',
                '$.managementEvent',
                '$.vpcEndpointId',
                '$.vpcEndpointAccountId',
                '$.sessionCredentialFromConsole',
                '$.userIdentity.type',
                '$.userIdentity.arn',
                '$.userIdentity.principalId',
                '$.userIdentity.accountId',
                '$.userIdentity.accessKeyId',
                '$.userIdentity.userName',
                '$.userIdentity.invokedBy',
                '$.userIdentity.sessionContext.attributes.mfaAuthenticated',
                '$.userIdentity.sessionContext.attributes.creationDate',
                '$.userIdentity.sessionContext.sessionIssuer.type',
                '$.userIdentity.sessionContext.sessionIssuer.arn',
                '$.userIdentity.sessionContext.sessionIssuer.userName',
                '$.userIdentity.sessionContext.sourceIdentity'
            ]) AS found
        FROM (
            SELECT unnest(Records) AS content
            FROM read_json('{input}', columns = {Records: 'JSON[]'}, maximum_object_size = {largest})
        )
    )
) TO '{output}' (FORMAT parquet, COMPRESSION zstd);
