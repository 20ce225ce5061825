"""What the peers are given of a lake: the active files of its table, the raw text, and the values that questions look for."""

import json
import os
import shutil


def prepared(lake, place, raw):
    """Events, bytes and values of a lake; links to its files and the raw Parquet are made in `place`, unless they are there."""
    import deltalake
    import duckdb

    table = deltalake.DeltaTable(str(lake / "cloudtrail"))
    known = place / "facts.json"
    facts = json.loads(known.read_text()) if known.exists() else {}
    if facts.get("version") != table.version():
        shutil.rmtree(place, ignore_errors=True)
        links = place / "events"
        links.mkdir(parents=True)
        # The log alone says which files are the table's; a folder of links says it to all peers alike.
        for number, file in enumerate(sorted(table.file_uris())):
            os.symlink(file, links / f"{number:06}.parquet")
        connection = duckdb.connect()
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"CREATE VIEW events AS FROM read_parquet('{links}/*.parquet', hive_partitioning = false)")
        size = sum(path.stat().st_size for path in links.iterdir())
        facts = {"version": table.version(), "bytes": {"lake": size}, **chosen(connection)}
        known.write_text(json.dumps(facts))
    text = place / "raw.parquet"
    if raw and not text.exists():
        begun = place / "raw.begun"
        duckdb.connect().execute(f"""
            COPY (SELECT content FROM read_parquet('{place}/events/*.parquet', hive_partitioning = false))
            TO '{begun}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)""")
        begun.rename(text)
    if text.exists():
        facts["bytes"]["raw"] = text.stat().st_size
    # Once through all of it, so that the first who is asked does not bring it into the page cache for the others.
    for path in [*(place / "events").iterdir(), *([text] if raw else [])]:
        with path.open("rb") as file:
            while file.read(1 << 24):
                pass
    return facts


def chosen(connection):
    """How many events there are, and what stands for the names in braces: the timeframe in whole days, the id in the middle
    of all, a part of it, and the access key and address with the fewest events."""
    one = lambda text: connection.execute(text).fetchone()
    [events, first, last] = one("""
        SELECT count(*), strftime(min(event_time), '%Y-%m-%d 00:00:00'), strftime(max(event_time) + INTERVAL 1 DAY, '%Y-%m-%d 00:00:00')
        FROM events""")
    [middle] = one(f"SELECT event_id FROM events WHERE event_id IS NOT NULL ORDER BY event_time, event_id LIMIT 1 OFFSET {events // 2}")
    rare = lambda name: one(f"SELECT {name} FROM events WHERE {name} IS NOT NULL GROUP BY 1 ORDER BY count(*), 1 LIMIT 1")[0]
    values = {
        "from": first, "to": last, "event_id": middle, "substring": middle[:13],
        "access_key": rare("user_identity_access_key_id"), "address": rare("source_ip_address"),
    }
    return {"events": events, "values": values}
