"""The SQLite peer of `bench ranking`: totals and positions by window queries, in memory.

Arguments: skills, competitors, aspects. It prints its version, then answers each line of input,
`all` or `one`, with the nanoseconds that the median of the work took.
"""

import random
import sqlite3
import sys
import time

skills, competitors, aspects = map(int, sys.argv[1:4])
random.seed(100)
database = sqlite3.connect(":memory:")
database.execute(
    "create table mark (skill int, competitor int, aspect int, hundredths int,"
    " primary key (skill, competitor, aspect)) without rowid"
)
database.executemany(
    "insert into mark values (?, ?, ?, ?)",
    (
        (skill, competitor, aspect, random.randrange(51))
        for skill in range(skills)
        for competitor in range(competitors)
        for aspect in range(aspects)
    ),
)
PLACES = """
select skill, competitor, total, rank() over (partition by skill order by total desc)
from (select skill, competitor, sum(hundredths) as total from mark {where} group by skill, competitor)
"""
ALL = PLACES.format(where="")
ONE = PLACES.format(where="where skill = ?")


def mark_and_place():
    skill, competitor = random.randrange(skills), random.randrange(competitors)
    place = (random.randrange(51), skill, competitor, random.randrange(aspects))
    database.execute("update mark set hundredths = ? where skill = ? and competitor = ? and aspect = ?", place)
    database.execute(ONE, (skill,)).fetchall()


def measured(work, times):
    begin = time.perf_counter_ns()
    for _ in range(times):
        work()
    return (time.perf_counter_ns() - begin) // times


print(f"SQLite {sqlite3.sqlite_version} in memory, Python {sys.version.split()[0]}", flush=True)
for line in sys.stdin:
    if line.strip() == "all":
        print(measured(lambda: database.execute(ALL).fetchall(), 1), flush=True)
    else:
        print(measured(mark_and_place, 50), flush=True)
