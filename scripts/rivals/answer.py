"""What a command printed, as rows that can be compared.

An answer is a list of rows, a row a list of fields, all of them bytes: first the
keys, then the numbers. What a tool writes in another form or order is brought into
this one; where two reports differ in what they hold, what both have is compared.
"""

import json


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


def overview(output):
    """Reads what an overview in JSON has in common with GoAccess's report."""
    document = json.loads(output)
    run, totals = document["run"], document["totals"]
    read = [[b"requests", b"%d" % run["entries"]], [b"bytes", b"%d" % totals["bytes"]]]
    classes = sorted(totals["classes"].items())
    read += [[name.encode(), b"%d" % hits] for name, hits in classes if hits]
    for table in document["tables"]:
        if table["name"] in ("Paths by hits", "Paths not found (404)", "Clients"):
            read += [
                [row["key"][0].encode(), b"%d" % row["metrics"]["hits"]]
                for row in table["rows"]
            ]
    return read


def goaccess(output):
    """Reads the same of GoAccess's report.

    It divides the paths into pages, static files and those not found; here they are one
    table again.
    """
    report = json.loads(output)
    general = report["general"]
    read = [
        [b"requests", b"%d" % general["valid_requests"]],
        [b"bytes", b"%d" % general["bandwidth"]],
    ]
    classes = {
        row["data"][:3]: row["hits"]["count"] for row in report["status_codes"]["data"]
    }
    read += [[name.encode(), b"%d" % hits] for name, hits in sorted(classes.items())]
    for panels in (
        ("requests", "static_requests", "not_found"),
        ("not_found",),
        ("hosts",),
    ):
        table = {}
        for panel in panels:
            for row in report.get(panel, {"data": []})["data"]:
                key = row["data"].encode()
                table[key] = table.get(key, 0) + row["hits"]["count"]
        read += ordered(table.items(), limit=10)
    return read


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
