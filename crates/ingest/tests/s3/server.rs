//! A small S3 on loopback, in memory: listings in pages, ranges, multipart uploads, writes on condition, and faults on
//! demand. Conditional writes are atomic, as S3's are; signatures are checked. A thread a connection.

#[path = "http.rs"]
pub(crate) mod http;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::BufReader;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use http::{Answer, Key, Part, Request, read, send};

/// The key that requests are signed with, where a test admits no other.
pub(crate) const KEY: (&str, &str) = ("AKIDEXAMPLE", "not/a/secret");

/// [`KEY`], as a key.
pub(crate) fn key() -> Key {
    Key {
        id: KEY.0.to_owned(),
        secret: KEY.1.to_owned(),
        token: None,
    }
}

/// A server that runs until the process ends.
#[derive(Clone)]
pub(crate) struct Server {
    /// Its URL.
    pub(crate) url: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// By `bucket/key`.
    objects: BTreeMap<String, Vec<u8>>,
    uploads: BTreeMap<String, BTreeMap<u32, Vec<u8>>>,
    faults: Vec<(String, usize, Fault)>,
    log: Vec<String>,
    /// By their ids.
    keys: BTreeMap<String, (Key, Option<Instant>)>,
    /// The ids that requests were signed with, one for each request that was signed rightly.
    signers: Vec<String>,
    page: usize,
    pause: Duration,
    anonymous: bool,
    requester_pays: bool,
    overwrites: bool,
}

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// It is refused with this status and code, and a message.
    Refused(u16, &'static str, &'static str),
    /// The connection is cut before the answer.
    Cut,
    /// The connection is cut in the middle of the answer.
    CutShort,
    /// The answer stops in the middle, and the connection stays.
    Stalled,
    /// The request is carried out, and its answer lost.
    Lost,
}

impl Server {
    /// Starts one, with nothing in it.
    pub(crate) fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let server = Server {
            url: format!("http://{address}"),
            state: Arc::new(Mutex::new(State {
                page: 1_000,
                ..State::default()
            })),
        };
        server.admit(key(), None);
        let shared = server.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = shared.clone();
                std::thread::spawn(move || server.serve(stream));
            }
        });
        server
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("a state")
    }

    /// Puts an object, `bucket/key`.
    pub(crate) fn put(&self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.state().objects.insert(path.to_owned(), bytes.into());
    }

    /// The paths of all objects that begin so.
    pub(crate) fn paths(&self, start: &str) -> Vec<String> {
        let state = self.state();
        let paths = state.objects.keys().filter(|path| path.starts_with(start));
        paths.cloned().collect()
    }

    /// How many uploads are neither complete nor given up.
    pub(crate) fn uploads(&self) -> usize {
        self.state().uploads.len()
    }

    /// Has the next so many requests fail whose line, such as `GET bucket/key`, contains a text.
    pub(crate) fn fail(&self, matching: &str, times: usize, fault: Fault) {
        self.state()
            .faults
            .push((matching.to_owned(), times, fault));
    }

    /// Takes so long for each answer.
    pub(crate) fn slow(&self, pause: Duration) {
        self.state().pause = pause;
    }

    /// Forgets what was to fail.
    pub(crate) fn mend(&self) {
        self.state().faults.clear();
    }

    /// Lists so many keys a page.
    pub(crate) fn page(&self, keys: usize) {
        self.state().page = keys;
    }

    /// Answers those who sign with this key, too, until it expires.
    pub(crate) fn admit(&self, key: Key, until: Option<Instant>) {
        self.state().keys.insert(key.id.clone(), (key, until));
    }

    /// Knows a key no more.
    pub(crate) fn forget(&self, id: &str) {
        self.state().keys.remove(id);
    }

    /// The ids of the keys that answered requests were signed with, without those that repeat the one before. Forgets
    /// them.
    pub(crate) fn signers(&self) -> Vec<String> {
        let mut signers = std::mem::take(&mut self.state().signers);
        signers.dedup();
        signers
    }

    /// Answers those who do not sign.
    pub(crate) fn anonymous(&self) {
        self.state().anonymous = true;
    }

    /// Answers only those who pay.
    pub(crate) fn requester_pays(&self) {
        self.state().requester_pays = true;
    }

    /// Is a store that does not know writes on condition.
    pub(crate) fn overwrites(&self) {
        self.state().overwrites = true;
    }

    /// The requests so far: method, path, and the prefix of a listing. Forgets them.
    pub(crate) fn log(&self) -> Vec<String> {
        std::mem::take(&mut self.state().log)
    }

    fn serve(&self, stream: TcpStream) {
        let Ok(copy) = stream.try_clone() else { return };
        let mut reader = BufReader::new(copy);
        let mut writer = stream;
        while let Some(request) = read(&mut reader) {
            let (answer, fault) = self.answer(&request);
            let pause = self.state().pause;
            std::thread::sleep(pause);
            let half = matches!(fault, Some(Fault::CutShort | Fault::Stalled));
            let part = match request.method.as_str() {
                "HEAD" => Part::Head,
                _ if half => Part::Half,
                _ => Part::Whole,
            };
            let cut = matches!(fault, Some(Fault::Cut | Fault::Lost));
            let sent = !cut && send(&mut writer, &answer, part);
            if sent && matches!(fault, Some(Fault::Stalled)) {
                std::thread::sleep(Duration::from_secs(20));
            }
            if !sent || half {
                let _ = writer.shutdown(Shutdown::Both);
                return;
            }
        }
    }

    fn answer(&self, request: &Request) -> (Answer, Option<Fault>) {
        let mut state = self.state();
        let mut line = format!("{} {}", request.method, request.path);
        if let Some(prefix) = request.query.get("prefix") {
            let _ = write!(line, " {prefix}");
        }
        state.log.push(line.clone());
        let fault = state
            .faults
            .iter_mut()
            .find(|(matching, times, _)| *times > 0 && line.contains(matching.as_str()))
            .map(|(_, times, fault)| {
                *times -= 1;
                *fault
            });
        match fault {
            Some(Fault::Refused(status, code, message)) => {
                return (refusal(status, code, message), None);
            }
            Some(Fault::Cut) => return (refusal(500, "", ""), fault),
            _ => {}
        }
        match state.signer(request) {
            Ok(id) => state.signers.push(id),
            Err(_) if state.anonymous => {}
            Err(code) => return (refusal(403, code, ""), None),
        }
        let pays = request.headers.contains_key("x-amz-request-payer");
        if state.requester_pays && !pays {
            return (refusal(403, "AccessDenied", ""), None);
        }
        (state.answer(request), fault)
    }
}

impl State {
    /// The id of the key that a request is signed with; what S3 says otherwise.
    fn signer(&self, request: &Request) -> Result<String, &'static str> {
        let id = request.key_id().ok_or("AccessDenied")?;
        let (key, until) = self.keys.get(id).ok_or("InvalidAccessKeyId")?;
        if request.headers.get("x-amz-security-token") != key.token.as_ref() {
            return Err("InvalidToken");
        }
        if !request.is_signed_with(key) {
            return Err("SignatureDoesNotMatch");
        }
        match until.is_some_and(|until| until <= Instant::now()) {
            true => Err("ExpiredToken"),
            false => Ok(id.to_owned()),
        }
    }

    fn answer(&mut self, request: &Request) -> Answer {
        let Request {
            path, query, body, ..
        } = request;
        let upload = query.get("uploadId");
        match (request.method.as_str(), upload) {
            ("GET", _) if query.contains_key("list-type") => self.list(path, query),
            ("GET" | "HEAD", _) => self.get(request),
            ("PUT", Some(id)) => {
                let number = query["partNumber"].parse().expect("a number");
                match self.uploads.get_mut(id) {
                    Some(parts) => {
                        parts.insert(number, body.clone());
                        done(vec![("ETag", etag(body))])
                    }
                    None => refusal(404, "NoSuchUpload", ""),
                }
            }
            ("POST", Some(id)) => match self.uploads.remove(id) {
                Some(parts) => {
                    let whole: Vec<u8> = parts.into_values().flatten().collect();
                    let tag = etag(&whole);
                    self.objects.insert(path.clone(), whole);
                    xml(format!(
                        "<CompleteMultipartUploadResult><Key>k</Key><ETag>{}</ETag></CompleteMultipartUploadResult>",
                        escaped(&tag)
                    ))
                }
                None => refusal(404, "NoSuchUpload", ""),
            },
            ("DELETE", Some(id)) => {
                self.uploads.remove(id);
                done(Vec::new())
            }
            ("POST", None) if query.contains_key("uploads") => {
                let id = format!("{}-{}", self.log.len(), self.uploads.len());
                self.uploads.insert(id.clone(), BTreeMap::new());
                xml(format!(
                    "<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>"
                ))
            }
            ("POST", None) if query.contains_key("delete") => {
                let text = String::from_utf8_lossy(body);
                let bucket = path.trim_end_matches('/');
                let mut result = String::from("<DeleteResult>");
                for key in text
                    .split("<Key>")
                    .skip(1)
                    .filter_map(|rest| rest.split("</Key>").next())
                {
                    self.objects.remove(&format!("{bucket}/{key}"));
                    let _ = write!(result, "<Deleted><Key>{key}</Key></Deleted>");
                }
                xml(result + "</DeleteResult>")
            }
            ("PUT", None) => {
                let create = request
                    .headers
                    .get("if-none-match")
                    .is_some_and(|tag| tag == "*");
                if create && !self.overwrites && self.objects.contains_key(path) {
                    return refusal(412, "PreconditionFailed", "");
                }
                self.objects.insert(path.clone(), body.clone());
                done(vec![("ETag", etag(body))])
            }
            ("DELETE", None) => {
                self.objects.remove(path);
                done(Vec::new())
            }
            _ => refusal(501, "NotImplemented", ""),
        }
    }

    fn get(&self, request: &Request) -> Answer {
        let Some(bytes) = self.objects.get(&request.path) else {
            return refusal(404, "NoSuchKey", "");
        };
        let mut headers = vec![
            ("ETag", etag(bytes)),
            ("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT".to_owned()),
        ];
        let range = request.headers.get("range").and_then(|range| {
            let (from, to) = range.strip_prefix("bytes=")?.split_once('-')?;
            let last = bytes.len().checked_sub(1)?;
            Some(match from {
                "" => (bytes.len().saturating_sub(to.parse().ok()?), last),
                _ => (from.parse().ok()?, to.parse().unwrap_or(last).min(last)),
            })
        });
        match range {
            Some((from, to)) => {
                headers.push((
                    "Content-Range",
                    format!("bytes {from}-{to}/{}", bytes.len()),
                ));
                Answer {
                    status: 206,
                    headers,
                    body: bytes[from..=to].to_vec(),
                }
            }
            None => Answer {
                status: 200,
                headers,
                body: bytes.clone(),
            },
        }
    }

    fn list(&self, path: &str, query: &BTreeMap<String, String>) -> Answer {
        let bucket = format!("{}/", path.trim_end_matches('/'));
        let empty = String::new();
        let prefix = query.get("prefix").unwrap_or(&empty);
        let after = query
            .get("continuation-token")
            .or(query.get("start-after"))
            .unwrap_or(&empty);
        let mut entries: BTreeMap<String, Option<&[u8]>> = BTreeMap::new();
        for (path, bytes) in &self.objects {
            let Some(key) = path.strip_prefix(&bucket) else {
                continue;
            };
            let Some(rest) = key.strip_prefix(prefix.as_str()) else {
                continue;
            };
            let folder = query
                .get("delimiter")
                .and_then(|delimiter| rest.split_once(delimiter.as_str()))
                .map(|(folder, _)| format!("{prefix}{folder}/"));
            match folder {
                Some(folder) => entries.insert(folder, None),
                None => entries.insert(key.to_owned(), Some(bytes.as_slice())),
            };
        }
        let mut entries: Vec<_> = entries.into_iter().filter(|(key, _)| key > after).collect();
        let more = entries.len() > self.page;
        entries.truncate(self.page);
        let mut text = format!("<ListBucketResult><IsTruncated>{more}</IsTruncated>");
        for (key, bytes) in &entries {
            let name = escaped(key);
            let _ = match bytes {
                None => write!(
                    text,
                    "<CommonPrefixes><Prefix>{name}</Prefix></CommonPrefixes>"
                ),
                Some(bytes) => write!(
                    text,
                    "<Contents><Key>{name}</Key><Size>{}</Size><ETag>{}</ETag>\
                     <LastModified>2024-01-01T00:00:00.000Z</LastModified></Contents>",
                    bytes.len(),
                    escaped(&etag(bytes))
                ),
            };
        }
        if let Some((last, _)) = entries.last().filter(|_| more) {
            let token = escaped(last);
            let _ = write!(
                text,
                "<NextContinuationToken>{token}</NextContinuationToken>"
            );
        }
        xml(text + "</ListBucketResult>")
    }
}

fn etag(bytes: &[u8]) -> String {
    let sum = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    });
    format!("\"{sum:016x}\"")
}

fn done(headers: Vec<(&'static str, String)>) -> Answer {
    Answer {
        status: 200,
        headers,
        body: Vec::new(),
    }
}

fn xml(text: String) -> Answer {
    Answer {
        status: 200,
        headers: vec![("Content-Type", "application/xml".to_owned())],
        body: text.into_bytes(),
    }
}

fn refusal(status: u16, code: &str, message: &str) -> Answer {
    Answer {
        status,
        ..xml(format!(
            "<Error><Code>{code}</Code><Message>{message}</Message></Error>"
        ))
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}
