SELECT count(*) FROM raw
