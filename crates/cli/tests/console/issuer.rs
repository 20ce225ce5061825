//! A server on loopback that gives credentials out as AWS does: to roles, to containers, to instances, and for a login by
//! SSO. Each time it is another key, which the S3 of the test takes until it expires.

use std::io::BufReader;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use crate::server::http::{Answer, Key, Part, Request, decoded, read, send};
use crate::server::{Server, key};

/// What proves who asks, where that is no signature.
pub(crate) const PROOF: &str = "proof.of-identity";

/// The role that may be assumed, and its account.
pub(crate) const ROLE: &str = "arn:aws:iam::111122223333:role/audit";

/// A server that runs until the process ends.
#[derive(Clone)]
pub(crate) struct Issuer {
    /// Its URL.
    pub(crate) url: String,
    s3: Server,
    first: Key,
    /// How long each key is good.
    life: Duration,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    keys: Vec<Key>,
    closed: bool,
    /// How many keys are given out at most.
    most: Option<usize>,
    log: Vec<String>,
}

impl Issuer {
    /// Starts one, whose keys `s3` takes for so long, in whole seconds.
    pub(crate) fn start(s3: &Server, life: Duration) -> Issuer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = Issuer {
            url: format!("http://{}", listener.local_addr().unwrap()),
            s3: s3.clone(),
            first: key(),
            life,
            state: Arc::default(),
        };
        let shared = issuer.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let issuer = shared.clone();
                std::thread::spawn(move || issuer.serve(stream));
            }
        });
        issuer
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// How many keys were given out.
    pub(crate) fn issued(&self) -> usize {
        self.state().keys.len()
    }

    /// Gives out so many keys and no more.
    pub(crate) fn most(&self, keys: usize) {
        self.state().most = Some(keys);
    }

    /// Gives out no more.
    pub(crate) fn close(&self) {
        self.state().closed = true;
    }

    /// What was asked for so far. Forgets it.
    pub(crate) fn log(&self) -> Vec<String> {
        std::mem::take(&mut self.state().log)
    }

    fn serve(&self, stream: TcpStream) {
        let Ok(copy) = stream.try_clone() else { return };
        let (mut reader, mut writer) = (BufReader::new(copy), stream);
        while let Some(request) = read(&mut reader) {
            if !send(&mut writer, &self.answer(&request), Part::Whole) {
                return;
            }
        }
    }

    fn answer(&self, request: &Request) -> Answer {
        let has = |name: &str| {
            request
                .headers
                .get(name)
                .is_some_and(|value| value == PROOF)
        };
        let closed = {
            let state = self.state();
            state.closed || state.most.is_some_and(|most| state.keys.len() >= most)
        };
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "") => self.sts(request, closed),
            ("GET", "container") => match has("authorization") && !closed {
                true => self.json(),
                false => text(401, r#"{"code":"Unauthorized","message":"no"}"#),
            },
            ("PUT", "latest/api/token") => match closed {
                true => text(403, "no"),
                false => {
                    let mut answer = text(200, PROOF);
                    let ttl = ("x-aws-ec2-metadata-token-ttl-seconds", "21600".to_owned());
                    answer.headers.push(ttl);
                    answer
                }
            },
            ("GET", path) if path.starts_with("latest/meta-data/iam/security-credentials") => {
                match path.rsplit_once('/') {
                    _ if !has("x-aws-ec2-metadata-token") => text(401, "no"),
                    Some((_, "audit")) => self.json(),
                    Some((_, "")) => text(200, "audit"),
                    _ => text(404, "no"),
                }
            }
            ("GET", "federation/credentials") => match has("x-amz-sso_bearer_token") && !closed {
                true => self.portal(request),
                false => json_refusal(
                    "UnauthorizedException",
                    "Session token not found or invalid",
                ),
            },
            ("POST", "token") => match closed {
                true => json_refusal("InvalidGrantException", "the grant was revoked"),
                false => self.token(request),
            },
            _ => text(404, "there is nothing"),
        }
    }

    /// Another key, and when it expires.
    fn issue(&self, asked: &str) -> (Key, Timestamp) {
        let mut state = self.state();
        state.log.push(asked.to_owned());
        let number = state.keys.len() + 1;
        let key = Key {
            id: format!("ASIA{number}"),
            secret: format!("secret/{number}"),
            token: Some(format!("session+{number}==")),
        };
        state.keys.push(key.clone());
        let life = SignedDuration::try_from(self.life).unwrap();
        self.s3.admit(key.clone(), Some(Instant::now() + self.life));
        // Some say it in whole seconds.
        let until = (Timestamp::now() + life).as_second();
        (key, Timestamp::from_second(until).unwrap())
    }

    /// Whether the request is signed with the first key, or one that was given out.
    fn knows(&self, request: &Request) -> bool {
        let given = &self.state().keys;
        let mut keys = given.iter().chain(std::iter::once(&self.first));
        keys.any(|key| request.is_signed_with(key))
    }

    fn sts(&self, request: &Request, closed: bool) -> Answer {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let field = |name: &str| {
            let mut pairs = body.split('&').filter_map(|pair| pair.split_once('='));
            pairs
                .find(|(field, _)| *field == name)
                .map(|(_, value)| decoded(value))
        };
        let (action, role) = (field("Action").unwrap(), field("RoleArn").unwrap());
        let refused = |status, code: &str, message: &str| {
            Answer {
            status,
            headers: vec![("Content-Type", "text/xml".to_owned())],
            body: format!(
                "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
                 <Code>{code}</Code><Message>{message}</Message></Error><RequestId>r</RequestId></ErrorResponse>"
            )
            .into_bytes(),
        }
        };
        if role != ROLE || closed {
            let message =
                format!("User: x is not authorized to perform: sts:{action} on resource: {role}");
            return refused(403, "AccessDenied", &message);
        }
        match action.as_str() {
            "AssumeRole" if !self.knows(request) => {
                return refused(403, "InvalidClientTokenId", "The security token is invalid");
            }
            "AssumeRoleWithWebIdentity" if field("WebIdentityToken").as_deref() != Some(PROOF) => {
                return refused(
                    400,
                    "InvalidIdentityToken",
                    "No OpenIDConnect provider found",
                );
            }
            _ => {}
        }
        let region = request.scope().and_then(|scope| scope.split('/').nth(1));
        let asked = match region {
            Some(region) => format!("{action} in {region}"),
            None => action.clone(),
        };
        let (key, until) = self.issue(&asked);
        Answer {
            status: 200,
            headers: vec![("Content-Type", "text/xml".to_owned())],
            body: format!(
                "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result><Credentials>\
                 <AccessKeyId>{}</AccessKeyId><SecretAccessKey>{}</SecretAccessKey><SessionToken>{}</SessionToken>\
                 <Expiration>{until}</Expiration></Credentials></{action}Result></{action}Response>",
                key.id,
                key.secret,
                key.token.unwrap_or_default()
            )
            .into_bytes(),
        }
    }

    /// As containers and instances have it.
    fn json(&self) -> Answer {
        let (key, until) = self.issue("JSON");
        let (id, secret, token) = (key.id, key.secret, key.token.unwrap_or_default());
        text(
            200,
            &format!(
                r#"{{"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"{id}","SecretAccessKey":"{secret}","Token":"{token}","Expiration":"{until}"}}"#
            ),
        )
    }

    fn portal(&self, request: &Request) -> Answer {
        let asked = |name: &str| request.query.get(name).map(String::as_str);
        if (asked("account_id"), asked("role_name")) != (Some("111122223333"), Some("audit")) {
            return json_refusal("ForbiddenException", "No access");
        }
        let (key, until) = self.issue("GetRoleCredentials");
        let (id, secret, token) = (key.id, key.secret, key.token.unwrap_or_default());
        let until = until.as_millisecond();
        text(
            200,
            &format!(
                r#"{{"roleCredentials":{{"accessKeyId":"{id}","secretAccessKey":"{secret}","sessionToken":"{token}","expiration":{until}}}}}"#
            ),
        )
    }

    /// A login that is renewed.
    fn token(&self, request: &Request) -> Answer {
        let body = String::from_utf8_lossy(&request.body);
        if !body.contains(r#""refreshToken":"renew-me""#) {
            return json_refusal("InvalidGrantException", "no");
        }
        self.state().log.push("CreateToken".to_owned());
        text(
            200,
            &format!(r#"{{"accessToken":"{PROOF}","expiresIn":3600,"tokenType":"Bearer"}}"#),
        )
    }
}

fn text(status: u16, body: &str) -> Answer {
    Answer {
        status,
        headers: Vec::new(),
        body: body.as_bytes().to_vec(),
    }
}

fn json_refusal(code: &str, message: &str) -> Answer {
    let mut answer = text(401, &format!(r#"{{"message":"{message}"}}"#));
    answer.headers.push(("x-amzn-ErrorType", code.to_owned()));
    answer
}
