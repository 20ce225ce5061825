//! A build without the AWS CLI's ways to credentials (`make variants`): what it reads, and what it says of the rest.

use crate::run::{Ended, Folder};
use crate::s3::archive;
use crate::server::{KEY, Server};

#[test]
fn profiles_are_refused_by_name() {
    let (folder, server) = (Folder::new(), Server::start());
    archive(|key, bytes| server.put(&format!("trail/{key}"), bytes));
    let list = |more: &[&str], variables: &[(&str, &str)]| -> Ended {
        let own = [
            ("AWS_ENDPOINT_URL_S3", server.url.as_str()),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ];
        let arguments = [&["ingest", "s3://trail", "--dry-run"], more].concat();
        folder.run_with(&arguments, &[&own, variables].concat(), "")
    };
    let keys = [
        ("AWS_ACCESS_KEY_ID", KEY.0),
        ("AWS_SECRET_ACCESS_KEY", KEY.1),
    ];
    list(&[], &keys).with(0);
    let refused = "s3://trail/: this build reads no profiles, and so not `audit`: ";
    list(&["--aws-profile", "audit"], &keys).with(3).says(&[
        refused,
        "AWS_ACCESS_KEY_ID",
        "the feature `aws`",
    ]);
    let profile = ("AWS_PROFILE", "audit");
    list(&[], &[profile]).with(3).says(&[refused]);
    // Keys in the environment count more than a profile of the environment.
    list(&[], &[keys[0], keys[1], profile]).with(0);
}
