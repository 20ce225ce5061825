//! IAM, STS, the console's sign-in and single sign-on.

use super::{Api, read, write};
use crate::identity::Kind::*;

const ROLE: &str = r#"[{"accountId":"${account}","type":"AWS::IAM::Role","ARN":"arn:aws:iam::${account}:role/${role}"}]"#;
const NO_SUCH_ROLE: (&str, &str) = (
    "NoSuchEntityException",
    "The role with name ${role} cannot be found.",
);
const NO_SUCH_USER: (&str, &str) = (
    "NoSuchEntityException",
    "The user with name ${user} cannot be found.",
);

pub(super) const APIS: &[Api] = &[
    read("sts", "AssumeRole", &[(Service, 100), (Account, 4), (AssumedRole, 14), (User, 20)])
        .request(r#"{"roleArn":"arn:aws:iam::${account}:role/${role}","roleSessionName":"${service}-${n9999}","externalId":"${team}","durationSeconds":3600}"#)
        .response(r#"{"credentials":{"accessKeyId":"ASIA${id16}","sessionToken":"${token}","expiration":"${expiry}"},"assumedRoleUser":{"assumedRoleId":"AROA${id16}:${service}-${n9999}","arn":"arn:aws:sts::${account}:assumed-role/${role}/${service}-${n9999}"}}"#)
        .resources(ROLE),
    read("sts", "AssumeRole", &[(Service, 45)])
        .request(r#"{"roleArn":"arn:aws:iam::${account}:role/${role}","roleSessionName":"${function}"}"#)
        .response(r#"{"credentials":{"accessKeyId":"ASIA${id16}","sessionToken":"${token}","expiration":"${expiry}"}}"#)
        .resources(ROLE),
    read("sts", "GetCallerIdentity", &[(AssumedRole, 40), (User, 20), (Federated, 20)]),
    read("sts", "AssumeRoleWithWebIdentity", &[(WebIdentity, 10)])
        .request(r#"{"roleArn":"arn:aws:iam::${account}:role/${role}","roleSessionName":"aws-sdk-java-${millis}"}"#)
        .response(r#"{"credentials":{"accessKeyId":"ASIA${id16}","sessionToken":"${token}","expiration":"${expiry}"},"subjectFromWebIdentityToken":"system:serviceaccount:${actor}","assumedRoleUser":{"assumedRoleId":"AROA${id16}:aws-sdk-java-${millis}","arn":"arn:aws:sts::${account}:assumed-role/${role}/aws-sdk-java-${millis}"},"provider":"arn:aws:iam::${account}:oidc-provider/oidc.eks.${region}.amazonaws.com/id/0A1B2C3D4E5F","audience":"sts.amazonaws.com"}"#)
        .resources(ROLE)
        .faults(&[("ExpiredTokenException", "Token expired: current date/time ${epoch} must be before the expiration date/time")]),
    read("sts", "AssumeRoleWithSAML", &[(Saml, 10)])
        .request(r#"{"roleArn":"arn:aws:iam::${account}:role/${role}","principalArn":"arn:aws:iam::${account}:saml-provider/corp","sAMLAssertionID":"_${hex32}","roleSessionName":"${actor}@example.com","durationSeconds":3600}"#)
        .response(r#"{"subjectType":"persistent","issuer":"https://idp.example.com/metadata","credentials":{"accessKeyId":"ASIA${id16}","sessionToken":"${token}","expiration":"${expiry}"},"nameQualifier":"SbdGOnUkh1i4Y8i0ug+O5dPrUn0=","assumedRoleUser":{"assumedRoleId":"AROA${id16}:${actor}@example.com","arn":"arn:aws:sts::${account}:assumed-role/${role}/${actor}@example.com"},"subject":"${actor}@example.com","audience":"https://signin.aws.amazon.com/saml"}"#)
        .resources(r#"[{"accountId":"${account}","type":"AWS::IAM::Role","ARN":"arn:aws:iam::${account}:role/${role}"},{"accountId":"${account}","type":"AWS::IAM::SAMLProvider","ARN":"arn:aws:iam::${account}:saml-provider/corp"}]"#),
    read("sts", "GetFederationToken", &[(User, 6)])
        .request(r#"{"name":"${user}","policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::${bucket}/*\"}]}","durationSeconds":43200}"#)
        .response(r#"{"credentials":{"accessKeyId":"ASIA${id16}","sessionToken":"${token}","expiration":"${expiry}"},"federatedUser":{"federatedUserId":"${account}:${user}","arn":"arn:aws:sts::${account}:federated-user/${user}"},"packedPolicySize":6}"#),
    read("sts", "GetSessionToken", &[(User, 12), (Root, 1)])
        .request(r#"{"durationSeconds":"3600","serialNumber":"arn:aws:iam::${account}:mfa/${actor}"}"#)
        .response(r#"{"credentials":{"accessKeyId":"ASIA${id16}","sessionToken":"${token}","expiration":"${expiry}"}}"#),
    read("iam", "GetUser", &[(User, 12), (AssumedRole, 3)]).request(r#"{"userName":"${user}"}"#).global().faults(&[NO_SUCH_USER]),
    read("iam", "GetRole", &[(AssumedRole, 12), (User, 4)]).request(r#"{"roleName":"${role}"}"#).global().faults(&[NO_SUCH_ROLE]),
    read("iam", "ListRoles", &[(AssumedRole, 4), (User, 4)]).request(r#"{"maxItems":1000}"#).global(),
    read("iam", "ListUsers", &[(User, 4)]).request(r#"{"maxItems":"100"}"#).global(),
    read("iam", "ListAccessKeys", &[(User, 10), (AssumedRole, 4)]).request(r#"{"userName":"${user}"}"#).global().faults(&[NO_SUCH_USER]),
    read("iam", "ListAttachedRolePolicies", &[(AssumedRole, 5)]).request(r#"{"roleName":"${role}"}"#).global().faults(&[NO_SUCH_ROLE]),
    read("iam", "GetAccountSummary", &[(User, 3), (Root, 10)]).global(),
    read("iam", "ListMFADevices", &[(User, 6), (Root, 8)]).request(r#"{"userName":"${user}"}"#).global(),
    write("iam", "CreateUser", &[(User, 1), (AssumedRole, 1)])
        .request(r#"{"userName":"${user}","path":"/people/","tags":[{"key":"team","value":"${team}"},{"key":"cost center","value":"${n9999}"}]}"#)
        .response(r#"{"user":{"path":"/people/","userName":"${user}","userId":"AIDA${id16}","arn":"arn:aws:iam::${account}:user/people/${user}","createDate":"${long}","tags":[{"key":"team","value":"${team}"}]}}"#)
        .global()
        .faults(&[("EntityAlreadyExistsException", "User with name ${user} already exists.")]),
    write("iam", "CreateAccessKey", &[(User, 2)])
        .request(r#"{"userName":"${user}"}"#)
        .response(r#"{"accessKey":{"userName":"${user}","accessKeyId":"AKIA${id16}","status":"Active","createDate":"${long}"}}"#)
        .global()
        .faults(&[("LimitExceededException", "Cannot exceed quota for AccessKeysPerUser: 2")]),
    write("iam", "CreateRole", &[(AssumedRole, 2), (User, 1)])
        .request(r#"{"path":"/service-role/","roleName":"${role}","description":"made by the deployment of ${stack}","assumeRolePolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}","maxSessionDuration":3600}"#)
        .response(r#"{"role":{"path":"/service-role/","roleName":"${role}","roleId":"AROA${id16}","arn":"arn:aws:iam::${account}:role/service-role/${role}","createDate":"${long}","assumeRolePolicyDocument":"%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A%22lambda.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D","maxSessionDuration":3600}}"#)
        .global()
        .faults(&[("EntityAlreadyExistsException", "Role with name ${role} already exists.")]),
    write("iam", "AttachRolePolicy", &[(AssumedRole, 2), (User, 1)])
        .request(r#"{"roleName":"${role}","policyArn":"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}"#)
        .global()
        .faults(&[NO_SUCH_ROLE]),
    write("iam", "PutRolePolicy", &[(AssumedRole, 2)])
        .request(r#"{"roleName":"${role}","policyName":"${policy}","policyDocument":"{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Effect\": \"Allow\",\n      \"Action\": [\"dynamodb:GetItem\", \"dynamodb:Query\"],\n      \"Resource\": \"arn:aws:dynamodb:${region}:${account}:table/${table}\"\n    }\n  ]\n}"}"#)
        .global()
        .faults(&[NO_SUCH_ROLE]),
    write("iam", "TagRole", &[(AssumedRole, 1)])
        .request(r#"{"roleName":"${role}","tags":[{"key":"owner","value":"${team}"},{"key":"aws/managed","value":"false"}]}"#)
        .global(),
    write("signin", "ConsoleLogin", &[(User, 10), (Root, 12)])
        .response(r#"{"ConsoleLogin":"Success"}"#)
        .extra(r#"{"LoginTo":"https://console.aws.amazon.com/console/home?hashArgs=%23&isauthcode=true&state=hashArgsFromTB_${region}_${hex16}","MobileVersion":"No","MFAIdentifier":"arn:aws:iam::${account}:mfa/${actor}","MFAUsed":"Yes"}"#)
        .sign_in(),
    write("signin", "ConsoleLogin", &[(AssumedRole, 3)])
        .response(r#"{"ConsoleLogin":"Success"}"#)
        .extra(r#"{"MobileVersion":"No","MFAUsed":"No","SamlProviderArn":"arn:aws:iam::${account}:saml-provider/corp"}"#)
        .sign_in(),
    write("signin", "SwitchRole", &[(User, 3), (AssumedRole, 2)])
        .response(r#"{"SwitchRole":"Success"}"#)
        .extra(r#"{"SwitchFrom":"arn:aws:iam::${partner}:user/${actor}","RedirectTo":"https://console.aws.amazon.com/s3/home"}"#)
        .sign_in(),
    write("signin", "CheckMfa", &[(User, 6), (Root, 3)])
        .response(r#"{"CheckMfa":"Success"}"#)
        .extra(r#"{"MfaType":"Virtual MFA"}"#)
        .sign_in(),
    read("sso", "GetRoleCredentials", &[(IdentityCenter, 6), (Unknown, 4)])
        .request(r#"{"roleName":"Engineer","accountId":"${account}"}"#)
        .details(r#"{"role_name":"Engineer","account_id":"${account}"}"#),
    read("sso", "ListAccountRoles", &[(IdentityCenter, 4), (Unknown, 3)])
        .request(r#"{"maxResults":50,"accountId":"${account}"}"#),
    write("sso", "Authenticate", &[(Unknown, 10)])
        .details(r#"{"CredentialType":"PASSWORD"}"#)
        .extra(r#"{"LoginTo":"https://example.awsapps.com/start/","CredentialType":"PASSWORD"}"#),
    write("cognito-idp", "Token_POST", &[(Unknown, 8)])
        .request(r#"{"body":{"grant_type":["authorization_code"],"client_id":["${alnum20}"],"code":["HIDDEN_DUE_TO_SECURITY_REASONS"]},"headers":{"X-Amzn-Trace-Id":"Root=1-${hex8}-${hex32}"}}"#)
        .extra(r#"{"responseParameters":{"status":200},"requestParameters":{"client_id":["${alnum20}"]},"userPoolDomain":"https://auth.example.com"}"#),
    read("workdocs", "GetDocument", &[(Directory, 10)])
        .request(r#"{"authenticationToken":"HIDDEN_DUE_TO_SECURITY_REASONS","documentId":"${hex64}"}"#),
];
