"""Questions about real logs, in `real_questions.json`; `log.day` is a day of each log."""

import re
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from oracle import Table, extension, key, parameter, wall

from . import Lines, answers, captured, fold

ABSENT = (b"", b"-")


def on(log, hour, zone=None):
    """A moment of the log's day."""
    return datetime.combine(log.day, time(hour), zone)


@answers("real", "one day's pages")
def _(log):
    some = [e for e in log.entries if e.time and wall(e).date() == log.day]
    return Table(some, "path", "hits,bytes").top(20)


@answers("real", "a morning")
def _(log):
    some = [e for e in log.entries if e.time and on(log, 6) <= wall(e) < on(log, 12)]
    table = Table(some, "time:10m", "hits,bytes,visitors")
    return table.fill("10m") if some else table


@answers("real", "since a moment")
def _(log):
    start = on(log, 12, timezone(timedelta(hours=2)))
    return Table([e for e in log.entries if e.time and e.time >= start], "", "hits,bytes,first,last")


@answers("real", "until a noon in New York")
def _(log):
    end = on(log, 12, ZoneInfo("America/New_York"))
    return Table([e for e in log.entries if e.time and e.time < end], "status")


@answers("real", "a day in Tokyo")
def _(log):
    tokyo = ZoneInfo("Asia/Tokyo")
    some = [e for e in log.entries if e.time and wall(e, tokyo).date() == log.day]
    table = Table(some, "hour", "hits,visitors,distinct:client", zone=tokyo)
    return table.fill(between=True) if some else table


@answers("real", "quarters of an hour in Berlin")
def _(log):
    berlin = ZoneInfo("Europe/Berlin")
    some = [e for e in log.entries if e.time and wall(e, berlin).date() == log.day]
    table = Table(some, "time:15m", zone=berlin)
    return table.fill("15m") if some else table


@answers("real", "seconds")
def _(log):
    walls = [wall(e) for e in log.entries if e.time]
    table = Table(log.entries, "time:1s")
    if max(walls) - min(walls) < timedelta(seconds=100_000):
        table.fill("1s")
    return table.top(60)


@answers("real", "hours of the week")
def _(log):
    return Table(log.entries, "weekday,hour", "hits,bytes")


@answers("real", "classes by the hour")
def _(log):
    return Table(log.entries, "hour", "hits,bytes", across="class").fill()


@answers("real", "sections of each week")
def _(log):
    # Within a week rows are ranked; the weeks are in their order.
    table = Table(log.entries, "time:1w,path:1").sort("hits").per("time:1w", 3)
    table.rows.sort(key=lambda row: row.key[0])
    return table


@answers("real", "bytes of methods")
def _(log):
    return Table(log.entries, "day", "bytes,hits", across="method").fill()


@answers("real", "statuses of sections")
def _(log):
    return Table(log.entries, "path:1", across="status").top(15)


@answers("real", "large ones of each kind")
def _(log):
    return Table(log.entries, "ext", "p90:bytes,hits", across="class")


@answers("real", "sizes of pages")
def _(log):
    metrics = "p50:bytes,p90:bytes,p99.9:bytes,avg:bytes,max:bytes,min:bytes,hits"
    return Table(log.entries, "path", metrics).top(30)


@answers("real", "pages of each status")
def _(log):
    return Table(log.entries, "status,path", "hits,bytes").per("status", 3)


@answers("real", "numbers folded")
def _(log):
    numbers = fold((rb"[0-9]+", b"N"))
    return Table(log.entries, "path", "hits,distinct:client", rewrite={"path": numbers}).top(25)


@answers("real", "sections rewritten")
def _(log):
    def section(path):
        parts = path.split(b"/")
        return b"/" + parts[1] + b"/" if path.startswith(b"/") and len(parts) > 2 else path

    return Table(log.entries, "status,path", rewrite={"path": section}).top(30)


@answers("real", "families of agents")
def _(log):
    def family(agent):
        name = re.match(rb"[A-Za-z]+", agent)
        return name[0] if name else agent

    return Table(log.entries, "agent", "hits,visitors,bytes", rewrite={"agent": family})


@answers("real", "crawlers")
def _(log):
    names = (b"bot", b"crawl", b"spider")
    crawlers = [e for e in log.entries if any(name in e.agent.lower() for name in names)]
    return Table(crawlers, "agent", "hits,visitors,first,last").top(15)


@answers("real", "classes of links")
def _(log):
    return Table([e for e in log.entries if key(e, "site") != b"-"], "site,class")


@answers("real", "programs of a client")
def _(log):
    return Table(log.entries, "client", "distinct:agent,distinct:referrer,hits").top(15)


@answers("real", "lines of failures")
def _(log):
    return Lines(e for e in log.entries if e.status[:1] == b"5" and len(e.status) == 3)


@answers("real", "lines of odd methods")
def _(log):
    return Lines(e for e in log.entries if e.method not in (b"GET", b"POST", b"HEAD"))


@answers("real", "sent forms")
def _(log):
    return Table([e for e in log.entries if e.method == b"POST"], "path,status")


@answers("real", "parameters")
def _(log):
    return [Table(log.entries, f"query:{name}").top(20) for name in ("q", "id", "page")]


@answers("real", "pages of a parameter")
def _(log):
    some = [e for e in log.entries if parameter(e.query, b"id") not in ABSENT]
    return Table(some, "path,query:id").top(40)


@answers("real", "trouble of networks")
def _(log):
    table = Table(log.entries, "client/24", "errors%,client_errors,hits")
    return table.having(lambda row: row("hits") >= 20)


@answers("real", "diligent clients")
def _(log):
    table = Table(log.entries, "client", "hits,distinct:path,distinct:hour")
    return table.sort("distinct:path").top(20)


@answers("real", "clients in trouble")
def _(log):
    table = Table(log.entries, "client", "client_errors,hits,errors%")
    return table.having(lambda row: row("client_errors") >= 3 or row("errors%") > 50)


@answers("real", "addresses of one network")
def _(log):
    def in_upper_half(client):
        numbers = client.split(b".")
        address = len(numbers) == 4 and all(n.isdigit() and int(n) < 256 for n in numbers)
        return address and int(numbers[0]) >= 128

    some = [e for e in log.entries if in_upper_half(e.client)]
    return Table(some, "client/8", "hits,bytes,distinct:client")


@answers("real", "requests by pattern")
def _(log):
    pattern = rb'"(?P<method>[A-Z]+) /(?P<section>[^/ ?"]*)'
    return Table(captured(pattern, log.lines), "method,section").top(40)


@answers("real", "bytes by pattern")
def _(log):
    some = [e for e in log.entries if e.bytes.isdigit() and int(e.bytes) >= 1024]
    found = captured(rb'HTTP/(?P<version>[0-9]\.[0-9])" (?P<sent>[0-9]+)', some)
    return Table(found, "version,sent", "bytes,hits,max:bytes")


@answers("real", "deep folders")
def _(log):
    return Table(log.entries, "path:3", "bytes,hits").sort("path:3").top(40)


@answers("real", "usual sizes")
def _(log):
    return Table(log.entries, "bytes", "hits,bytes").top(20)


@answers("real", "users and protocols")
def _(log):
    return Table(log.entries, "user,protocol,method")


@answers("real", "this or that or the other")
def _(log):
    def wanted(entry):
        large = entry.bytes.isdigit() and int(entry.bytes) > 2**20
        picture = extension(entry) in (b"png", b"gif", b"jpg")
        picture = picture or entry.path.startswith((b"/icons", b"/images"))
        return (entry.code() == 404 or large or entry.method != b"GET") and not picture

    return Table([e for e in log.entries if wanted(e)], "path,status").top(25)


@answers("real", "sent elsewhere")
def _(log):
    return Table([e for e in log.entries if 300 <= e.code() <= 399], "path,status").top(25)


@answers("real", "statuses in time")
def _(log):
    return Table(log.entries, "status", "first,last,hits").sort("last")
