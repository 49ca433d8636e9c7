"""What each question asks, said in Python: filters are conditions, not parsed expressions.

A function gets the log and returns what its question prints: one or more tables, or `Lines`.
"""

import re

from oracle import Table

ANSWERS = {}


def answers(log, name):
    def note(function):
        assert (log, name) not in ANSWERS, f"{log}/{name} is answered twice"
        ANSWERS[log, name] = function
        return function

    return note


class Lines:
    """The lines of some entries, for `--lines`."""

    def __init__(self, entries):
        self.lines = [entry.line for entry in entries]


def five_tables(entries, number=10):
    """The overview: a referrer that is absent has no row."""
    missing = [entry for entry in entries if entry.status == b"404"]
    return [
        Table(entries, "path", "hits").top(number),
        Table(entries, "path", "bytes").top(number),
        Table(missing, "path", "hits").top(number),
        Table(entries, "client", "hits").top(number),
        Table(entries, "referrer", "hits", drop_absent=True).top(number),
    ]


class Captured:
    """An entry, or just a line, whose keys are the groups of a pattern."""

    def __init__(self, groups, entry):
        self.__dict__.update(entry.__dict__ if entry else {"status": b"-"})
        self.__dict__.update(groups)

    def code(self):
        return -1 if self.status in (b"", b"-") else int(self.status)


def captured(pattern, lines_or_entries):
    """The first match of each line: by the names of its groups, or `match` without any."""
    pattern = re.compile(pattern)
    found = []
    for item in lines_or_entries:
        line = item if isinstance(item, bytes) else item.line
        if match := pattern.search(line):
            groups = {name: value or b"" for name, value in match.groupdict().items()}
            found.append(Captured(groups or {"match": match[0]}, None if item is line else item))
    return found


def fold(*steps):
    """Several substitutions, one after the other, each wherever it matches."""

    def folded(value):
        for pattern, replacement in steps:
            value = re.sub(pattern, replacement, value)
        return value

    return folded


IDS = fold((rb"/\d+", b"/N"))

from . import api, nasty, site, vhosts  # noqa: E402, F401
