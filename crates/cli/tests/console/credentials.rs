//! Credentials in the ways that people have them: an S3 that knows each key takes nothing else, and those who give keys out
//! are servers on loopback.

use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};

use crate::issuer::{Issuer, PROOF, ROLE};
use crate::run::{Ended, Folder};
use crate::s3::archive;
use crate::server::http::Key;
use crate::server::{KEY, Server};

/// As long as AWS gives keys at least.
const QUARTER: Duration = Duration::from_secs(900);

/// Somebody with a home, an S3 with an archive, and one who gives keys out.
struct Stage {
    folder: Folder,
    server: Server,
    issuer: Issuer,
    variables: Vec<(String, String)>,
}

impl Stage {
    fn new(life: Duration) -> Stage {
        let (folder, server) = (Folder::new(), Server::start());
        archive(|key, bytes| server.put(&format!("trail/{key}"), bytes));
        let issuer = Issuer::start(&server, life);
        let home = folder.path("home");
        std::fs::create_dir_all(&home).unwrap();
        let mut stage = Stage {
            folder,
            issuer,
            variables: Vec::new(),
            server,
        };
        stage.set("HOME", home.to_str().unwrap());
        stage.set("AWS_ENDPOINT_URL_S3", &stage.server.url.clone());
        stage.set("AWS_EC2_METADATA_DISABLED", "true");
        stage
    }

    fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Has these services answered by the issuer.
    fn issued_by(&mut self, services: &[&str]) {
        for service in services {
            let url = self.issuer.url.clone();
            self.set(&format!("AWS_ENDPOINT_URL_{service}"), &url);
        }
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.file(name, text.as_bytes());
        path.to_str().unwrap().to_owned()
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        let variables: Vec<(&str, &str)> = self
            .variables
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        self.folder.run_with(arguments, &variables, "")
    }

    /// Lists the archive, with more arguments.
    fn list(&self, more: &[&str]) -> Ended {
        self.run(&[&["ingest", "s3://trail", "--dry-run"], more].concat())
    }

    /// Lists the archive, which this key has to be enough for.
    #[track_caller]
    fn signs(&self, more: &[&str], id: &str) {
        self.list(more).with(0);
        assert_eq!(self.server.signers(), [id], "{more:?}");
    }

    /// Lists the archive, which fails with these words.
    #[track_caller]
    fn fails(&self, more: &[&str], says: &[&str]) {
        let ended = self.list(more).with(3).says(says);
        assert_eq!(self.server.signers(), [""; 0]);
        for secret in [KEY.1, PROOF, "secret/", "session+"] {
            assert!(!ended.err.contains(secret), "{}", ended.err);
        }
    }

    /// Admits a key without a token at S3; its lines in a profile.
    fn profile(&self, id: &str) -> String {
        let secret = format!("secret/of/{id}");
        let lines = format!("aws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
        let key = Key {
            id: id.to_owned(),
            secret,
            token: None,
        };
        self.server.admit(key, None);
        lines
    }
}

#[test]
fn keys_in_the_environment() {
    let mut stage = Stage::new(QUARTER);
    stage.fails(&[], &["s3://trail/: there are no AWS credentials"]);
    stage.set("AWS_ACCESS_KEY_ID", KEY.0);
    stage.set("AWS_SECRET_ACCESS_KEY", KEY.1);
    stage.signs(&[], KEY.0);
    stage.set("AWS_SECRET_ACCESS_KEY", "another");
    stage.fails(
        &[],
        &[
            "s3://trail/: the secret key is not that of the access key",
            "AWS_SECRET_ACCESS_KEY",
        ],
    );
    stage.set("AWS_ACCESS_KEY_ID", "AKIANOBODY");
    stage.fails(
        &[],
        &["s3://trail/: S3 does not know these AWS credentials"],
    );
    // Those of a session that has ended.
    let ended = Key {
        id: "ASIAENDED".to_owned(),
        secret: "short".to_owned(),
        token: Some("session".to_owned()),
    };
    stage.server.admit(ended, Some(Instant::now()));
    stage.set("AWS_ACCESS_KEY_ID", "ASIAENDED");
    stage.set("AWS_SECRET_ACCESS_KEY", "short");
    let token = "AWS_SESSION_TOKEN";
    stage.fails(
        &[],
        &["s3://trail/: S3 does not know these AWS credentials", token],
    );
    stage.set(token, "session");
    stage.fails(
        &[],
        &["s3://trail/: the AWS credentials have expired", token],
    );
    // Half of a key is none: who set it does not want to be somebody else.
    stage.set("AWS_SECRET_ACCESS_KEY", "");
    stage.fails(
        &[],
        &["s3://trail/: AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not"],
    );
}

#[test]
fn keys_in_profiles() {
    let mut stage = Stage::new(QUARTER);
    let [first, audit, other] =
        ["AKIADEFAULT", "AKIAAUDIT", "AKIAOTHER"].map(|id| stage.profile(id));
    // Where the AWS CLI keeps them.
    stage.file(
        "home/.aws/credentials",
        &format!("[default]\n{first}[audit]\n{audit}"),
    );
    stage.file(
        "home/.aws/config",
        &format!("[profile other]\n{other}region = eu-west-1\n"),
    );
    stage.signs(&[], "AKIADEFAULT");
    stage.signs(&["--aws-profile", "audit"], "AKIAAUDIT");
    stage.signs(&["--aws-profile", "other"], "AKIAOTHER");
    stage.set("AWS_PROFILE", "audit");
    stage.signs(&[], "AKIAAUDIT");
    stage.signs(&["--aws-profile", "other"], "AKIAOTHER");
    // Keys in the environment count more than a profile of the environment, and less than one that was named.
    stage.set("AWS_ACCESS_KEY_ID", KEY.0);
    stage.set("AWS_SECRET_ACCESS_KEY", KEY.1);
    stage.signs(&[], KEY.0);
    stage.signs(&["--aws-profile", "other"], "AKIAOTHER");
    stage.fails(&["--aws-profile", "nobody"], &["s3://trail/: ", "nobody"]);
    stage
        .variables
        .retain(|(name, _)| !name.contains("ACCESS_KEY"));
    stage.set("AWS_PROFILE", "nobody");
    stage.fails(&[], &["s3://trail/: ", "nobody"]);
    // Files of other names, instead of those.
    let fourth = stage.profile("AKIAFOURTH");
    let config = stage.file("elsewhere/config", "[profile fourth]\nregion = eu-west-1\n");
    let credentials = stage.file("elsewhere/credentials", &format!("[fourth]\n{fourth}"));
    stage.set("AWS_CONFIG_FILE", &config);
    stage.set("AWS_SHARED_CREDENTIALS_FILE", &credentials);
    stage.signs(&["--aws-profile", "fourth"], "AKIAFOURTH");
    stage.fails(&["--aws-profile", "audit"], &["s3://trail/: ", "audit"]);
    // A profile that has no keys, and files that are none.
    stage.file("elsewhere/config", "[profile empty]\nregion = eu-west-1\n");
    stage.fails(&["--aws-profile", "empty"], &["s3://trail/: ", "empty"]);
    stage.file("elsewhere/config", "[profile broken\n");
    stage.fails(&["--aws-profile", "fourth"], &["s3://trail/: "]);
}

/// The server that is asked for S3: by the environment, a profile's `services`, its `endpoint_url`, in that order. A server
/// that is asked by mistake here is on no machine.
#[test]
fn a_server_that_a_profile_names() {
    let mut stage = Stage::new(QUARTER);
    let url = stage.server.url.clone();
    stage
        .variables
        .retain(|(name, _)| name != "AWS_ENDPOINT_URL_S3");
    let keys = stage.profile("AKIALOCAL");
    let other = "http://s3.invalid:1";
    let services =
        |s3: &str| format!("services = house\n[services house]\ns3 =\n  endpoint_url = {s3}\n");
    let config = |more: &str| {
        let text = format!("[profile local]\nregion = eu-west-1\n{keys}{more}");
        stage.file("home/.aws/config", &text);
    };
    let local = ["--aws-profile", "local"];
    config(&format!("endpoint_url = {url}\n"));
    stage.signs(&local, "AKIALOCAL");
    config(&format!("endpoint_url = {other}\n{}", services(&url)));
    stage.signs(&local, "AKIALOCAL");
    config(&services(other));
    stage.signs(
        &["--aws-profile", "local", "--endpoint-url", &url],
        "AKIALOCAL",
    );
    stage.set("AWS_ENDPOINT_URL", &url);
    stage.signs(&local, "AKIALOCAL");
    stage.set("AWS_ENDPOINT_URL", other);
    stage.set("AWS_ENDPOINT_URL_S3", &url);
    stage.signs(&local, "AKIALOCAL");
    // The profile of the environment, with its server.
    stage.variables.retain(|(name, _)| !name.contains("_URL"));
    stage.file(
        "home/.aws/config",
        &format!("[profile local]\n{keys}endpoint_url = {url}\n"),
    );
    stage.set("AWS_PROFILE", "local");
    stage.signs(&[], "AKIALOCAL");
}

/// Where what is configured is to be ignored, AWS itself is asked: by way of a proxy that writes down for whom.
#[test]
fn a_server_that_is_ignored() {
    for (variable, line) in [
        (("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"), ""),
        (
            ("AWS_PAGER", ""),
            "ignore_configured_endpoint_urls = true\n",
        ),
    ] {
        let mut stage = Stage::new(QUARTER);
        let (keys, url) = (stage.profile("AKIALOCAL"), stage.server.url.clone());
        stage.file(
            "home/.aws/config",
            &format!("[default]\n{keys}endpoint_url = {url}\n{line}"),
        );
        let proxy = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", proxy.local_addr().unwrap());
        stage.set(variable.0, variable.1);
        stage.set("HTTPS_PROXY", &address);
        stage.set("NO_PROXY", "");
        let arguments = [
            "ingest",
            "s3://trail",
            "--dry-run",
            "--region-of-bucket",
            "eu-west-1",
        ];
        let mut command = stage.folder.command(&arguments);
        command.envs(stage.variables.iter().map(|(name, value)| (name, value)));
        let mut child = command.stderr(std::process::Stdio::null()).spawn().unwrap();
        proxy.set_nonblocking(true).unwrap();
        let until = Instant::now() + Duration::from_secs(60);
        let connection = loop {
            match proxy.accept() {
                Ok((connection, _)) => break connection,
                Err(_) if Instant::now() > until => panic!("nobody is asked"),
                Err(_) => std::thread::sleep(Duration::from_millis(20)),
            }
        };
        connection.set_nonblocking(false).unwrap();
        let mut asked = String::new();
        BufReader::new(connection).read_line(&mut asked).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(
            asked.trim(),
            "CONNECT trail.s3.eu-west-1.amazonaws.com:443 HTTP/1.1"
        );
        assert_eq!(stage.server.signers(), [""; 0]);
    }
}

#[test]
fn a_role_that_is_assumed() {
    let mut stage = Stage::new(QUARTER);
    stage.issued_by(&["STS"]);
    let config = |role: &str, secret: &str| {
        format!(
            "[profile base]\naws_access_key_id = {}\naws_secret_access_key = {secret}\n\
             [profile role]\nrole_arn = {role}\nsource_profile = base\nregion = eu-west-1\n\
             [profile nobase]\nrole_arn = {role}\nsource_profile = none\n\
             [profile loop]\nrole_arn = {role}\nsource_profile = round\n\
             [profile round]\nrole_arn = {role}\nsource_profile = loop\n\
             [profile environment]\nrole_arn = {role}\ncredential_source = Environment\n",
            KEY.0
        )
    };
    stage.file("home/.aws/config", &config(ROLE, KEY.1));
    stage.signs(&["--aws-profile", "role"], "ASIA1");
    assert_eq!(stage.issuer.log(), ["AssumeRole in eu-west-1"]);
    stage.set("AWS_PROFILE", "role");
    stage.signs(&[], "ASIA2");
    // The server of STS may stand in the profile.
    stage
        .variables
        .retain(|(name, _)| name != "AWS_ENDPOINT_URL_STS");
    let services = format!(
        "services = local\n[services local]\nsts =\n  endpoint_url = {}\n",
        stage.issuer.url
    );
    stage.file(
        "home/.aws/config",
        &format!(
            "{}\n[profile served]\nrole_arn = {ROLE}\nsource_profile = base\n{services}",
            config(ROLE, KEY.1)
        ),
    );
    stage.signs(&["--aws-profile", "served"], "ASIA3");
    stage.issued_by(&["STS"]);
    stage.fails(&["--aws-profile", "nobase"], &["s3://trail/: ", "none"]);
    stage.fails(&["--aws-profile", "loop"], &["s3://trail/: ", "loop"]);
    // The base's key is in the environment.
    stage.fails(&["--aws-profile", "environment"], &["s3://trail/: "]);
    stage.set("AWS_ACCESS_KEY_ID", KEY.0);
    stage.set("AWS_SECRET_ACCESS_KEY", KEY.1);
    stage.issuer.log();
    stage.set("AWS_REGION", "eu-north-1");
    stage.signs(&["--aws-profile", "environment"], "ASIA4");
    assert_eq!(stage.issuer.log(), ["AssumeRole in eu-north-1"]);
    // A base that STS does not know, a role that may not be assumed.
    stage.file("home/.aws/config", &config(ROLE, "wrong"));
    stage.fails(
        &["--aws-profile", "role"],
        &["s3://trail/: ", "InvalidClientTokenId"],
    );
    stage.file(
        "home/.aws/config",
        &config("arn:aws:iam::111122223333:role/root", KEY.1),
    );
    stage.fails(
        &["--aws-profile", "role"],
        &["s3://trail/: ", "not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/root"],
    );
}

#[test]
fn a_web_identity() {
    let mut stage = Stage::new(QUARTER);
    stage.issued_by(&["STS"]);
    let token = stage.file("token", PROOF);
    stage.set("AWS_WEB_IDENTITY_TOKEN_FILE", &token);
    stage.set("AWS_ROLE_ARN", ROLE);
    stage.set("AWS_ROLE_SESSION_NAME", "nightly");
    stage.set("AWS_REGION", "eu-west-1");
    stage.signs(&[], "ASIA1");
    assert_eq!(stage.issuer.log(), ["AssumeRoleWithWebIdentity"]);
    // In a profile.
    let profile = format!(
        "[profile pod]\nrole_arn = {ROLE}\nweb_identity_token_file = {token}\nregion = eu-west-1\n"
    );
    stage.file("home/.aws/config", &profile);
    stage.signs(&["--aws-profile", "pod"], "ASIA2");
    stage.file("token", "forged");
    stage.fails(&[], &["s3://trail/: ", "InvalidIdentityToken"]);
    std::fs::remove_file(&token).unwrap();
    stage.fails(&[], &["s3://trail/: ", "No such file"]);
}

#[test]
fn a_container() {
    let mut stage = Stage::new(QUARTER);
    let url = format!("{}/container", stage.issuer.url);
    stage.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", &url);
    stage.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", PROOF);
    stage.signs(&[], "ASIA1");
    // The file's token counts more.
    let token = stage.file("token", PROOF);
    stage.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "stale");
    stage.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", &token);
    stage.signs(&[], "ASIA2");
    stage.file("token", "forged");
    stage.fails(&[], &["s3://trail/: ", "401"]);
    // Only this machine and the addresses of containers are asked without TLS.
    stage.set(
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "http://192.0.2.1/container",
    );
    stage.fails(&[], &["s3://trail/: ", "192.0.2.1"]);
}

#[test]
fn an_instance() {
    let mut stage = Stage::new(QUARTER);
    stage.set("AWS_EC2_METADATA_DISABLED", "false");
    let url = stage.issuer.url.clone();
    stage.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", &url);
    stage.signs(&[], "ASIA1");
    // A role that the instance's may assume.
    let profile =
        format!("[profile machine]\nrole_arn = {ROLE}\ncredential_source = Ec2InstanceMetadata\n");
    stage.file("home/.aws/config", &profile);
    stage.issued_by(&["STS"]);
    stage.issuer.log();
    stage.signs(&["--aws-profile", "machine"], "ASIA3");
    assert_eq!(stage.issuer.log(), ["JSON", "AssumeRole in us-east-1"]);
    // A profile of the environment that is not there is not passed over: the instance is somebody else.
    stage.set("AWS_PROFILE", "machin");
    stage.fails(
        &[],
        &["s3://trail/: the profile `machin` gives no AWS credentials"],
    );
    // One that is there and has no credentials leaves it to the instance, as the AWS CLI does.
    stage.file("home/.aws/config", "[profile machin]\nregion = eu-west-1\n");
    stage.signs(&[], "ASIA4");
    stage.issuer.close();
    stage.fails(&[], &["s3://trail/: the instance gives no AWS credentials"]);
}

#[test]
fn a_login_by_sso() {
    let mut stage = Stage::new(QUARTER);
    stage.issued_by(&["SSO", "SSO_OIDC"]);
    let start = "https://example.com/start";
    let account = "sso_account_id = 111122223333\nsso_role_name = audit\n";
    let profiles = format!(
        "[profile sso]\nsso_session = house\n{account}\
         [sso-session house]\nsso_start_url = {start}\nsso_region = eu-west-1\n\
         [profile old]\nsso_start_url = {start}\nsso_region = eu-west-1\n{account}"
    );
    stage.file("home/.aws/config", &profiles);
    stage.fails(
        &["--aws-profile", "sso"],
        &["s3://trail/: ", "aws sso login --profile sso"],
    );
    // The cache's files are named by SHA-1 of the session, and of the URL where there is none.
    let session = "home/.aws/sso/cache/5be93480bd8b743454a93dca084849202af43af5.json";
    let url = "home/.aws/sso/cache/b343494cf15ba6b81449840ea93161cf3b27e5e3.json";
    let login = |until: &str, more: &str| {
        format!(
            r#"{{"startUrl":"{start}","region":"eu-west-1","accessToken":"{PROOF}","expiresAt":"{until}"{more}}}"#
        )
    };
    stage.file(session, &login("2999-01-01T00:00:00Z", ""));
    stage.file(url, &login("2999-01-01T00:00:00Z", ""));
    stage.signs(&["--aws-profile", "sso"], "ASIA1");
    stage.signs(&["--aws-profile", "old"], "ASIA2");
    stage.issuer.log();
    // One that has ended; and is renewed where it may be.
    stage.file(session, &login("2020-01-01T00:00:00Z", ""));
    stage.fails(
        &["--aws-profile", "sso"],
        &["s3://trail/: ", "aws sso login --profile sso"],
    );
    let renewable = r#","clientId":"c","clientSecret":"s","refreshToken":"renew-me","registrationExpiresAt":"2999-01-01T00:00:00Z""#;
    stage.file(session, &login("2020-01-01T00:00:00Z", renewable));
    stage.signs(&["--aws-profile", "sso"], "ASIA3");
    assert_eq!(stage.issuer.log(), ["CreateToken", "GetRoleCredentials"]);
    stage.issuer.close();
    stage.fails(
        &["--aws-profile", "sso"],
        &["s3://trail/: ", "aws sso login --profile sso"],
    );
    stage.fails(
        &["--aws-profile", "old"],
        &["s3://trail/: ", "aws sso login --profile old"],
    );
}

#[test]
fn a_process() {
    let stage = Stage::new(QUARTER);
    let made = |command: &str| {
        stage.file(
            "home/.aws/config",
            &format!("[profile made]\ncredential_process = {command}\n"),
        )
    };
    let printed = |more: &str| {
        format!(
            r#"echo '{{"Version":1,"AccessKeyId":"{}","SecretAccessKey":"{}"{more}}}'"#,
            KEY.0, KEY.1
        )
    };
    made(&printed(""));
    stage.signs(&["--aws-profile", "made"], KEY.0);
    made(&printed(r#","Expiration":"2999-01-01T00:00:00Z""#));
    stage.signs(&["--aws-profile", "made"], KEY.0);
    made("sh -c 'echo vault is sealed >&2; exit 7'");
    stage.fails(
        &["--aws-profile", "made"],
        &["s3://trail/: ", "7", "vault is sealed"],
    );
    made("echo {}");
    stage.fails(&["--aws-profile", "made"], &["s3://trail/: ", "Version"]);
    stage.file(
        "home/.aws/config",
        "[profile made]\nlogin_session = arn:aws:iam::111122223333:user/a\n",
    );
    stage.fails(
        &["--aws-profile", "made"],
        &["s3://trail/: ", "sessions of `aws login` are not read"],
    );
    made("/nonexistent/tool");
    stage.fails(
        &["--aws-profile", "made"],
        &["s3://trail/: ", "/nonexistent/tool"],
    );
}

/// Keys that are good for seconds, and a slow S3: the ingest goes on with new ones.
#[test]
fn keys_that_expire_are_renewed_in_time() {
    let mut stage = Stage::new(Duration::from_secs(6));
    let url = format!("{}/container", stage.issuer.url);
    stage.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", &url);
    stage.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", PROOF);
    stage.server.slow(Duration::from_millis(250));
    stage
        .run(&["ingest", "s3://trail", "--lake", "s3://house/lake"])
        .with(0)
        .says(&["9 read = 9 new"]);
    let signers = stage.server.signers();
    assert!(signers.len() > 1, "{signers:?}");
    // As many as it takes, and not one for each request.
    assert!(stage.issuer.issued() < 12, "{} keys", stage.issuer.issued());
}

/// Keys that can't be renewed are used as long as they are good; then it is said why there are no others.
#[test]
fn keys_that_are_not_renewed_end_an_ingest() {
    let mut stage = Stage::new(Duration::from_secs(4));
    let url = format!("{}/container", stage.issuer.url);
    stage.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", &url);
    stage.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", PROOF);
    stage.issuer.most(1);
    stage.server.slow(Duration::from_millis(300));
    let ingest = ["ingest", "s3://trail", "--lake", "s3://house/lake"];
    stage
        .run(&ingest)
        .with(3)
        .says(&["the container gives no AWS credentials: ", "401"]);
    assert_eq!(stage.server.signers(), ["ASIA1"]);
    // With others the same goes to its end, and nothing is doubled.
    stage.server.slow(Duration::ZERO);
    stage.set("AWS_ACCESS_KEY_ID", KEY.0);
    stage.set("AWS_SECRET_ACCESS_KEY", KEY.1);
    stage.run(&ingest).with(0);
    let count = "fetch logs | summarize n = count()";
    let query = ["query", count, "--lake", "s3://house/lake"];
    stage.run(&query).with(0).prints("{\"n\":9}\n");
}

/// Whatever is asked of S3, it is said in the same words.
#[test]
fn every_command_says_why_there_are_none() {
    let stage = Stage::new(QUARTER);
    stage.file("home/.aws/config", "[default]\nregion = eu-west-1\n");
    let none = "the profile `nobody` gives no AWS credentials: ";
    for arguments in [
        &["ingest", "s3://trail", "--lake", "lake"][..],
        &["ingest", "archive", "--lake", "s3://house/lake"],
        &["query", "fetch logs", "--lake", "s3://house/lake"],
        &["query", "fetch logs", "--archive", "s3://trail"],
        &["detect", "--lake", "s3://house/lake"],
        &["lake", "info", "--lake", "s3://house/lake"],
        &["lake", "verify", "s3://trail", "--lake", "s3://house/lake"],
        &["lake", "compact", "--lake", "s3://house/lake"],
    ] {
        stage.file("archive/log.json", "{\"Records\":[]}");
        let arguments = [arguments, &["--aws-profile", "nobody"]].concat();
        stage.run(&arguments).with(3).says(&["s3://", none]);
    }
}
