#!/usr/bin/env python3
"""Holds what tablets wrote down about their own marks against an exported competition.

    python3 check_journals.py PACKAGE_DIR JOURNALS_DIR

It shares no code with Leitai and needs nothing but Python 3.9. PACKAGE_DIR is what `leitai package
export` wrote. JOURNALS_DIR holds a file a tablet, NAME.ndjson, which that tablet wrote line by line:

    {"device":D,"ledger":L}                            first of all
    {"entered":{"id":…,"body":…,"base":…,"client_time":…}}   before the mark was given to its session
    {"received":{"id":…,"seq":…,"hash":…,"epoch":…,"status":…}}   when it was shown a receipt
    {"not_saved":{"id":…}}                             when it was told that there is no such mark

What must hold:
  L1  what has a receipt is in its ledger once, under that number, with that hash and status, and it is
      what was entered; no entry has two receipts that differ, and every receipt is of one epoch;
  L2  no id is there twice, in any ledger;
  L3  a device's numbers are 1, 2, 3, … without a gap, in the order in which its tablet entered them;
  L4  what has no receipt is there once or not at all, and nothing is there that nobody entered.
Chains and results are for verify_ledger.py.

It prints one line: tablets, entered, received, without a receipt, entries of the ledgers, of tablets.
Exit: 0 all of it holds; 1 something does not, a line each; 2 the call was wrong.
"""
import json
import re
import sys
from pathlib import Path

LINE = re.compile(r'\{"entry":(.*),"hash":"([0-9a-f]{64})"\}')
SAID = ("body", "base", "client_time")
SHOWN_MAX = 50


class Tablet:
    """One journal: what was entered, in order, and what was heard of it."""

    def __init__(self, path, wrong):
        lines = path.read_bytes().decode("utf-8").split("\n")
        if lines.pop() != "":
            wrong(f"{path.name}: its last line is cut off")
        first, *rest = [json.loads(line) for line in lines]
        self.name, self.device, self.ledger = path.name, first["device"], first["ledger"]
        self.entered, self.received, self.not_saved, self.epochs = {}, {}, set(), set()
        for line in rest:
            (kind, said), = line.items()
            mark = said["id"]
            if kind == "entered":
                if mark in self.entered:
                    wrong(f"{self.name}: {mark} was entered twice")
                self.entered[mark] = said
            elif mark not in self.entered:
                wrong(f"{self.name}: {mark} was heard of before it was entered")
            elif kind == "received":
                receipt = tuple(said[field] for field in ("seq", "hash", "epoch", "status"))
                if self.received.setdefault(mark, receipt) != receipt:
                    wrong(f"{self.name}: {mark} has two receipts, {self.received[mark]} and {receipt}")
                self.epochs.add(said["epoch"])
            elif kind == "not_saved":
                self.not_saved.add(mark)
            else:
                wrong(f"{self.name}: it says {kind}, which is not known here")


def read_entries(package, wrong):
    """Every entry of every ledger as (entry, hash), and each id's."""
    entries, by_id = [], {}
    for path in sorted(package.glob("skills/*/ledger.ndjson")):
        for number, line in enumerate(path.read_bytes().decode("utf-8").rstrip("\n").split("\n"), 1):
            shape = LINE.fullmatch(line)
            if not shape:
                wrong(f"{path}:{number}: it is no entry")
                continue
            entry = json.loads(shape[1])
            if entry["id"] in by_id:
                wrong(f"{entry['id']} is there twice, as number {by_id[entry['id']][0]['seq']} and {entry['seq']}")
            by_id[entry["id"]] = (entry, shape[2])
            entries.append(entry)
    return entries, by_id


def check_devices(entries, wrong):
    """L3; gives each device's ids in the order of its numbers."""
    devices = {}
    for entry in sorted(entries, key=lambda entry: entry["dseq"]):
        ids = devices.setdefault(entry["device"], [])
        if entry["dseq"] != len(ids) + 1:
            wrong(f"{entry['device']}: number {entry['dseq']} where {len(ids) + 1} belongs")
        ids.append(entry["id"])
    return devices


def check_tablet(tablet, by_id, ids, wrong):
    """L1 and L4 for one tablet, whose device's ids are in the ledger in that order."""
    for mark, (seq, said_hash, _, status) in tablet.received.items():
        if mark not in by_id:
            wrong(f"{tablet.name}: {mark} has a receipt and is lost")
            continue
        entry, is_hash = by_id[mark]
        if (entry["seq"], is_hash, entry["status"], entry["ledger"]) != (seq, said_hash, status, tablet.ledger):
            wrong(f"{tablet.name}: {mark} is not where or what its receipt says")
    for mark in ids:
        if mark not in tablet.entered:
            wrong(f"{tablet.name}: {mark} is in the ledger, and nobody entered it")
        elif any(by_id[mark][0][field] != tablet.entered[mark][field] for field in SAID):
            wrong(f"{tablet.name}: {mark} is not what was entered")
        elif mark in tablet.not_saved:
            wrong(f"{tablet.name}: {mark} is in the ledger, and its tablet said that it does not exist")
    for mark in tablet.entered:
        if mark in by_id and by_id[mark][0]["device"] != tablet.device:
            wrong(f"{tablet.name}: {mark} is in the ledger as another device's")
    known = set(ids)
    if [mark for mark in tablet.entered if mark in known] != [mark for mark in ids if mark in tablet.entered]:
        wrong(f"{tablet.name}: its marks are not in the order in which they were entered")


def main(arguments):
    if len(arguments) != 2 or not all(Path(argument).is_dir() for argument in arguments):
        print("usage: python3 check_journals.py PACKAGE_DIR JOURNALS_DIR", file=sys.stderr)
        return 2
    found = []
    wrong = found.append
    package, journals = map(Path, arguments)
    tablets = [Tablet(path, wrong) for path in sorted(journals.glob("*.ndjson"))]
    entries, by_id = read_entries(package, wrong)
    devices = check_devices(entries, wrong)
    for tablet in tablets:
        check_tablet(tablet, by_id, devices.get(tablet.device, []), wrong)
    everyone = [mark for tablet in tablets for mark in tablet.entered]
    if len(set(everyone)) != len(everyone):
        wrong("two tablets entered the same id")
    epochs = set().union(*(tablet.epochs for tablet in tablets))
    if len(epochs) > 1:
        wrong(f"receipts are of {len(epochs)} epochs: {sorted(epochs)}")
    received = sum(len(tablet.received) for tablet in tablets)
    if received == 0:
        wrong("there is no receipt at all: nothing was shown")
    gone = sum(len(tablet.not_saved) for tablet in tablets)
    of_tablets = sum(len(devices.get(tablet.device, [])) for tablet in tablets)
    print(f"{len(tablets)} tablets, {len(everyone)} entered, {received} received, "
          f"{len(everyone) - received - gone} without a receipt, {len(entries)} entries, {of_tablets} of tablets")
    for line in found[:SHOWN_MAX]:
        print(line, file=sys.stderr)
    if len(found) > SHOWN_MAX:
        print(f"and {len(found) - SHOWN_MAX} more", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stderr.reconfigure(encoding="utf-8")
    sys.exit(main(sys.argv[1:]))
