"""Questions about `site.log`."""

import re
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from oracle import Table, extension, key, wall

from . import Lines, answers, captured, five_tables

HERE = timezone(timedelta(hours=-7))
BERLIN = ZoneInfo("Europe/Berlin")


def between(entries, start, end):
    """By the clock on the wall."""
    return [e for e in entries if e.time and start <= wall(e) < end]


@answers("site", "overview")
def _(log):
    return five_tables(log.entries)


@answers("site", "overview of what is missing")
def _(log):
    return five_tables([e for e in log.entries if e.status == b"404"], 5)


@answers("site", "pages without assets")
def _(log):
    assets = (b"css", b"js", b"png", b"jpg", b"gif", b"ico")
    return Table([e for e in log.entries if extension(e) not in assets], "path").top(10)


@answers("site", "referring sites")
def _(log):
    others = [e for e in log.entries if key(e, "site") not in (b"-", b"www.tbray.org")]
    return Table(others, "site", "hits,visitors").top(10)


@answers("site", "visitors a day")
def _(log):
    return Table(log.entries, "day", "visitors,hits,bytes").fill()


@answers("site", "missing pages and who links there")
def _(log):
    return Table([e for e in log.entries if e.code() == 404], "path,referrer").top(10)


@answers("site", "hours by weekdays")
def _(log):
    return Table(log.entries, "hour", across="weekday").fill()


@answers("site", "lines behind a row")
def _(log):
    return Lines(e for e in log.entries if e.path == b"/ongoing/undefined" and e.code() == 404)


@answers("site", "one client")
def _(log):
    return Table([e for e in log.entries if e.client == b"136.177.87.40"], "path", "hits,bytes")


@answers("site", "this client or that")
def _(log):
    clients, days = (b"136.177.87.40", b"101.43.12.220"), (b"2006-10-02", b"2006-10-03")
    both = [e for e in log.entries if e.client in clients and key(e, "day") in days]
    return Table(both, "client,path")


@answers("site", "busiest moments")
def _(log):
    return Table(log.entries, "time:1s").sort("hits").top(5)


@answers("site", "sections")
def _(log):
    return Table(log.entries, "path:2", "hits,bytes,visitors").top(8)


@answers("site", "networks")
def _(log):
    numeric = [e for e in log.entries if re.search(rb"^[0-9.]+$", e.client)]
    return Table(numeric, "client/16", "hits,distinct:client").top(12)


@answers("site", "kinds of file")
def _(log):
    return Table(log.entries, "ext", "bytes,hits,avg:bytes,max:bytes")


@answers("site", "sizes by class")
def _(log):
    return Table(log.entries, "class", "hits,p50:bytes,p99:bytes,min:bytes,max:bytes")


@answers("site", "one day's pages")
def _(log):
    day = [e for e in log.entries if key(e, "day") == b"2006-10-02"]
    return Table(day, "path").top(6)


@answers("site", "since a meeting in Berlin")
def _(log):
    start = datetime(2006, 10, 3, 8, tzinfo=BERLIN)
    return Table([e for e in log.entries if e.time >= start], "", "hits,bytes,first,last")


@answers("site", "an afternoon by the hour")
def _(log):
    start, end = datetime(2006, 10, 2, 12, tzinfo=HERE), datetime(2006, 10, 2, 20, tzinfo=HERE)
    afternoon = [e for e in log.entries if start <= e.time < end]
    return Table(afternoon, "time:1h", "hits,bytes,visitors").fill("1h")


@answers("site", "an hour by the minute")
def _(log):
    hour = between(log.entries, datetime(2006, 10, 2, 13), datetime(2006, 10, 2, 14))
    return Table(hour, "time:1m", "hits,avg:bytes").fill("1m")


@answers("site", "days of utc")
def _(log):
    return Table(log.entries, "day", zone=timezone.utc).fill()


@answers("site", "hours of Berlin")
def _(log):
    return Table(log.entries, "hour", "hits,visitors", zone=BERLIN).fill()


@answers("site", "articles by month")
def _(log):
    pattern = rb"GET /ongoing/When/\d\d\dx/(?P<year>\d{4})/(?P<month>\d\d)/"
    return Table(captured(pattern, log.lines), "year,month").top(10)


@answers("site", "articles that were sent whole")
def _(log):
    pattern = rb"GET /ongoing/When/\d\d\dx/(?P<article>\d{4}/\d\d/\d\d/[^ .]+) "
    whole = [e for e in log.entries if e.status == b"200" and b"Mozilla" in e.agent]
    return Table(captured(pattern, whole), "article").top(10)


@answers("site", "bytes by year of the picture")
def _(log):
    pattern = rb"/When/...x/(?P<year>\d+)/[^ ]*\.(?P<kind>png|jpg) "
    return Table(captured(pattern, log.entries), "year,kind", "bytes,hits").top(10)


@answers("site", "two patterns")
def _(log):
    system = rb"\((?P<system>Windows NT|X11|Macintosh)[^)]*\)"
    protocols, systems = captured(rb"HTTP/1\.[01]", log.lines), captured(system, log.lines)
    return [Table(protocols, "match").top(10), Table(systems, "system").top(10)]


@answers("site", "several tables in one pass")
def _(log):
    keys = ("status", "method,protocol", "class")
    return [Table(log.entries, by, "hits,bytes").top(10) for by in keys]


@answers("site", "totals")
def _(log):
    metrics = (
        "hits,bytes,visitors,errors,client_errors,errors%,avg:bytes,p50:bytes,first,last,"
        "distinct:path,distinct:day"
    )
    return Table(log.entries, "", metrics)


@answers("site", "too many gaps")
def _(log):
    # Five days have more than 100,000 seconds, so the gaps stay.
    return Table(log.entries, "time:1s").top(5)


@answers("site", "weeks")
def _(log):
    return Table(log.entries, "time:1w", "hits,visitors").fill("1w")


@answers("site", "weekdays")
def _(log):
    return Table(log.entries, "weekday", "hits,errors%").fill()


@answers("site", "nobody asked for tea")
def _(log):
    return Table([e for e in log.entries if e.code() == 418], "path")


@answers("site", "no lines either")
def _(log):
    return Lines(e for e in log.entries if e.code() == 418)


@answers("site", "large files")
def _(log):
    large = [e for e in log.entries if e.bytes.isdigit() and int(e.bytes) > 100 * 1024]
    return Table(large, "path", "hits,max:bytes,bytes").top(7)


@answers("site", "feed readers")
def _(log):
    readers = [
        e
        for e in log.entries
        if e.path.endswith((b".atom", b".rss")) and not e.agent.startswith((b"Mozilla", b"Harrier"))
    ]
    return Table(readers, "agent", "hits,distinct:client").top(10)


@answers("site", "statuses of each day")
def _(log):
    return Table(log.entries, "day", across="status").fill()


@answers("site", "the alphabet from its end")
def _(log):
    return Table(log.entries, "path").sort("path", descending=True).top(6)


@answers("site", "by bytes that are not shown")
def _(log):
    return Table(log.entries, "path").sort("bytes").top(6)


@answers("site", "smallest answers")
def _(log):
    sent = [e for e in log.entries if e.bytes != b"-" and e.method == b"GET"]
    table = Table(sent, "path", "avg:bytes,hits")
    return table.sort("avg:bytes", descending=False).top(10)


@answers("site", "often but light")
def _(log):
    table = Table(log.entries, "path", "hits,bytes")
    return table.having(lambda row: row("hits") >= 20 and row("bytes") < 1024 * 1024)


@answers("site", "latest clients")
def _(log):
    return Table(log.entries, "client", "last,first,hits").top(6)


@answers("site", "earliest clients")
def _(log):
    table = Table(log.entries, "client", "hits,first").sort("first", descending=False)
    return table.having(lambda row: row("hits") >= 12).top(4)


@answers("site", "office hours")
def _(log):
    at_work = [
        e
        for e in log.entries
        if 9 <= wall(e).hour <= 17 and wall(e).weekday() < 5 and e.code() in (200, 304)
    ]
    return Table(at_work, "path").top(5)


@answers("site", "nights")
def _(log):
    night = [e for e in log.entries if wall(e).hour < 6 or wall(e).hour >= 22]
    return Table(night, "", "hits,bytes")


@answers("site", "between two times")
def _(log):
    start = datetime(2006, 10, 2, 10, tzinfo=HERE)
    end = datetime(2006, 10, 3, 17, tzinfo=timezone.utc)
    return Table([e for e in log.entries if start <= e.time < end], "day,class")


@answers("site", "outside the archive")
def _(log):
    usual = (b"/ongoing/entries.atom", b"/ongoing/entries.rss", b"/ongoing/caption.xml")
    rest = [e for e in log.entries if e.path not in usual and not e.path.startswith(b"/ongoing/When/")]
    return Table(rest, "path").top(10)


@answers("site", "ties")
def _(log):
    return Table(log.entries, "path").having(lambda row: row("hits") == 2).top(12)


@answers("site", "first hours")
def _(log):
    return Table(log.entries, "time:1h").fill("1h").top(5)


def hour_of_minutes(log):
    hour = between(log.entries, datetime(2006, 10, 2, 13), datetime(2006, 10, 2, 14))
    return Table(hour, "time:1m")


@answers("site", "first minutes")
def _(log):
    return hour_of_minutes(log).fill("1m").top(4)


@answers("site", "minutes with hits")
def _(log):
    # A condition leaves no gaps to fill.
    return hour_of_minutes(log).having(lambda row: row("hits") >= 1)


@answers("site", "days backwards")
def _(log):
    return Table(log.entries, "day", "hits,bytes").sort("day", descending=True)
