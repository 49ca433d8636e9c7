"""What a command printed, as rows that can be compared.

An answer is a list of rows, a row a list of fields, all of them bytes: first the
keys, then the numbers. What a tool writes in another form or order is brought into
this one; where two reports differ in what they hold, what both have is compared.
"""

import json
import urllib.parse


def rows(output):
    """Reads rows of fields between tabs."""
    return [line.split(b"\t") for line in output.split(b"\n") if line]


def headed(output):
    """Reads TSV as `widefinder` writes it: a row of names, escaped fields."""
    return [[unescape(field) for field in row] for row in rows(output)[1:]]


def unescape(field):
    """Undoes the escapes of a field of TSV."""
    parts = field.split(rb"\\")
    for escape, byte in ((rb"\t", b"\t"), (rb"\n", b"\n"), (rb"\r", b"\r")):
        parts = [part.replace(escape, byte) for part in parts]
    return b"\\".join(parts)


def lines(output):
    """Reads the lines as they are, one field each."""
    return [[line] for line in output.split(b"\n")]


def unordered(output):
    """Reads rows of one key and one number, and puts them into the usual order."""
    return ordered((key, int(count)) for key, count in rows(output))


def first_ten(output):
    """Reads the same, and keeps the first ten rows."""
    return unordered(output)[:10]


def ordered(pairs, limit=None):
    """Rows by number, the largest first, and among equals by key."""
    top = sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:limit]
    return [[key, b"%d" % number] for key, number in top]


def overview(report, found, missing):
    """Reads what an overview and two tables of paths have in common with GoAccess.

    Args are JSON: the overview, the paths that were found, and those that were not.
    GoAccess undoes the escapes of paths, so this does too.
    """
    report = json.loads(report)
    requests, total = report["run"]["entries"], report["totals"]["bytes"]
    read = [[b"requests", b"%d" % requests], [b"bytes", b"%d" % total]]
    classes = sorted(report["totals"]["classes"].items())
    read += [[name.encode(), b"%d" % hits] for name, hits in classes if hits]
    clients = next(table for table in report["tables"] if table["by"] == ["client"])
    for table in (
        *json.loads(found)["tables"],
        *json.loads(missing)["tables"],
        clients,
    ):
        for row in table["rows"]:
            hits = row["metrics"]["hits"]
            read.append([urllib.parse.unquote_to_bytes(row["key"][0]), b"%d" % hits])
    return read


def goaccess(report):
    """Reads the same of GoAccess's report.

    Its paths are in two panels, pages and static files. It calls all requests without
    a protocol `-`, so these are left out on both sides. It writes bytes as the log has
    them, also where these are no UTF-8.
    """
    report = json.loads(report.decode(errors="surrogateescape"), strict=False)
    requests, total = (
        report["general"]["valid_requests"],
        report["general"]["bandwidth"],
    )
    read = [[b"requests", b"%d" % requests], [b"bytes", b"%d" % total]]
    classes = [hits_of(row) for row in report["status_codes"]["data"]]
    read += [[name[:3], b"%d" % hits] for name, hits in sorted(classes)]
    for panels in (("requests", "static_requests"), ("not_found",), ("hosts",)):
        rows = [row for panel in panels for row in report.get(panel, NO_ROWS)["data"]]
        read += ordered((pair for pair in map(hits_of, rows) if pair[0] != b"-"), 10)
    return read


NO_ROWS = {"data": []}


def hits_of(row):
    """The key and the hits of a row of GoAccess's."""
    return row["data"].encode(errors="surrogateescape"), row["hits"]["count"]


def difference(ours, theirs):
    """Says where two answers differ first; nothing if they are equal."""
    for number, (our, their) in enumerate(zip(ours, theirs), 1):
        if our != their:
            return f"row {number}: ours {show(our)}, theirs {show(their)}"
    if len(ours) != len(theirs):
        return f"ours has {len(ours)} rows, theirs {len(theirs)}"
    return None


def show(row):
    """A row as text without control characters."""
    return ascii(b"  ".join(row).decode("latin-1"))
