"""Questions about `api.log`."""

import re
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from oracle import Table

from . import IDS, Lines, answers, fold

MILLISECOND = 1_000_000


@answers("api", "slowest endpoints")
def _(log):
    metrics = "p95:latency,avg:latency,hits"
    return Table(log.entries, "path", metrics, rewrite={"path": IDS}).top(10)


@answers("api", "error rate by path")
def _(log):
    table = Table(log.entries, "path", "errors%,hits", rewrite={"path": IDS})
    return table.having(lambda row: row("hits") >= 30).top(10)


@answers("api", "latency by method")
def _(log):
    metrics = "p99.9:latency,p99:latency,p50:latency,max:latency,min:latency,avg:latency"
    return Table(log.entries, "method", metrics).top(10)


@answers("api", "latency of all")
def _(log):
    metrics = (
        "p50:latency,p90:latency,p99.9:latency,p99.999:latency,avg:latency,max:latency,"
        "min:latency,hits"
    )
    return Table(log.entries, "", metrics)


@answers("api", "busiest seconds")
def _(log):
    return Table(log.entries, "time:1s").sort("hits").top(5)


@answers("api", "slow answers")
def _(log):
    slow = [e for e in log.entries if e.latency is not None and e.latency > 100 * MILLISECOND]
    digits = fold((rb"\d+", b"#"))
    return Table(slow, "path", "hits,min:latency", rewrite={"path": digits}).top(10)


@answers("api", "neither fast nor slow")
def _(log):
    some = [
        e
        for e in log.entries
        if e.latency is not None and 10 * MILLISECOND <= e.latency <= 50 * MILLISECOND
    ]
    return Table(some, "class", "hits,max:latency").top(10)


@answers("api", "no latency")
def _(log):
    return Table([e for e in log.entries if e.latency is None], "status", "hits,avg:latency")


@answers("api", "trouble")
def _(log):
    bad = [e for e in log.entries if 500 <= e.code() <= 599 or e.code() == 404]
    return Table(bad, "path:1", "errors,client_errors,hits").top(4)


@answers("api", "ranges and classes")
def _(log):
    bad = [e for e in log.entries if e.code() == 404 or e.status.startswith(b"5")]
    return Table(bad, "status").top(10)


@answers("api", "neither")
def _(log):
    good = [e for e in log.entries if not (e.code() == 404 or e.status.startswith(b"5"))]
    return Table(good, "status").top(10)


@answers("api", "from where to where")
def _(log):
    referred = [e for e in log.entries if e.referrer != b"-"]
    pages = fold((rb"\?.*", b""), (rb"\d+$", b"N"))
    return Table(referred, "path,referrer", rewrite={"path": IDS, "referrer": pages}).top(10)


@answers("api", "users")
def _(log):
    users = [e for e in log.entries if e.path.startswith(b"/user/")]
    name = fold((rb"^/user/(\d+).*", rb"user \1"))
    return Table(users, "path", "hits,avg:latency,bytes", rewrite={"path": name}).top(10)


@answers("api", "phones")
def _(log):
    phone = fold((rb"(?i)PHONE.(\d)\.\d", rb"\1nd phone"))
    return Table(log.entries, "agent", "hits,p95:latency", rewrite={"agent": phone}).top(10)


@answers("api", "top endpoints of each client")
def _(log):
    return Table(log.entries, "client,path", "bytes,hits", rewrite={"path": IDS}).per("client", 2)


@answers("api", "statuses of each endpoint")
def _(log):
    return Table(log.entries, "path", across="status", rewrite={"path": IDS}).top(6)


@answers("api", "latency of each method")
def _(log):
    return Table(log.entries, "path", "p95:latency", across="method", rewrite={"path": IDS}).top(10)


@answers("api", "minutes")
def _(log):
    zone = timezone(timedelta(hours=1))
    start, end = datetime(2026, 11, 2, 9, 50, tzinfo=zone), datetime(2026, 11, 2, 10, 20, tzinfo=zone)
    some = [e for e in log.entries if start <= e.time < end]
    return Table(some, "time:1m", "hits,p95:latency,errors%").fill("1m")


@answers("api", "quickest first")
def _(log):
    table = Table(log.entries, "path", "p50:latency,hits")
    return table.sort("p50:latency", descending=False).top(7)


@answers("api", "clients that get refused")
def _(log):
    return Table(log.entries, "client", "hits,client_errors").sort("client_errors").top(10)


@answers("api", "unreliable or slow")
def _(log):
    def wanted(row):
        tail = row("p95:latency")
        slow = tail is not None and tail >= 400 * MILLISECOND
        return (row("errors%") > 15 or slow) and row("hits") >= 5

    return Table(log.entries, "path", rewrite={"path": IDS}).having(wanted).top(10)


@answers("api", "lines of slow failures")
def _(log):
    failed = [e for e in log.entries if 500 <= e.code() <= 599 and e.latency is not None]
    return Lines(e for e in failed if e.latency >= 150 * MILLISECOND)


@answers("api", "networks of the service")
def _(log):
    keys = ("client/8", "client/24", "client/32")
    return [Table(log.entries, by, "hits,distinct:client/24").top(10) for by in keys]


@answers("api", "agents without a name")
def _(log):
    odd = [e for e in log.entries if e.agent == b"-" or re.search(rb"^probe", e.agent)]
    return Table(odd, "client").top(10)


@answers("api", "hours in Tokyo")
def _(log):
    return Table(log.entries, "hour", "hits,max:latency", zone=ZoneInfo("Asia/Tokyo")).fill()


@answers("api", "searches")
def _(log):
    return Table([e for e in log.entries if e.path == b"/search"], "query:q,query:page")


@answers("api", "queries")
def _(log):
    return Table(log.entries, "query", "distinct:client,hits")
