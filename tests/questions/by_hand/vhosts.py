"""Questions about `vhosts.log`."""

from datetime import datetime
from ipaddress import ip_address, ip_network
from zoneinfo import ZoneInfo

from oracle import Table, key, wall

from . import answers, five_tables

BERLIN = ZoneInfo("Europe/Berlin")


def inside(entry, network):
    """A host name is in no network."""
    try:
        address = ip_address(entry.client.decode())
    except ValueError:
        return False
    return address in ip_network(network)


@answers("vhosts", "bytes by host and day")
def _(log):
    return Table(log.entries, "vhost,day", "bytes,hits")


@answers("vhosts", "bytes by day and host")
def _(log):
    return Table(log.entries, "day,vhost", "bytes,hits")


@answers("vhosts", "clients by network")
def _(log):
    return Table(log.entries, "client/24", "hits,distinct:client,bytes").top(10)


@answers("vhosts", "campaigns")
def _(log):
    return Table(log.entries, "query:utm_source", "hits,visitors")


@answers("vhosts", "pages of the newsletter")
def _(log):
    newsletter = [e for e in log.entries if key(e, "query:utm_source") == b"newsletter"]
    return Table(newsletter, "vhost,path")


@answers("vhosts", "a day of twenty-five hours")
def _(log):
    start, end = datetime(2026, 10, 25), datetime(2026, 10, 26)
    day = [e for e in log.entries if start <= wall(e, BERLIN) < end]
    return Table(day, "time:1h", "hits,errors%", zone=BERLIN).fill("1h")


@answers("vhosts", "days of Berlin")
def _(log):
    return Table(log.entries, "day", "visitors,hits,first,last", zone=BERLIN).fill()


@answers("vhosts", "quarters of New York's days")
def _(log):
    zone = ZoneInfo("America/New_York")
    return Table(log.entries, "time:6h", "hits,bytes,p50:bytes", zone=zone).fill("6h")


@answers("vhosts", "top of each host")
def _(log):
    return Table(log.entries, "vhost,path", "hits,errors").per("vhost", 3)


@answers("vhosts", "top paths of each client")
def _(log):
    return Table(log.entries, "client,path").per("client", 3)


@answers("vhosts", "classes of each host")
def _(log):
    return Table(log.entries, "vhost", across="class").top(10)


@answers("vhosts", "bytes of each host over days")
def _(log):
    return Table(log.entries, "vhost", "bytes,hits", across="day").top(10)


@answers("vhosts", "sizes by hour and weekday")
def _(log):
    return Table(log.entries, "hour", "avg:bytes,hits", across="weekday").fill()


@answers("vhosts", "one network")
def _(log):
    return Table([e for e in log.entries if inside(e, "203.0.113.0/24")], "client").top(10)


@answers("vhosts", "networks and addresses")
def _(log):
    wanted = ("192.0.2.128/25", "2001:db8:1::/48", "198.51.100.4/32")
    some = [e for e in log.entries if any(inside(e, network) for network in wanted)]
    return Table(some, "client", "hits,errors,client_errors").top(10)


@answers("vhosts", "everybody else")
def _(log):
    ours = ("203.0.113.0/24", "198.51.100.0/24")
    others = [e for e in log.entries if not any(inside(e, network) for network in ours)]
    return Table(others, "client").top(10)


@answers("vhosts", "who logs in")
def _(log):
    return Table([e for e in log.entries if e.user != b"-"], "user,vhost", "hits,last").top(10)


@answers("vhosts", "rates of hosts")
def _(log):
    table = Table(log.entries, "vhost", "errors%,errors,hits,distinct:agent")
    return table.having(lambda row: row("hits") > 20).top(10)


@answers("vhosts", "sites by name")
def _(log):
    return Table(log.entries, "site").sort("site")


@answers("vhosts", "overview of the shop")
def _(log):
    return five_tables([e for e in log.entries if e.vhost == b"shop.example.com"], 3)


@answers("vhosts", "reach of each day")
def _(log):
    metrics = "distinct:client/24,distinct:client,distinct:path,distinct:query:utm_source,visitors"
    return Table(log.entries, "day", metrics).fill()


@answers("vhosts", "first path segment")
def _(log):
    return Table(log.entries, "vhost,path:1").sort("path:1")


@answers("vhosts", "busiest weekdays of a host")
def _(log):
    return Table(log.entries, "vhost,weekday", "visitors,hits").per("vhost", 1)


@answers("vhosts", "weekday first")
def _(log):
    two = [e for e in log.entries if e.vhost in (b"www.example.com", b"example.net")]
    return Table(two, "weekday,vhost")


@answers("vhosts", "not the first few days")
def _(log):
    last = [e for e in log.entries if wall(e) >= datetime(2026, 10, 26)]
    return Table(last, "vhost", "hits,client_errors").top(10)
