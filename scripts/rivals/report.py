"""Prints what a database answered."""

import sys

LABELS = ["URIs by hit", "URIs by bytes", "404s", "client addresses", "referrers"]


def raw(value):
    """A key or a number, as bytes."""
    return value if isinstance(value, bytes) else str(value).encode()


def print_rows(rows):
    """Prints rows of fields between tabs."""
    for row in rows:
        sys.stdout.buffer.write(b"\t".join(map(raw, row)) + b"\n")


def print_wf2(counts, tables):
    """Prints five tables of pairs as the second Wide Finder wants them."""
    write = sys.stdout.buffer.write
    write(b"%d resources, %d 404s, %d clients\n\n" % tuple(map(int, counts)))
    for label, rows in zip(LABELS, tables):
        write(b"Top %s:\n" % label.encode())
        for row in rows:
            key, value = raw(row[0]), int(row[1])
            shown = key[:60] + b"..." if len(key) > 60 else key
            is_size = label == "URIs by bytes"
            number = b"%9.1fM" % (value / 2**20) if is_size else b"%10d" % value
            write(b" %s: %s\n" % (number, shown))
        write(b"\n")
