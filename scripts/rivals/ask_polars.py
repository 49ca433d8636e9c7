"""Puts a question to Polars: ask_polars.py QUESTION LOG

`start` only starts it. The number of threads is in POLARS_MAX_THREADS.
"""

import sys

import polars
from report import print_rows

# Polars reads \d as the digits of all scripts, which takes longer.
ARTICLE = "GET /ongoing/When/[0-9]{3}x/([0-9]{4}/[0-9]{2}/[0-9]{2}/[^ .]+) "
REQUEST = (
    r'^(?P<client>[^ ]+)[^"]*"(?:[^ "]* )?(?P<uri>[^ "]*)[^"]*" '
    r"(?P<status>[0-9]{3}) (?P<size>[0-9]+|-)"
)


def ranked(frame, key, *metrics):
    """Hits and more of each key, in the usual order."""
    counted = frame.group_by(key).agg(polars.len().alias("hits"), *metrics)
    return counted.sort(["hits", key], descending=[True, False])


def answer(question, lines):
    """The plan of a question."""
    if question == "wf1":
        key = polars.col("line").str.extract(ARTICLE).alias("key")
        return ranked(lines.select(key).drop_nulls(), "key").head(10)
    parts = lines.select(polars.col("line").str.extract_groups(REQUEST).alias("parts"))
    requests = parts.unnest("parts")
    size = polars.col("size").cast(polars.UInt64, strict=False).fill_null(0)
    if question == "uri":
        return ranked(requests, "uri", size.sum()).head(10)
    if question == "status":
        return ranked(requests, "status")
    # Polars has no percentile by nearest rank.
    rank = (polars.len() * 95 + 99) // 100 - 1
    distinct = polars.col("client").n_unique()
    return requests.select(polars.len().alias("hits"), distinct, size.sort().get(rank))


def main():
    """Asks, and prints the answer."""
    question, log = sys.argv[1:3]
    if question == "start":
        return
    lines = polars.scan_csv(
        log,
        has_header=False,
        separator="\x01",
        quote_char=None,
        schema={"line": polars.String},
        glob=False,
    )
    print_rows(answer(question, lines).collect(engine="streaming").rows())


main()
