#!/usr/bin/env python3
"""Makes the logs that the questions are asked of, the same bytes every time.

    python3 tests/questions/logs.py

Only `site.log` needs more than Python: its lines come from the project's own generator.
Random numbers come from a generator that is written out here, because those of Python's
library are promised to be the same only within one version.
"""

import pathlib
import re
import subprocess
from datetime import datetime, timedelta, timezone

FOLDER = pathlib.Path(__file__).parent
ROOT = FOLDER.parent.parent


class Dice:
    """Numerical Recipes' linear congruential generator, from its upper bits."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 1664525 + 1013904223) % 2**32
        return (self.state >> 8) % limit

    def of(self, *values):
        return values[self.below(len(values))]

    def one_in(self, number):
        return self.below(number) == 0

    def skewed(self, values):
        """Prefers the first values."""
        return values[self.below(1 + self.below(len(values)))]


def clf(moment):
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    offset = moment.strftime("%z")
    return (
        f"{moment.day:02}/{months[moment.month - 1]}/{moment.year}:"
        f"{moment:%H:%M:%S} {offset}"
    )


def site():
    """An article site, from the generator, its ten minutes stretched to five days."""
    command = "cargo run --release --quiet -p loggen -- --lines 1500 --seed 4".split()
    log = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    start = datetime(2006, 10, 1, tzinfo=timezone(timedelta(hours=-7)))

    def stretched(found):
        minute, second = int(found[1]), int(found[2])
        moment = start + timedelta(seconds=(60 * minute + second) * 701)
        return f"[{clf(moment)}]".encode()

    return re.sub(rb"\[01/Oct/2006:00:(\d\d):(\d\d) -0700\]", stretched, log)


def vhosts():
    """Four sites on one server, over the night in which Berlin's clocks go back."""
    dice = Dice(20261025)
    hosts = ["www.example.com:443", "shop.example.com:443", "api.example.com:8080", "example.net:80"]
    pages = {
        hosts[0]: ["/", "/about", "/docs/", "/docs/install", "/docs/usage/first", "/docs/usage/more",
                   "/blog/2026/10/frost", "/blog/2026/09/rain", "/static/site.css",
                   "/static/site.js", "/static/logo.png", "/favicon.ico"],
        hosts[1]: ["/", "/cart", "/item/12", "/item/7", "/item/345", "/checkout", "/static/shop.css"],
        hosts[2]: ["/v1/items", "/v1/items/7", "/v1/orders", "/v2/items", "/health"],
        hosts[3]: ["/", "/old.html", "/robots.txt"],
    }
    queries = ["?utm_source=newsletter", "?utm_source=search&page=2", "?page=3&utm_source=newsletter",
               "?utm_source=", "?page=1", "?utm_source=feed&utm_source=search"]
    clients = ["203.0.113.7", "203.0.113.9", "203.0.113.77", "198.51.100.4", "198.51.100.23",
               "192.0.2.130", "192.0.2.5", "2001:db8:1:2::7", "2001:db8:1:3::9", "2001:db8:2::1",
               "crawler.example.org"]
    agents = ["Mozilla/5.0 (X11; Linux x86_64)", "Mozilla/5.0 (Windows NT 10.0; Win64)",
              "Mozilla/5.0 (Macintosh)", "curl/8.9.1", "ExampleBot/2.1 (+http://bot.example.org/)"]
    referrers = ["-", "-", "https://www.example.com/", "https://search.example.org/?q=frost",
                 "http://Forum.Example.org:8080/thread/9", "https://news.example.net/2026/10/24"]
    moment = datetime(2026, 10, 23, 20, 0, tzinfo=timezone.utc)
    lines = []
    for _ in range(500):
        moment += timedelta(seconds=dice.below(1100))
        host = dice.skewed(hosts)
        path = dice.skewed(pages[host])
        if dice.one_in(5):
            path += dice.of(*queries)
        method = "POST" if "checkout" in path or dice.one_in(20) else "GET"
        status = dice.of(200, 200, 200, 200, 200, 304, 301, 404, 403, 500, 503)
        size = "-" if status in (304, 301) else dice.below(60_000) * (1 + 40 * dice.one_in(10))
        client = dice.skewed(clients)
        agent = agents[4] if client.startswith("crawler") else dice.skewed(agents)
        user = "alice" if host == hosts[2] and dice.one_in(2) else "-"
        lines.append(
            f'{host} {client} - {user} [{clf(moment)}] "{method} {path} HTTP/1.1" {status} {size} '
            f'"{dice.of(*referrers)}" "{agent}"\n'
        )
    return "".join(lines).encode()


def api():
    """A service with the time that each answer took, in microseconds, as its last field."""
    dice = Dice(77)
    clients = ["10.0.0.5", "10.0.0.77", "10.0.1.9", "10.20.0.1", "192.168.7.7", "2001:db8:a::1",
               "2001:db8:a:1::2", "2001:db8:b::3"]
    agents = ["Phone/4.2", "Phone/4.1", "Desk/1.0", "probe/0.9", "-"]
    moment = datetime(2026, 11, 2, 8, 0, tzinfo=timezone(timedelta(hours=1)))
    lines = []
    for number in range(600):
        moment += timedelta(seconds=0 if dice.below(3) else dice.below(420))
        user = dice.below(40)
        path = dice.of(
            f"/user/{user}", f"/user/{user}/orders", f"/user/{user}/orders/{dice.below(900)}",
            f"/user/{user}/orders/{dice.below(900)}", "/login", "/search?q=tea&page=" + str(dice.below(4)),
            "/search?q=a%20b", f"/export/{dice.below(20)}.csv", "/health",
        )
        method = "POST" if path == "/login" else dice.of("GET", "GET", "GET", "DELETE")
        trouble = 6 if path.startswith("/export") else 18
        status = dice.of(500, 502, 503) if dice.one_in(trouble) else dice.of(200, 200, 200, 201, 404, 401)
        micros = 300 + dice.below(5_000) * (1 + dice.below(9))
        if path.startswith(("/export", "/search")):
            micros *= 1 + dice.below(90)
        size = "-" if status in (401, 502) else dice.below(3_000) * (1 + 300 * path.startswith("/export"))
        client = dice.skewed(clients)
        referrer = dice.of("-", "-", "-", "https://app.example.com/home", "https://app.example.com/user/7?tab=2")
        # A server that never answered has no time to tell.
        latency = "-" if status == 502 and dice.one_in(2) else micros
        lines.append(
            f'{client} - - [{clf(moment)}] "{method} {path} HTTP/2.0" {status} {size} '
            f'"{referrer}" "{dice.skewed(agents)}" {latency}\n'
        )
        if number in (50, 300, 301):
            lines.append("panic: connection reset by peer\n")
    return "".join(lines).encode()


def nasty():
    """Whatever real logs hold, over the night in which Berlin's clocks go forward."""
    ok = '"{}" 200 {} "-" "Probe/1.0"'

    def line(client, time, request, status="200", size="10", referrer="-", agent="Probe/1.0", user="-"):
        return f'{client} - {user} [{time}] "{request}" {status} {size} "{referrer}" "{agent}"'

    sat, sun = "28/Mar/2026", "29/Mar/2026"
    lines = [
        "# written by hand",
        line("192.0.2.1", f"{sun}:00:10:00 +0000", "GET /a?x=1&y=2 HTTP/1.1", size="100"),
        line("192.0.2.1", f"{sat}:16:20:00 -0700", "GET /a?y=3&x=1 HTTP/1.1", size="-"),
        line("192.0.2.1", f"{sun}:01:30:00 +0000", "GET /a?x HTTP/1.1", size="5"),
        line("192.0.2.1", f"{sun}:03:05:00 +0000", "GET /a? HTTP/1.1", size="6"),
        line("192.0.2.2", f"{sun}:00:59:59 +0000", "GET /a HTTP/1.1", size="7", agent="-"),
        line("192.0.2.2", f"{sat}:23:15:00 -0700", "GET /a/ HTTP/1.1", size="8"),
        line("192.0.2.200", f"{sat}:18:00:00 -0700", "GET /a/b/c.html HTTP/1.1", referrer=""),
        line("2001:db8::1", f"{sat}:18:00:01 -0700", "GET /a/b/d.HTML HTTP/1.1", referrer="http://Example.ORG:8080/x?y"),
        line("2001:db8::1", f"{sat}:18:00:01 -0700", "GET /a/b/.hidden HTTP/1.1", referrer="http://user@example.org/x"),
        line("2001:db8:0:1::1", f"{sat}:18:00:02 -0700", "GET /a.b/c HTTP/1.1", referrer="https://[2001:db8::5]:8443/"),
        line("host.example", f"{sat}:18:00:02 -0700", "GET /a/b/e.tar.gz HTTP/1.1", referrer="example.org/no/scheme"),
        line("host.example", f"{sat}:18:00:03 -0700", "GET /a/b/f. HTTP/1.1", referrer="http://example.org"),
        "",
        line("192.0.2.3", f"{sat}:18:00:04 -0700", "-", status="408", size="-", agent="-"),
        line("192.0.2.3", f"{sat}:18:00:05 -0700", "", status="400", size="0", agent=""),
        line("192.0.2.3", f"{sat}:18:00:06 -0700", "GET", status="400", size="0"),
        line("192.0.2.3", f"{sat}:18:00:06 -0700", r"\x16\x03\x01\x02", status="400", size="226", agent="-"),
        line("192.0.2.3", f"{sat}:18:00:07 -0700", "GET /a HTTP/1.1", status="-", size="-"),
        line("192.0.2.3", f"{sat}:18:00:07 -0700", "GET /a HTTP/1.1", status="000", size="0"),
        line("192.0.2.3", f"{sat}:18:00:08 -0700", "GET /a HTTP/1.1", status="999", size="1"),
        line("192.0.2.3", f"{sat}:18:00:08 -0700", "GET /a HTTP/1.1", status="5000", size="1"),
        line("192.0.2.4", f"{sat}:19:00:00 -0700", "GET /one two three HTTP/1.0", size="2048"),
        line("192.0.2.4", f"{sat}:19:00:00 -0700", r"GET /q\"uote?a=\"b HTTP/1.1", agent=r"a \"quoted\" agent"),
        line("192.0.2.4", f"{sat}:19:00:01 -0700", "GET http://example.org/abs?x=1 HTTP/1.1", status="404"),
        line("192.0.2.4", f"{sat}:19:00:01 -0700", "GET /gone HTTP/1.1", status="404", size="1024", referrer=""),
        line("192.0.2.4", f"{sat}:19:00:02 -0700", "GET /gone HTTP/1.1", status="404", size="1025"),
        line("192.0.2.4", f"{sat}:19:00:02 -0700", "GET /gone?again HTTP/1.1", status="404", size="1023", referrer="http://example.org/x"),
        line("192.0.2.5", f"{sun}:00:00:00 +0000", "POST /form HTTP/1.1", status="503", user="frank the tank"),
        line("192.0.2.5", f"{sun}:00:00:00 +0000", "POST /form HTTP/1.1", status="500", user='""'),
        line("192.0.2.5", f"{sat}:23:59:60 +0000", "PROPFIND /dav HTTP/1.1", status="207"),
        line("192.0.2.6", "-", "GET /undated HTTP/1.1", size="3"),
        line("192.0.2.6", "30/Feb/2026:10:00:00 +0000", "GET /undated HTTP/1.1", size="4"),
        line("192.0.2.6", "29th of March, 10:00", "GET /undated HTTP/1.1", size="5"),
        "  \t",
        "not a line of any log",
        '192.0.2.9 - - [29/Mar/2026:01:00:00 +0000] "GET /cut HTTP/1.1" 200 5 "-" "no en',
        '192.0.2.9 - - [29/Mar/2026:01:00:00 +0000] "GET /letters HTTP/1.1" 2x0 5 "-" "-"',
        '192.0.2.9  - [29/Mar/2026:01:00:00 +0000] "GET /no-user HTTP/1.1" 200 5',
        f'192.0.2.7 - - [{sun}:04:00:00 +0000] "GET /common HTTP/1.0" 200 77',
        f'192.0.2.7 - - [{sun}:04:00:01 +0000] "GET /common HTTP/1.0" 304 - 0.003',
        f'192.0.2.7 - - [{sun}:04:00:02 +0000] ' + ok.format("GET /more HTTP/1.0", 9) + ' "198.51.100.1" 0.5',
        f'192.0.2.7 - - [{sun}:04:00:03 +0000] ' + ok.format("HEAD /more HTTP/1.0", "-") + " ",
        line("192.0.2.8", f"{sun}:00:30:00 -0700", "GET /late HTTP/1.1", size="123456789012"),
        line("192.0.2.8", f"{sun}:05:30:00 +0000", "GET /late HTTP/1.1", size="18446744073709551615"),
        line("192.0.2.8", f"{sun}:05:30:00 +0000", "GET /late HTTP/1.1", size="18446744073709551616"),
        line("192.0.2.300", f"{sun}:05:31:00 +0000", "GET /late HTTP/1.1", size="1"),
    ]
    crlf = {3, 7, 14, 21, 36}
    odd = [
        b'192.0.2.10 - - [29/Mar/2026:06:00:00 +0000] "GET /caf\xe9 HTTP/1.1" 200 11 "-" "Probe/1.0"',
        b'192.0.2.10 - - [29/Mar/2026:06:00:00 +0000] "GET /caf\xc3\xa9 HTTP/1.1" 200 12 "-" "Probe/1.0"',
        b'192.0.2.10 - - [29/Mar/2026:06:00:01 +0000] "GET /caf\xe9?x=\xff HTTP/1.1" 404 13 "http://example.org/\xfe" "Probe/1.0"',
        b'192.0.2.10 - - [29/Mar/2026:06:00:02 +0000] "GET /nul\x00\x1b[31m HTTP/1.1" 200 14 "-" "Probe/1.0"',
        # The last line of a log that is still being written.
        b'192.0.2.11 - - [29/Mar/2026:06:00:03 +0000] "GET /last HTTP/1.1" 200 15 "-" "Probe/1.0"',
    ]
    bytes_of = [
        text.encode() + (b"\r\n" if number in crlf else b"\n") for number, text in enumerate(lines)
    ]
    return b"".join(bytes_of) + b"\n".join(odd)


def main():
    folder = FOLDER / "logs"
    folder.mkdir(exist_ok=True)
    for make in (site, vhosts, api, nasty):
        (folder / f"{make.__name__}.log").write_bytes(make())


if __name__ == "__main__":
    main()
