"""The openpyxl peer of `bench import`: reads a roster row by row, checks it, and writes it to SQLite in one
transaction.

Arguments: the workbook, the database; or a folder of workbooks alone, of which it reads all cells and prints the
milliseconds. It prints the milliseconds until all is read and checked, then those until
it is committed, and the most memory that it took, in KiB.
"""

import pathlib
import resource
import sqlite3
import sys
import time

try:
    import openpyxl
except ImportError:
    sys.exit("bench import needs openpyxl: pip install openpyxl")

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"

begun = time.perf_counter()
if len(sys.argv) == 2:
    cells = 0
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.xlsx")):
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        cells += sum(len(row) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True))
        book.close()
    sys.exit("no cells") if cells == 0 else print(int((time.perf_counter() - begun) * 1000))
    sys.exit()
book = openpyxl.load_workbook(sys.argv[1], read_only=True)
rows = book.active.iter_rows(values_only=True)
next(rows)
people, numbers, wrong = [], set(), 0
for name, number, skill, organisation, delegation, employment, level in rows:
    number = str(number).strip().upper()
    is_number = len(number) == 18 and number[:17].isdigit()
    if (
        not name
        or not skill
        or not is_number
        or CHECKS[sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS)) % 11] != number[17]
        or number in numbers
    ):
        wrong += 1
        continue
    numbers.add(number)
    people.append((name, number, skill, organisation, delegation, employment, level))
read = time.perf_counter()
database = sqlite3.connect(sys.argv[2])
database.execute("pragma journal_mode = wal")
database.execute("pragma synchronous = full")
database.execute("create table person (name, number, skill, organisation, delegation, employment, level)")
with database:
    database.executemany("insert into person values (?, ?, ?, ?, ?, ?, ?)", people)
done = time.perf_counter()
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(int((read - begun) * 1000), int((done - begun) * 1000), memory, len(people), wrong)
