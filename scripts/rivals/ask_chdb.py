"""Puts a question to ClickHouse, in chdb: ask_chdb.py QUESTION LOG THREADS

`start` only starts it. A line is split at single spaces, twice as fast as at white
space or by a regular expression; those that do not look like it are split anew.
"""

import sys

from chdb import session
from report import print_rows, print_wf2

# The first 30 bytes of an article's URI. ClickHouse's patterns know no bytes that are
# not UTF-8, so what follows is looked at without one.
DAY = r"/ongoing/When/\d\d\dx/\d\d\d\d/\d\d/\d\d/"
OWN = r'^"http://www.tbray.org/ongoing/'


def text(value):
    """A text in ClickHouse's notation."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def requests(lines):
    """Client, URI, status and size of each line."""
    odd = text(r'^([^ ]+).*?"(?:[^ "]* )?([^ "]*)[^"]*" ([0-9]{3}) ([0-9]+|-)')
    return f"""
    select if(whole, f[1], g[1]) as client, if(whole, f[7], g[2]) as uri,
        if(whole, f[9], g[3]) as status, toUInt64OrZero(if(whole, f[10], g[4])) as size
    from (
        select f, match(f[8], '^[^"]+"$') as whole, if(whole, [], extractGroups(line, {odd})) as g
        from (select line, splitByChar(' ', line, 11) as f from {lines}))"""


def wf2_lines(lines):
    """The lines that the second Wide Finder counts."""
    odd = text(r"^\s|  |[\t-\r]")
    split = "splitByWhitespace(line, 11)"
    white = f"if(match(line, '^\\\\s'), arrayPushFront({split}, ''), {split})"
    return f"""
    select f[1] as client, f[7] as uri, f[9] as status, f[11] as referrer,
        if(status = '200', toUInt64OrZero(extract(f[10], '^[0-9]+')), 0) as size,
        status <> '404' and match(uri, {text("^" + DAY)})
            and length(uri) > 30 and position(uri, '.', 31) = 0 as article
    from (select if(match(line, {odd}), {white}, splitByChar(' ', line, 11)) as f from {lines})
    where f[6] = '"GET' and status in ('200', '304', '404')"""


WF2 = [
    "select uri, count() h from e where article group by uri order by h desc, uri limit 10",
    """select uri, sum(size) h from e where status <> '404'
    group by uri order by h desc, uri limit 10""",
    "select uri, count() h from e where status = '404' group by uri order by h desc, uri limit 10",
    "select client, count() h from e where article group by client order by h desc, client limit 10",
    f"""select substring(referrer, 2, greatest(toInt64(length(referrer)) - 2, 0)) as k, count() h
    from e where article and referrer not in ('"-"', '') and not match(referrer, {text(OWN)})
    group by k order by h desc, k limit 10""",
]
COUNTS = """select uniqExactIf(uri, article), uniqExactIf(uri, status = '404'),
    uniqExactIf(client, article) from e"""


def query_of(question, lines):
    """The one query that answers a question."""
    if question == "wf1":
        pattern = text(f"GET ({DAY}[^ .]+) ")
        return f"""select substring(extract(line, {pattern}), 20) as k, count() h from {lines}
        where k <> '' group by k order by h desc, k limit 10"""
    source = requests(lines)
    if question == "uri":
        return f"""select uri, count() h, sum(size) from ({source})
        group by uri order by h desc, uri limit 10"""
    if question == "status":
        return f"select status, count() h from ({source}) group by status order by h desc, status"
    # The nearest rank is the last element that is not behind the level.
    return f"select count(), uniqExact(client), quantileExact(0.949999999999)(size) from ({source})"


def main():
    """Asks, and prints the answer."""
    question, log, threads = sys.argv[1:]
    base = session.Session()
    if question == "start":
        return
    lines = f"file({text(log)}, 'LineAsString', 'line String')"

    def rows(query):
        output = base.query(
            f"{query} settings max_threads={int(threads)}", "TSVRaw"
        ).bytes()
        return [row.split(b"\t") for row in output.split(b"\n") if row]

    if question == "wf2":
        rows(f"create table e engine = Memory as {wf2_lines(lines)}")
        tables = [rows(query) for query in WF2]
        print_wf2(rows(COUNTS)[0], tables)
    else:
        print_rows(rows(query_of(question, lines)))


main()
