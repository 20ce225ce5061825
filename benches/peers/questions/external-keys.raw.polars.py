import polars as pl
from polars_parts import text, time, within


def ask(raw, given):
    events = raw.filter(text("$.eventName") == "CreateKey").select(
        event_time=time("$.eventTime"),
        event_name=text("$.eventName"),
        request_parameters_origin=text("$.requestParameters.origin"),
        response_elements_key_metadata_key_usage=text("$.responseElements.keyMetadata.keyUsage"),
        aws_region=text("$.awsRegion"),
        user_identity_arn=text("$.userIdentity.arn"),
        response_elements_key_metadata_key_id=text("$.responseElements.keyMetadata.keyId"),
    )
    return events.filter(
        within(given), pl.col("event_name") == "CreateKey",
        ~pl.col("request_parameters_origin").str.starts_with("AWS_").fill_null(False),
    ).select("event_name", "request_parameters_origin", "response_elements_key_metadata_key_usage", "aws_region",
             "user_identity_arn", "response_elements_key_metadata_key_id")
