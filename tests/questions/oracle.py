"""A second, slow opinion about logs: lines, keys, metrics and tables, in plain Python.

Nothing here was taken from the program. Lines are cut by regular expressions, times are
`datetime`s, numbers are whole or fractions, and every table is one dictionary of lists of entries.
"""

import ipaddress
import re
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from math import ceil

# --- lines ---

QUOTED = rb'"((?:[^"\\]|\\.)*)"'
# The user may hold spaces: it goes up to the first " [".
HEAD = rb"([^ ]+) [^ ]+ ((?:(?! \[).)+) \[([^\]]*)\] " + QUOTED + rb" (\d+|-) (\d+|-)"
# Common, combined, and either with more fields behind.
COMBINED = HEAD + rb"(?: " + QUOTED + rb" " + QUOTED + rb'(?: .*)?| (?!").*|)'
FORMATS = {
    "combined": re.compile(COMBINED, re.DOTALL),
    "vhost_combined": re.compile(rb"([^ ]+):\d+ " + COMBINED, re.DOTALL),
    "with latency": re.compile(HEAD + rb" " + QUOTED + rb" " + QUOTED + rb" (\d+|-)", re.DOTALL),
}
ABSENT = (b"", b"-")
MOST = 2**64 - 1


def lines_of(log):
    """The lines without their ends; nothing follows a last newline."""
    lines = log.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    return [line[:-1] if line.endswith(b"\r") else line for line in lines]


class Log:
    """The entries of a log, and what its other lines are."""

    def __init__(self, content, form):
        self.lines = lines_of(content)
        self.entries, self.bad, self.blank, self.comment = [], 0, 0, 0
        for line in self.lines:
            if not line.strip(b" \t"):
                self.blank += 1
            elif line.startswith(b"#"):
                self.comment += 1
            elif found := FORMATS[form].fullmatch(line):
                self.entries.append(Entry(line, form, list(found.groups())))
            else:
                self.bad += 1

    def balance(self):
        return {
            "lines": len(self.lines),
            "entries": len(self.entries),
            "other": 0,
            "bad": self.bad,
            "blank": self.blank,
            "comment": self.comment,
        }


class Entry:
    """One entry; every field is bytes as the log has them, `-` if the line lacks it."""

    def __init__(self, line, form, groups):
        self.line = line
        self.vhost = groups.pop(0) if form == "vhost_combined" else b"-"
        micros = groups.pop() if form == "with latency" else b"-"
        groups = [b"-" if group is None else group for group in groups]
        self.client, self.user, time, request, self.status, self.bytes = groups[:6]
        self.referrer, self.agent = groups[6:]
        self.method, self.uri, self.protocol = request_parts(request)
        self.path, mark, query = self.uri.partition(b"?")
        self.query = query if mark else b"-"
        self.time = read_time(time)
        self.size = 0 if self.bytes == b"-" else min(int(self.bytes), MOST)
        # In nanoseconds.
        self.latency = None if micros == b"-" else int(micros) * 1000

    def code(self):
        """The status as a number; -1 if it is absent."""
        return -1 if self.status in ABSENT else int(self.status)


def request_parts(request):
    rest, method, protocol = request.strip(b" "), b"", b""
    before, space, last = rest.rpartition(b" ")
    if space and last.startswith(b"HTTP/"):
        rest, protocol = before, last
    if found := re.match(rb"([A-Za-z_-]+) (.*)", rest, re.DOTALL):
        method, rest = found.groups()
    return method, rest.strip(b" "), protocol


# --- times ---

TIME = re.compile(rb"(\d\d)/([A-Z][a-z][a-z])/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
MONTHS = b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
WEEKDAYS = b"Mon Tue Wed Thu Fri Sat Sun".split()


def read_time(text):
    found = TIME.fullmatch(text)
    if not found or found[2] not in MONTHS:
        return None
    day, year, hour, minute, second = (int(found[part]) for part in (1, 3, 4, 5, 6))
    ahead = timedelta(hours=int(found[8]), minutes=int(found[9]))
    zone = timezone(-ahead if found[7] == b"-" else ahead)
    # A leap second is counted with the second before it.
    second = 59 if second == 60 else second
    try:
        return datetime(year, MONTHS.index(found[2]) + 1, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


def wall(entry, zone=None):
    """What the clock on the wall showed: that of the log, or that of `zone`."""
    if entry.time is None:
        return None
    return (entry.time.astimezone(zone) if zone else entry.time).replace(tzinfo=None)


# --- keys ---


def width_of(text):
    seconds = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
    return timedelta(seconds=int(text[:-1]) * seconds[text[-1]])


def bucket(moment, width):
    # 1970 began on a Thursday, so weeks are counted from the Monday before.
    start = datetime(1969, 12, 29) if width % timedelta(weeks=1) == timedelta(0) else datetime(1970, 1, 1)
    return start + (moment - start) // width * width


def written(moment, width):
    for whole, form in (timedelta(days=1), "%Y-%m-%d"), (timedelta(minutes=1), "%Y-%m-%dT%H:%M"):
        if width % whole == timedelta(0):
            return moment.strftime(form).encode()
    return moment.strftime("%Y-%m-%dT%H:%M:%S").encode()


def site(entry):
    _, mark, rest = entry.referrer.partition(b"://")
    host = re.split(rb"[/?#]", rest)[0].rpartition(b"@")[2]
    host = re.sub(rb":\d*$", b"", host)
    return host.lower() if mark and host else b"-"


def extension(entry):
    name, dot, ending = entry.path.rpartition(b"/")[2].rpartition(b".")
    return ending if name and dot and ending else b"-"


def status_class(entry):
    return entry.status[:1] + b"xx" if re.fullmatch(rb"[1-5]\d\d", entry.status) else b"other"


def network(client, bits):
    try:
        address = ipaddress.ip_address(client.decode())
    except ValueError:
        return client
    bits = bits if address.version == 4 else 48
    return str(ipaddress.ip_network((address, bits), strict=False)).encode()


def first_segments(path, number):
    slashes = [at for at, byte in enumerate(path) if byte == ord("/")]
    return path[: slashes[number]] if len(slashes) > number else path


def parameter(query, name):
    if query == b"-":
        return b"-"
    for part in query.split(b"&"):
        before, _, value = part.partition(b"=")
        if before == name:
            return value
    return b"-"


def key(entry, name, zone=None):
    """The value of a key, as it is shown."""
    head, _, tail = name.partition(":")
    if head in ("time", "day", "hour", "weekday"):
        moment = wall(entry, zone)
        if moment is None:
            return b"-"
        if head == "time":
            width = width_of(tail)
            return written(bucket(moment, width), width)
        if head == "weekday":
            return WEEKDAYS[moment.weekday()]
        return moment.strftime({"day": "%Y-%m-%d", "hour": "%H"}[head]).encode()
    if name.startswith("client/"):
        return network(entry.client, int(name[7:]))
    if tail:
        return first_segments(entry.path, int(tail)) if head == "path" else parameter(entry.query, tail.encode())
    derived = {"site": site, "ext": extension, "class": status_class}
    return derived[name](entry) if name in derived else getattr(entry, name)


# --- metrics ---


def percentile(text, values):
    """Nearest rank."""
    values = sorted(values)
    return values[ceil(Fraction(text) / 100 * len(values)) - 1] if values else None


def metric(name, entries, zone=None):
    """An exact number, a time, or None."""
    head, _, tail = name.partition(":")
    errors = sum(500 <= entry.code() <= 999 and len(entry.status) == 3 for entry in entries)
    if name == "hits":
        return len(entries)
    if name == "bytes":
        return sum(entry.size for entry in entries)
    if name == "visitors":
        return len({(e.client, e.agent, key(e, "day", zone)) for e in entries})
    if name == "errors":
        return errors
    if name == "client_errors":
        return sum(400 <= entry.code() <= 499 and len(entry.status) == 3 for entry in entries)
    if name == "errors%":
        return Fraction(100 * errors, len(entries)) if entries else None
    if name in ("first", "last"):
        times = [(entry.time, entry.time.utcoffset()) for entry in entries if entry.time]
        return (min if name == "first" else max)(times)[0] if times else None
    if head == "distinct":
        return len({key(entry, tail, zone) for entry in entries} - set(ABSENT))
    values = [e.size if tail == "bytes" else e.latency for e in entries]
    values = [value for value in values if value is not None]
    if not values:
        return None
    if head == "avg":
        return Fraction(sum(values), len(values))
    if head in ("min", "max"):
        return {"min": min, "max": max}[head](values)
    return percentile(head[1:], values)


def shown(name, value):
    """The value as the machine-readable forms print it; numbers as Decimal-like text."""
    if value is None:
        return None
    if name in ("first", "last"):
        return value.isoformat()
    if name == "errors%":
        return Number(rounded(value, 4))
    if name.endswith(":latency"):
        return Number(rounded(Fraction(value) / 10**9, 9))
    if name.startswith("avg:"):
        return Number(rounded(value, 3))
    return Number(str(value))


class Number(str):
    """A number that is written into JSON digit by digit."""


def rounded(value, digits):
    """Half up, without trailing zeros."""
    units = (Fraction(value) * 10**digits + Fraction(1, 2)).__floor__()
    whole, part = divmod(units, 10**digits)
    return f"{whole}.{part:0{digits}}".rstrip("0").rstrip(".")


# --- tables ---

COUNTS = ("hits", "bytes", "visitors", "errors", "client_errors")


def is_count(name):
    return name in COUNTS or name.startswith("distinct:")


def is_time(name):
    return name in ("day", "hour", "weekday", "time") or name.startswith("time:")


def ranked_key(name, value):
    """Absent ones last, weekdays from Monday, the rest by bytes."""
    if value in ABSENT:
        return (1, value)
    return (0, WEEKDAYS.index(value) if name == "weekday" else value)


class Row:
    def __init__(self, key, entries, cells=None):
        self.key, self.entries, self.cells = key, entries, cells


class Table:
    """A table by some keys; each option does one thing that a flag does."""

    def __init__(self, entries, by, metrics="hits", *, across=None, zone=None, rewrite=None, drop_absent=False):
        self.by = by.split(",") if by else []
        self.metrics = metrics.split(",")
        self.zone, self.across, self.columns = zone, across, []
        self.selected = len(entries)
        groups = {}
        for entry in entries:
            parts = tuple((rewrite or {}).get(name, bytes)(key(entry, name, zone)) for name in self.by)
            if not (drop_absent and parts[0] in ABSENT):
                groups.setdefault(parts, []).append(entry)
        self.rows = [Row(parts, group) for parts, group in groups.items()]
        self.distinct = len(self.rows)
        if not self.by and not self.rows:
            # The total of nothing is a row as well.
            self.rows = [Row((), [])]
        if across:
            values = {key(entry, across, zone) for row in self.rows for entry in row.entries}
            self.columns = sorted(values, key=lambda value: ranked_key(across, value))
        by_time = self.by and is_time(self.by[0])
        self.sort(self.by[0] if by_time else self.metrics[0])

    def value(self, row, name):
        return metric(name, row.entries, self.zone)

    def sort(self, name, descending=None):
        """By a key or a metric; equal rows by key, absent values last in either direction."""
        self.rows.sort(key=lambda row: row.key)
        if name in self.by:
            place = self.by.index(name)
            absent = [row for row in self.rows if row.key[place] in ABSENT]
            there = [row for row in self.rows if row.key[place] not in ABSENT]
            there.sort(key=lambda row: ranked_key(name, row.key[place]), reverse=bool(descending))
        else:
            valued = [(self.value(row, name), row) for row in self.rows]
            absent = [row for value, row in valued if value is None]
            valued = [(value, row) for value, row in valued if value is not None]
            valued.sort(key=lambda pair: pair[0], reverse=descending is not False)
            there = [row for _, row in valued]
        self.rows = there + absent
        return self

    def fill(self, width="1d", between=False):
        """Adds the days or buckets between the first and the last, or all hours or weekdays.

        `between`: of these, too, only such as are between the first and the last; the question
        itself selects times.
        """
        name = self.by[0]
        there = {row.key: row for row in self.rows}
        if name == "hour":
            wanted = [b"%02d" % hour for hour in range(24)]
        elif name == "weekday":
            wanted = WEEKDAYS
        else:
            width = width_of(width)
            walls = [wall(entry, self.zone) for row in self.rows for entry in row.entries if entry.time]
            moment, last = bucket(min(walls), width), bucket(max(walls), width)
            wanted = []
            while moment <= last:
                wanted.append(written(moment, width))
                moment += width
        if between:
            known = [place for place, value in enumerate(wanted) if (value,) in there]
            wanted = wanted[min(known) : max(known) + 1]
        rows = [there.pop((value,), None) or Row((value,), []) for value in wanted]
        assert set(there) <= {(b"-",)}
        self.rows = rows + list(there.values())
        return self

    def having(self, condition):
        """Keeps the rows whose metrics satisfy it: a function from a metric's name to its value."""
        self.rows = [row for row in self.rows if condition(lambda name, row=row: self.value(row, name))]
        self.distinct = len(self.rows)
        return self

    def per(self, name, number):
        """The first rows of each value of a key; groups in the order of their first rows."""
        place, groups = self.by.index(name), {}
        for row in self.rows:
            groups.setdefault(row.key[place], []).append(row)
        self.rows = [row for group in groups.values() for row in group[:number]]
        return self

    def top(self, number):
        self.rows = self.rows[:number]
        return self

    def is_empty(self):
        return not any(row.entries for row in self.rows)

    def answer(self):
        table = {
            "by": self.by,
            "metrics": self.metrics,
            "distinct": Number(self.distinct),
            "rows": [self.row_answer(row) for row in self.rows],
        }
        if self.across:
            columns = [text(value) for value in self.columns]
            table["across"] = {"name": self.across, "columns": columns}
        return table

    def row_answer(self, row):
        answer = {
            "key": [text(part) for part in row.key],
            "metrics": [shown(name, self.value(row, name)) for name in self.metrics],
        }
        if not all(is_text(part) for part in row.key):
            answer["key_base64"] = [base64(part) for part in row.key]
        if self.across:
            cells = {value: [] for value in self.columns}
            for entry in row.entries:
                cells[key(entry, self.across, self.zone)].append(entry)
            first = self.metrics[0]
            answer["cells"] = [
                shown(first, metric(first, group, self.zone) if group or is_count(first) else None)
                for group in cells.values()
            ]
        return answer


def is_text(value):
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def text(value):
    return value.decode(errors="replace")


def base64(value):
    from base64 import b64encode

    return b64encode(value).decode()
