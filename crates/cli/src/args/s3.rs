//! How S3 is reached, for every command that knows sources or lakes.

/// The heading of these options in help texts. On each of them, for a heading of the whole goes on with what follows.
const HEADING: &str = "Options for s3:// URLs";

/// Options for `s3://` URLs. What is not said is as the AWS CLI has it.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct S3 {
    /// Credentials of this profile in ~/.aws: keys, SSO or an assumed role [default: AWS_PROFILE, after AWS_ACCESS_KEY_ID]
    #[arg(
        long,
        value_name = "NAME",
        help_heading = HEADING, hide_short_help = true
    )]
    pub(crate) aws_profile: Option<String>,

    /// Another server than AWS's: http://localhost:9000 [default: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, that of the profile]
    #[arg(long, value_name = "URL", help_heading = HEADING, hide_short_help = true)]
    pub(crate) endpoint_url: Option<String>,

    /// The region of the buckets [default: S3 is asked; else AWS_REGION]
    #[arg(long, value_name = "R", help_heading = HEADING, hide_short_help = true)]
    pub(crate) region_of_bucket: Option<String>,

    /// Pay for requests to buckets whose owners want that
    #[arg(long, help_heading = HEADING, hide_short_help = true)]
    pub(crate) requester_pays: bool,

    /// Put the bucket's name into the path, not into the host's name
    #[arg(long, help_heading = HEADING, hide_short_help = true)]
    pub(crate) path_style: bool,

    /// Sign no requests: public buckets need no credentials
    #[arg(long, help_heading = HEADING, hide_short_help = true)]
    pub(crate) no_sign_request: bool,
}
