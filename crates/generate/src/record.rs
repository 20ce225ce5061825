//! One record as text: the keys in the order in which CloudTrail delivers them.

/// What one record holds. An empty text means that the key is absent, where nothing else is said.
#[derive(Clone, Default)]
pub(crate) struct Record<'a> {
    pub(crate) version: &'a str,
    /// JSON.
    pub(crate) identity: &'a str,
    pub(crate) time: &'a str,
    /// The first part of `eventSource`.
    pub(crate) service: &'a str,
    pub(crate) name: &'a str,
    pub(crate) region: &'a str,
    pub(crate) address: &'a str,
    pub(crate) agent: &'a str,
    pub(crate) error_code: &'a str,
    pub(crate) error_message: &'a str,
    /// JSON; `null` where there is nothing.
    pub(crate) request: &'a str,
    /// JSON; `null` where there is nothing.
    pub(crate) response: &'a str,
    /// JSON.
    pub(crate) extra: &'a str,
    pub(crate) request_id: &'a str,
    pub(crate) event_id: &'a str,
    pub(crate) read_only: bool,
    /// JSON.
    pub(crate) resources: &'a str,
    pub(crate) event_type: &'a str,
    pub(crate) api_version: &'a str,
    pub(crate) data: bool,
    pub(crate) account: &'a str,
    /// JSON.
    pub(crate) details: &'a str,
    pub(crate) shared_id: &'a str,
    pub(crate) endpoint: &'a str,
    /// JSON.
    pub(crate) addendum: &'a str,
    /// The host that the client asked for, where the call came with TLS of its own.
    pub(crate) host: &'a str,
    /// Old clients speak TLS 1.2, new ones 1.3.
    pub(crate) old_tls: bool,
    /// Whether the credentials came from a console session.
    pub(crate) console: bool,
}

impl Record<'_> {
    /// Writes the record behind what `out` holds.
    pub(crate) fn write(&self, out: &mut String) {
        out.push('{');
        text(out, "eventVersion", self.version);
        json(out, "userIdentity", self.identity);
        text(out, "eventTime", self.time);
        key(out, "eventSource");
        for piece in ["\"", self.service, ".amazonaws.com\""] {
            out.push_str(piece);
        }
        text(out, "eventName", self.name);
        text(out, "awsRegion", self.region);
        text(out, "sourceIPAddress", self.address);
        text(out, "userAgent", self.agent);
        text(out, "errorCode", self.error_code);
        text(out, "errorMessage", self.error_message);
        json(out, "requestParameters", self.request);
        json(out, "responseElements", self.response);
        json(out, "additionalEventData", self.extra);
        text(out, "requestID", self.request_id);
        text(out, "eventID", self.event_id);
        json(
            out,
            "readOnly",
            if self.read_only { "true" } else { "false" },
        );
        json(out, "resources", self.resources);
        text(out, "eventType", self.event_type);
        text(out, "apiVersion", self.api_version);
        json(
            out,
            "managementEvent",
            if self.data { "false" } else { "true" },
        );
        text(out, "recipientAccountId", self.account);
        json(out, "serviceEventDetails", self.details);
        text(out, "sharedEventID", self.shared_id);
        text(out, "vpcEndpointId", self.endpoint);
        text(
            out,
            "vpcEndpointAccountId",
            if self.endpoint.is_empty() {
                ""
            } else {
                self.account
            },
        );
        text(
            out,
            "eventCategory",
            if self.data { "Data" } else { "Management" },
        );
        json(out, "addendum", self.addendum);
        self.tls(out);
        text(
            out,
            "sessionCredentialFromConsole",
            if self.console { "true" } else { "" },
        );
        out.push('}');
    }

    fn tls(&self, out: &mut String) {
        if self.host.is_empty() {
            return;
        }
        let (version, suite) = match self.old_tls {
            true => ("TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256"),
            false => ("TLSv1.3", "TLS_AES_128_GCM_SHA256"),
        };
        key(out, "tlsDetails");
        out.push('{');
        text(out, "tlsVersion", version);
        text(out, "cipherSuite", suite);
        text(out, "clientProvidedHostHeader", self.host);
        out.push('}');
    }
}

/// A key, with the comma that it needs.
fn key(out: &mut String, name: &str) {
    if !out.ends_with('{') {
        out.push(',');
    }
    for piece in ["\"", name, "\":"] {
        out.push_str(piece);
    }
}

/// A text; nothing if it is empty.
fn text(out: &mut String, name: &str, value: &str) {
    if !value.is_empty() {
        key(out, name);
        quote(out, value);
    }
}

/// A value that is JSON already; nothing if it is empty.
fn json(out: &mut String, name: &str, value: &str) {
    if !value.is_empty() {
        key(out, name);
        out.push_str(value);
    }
}

/// A text as a JSON string.
pub(crate) fn quote(out: &mut String, value: &str) {
    out.push('"');
    let mut rest = value;
    while let Some(place) = rest.find(|c: char| c < ' ' || c == '"' || c == '\\') {
        let (plain, tail) = rest.split_at(place);
        out.push_str(plain);
        let mut characters = tail.chars();
        match characters.next() {
            Some('\n') => out.push_str("\\n"),
            Some(c @ ('"' | '\\')) => out.extend(['\\', c]),
            Some(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            None => {}
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_stand_in_the_order_of_deliveries() {
        let mut line = String::new();
        let record = Record {
            version: "1.11",
            time: "T",
            service: "s3",
            name: "N",
            request: "null",
            host: "h",
            ..Record::default()
        };
        record.write(&mut line);
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
        let expected = [
            "eventVersion",
            "eventTime",
            "eventSource",
            "eventName",
            "requestParameters",
            "readOnly",
            "managementEvent",
            "eventCategory",
            "tlsDetails",
        ];
        assert_eq!(keys, expected);
    }

    proptest! {
        #[test]
        fn a_quoted_text_reads_back(value in any::<String>()) {
            let mut line = String::new();
            quote(&mut line, &value);
            prop_assert_eq!(serde_json::from_str::<String>(&line).unwrap(), value);
        }
    }
}
