"""Questions about `nasty.log`."""

import re
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from oracle import Table, wall

from . import Lines, answers, captured, five_tables

ABSENT = (b"", b"-")


@answers("nasty", "overview")
def _(log):
    return five_tables(log.entries, 5)


@answers("nasty", "all paths")
def _(log):
    return Table(log.entries, "path")


@answers("nasty", "paths from the end")
def _(log):
    return Table(log.entries, "path").sort("path", descending=True)


@answers("nasty", "queries")
def _(log):
    return Table(log.entries, "query")


@answers("nasty", "a parameter")
def _(log):
    return [Table(log.entries, "query:x"), Table(log.entries, "query:y")]


@answers("nasty", "referrers and their sites")
def _(log):
    return [Table(log.entries, "referrer"), Table(log.entries, "site")]


@answers("nasty", "endings")
def _(log):
    return Table(log.entries, "ext")


@answers("nasty", "methods and protocols")
def _(log):
    return Table(log.entries, "method,protocol")


@answers("nasty", "statuses")
def _(log):
    return [Table(log.entries, by, "hits,errors,client_errors") for by in ("status", "class")]


@answers("nasty", "networks")
def _(log):
    return Table(log.entries, "client/24", "hits,distinct:client")


@answers("nasty", "days")
def _(log):
    return Table(log.entries, "day", "hits,first,last").fill()


@answers("nasty", "hours of UTC")
def _(log):
    return Table(log.entries, "time:1h", "hits,bytes", zone=timezone.utc).fill("1h")


@answers("nasty", "a day of twenty-three hours")
def _(log):
    dated = [e for e in log.entries if e.time]
    return Table(dated, "time:1h", zone=ZoneInfo("Europe/Berlin")).fill("1h")


@answers("nasty", "hours of the day")
def _(log):
    return Table(log.entries, "hour").fill()


@answers("nasty", "totals")
def _(log):
    metrics = (
        "hits,bytes,visitors,errors,client_errors,errors%,avg:bytes,max:bytes,p99:bytes,"
        "first,last,distinct:referrer,distinct:query:x"
    )
    return Table(log.entries, "", metrics)


@answers("nasty", "sums beyond 64 bits")
def _(log):
    return Table(log.entries, "path", "bytes,avg:bytes,max:bytes,min:bytes,p50:bytes").top(2)


@answers("nasty", "no time")
def _(log):
    return Table([e for e in log.entries if e.time is None], "path", "bytes,first,last").top(10)


@answers("nasty", "no referrer")
def _(log):
    return Table([e for e in log.entries if e.referrer in ABSENT], "referrer")


@answers("nasty", "some referrer")
def _(log):
    return Table([e for e in log.entries if e.referrer not in ABSENT], "path,referrer")


@answers("nasty", "unlike some referrer")
def _(log):
    rest = [e for e in log.entries if not e.referrer.startswith(b"http")]
    return Table([e for e in rest if e.agent != b"Probe/1.0"], "", "hits,bytes")


@answers("nasty", "neither of these agents")
def _(log):
    odd = [e for e in log.entries if e.agent not in (b"", b"-", b"Probe/1.0")]
    return Table(odd, "agent").top(10)


@answers("nasty", "a kilobyte and less")
def _(log):
    small = [e for e in log.entries if e.bytes != b"-" and e.size <= 1024 and e.size != 10]
    return Table([e for e in small if e.path != b"/a"], "path", "hits,bytes")


@answers("nasty", "a gigabyte and more")
def _(log):
    return Table([e for e in log.entries if e.size > 2**30], "path,bytes").top(10)


@answers("nasty", "exactly a kilobyte")
def _(log):
    return Table([e for e in log.entries if e.bytes == b"1024"], "path").top(10)


@answers("nasty", "users")
def _(log):
    return Table(log.entries, "user")


@answers("nasty", "a path with spaces")
def _(log):
    return Table([e for e in log.entries if e.path == b"/one two three"], "path", "hits,bytes")


@answers("nasty", "lines that are no text")
def _(log):
    return Lines(e for e in log.entries if e.path.startswith(b"/caf"))


@answers("nasty", "no status")
def _(log):
    return Table([e for e in log.entries if e.code() != 200], "status")


@answers("nasty", "status of nothing")
def _(log):
    return Table([e for e in log.entries if e.status == b"-"], "client,path").top(10)


@answers("nasty", "high statuses")
def _(log):
    return Table([e for e in log.entries if e.code() >= 500], "status").top(10)


@answers("nasty", "since a date")
def _(log):
    start = datetime(2026, 3, 29)
    return Table([e for e in log.entries if e.time and wall(e) >= start], "client")


@answers("nasty", "since a moment")
def _(log):
    start = datetime(2026, 3, 29, 0, tzinfo=timezone.utc)
    end = datetime(2026, 3, 29, 1, tzinfo=timezone.utc)
    return Table([e for e in log.entries if e.time and start <= e.time < end], "client")


@answers("nasty", "since a date of UTC")
def _(log):
    start = datetime(2026, 3, 29, tzinfo=timezone.utc)
    return Table([e for e in log.entries if e.time and e.time >= start], "client", zone=timezone.utc)


@answers("nasty", "raw lines")
def _(log):
    pattern = rb'"(?P<method>[A-Z]+) (?P<path>[^ ?"]*)'
    return Table(captured(pattern, log.lines), "method,path")


@answers("nasty", "pattern of an end")
def _(log):
    return Table(captured(rb"(?s).\Z", [line for line in log.lines]), "match")


@answers("nasty", "pattern and filter")
def _(log):
    pattern = rb'"(?P<method>[A-Z]+) (?P<path>[^ ?"]*)'
    found = [
        e
        for e in log.entries
        if 200 <= e.code() <= 299 and re.fullmatch(rb"192\.0\.2\.(\d\d?|1\d\d|2[0-4]\d|25[0-5])", e.client)
    ]
    return Table(captured(pattern, found), "method,path").top(10)


@answers("nasty", "sections")
def _(log):
    return [Table(log.entries, "path:1"), Table(log.entries, "path:2")]


@answers("nasty", "across what may be absent")
def _(log):
    return Table(log.entries, "class", across="query:y").top(10)


@answers("nasty", "sections over weekdays")
def _(log):
    return Table(log.entries, "path:1", "hits,bytes", across="weekday").top(4)
