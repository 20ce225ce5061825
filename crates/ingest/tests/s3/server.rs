//! A small S3 on loopback, in memory: listings in pages, ranges, multipart uploads, writes on condition, and faults on
//! demand. Conditional writes are atomic, as S3's are. A thread a connection.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// The one key that requests are signed with.
pub(crate) const KEY: (&str, &str) = ("AKIDEXAMPLE", "not/a/secret");

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
    page: usize,
    anonymous: bool,
    requester_pays: bool,
    overwrites: bool,
    /// The session tokens that are taken; none where keys need none.
    tokens: Option<Vec<String>>,
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

struct Request {
    method: String,
    /// `bucket/key`, decoded.
    path: String,
    query: BTreeMap<String, String>,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
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

    /// Forgets what was to fail.
    pub(crate) fn mend(&self) {
        self.state().faults.clear();
    }

    /// Lists so many keys a page.
    pub(crate) fn page(&self, keys: usize) {
        self.state().page = keys;
    }

    /// Answers those who do not sign.
    pub(crate) fn anonymous(&self) {
        self.state().anonymous = true;
    }

    /// Answers only those who pay.
    pub(crate) fn requester_pays(&self) {
        self.state().requester_pays = true;
    }

    /// Answers only those who send one of these session tokens with the key.
    #[allow(dead_code, reason = "asked for by the tests of the binary alone")]
    pub(crate) fn tokens(&self, tokens: &[&str]) {
        self.state().tokens = Some(tokens.iter().map(|&token| token.to_owned()).collect());
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
            let head = request.method == "HEAD";
            if !send(&mut writer, &answer, head, fault) {
                let _ = writer.shutdown(std::net::Shutdown::Both);
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
        let signed = request
            .headers
            .get("authorization")
            .is_some_and(|text| text.contains(&format!("Credential={}/", KEY.0)));
        if !signed && !state.anonymous {
            return (refusal(403, "InvalidAccessKeyId", ""), None);
        }
        let token = request.headers.get("x-amz-security-token");
        let known = |tokens: &Vec<String>| token.is_some_and(|token| tokens.contains(token));
        if !state.tokens.as_ref().is_none_or(known) {
            return (refusal(400, "ExpiredToken", ""), None);
        }
        let pays = request.headers.contains_key("x-amz-request-payer");
        if state.requester_pays && !pays {
            return (refusal(403, "AccessDenied", ""), None);
        }
        (state.answer(request), fault)
    }
}

impl State {
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

fn read(reader: &mut impl BufRead) -> Option<Request> {
    let mut line = String::new();
    if reader.read_line(&mut line).ok()? == 0 {
        return None;
    }
    let mut parts = line.split_whitespace();
    let (method, target) = (parts.next()?.to_owned(), parts.next()?);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let query = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
        .collect();
    let path = decoded(path.trim_start_matches('/'));
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.insert(name.to_ascii_lowercase(), value.to_owned()),
            None => break,
        };
    }
    let length = headers
        .get("content-length")
        .map_or(0, |length| length.parse().unwrap_or(0));
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request {
        method,
        path,
        query,
        headers,
        body,
    })
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| *first == b'%');
        let byte = hex
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match byte {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Sends an answer. False where the connection is to be closed.
fn send(writer: &mut TcpStream, answer: &Answer, head: bool, fault: Option<Fault>) -> bool {
    if matches!(fault, Some(Fault::Cut | Fault::Lost)) {
        return false;
    }
    let mut text = format!(
        "HTTP/1.1 {} x\r\nContent-Length: {}\r\n",
        answer.status,
        answer.body.len()
    );
    for (name, value) in &answer.headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    text.push_str("\r\n");
    let mut bytes = text.into_bytes();
    if !head {
        let half = matches!(fault, Some(Fault::CutShort | Fault::Stalled));
        let length = if half {
            answer.body.len() / 2
        } else {
            answer.body.len()
        };
        bytes.extend_from_slice(&answer.body[..length]);
    }
    if writer.write_all(&bytes).is_err() {
        return false;
    }
    if matches!(fault, Some(Fault::Stalled)) {
        std::thread::sleep(Duration::from_secs(20));
    }
    !matches!(fault, Some(Fault::CutShort | Fault::Stalled))
}
