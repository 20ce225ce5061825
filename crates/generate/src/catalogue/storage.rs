//! S3: object calls are data events, bucket calls are management; request keys are header names and sub-resources.

use super::{Api, read, write};
use crate::identity::Kind::*;

const BUCKET: &str =
    r#"[{"accountId":"${account}","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::${bucket}"}]"#;
const OBJECT: &str = r#"[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::${bucket}/${object}"},{"accountId":"${account}","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::${bucket}"}]"#;
const DELIVERED: &str = r#"[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::${bucket}/AWSLogs/${account}/vpcflowlogs/${region}/${day}/${account}_vpcflowlogs_${region}_fl-${hex16}_${stamp}_${hex8}.log.gz"},{"accountId":"${account}","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::${bucket}"}]"#;
/// Object calls of old wrote the bytes as `1234.0`, bucket calls as `1234`.
const OBJECT_EXTRA: &str = r#"{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0.0,"AuthenticationMethod":"AuthHeader","x-amz-id-2":"${amzid}","bytesTransferredOut":${n9999999}.0}"#;
const UPLOAD_EXTRA: &str = r#"{"SignatureVersion":"SigV4","CipherSuite":"ECDHE-RSA-AES128-GCM-SHA256","bytesTransferredIn":${n9999999}.0,"SSEApplied":"SSE_KMS","AuthenticationMethod":"AuthHeader","x-amz-id-2":"${amzid}","bytesTransferredOut":0.0}"#;
const BUCKET_EXTRA: &str = r#"{"SignatureVersion":"SigV4","CipherSuite":"ECDHE-RSA-AES128-GCM-SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","x-amz-id-2":"${amzid}","bytesTransferredOut":${n9999}}"#;

/// A question about one sub-resource of a bucket.
macro_rules! bucket_read {
    ($name:literal, $sub:literal, $weight:literal, $faults:expr) => {
        read("s3", $name, &[(AssumedRole, $weight), (User, 2)])
            .request(concat!(
                r#"{"bucketName":"${bucket}","Host":"${bucket}.s3.${region}.amazonaws.com",""#,
                $sub,
                r#"":""}"#
            ))
            .extra(BUCKET_EXTRA)
            .resources(BUCKET)
            .faults($faults)
    };
}

pub(super) const APIS: &[Api] = &[
    write("s3", "PutObject", &[(Service, 60)])
        .request(r#"{"bucketName":"${bucket}","Host":"${bucket}.s3.${region}.amazonaws.com","x-amz-acl":"bucket-owner-full-control","x-amz-server-side-encryption":"aws:kms","key":"AWSLogs/${account}/vpcflowlogs/${region}/${day}/${account}_vpcflowlogs_${region}_fl-${hex16}_${stamp}_${hex8}.log.gz"}"#)
        .response(r#"{"x-amz-server-side-encryption":"aws:kms","x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:${region}:${account}:key/${key}"}"#)
        .extra(UPLOAD_EXTRA)
        .resources(DELIVERED)
        .invoked_by("delivery.logs.amazonaws.com")
        .data(),
    write("s3", "PutObject", &[(AssumedRole, 12), (User, 3), (Federated, 20)])
        .request(r#"{"X-Amz-Date":"${stamp}","bucketName":"${bucket}","X-Amz-Algorithm":"AWS4-HMAC-SHA256","x-amz-storage-class":"STANDARD_IA","X-Amz-SignedHeaders":"content-type;host","Host":"${bucket}.s3.${region}.amazonaws.com","X-Amz-Expires":"900","key":"${object}"}"#)
        .response(r#"{"x-amz-server-side-encryption":"AES256","x-amz-expiration":"expiry-date=\"${long}\", rule-id=\"sweep\"","x-amz-version-id":"${hex32}"}"#)
        .extra(UPLOAD_EXTRA)
        .resources(OBJECT)
        .data(),
    read("s3", "GetObject", &[(AssumedRole, 30), (User, 4), (Account, 12), (Federated, 30), (Service, 10)])
        .request(r#"{"bucketName":"${bucket}","Host":"${bucket}.s3.${region}.amazonaws.com","key":"${object}"}"#)
        .extra(OBJECT_EXTRA)
        .resources(OBJECT)
        .data()
        .faults(&[("NoSuchKey", "The specified key does not exist.")]),
    read("s3", "ListObjects", &[(AssumedRole, 8), (User, 2)])
        .request(r#"{"list-type":"2","bucketName":"${bucket}","encoding-type":"url","prefix":"exports/${day}/","delimiter":"/","Host":"${bucket}.s3.${region}.amazonaws.com","max-keys":"1000"}"#)
        .extra(OBJECT_EXTRA)
        .resources(r#"[{"type":"AWS::S3::Object","ARNPrefix":"arn:aws:s3:::${bucket}/"},{"accountId":"${account}","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::${bucket}"}]"#)
        .data(),
    write("s3", "DeleteObjects", &[(AssumedRole, 2)])
        .request(r#"{"bucketName":"${bucket}","delete":"","Host":"${bucket}.s3.${region}.amazonaws.com"}"#)
        .extra(OBJECT_EXTRA)
        .resources(BUCKET)
        .data(),
    read("s3", "GetBucketAcl", &[(Service, 40)])
        .request(r#"{"bucketName":"${bucket}","Host":"${bucket}.s3.amazonaws.com","acl":""}"#)
        .invoked_by("cloudtrail.amazonaws.com")
        .extra(BUCKET_EXTRA)
        .resources(BUCKET),
    // The same sub-resource as an array: both forms occur.
    read("s3", "GetBucketAcl", &[(AssumedRole, 5)])
        .request(r#"{"host":["${bucket}.s3.${region}.amazonaws.com"],"bucketName":"${bucket}","acl":[""]}"#)
        .extra(BUCKET_EXTRA)
        .resources(BUCKET),
    bucket_read!("GetBucketLocation", "location", 6, &[]),
    bucket_read!("GetBucketVersioning", "versioning", 5, &[]),
    bucket_read!("GetBucketPolicy", "policy", 5, &[("NoSuchBucketPolicy", "The bucket policy does not exist")]),
    bucket_read!("GetBucketEncryption", "encryption", 5, &[("ServerSideEncryptionConfigurationNotFoundError", "The server side encryption configuration was not found")]),
    bucket_read!("GetBucketTagging", "tagging", 4, &[("NoSuchTagSet", "The TagSet does not exist")]),
    bucket_read!("GetBucketPublicAccessBlock", "publicAccessBlock", 4, &[("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found")]),
    bucket_read!("GetBucketWebsite", "website", 4, &[("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration")]),
    bucket_read!("GetBucketReplication", "replication", 4, &[("ReplicationConfigurationNotFoundError", "The replication configuration was not found")]),
    bucket_read!("GetBucketLifecycle", "lifecycle", 3, &[("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")]),
    read("s3", "ListBuckets", &[(User, 6), (AssumedRole, 3), (Root, 4)])
        .request(r#"{"Host":"s3.amazonaws.com"}"#)
        .extra(BUCKET_EXTRA),
    write("s3", "CreateBucket", &[(AssumedRole, 1), (User, 1)])
        .request(r#"{"CreateBucketConfiguration":{"LocationConstraint":"${region}","xmlns":"http://s3.amazonaws.com/doc/2006-03-01/"},"bucketName":"${bucket}","Host":"s3.${region}.amazonaws.com","x-amz-object-ownership":"BucketOwnerEnforced"}"#)
        .extra(BUCKET_EXTRA)
        .faults(&[("BucketAlreadyExists", "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.")]),
    // Two keys that differ only in case, inside one object.
    write("s3", "PutBucketTagging", &[(AssumedRole, 1)])
        .request(r#"{"tagging":"","bucketName":"${bucket}","Tagging":{"xmlns":"http://s3.amazonaws.com/doc/2006-03-01/","TagSet":{"Tag":[{"Key":"team","Value":"${team}"},{"Key":"critical","Value":true}]}},"Host":"${bucket}.s3.${region}.amazonaws.com"}"#)
        .extra(BUCKET_EXTRA)
        .resources(BUCKET),
    write("s3", "PutBucketPolicy", &[(AssumedRole, 1), (User, 1)])
        .request(r#"{"bucketName":"${bucket}","bucketPolicy":{"Version":"2012-10-17","Statement":[{"Sid":"TlsOnly","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::${bucket}","arn:aws:s3:::${bucket}/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]},"Host":"${bucket}.s3.${region}.amazonaws.com","policy":""}"#)
        .extra(BUCKET_EXTRA)
        .resources(BUCKET)
        .faults(&[("MalformedPolicy", "Invalid principal in policy")]),
];
