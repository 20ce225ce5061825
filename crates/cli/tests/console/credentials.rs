//! Credentials as people have them, from services on loopback that give them as AWS's do: roles, web identity, containers,
//! instances, SSO. The S3 beside them takes no other session than the one that was given.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::run::{Ended, Folder, log, record};
use crate::server::{KEY, Server};

/// Requests that may be on their way at once, and some more.
const ON_THEIR_WAY: i32 = 80;

/// What a service is asked: method and target, headers as they came, body.
struct Asked {
    line: String,
    headers: String,
    body: String,
}

impl Asked {
    /// Whether there is a header with this value.
    fn says(&self, name: &str, value: &str) -> bool {
        let mut lines = self
            .headers
            .lines()
            .filter_map(|line| line.split_once(": "));
        lines.any(|(header, is)| header.eq_ignore_ascii_case(name) && is.trim_end() == value)
    }
}

/// A service that answers with what `answer` makes of a request, status and body.
struct Service {
    url: String,
    log: Arc<Mutex<Vec<String>>>,
}

impl Service {
    fn start(answer: impl Fn(&Asked) -> (u16, String) + Send + Sync + 'static) -> Service {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let log: Arc<Mutex<Vec<String>>> = Arc::default();
        let (answer, asked) = (Arc::new(answer), Arc::clone(&log));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, asked) = (Arc::clone(&answer), Arc::clone(&asked));
                std::thread::spawn(move || serve(stream, answer.as_ref(), &asked));
            }
        });
        Service { url, log }
    }

    /// The requests so far.
    fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }
}

fn serve(
    stream: TcpStream,
    answer: &(dyn Fn(&Asked) -> (u16, String) + Send + Sync),
    log: &Mutex<Vec<String>>,
) {
    let mut writer = stream.try_clone().unwrap();
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or_default() == 0 {
            return;
        }
        let (mut headers, mut length) = (String::new(), 0);
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).unwrap();
            if header.trim_end().is_empty() {
                break;
            }
            if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length: ") {
                length = value.trim().parse().unwrap();
            }
            headers.push_str(&header);
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let asked = Asked {
            line: line.trim_end().trim_end_matches(" HTTP/1.1").to_owned(),
            headers,
            body: String::from_utf8(body).unwrap(),
        };
        log.lock().unwrap().push(asked.line.clone());
        let (status, body) = answer(&asked);
        let mut text = format!("HTTP/1.1 {status} x\r\nContent-Length: {}\r\n", body.len());
        if asked.line == "PUT /latest/api/token" {
            text.push_str("x-aws-ec2-metadata-token-ttl-seconds: 21600\r\n");
        }
        let _ = write!(text, "\r\n{body}");
        if writer.write_all(text.as_bytes()).is_err() {
            return;
        }
    }
}

/// An instant so many seconds from now.
fn from_now(seconds: i64) -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs() as i64;
    let at = jiff::Timestamp::from_second(now + seconds).unwrap();
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Keys as STS gives them, for an action such as `AssumeRole`.
fn from_sts(action: &str, token: &str) -> String {
    format!(
        "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result><Credentials>\
         <AccessKeyId>{}</AccessKeyId><SecretAccessKey>{}</SecretAccessKey><SessionToken>{token}</SessionToken>\
         <Expiration>{}</Expiration></Credentials><AssumedRoleUser><AssumedRoleId>A:b</AssumedRoleId>\
         <Arn>arn:aws:sts::111122223333:assumed-role/audit/b</Arn></AssumedRoleUser></{action}Result></{action}Response>",
        KEY.0,
        KEY.1,
        from_now(3_600)
    )
}

/// Keys as containers and instances are given them.
fn as_json(token: &str, seconds: i64) -> String {
    format!(
        "{{\"Code\":\"Success\",\"Type\":\"AWS-HMAC\",\"LastUpdated\":\"{}\",\"AccessKeyId\":\"{}\",\
         \"SecretAccessKey\":\"{}\",\"Token\":\"{token}\",\"Expiration\":\"{}\"}}",
        from_now(0),
        KEY.0,
        KEY.1,
        from_now(seconds)
    )
}

/// A bucket `trail` with some logs, which takes these session tokens alone.
fn trail(logs: u32, tokens: &[&str]) -> Server {
    let server = Server::start();
    for place in 0..logs {
        let time = format!("2024-03-10T08:{:02}:00Z", place % 60);
        let records = [record(&format!("e-{place}"), &time, "")];
        let records: Vec<&str> = records.iter().map(String::as_str).collect();
        let key = format!(
            "AWSLogs/111122223333/CloudTrail/eu-west-1/2024/03/10/\
             111122223333_CloudTrail_eu-west-1_20240310T08{:02}Z_{place}.json",
            place % 60
        );
        server.put(&format!("trail/{key}"), log(&records).as_bytes());
    }
    server.tokens(tokens);
    server
}

/// Ingests the bucket where nobody has keys but by these variables.
fn ingest(folder: &Folder, server: &Server, variables: &[(&str, &str)], more: &[&str]) -> Ended {
    let (home, none) = (folder.path("home"), folder.path("none"));
    let lonely = [
        ("HOME", home.to_str().unwrap()),
        ("AWS_ENDPOINT_URL_S3", server.url.as_str()),
        ("AWS_SHARED_CREDENTIALS_FILE", none.to_str().unwrap()),
        ("AWS_CONFIG_FILE", none.to_str().unwrap()),
        ("AWS_REGION", "eu-west-1"),
    ];
    let variables = [&lonely[..], variables].concat();
    let arguments = [&["ingest", "s3://trail", "--lake", "lake"], more].concat();
    folder.run_with(&arguments, &variables, "")
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_role_is_assumed_with_the_keys_of_another_profile() {
    let (folder, server) = (Folder::new(), trail(2, &["of the role"]));
    let sts = Service::start(|asked| match asked.body.contains("Action=AssumeRole&") {
        true if asked.headers.contains("Credential=BASE/") => {
            (200, from_sts("AssumeRole", "of the role"))
        }
        _ => (403, String::new()),
    });
    let keys = "[base]\naws_access_key_id = BASE\naws_secret_access_key = x\n";
    let keys = folder.file("credentials", keys.as_bytes());
    let config = "[profile audit]\nrole_arn = arn:aws:iam::111122223333:role/audit\nsource_profile = base\n\
                  region = eu-west-1\n";
    let config = folder.file("config", config.as_bytes());
    let variables = [
        ("AWS_SHARED_CREDENTIALS_FILE", text(&keys)),
        ("AWS_CONFIG_FILE", text(&config)),
        ("AWS_ENDPOINT_URL_STS", sts.url.as_str()),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ];
    let more = ["--aws-profile", "audit"];
    ingest(&folder, &server, &variables, &more)
        .with(0)
        .says(&["2 read = 2 new"]);
    // By the environment, too; the role is assumed once in a run.
    let variables = [&variables[..], &[("AWS_PROFILE", "audit")]].concat();
    ingest(&folder, &server, &variables, &[]).with(0);
    assert_eq!(sts.log(), ["POST /"; 2]);
    // Whoever may not assume it is told so, and the lake stays as it is.
    let stranger = "[base]\naws_access_key_id = OTHER\naws_secret_access_key = x\n";
    folder.file("credentials", stranger.as_bytes());
    ingest(&folder, &server, &variables, &[])
        .with(3)
        .says(&["there are no AWS credentials"]);
}

#[test]
fn a_web_identity_has_a_role() {
    let (folder, server) = (Folder::new(), trail(2, &["of the web"]));
    let sts = Service::start(|asked| {
        let action = asked.body.contains("Action=AssumeRoleWithWebIdentity&");
        match action && asked.body.contains("WebIdentityToken=signed.by.somebody") {
            true => (200, from_sts("AssumeRoleWithWebIdentity", "of the web")),
            false => (403, String::new()),
        }
    });
    let token = folder.file("token", b"signed.by.somebody");
    let variables = [
        ("AWS_WEB_IDENTITY_TOKEN_FILE", text(&token)),
        ("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/audit"),
        ("AWS_ENDPOINT_URL_STS", sts.url.as_str()),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ];
    ingest(&folder, &server, &variables, &[])
        .with(0)
        .says(&["2 read = 2 new"]);
    assert_eq!(sts.log(), ["POST /"]);
}

#[test]
fn a_container_has_a_role() {
    let (folder, server) = (Folder::new(), trail(2, &["of the task"]));
    let agent = Service::start(|asked| match asked.says("authorization", "let me in") {
        true => (200, as_json("of the task", 3_600)),
        false => (403, String::new()),
    });
    let url = format!("{}/v2/credentials/x", agent.url);
    let token = folder.file("authorization", b"let me in");
    for authorization in [
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "let me in"),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", text(&token)),
    ] {
        let variables = [
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", url.as_str()),
            authorization,
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ];
        ingest(&folder, &server, &variables, &["--again"]).with(0);
    }
    assert_eq!(agent.log(), ["GET /v2/credentials/x"; 2]);
}

#[test]
fn an_instance_has_a_role() {
    let (folder, server) = (Folder::new(), trail(2, &["of the instance"]));
    let metadata = Service::start(|asked| {
        let known = asked.says("x-aws-ec2-metadata-token", "session");
        match asked.line.as_str() {
            "PUT /latest/api/token" => (200, "session".to_owned()),
            "GET /latest/meta-data/iam/security-credentials/" if known => (200, "audit".to_owned()),
            "GET /latest/meta-data/iam/security-credentials/audit" if known => {
                (200, as_json("of the instance", 3_600))
            }
            _ => (404, String::new()),
        }
    });
    let variables = [("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata.url.as_str())];
    ingest(&folder, &server, &variables, &[])
        .with(0)
        .says(&["2 read = 2 new"]);
    assert!(metadata.log().contains(&"PUT /latest/api/token".to_owned()));
}

#[test]
fn who_has_logged_in_by_sso_has_a_role() {
    let (folder, server) = (Folder::new(), trail(2, &["of the portal"]));
    let portal = Service::start(|asked| {
        let role = "GET /federation/credentials?role_name=audit&account_id=111122223333";
        let expires = SystemTime::now() + Duration::from_secs(3_600);
        let millis = expires.duration_since(UNIX_EPOCH).unwrap().as_millis();
        match asked.line == role && asked.says("x-amz-sso_bearer_token", "logged in") {
            true => (
                200,
                format!(
                    "{{\"roleCredentials\":{{\"accessKeyId\":\"{}\",\"secretAccessKey\":\"{}\",\
                     \"sessionToken\":\"of the portal\",\"expiration\":{millis}}}}}",
                    KEY.0, KEY.1
                ),
            ),
            false => (401, String::new()),
        }
    });
    let config = "[profile audit]\nsso_session = house\nsso_account_id = 111122223333\nsso_role_name = audit\n\
                  [sso-session house]\nsso_region = eu-west-1\nsso_start_url = https://house.awsapps.com/start\n";
    let config = folder.file("config", config.as_bytes());
    let variables = [
        ("AWS_CONFIG_FILE", text(&config)),
        ("AWS_ENDPOINT_URL_SSO", portal.url.as_str()),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ];
    // What `aws sso login` leaves: a file that is named after the SHA-1 of the session's name.
    let name = "5be93480bd8b743454a93dca084849202af43af5";
    let login = |seconds| {
        let login = format!(
            "{{\"startUrl\":\"https://house.awsapps.com/start\",\"region\":\"eu-west-1\",\
             \"accessToken\":\"logged in\",\"expiresAt\":\"{}\"}}",
            from_now(seconds)
        );
        folder.file(
            &format!("home/.aws/sso/cache/{name}.json"),
            login.as_bytes(),
        );
        ingest(&folder, &server, &variables, &["--aws-profile", "audit"])
    };
    login(3_600).with(0).says(&["2 read = 2 new"]);
    assert_eq!(portal.log().len(), 1);
    // After the login's end there is nothing to be had.
    login(-60).with(3).says(&["aws sso login"]);
}

/// Keys that are about to expire are fetched again, and S3 takes only the newest: as many as requests may be on their way.
#[test]
fn keys_are_renewed_in_the_middle_of_an_ingest() {
    let (folder, server) = (Folder::new(), trail(300, &[]));
    let (given, bucket) = (Mutex::new(0), server.clone());
    let agent = Service::start(move |_| {
        let mut given = given.lock().unwrap();
        *given += 1;
        let now = format!("session {given}");
        let newest: Vec<String> = (*given - ON_THEIR_WAY..=*given)
            .map(|number| format!("session {number}"))
            .collect();
        bucket.tokens(&newest.iter().map(String::as_str).collect::<Vec<_>>());
        // So near to their end that they are fetched for each request.
        (200, as_json(&now, 29))
    });
    let url = format!("{}/keys", agent.url);
    let variables = [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", url.as_str()),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ];
    let one = ["--threads", "1", "--memory", "64MiB", "--batch", "50"];
    ingest(&folder, &server, &variables, &one)
        .with(0)
        .says(&["300 read = 300 new + 0 folded"]);
    assert!(agent.log().len() > 100, "{} times", agent.log().len());
}

/// While a service that gives keys is away, those that were given go on as long as they last. It is not asked for every request,
/// unless they are about to end.
#[test]
fn keys_that_can_t_be_renewed_last_to_their_end() {
    for (lasts, often) in [(29, true), (250, false)] {
        let (folder, server) = (Folder::new(), trail(20, &["the only one"]));
        let given = Mutex::new(false);
        let agent =
            Service::start(
                move |_| match std::mem::replace(&mut *given.lock().unwrap(), true) {
                    false => (200, as_json("the only one", lasts)),
                    true => (400, String::new()),
                },
            );
        let url = format!("{}/keys", agent.url);
        let variables = [
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", url.as_str()),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ];
        ingest(&folder, &server, &variables, &[])
            .with(0)
            .says(&["20 read = 20 new"]);
        assert_eq!(
            agent.log().len() > 15,
            often,
            "{lasts}: {} times",
            agent.log().len()
        );
    }
}
