//! User agents.

use super::values;

fn agent(field: &str, agent: &str) -> Vec<String> {
    values(
        &format!("user_agent.{field}"),
        &format!(r#"{{"userAgent":"{agent}"}}"#),
    )
}

const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.6367.91 Safari/537.36";
const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36 Edg/124.0.2478.80";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0";
const SAFARI: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4.1 Safari/605.1.15";

#[test]
fn families() {
    for (text, family) in [
        (CHROME, "Chrome"),
        (EDGE, "Edge"),
        (FIREFOX, "Firefox"),
        (SAFARI, "Safari"),
        (
            "aws-cli/2.15.0 Python/3.11.6 Linux/6.1 exe/x86_64",
            "aws-cli",
        ),
        ("[aws-cli/1.18.0 Python/3.8.2]", "aws-cli"),
        ("Boto3/1.34.0 Python/3.12", "Boto3"),
        ("aws-sdk-go-v2/1.24.0 os/linux lang/go", "aws-sdk-go-v2"),
        ("aws-sdk-java/1.12.600 Linux/5.10", "aws-sdk-java"),
        ("python-requests/2.31.0", "Python Requests"),
        ("curl/8.4.0", "curl"),
        ("Go-http-client/1.1", "Go-http-client"),
        ("console.amazonaws.com", "Other"),
        ("AWS Internal", "Other"),
        ("secretsmanager.amazonaws.com", "Other"),
        ("APN/1.0 HashiCorp/1.0 Terraform/1.6.0", "Other"),
    ] {
        assert_eq!(agent("name", text), [family], "{text}");
        assert_eq!(agent("original", text), [text]);
    }
}

#[test]
fn versions_systems_and_devices() {
    assert_eq!(agent("version", CHROME), ["124.0.6367.91"]);
    assert_eq!(agent("version", FIREFOX), ["125.0"]);
    assert_eq!(agent("version", "AWS Internal"), [""; 0]);
    assert_eq!(agent("os.name", CHROME), ["Windows"]);
    assert_eq!(agent("os.version", CHROME), ["10"]);
    assert_eq!(agent("os.full", CHROME), ["Windows 10"]);
    assert_eq!(agent("os.full", SAFARI), ["Mac OS X 10.15.7"]);
    assert_eq!(agent("os.version", FIREFOX), [""; 0]);
    assert_eq!(agent("os.full", FIREFOX), ["Linux"]);
    assert_eq!(agent("os.name", "AWS Internal"), [""; 0]);
    assert_eq!(agent("device.name", SAFARI), ["Mac"]);
    assert_eq!(agent("device.name", "AWS Internal"), ["Other"]);
}

#[test]
fn without_a_user_agent_there_is_none() {
    for field in [
        "name",
        "version",
        "original",
        "os.name",
        "os.version",
        "os.full",
        "device.name",
    ] {
        assert_eq!(
            values(&format!("user_agent.{field}"), r#"{"userAgent":"-"}"#),
            [""; 0],
            "{field}"
        );
        assert_eq!(
            values(&format!("user_agent.{field}"), "{}"),
            [""; 0],
            "{field}"
        );
    }
}
