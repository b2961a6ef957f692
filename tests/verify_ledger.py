#!/usr/bin/env python3
"""A second verifier of a Leitai ledger, written from docs/rules.md and docs/ledger.md.

    python3 verify_ledger.py SKILL_DIR_OR_FILE [--json]

It shares no code with Leitai and needs nothing but Python 3.9 and draw.py beside it. It reads ledger.ndjson, checks every
line (spelling, hash, chain, numbers), compares the Merkle root with ledger.note and the results with
expected.csv where they lie beside it, and prints competitor,total,scale,position,award.

It does NOT check the note's signature, and it does not decide again: each entry's status (accepted,
conflict, late, refused) is taken as written. `leitai ledger verify` does both.

Exit: 0 all is well; 1 something is wrong, the first bad line is named; 2 the call was wrong.
"""
import base64
import csv
import hashlib
import json
import math
import re
import sys
from fractions import Fraction
from pathlib import Path

import draw

DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?")
STATUSES = ("accepted", "conflict", "late", "refused")
FIELDS = ("actor base body client_time code device dseq id ledger prev role second seq server_time status v").split()


class Bad(Exception):
    """Why the ledger, or something beside it, does not hold."""


def need(holds, why):
    if not holds:
        raise Bad(why)


# --- Lines, hashes, chain and tree (R-180 to R-186) -------------------------------------------------

def pairs(items):
    need(len(dict(items)) == len(items) and all(name.isascii() for name, _ in items), "a name stands twice")
    return dict(items)


def whole(text):
    need(re.fullmatch("-?[0-9]{1,16}", text) and abs(int(text)) < 2**53, f"{text[:20]} is no whole number below 2^53")
    return int(text)


def canonical(value):
    """RFC 8785: for names in ASCII and whole numbers this is what Python writes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def read_entry(line):
    """The entry of a line and its hash; any other spelling of the same entry is refused."""
    text = line.decode("utf-8")
    shape = re.fullmatch(r'\{"entry":(.*),"hash":"([0-9a-f]{64})"\}', text, re.DOTALL)
    need(shape, 'it is not {"entry":…,"hash":"…"}')
    entry = json.loads(shape[1], object_pairs_hook=pairs, parse_int=whole, parse_float=whole, parse_constant=whole)
    need(canonical(entry) == shape[1], "the entry is not written canonically")
    need(list(entry) == FIELDS and entry["v"] == 1 and entry["status"] in STATUSES, "it is no entry of version 1")
    need(len(entry["body"]) == 1, "its body is not of one kind")
    leaf = hashlib.sha256(b"\0" + shape[1].encode()).digest()
    need(leaf.hex() == shape[2], "its hash does not fit it: it was changed")
    return entry, leaf


def root(leaves):
    """RFC 6962, section 2.1."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256().digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + root(leaves[:split]) + root(leaves[split:])).digest()


def read_ledger(data):
    """Checks every line; gives the folded skill, the ledger's id and the leaves of its tree."""
    lines = data.split(b"\n")
    lines = lines[:-1] if lines[-1] == b"" else lines
    skill, leaves, ids, devices, last = Skill(), [], set(), {}, None
    for number, line in enumerate(lines, 1):
        try:
            entry, leaf = read_entry(line)
            before = last or {"ledger": entry["ledger"], "server_time": 0}
            need(entry["seq"] == number, f"entry {number} belongs here, and this is entry {entry['seq']}")
            need(entry["prev"] == (leaves[-1].hex() if leaves else "0" * 64), "it does not follow the one before")
            need(entry["server_time"] >= before["server_time"], "its server time goes backwards")
            need(entry["ledger"] == before["ledger"], "it belongs to another ledger")
            need(entry["id"] not in ids, f"its id {entry['id']} was used before")
            dseq = devices.get(entry["device"], 0) + 1
            need(entry["dseq"] == dseq, f"device {entry['device']} is at {entry['dseq']} and should be at {dseq}")
            skill.take(entry)
        except Bad as why:
            raise Bad(f"line {number} (seq {number}): {why}") from None
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as why:
            raise Bad(f"line {number} (seq {number}): it cannot be read: {why!r}") from None
        ids.add(entry["id"])
        devices[entry["device"]] = dseq
        leaves.append(leaf)
        last = entry
    return skill, last and last["ledger"], leaves


def check_note(note, ledger, leaves):
    """The checkpoint's three lines against the tree; its signature is not checked here."""
    origin, size, top, *rest = note.split("\n")
    need(rest[:1] == [""] and size == str(int(size)), "ledger.note: it cannot be read")
    need(origin == f"leitai/{ledger}", f"ledger.note: it is of {origin}, not of this ledger")
    need(0 <= int(size) <= len(leaves), f"ledger.note: it covers {size} entries and there are {len(leaves)}")
    covered = base64.b64encode(root(leaves[:int(size)])).decode()
    need(top == covered, f"ledger.note: the root over the first {size} entries is another")
    return len(leaves) - int(size)


# --- The fold: what was said and decided (R-188 to R-193) -------------------------------------------

DECISIONS = ("absent", "withdraw", "disqualify", "penalty", "override", "extra_time", "void_aspect", "settle")


class Skill:
    """What a ledger says, and the results that follow from it."""

    def __init__(self):
        self.opening = None
        self.said = {}  # (competitor, aspect) -> rounds, each (place, judge) -> value; a measurement has one of ""
        self.pending = {}  # conflicting and late marks: entry id -> mark
        self.decisions = {}  # what holds until it is voided: entry id -> (kind, body)
        self.times = {}  # (competitor, "start" or "stop") -> milliseconds
        self.layers, self.drawn = {}, None  # the draw: layer -> what was committed to; seed and codes
        self.draw_id = None

    def take(self, entry):
        (kind, body), = entry["body"].items()
        if kind in ("layer", "draw", "redraw", "unseal") and entry["status"] == "accepted":
            self.code(kind, body, entry)
        if self.opening and kind == "mark" and entry["status"] in ("conflict", "late"):
            self.pending[entry["id"]] = body
        if entry["status"] != "accepted":
            return
        if kind == "open":
            self.open(body)
        elif kind == "mark":
            self.say(body)
        elif kind == "resolve":
            self.pending.pop(body["drop"], None)
            kept = self.pending.pop(body["keep"], None)
            if kept:
                self.say(kept)
        elif kind == "rescore":
            self.said[body["competitor"], body["aspect"]].append({})
        elif kind == "exchange":
            for aspect in self.subs[body["sub_criterion"]]["aspects"]:
                one, other = (body["competitor"], aspect["id"]), (body["other"], aspect["id"])
                self.said[one], self.said[other] = self.said[other], self.said[one]
            swap = {body["competitor"]: body["other"], body["other"]: body["competitor"]}
            for id, mark in self.pending.items():  # what waits goes with its sheet
                if self.aspects[mark["aspect"]]["sub"] == body["sub_criterion"] and mark["competitor"] in swap:
                    self.pending[id] = dict(mark, competitor=swap[mark["competitor"]])
        elif kind == "reseat":
            self.reseat(body["sub_criterion"], body["leaves"], body["judge"], body.get("competitor"))
        elif kind in ("start", "stop"):
            self.times[body["competitor"], kind] = body["at"]
        elif kind == "void":
            del self.decisions[body["entry"]]
        elif kind in DECISIONS:
            self.decisions[entry["id"]] = kind, body

    def code(self, kind, body, entry):
        """The draw and its layers (R-150 to R-155): each opened one must come out as it was committed to."""
        if kind == "layer":
            self.layers[body["layer"]] = body
        elif kind == "draw":
            self.drawn, self.draw_id = body, entry["id"]
        elif kind == "redraw":
            self.layers, self.drawn, self.draw_id = {}, None, None
        else:
            layer = self.layers[body["layer"]]
            units = body.get("list") or self.drawn["codes"][body["layer"] - 2]
            need(draw.digest(body["secret"]) == layer["commitment"], "the secret is not what was committed to")
            if body["layer"] == 1:
                need(draw.digest(*sorted(set(units), key=str.encode)) == layer["list"], "another list was drawn over")
            codes = draw.draw(entry["ledger"], body["layer"], body["secret"], self.drawn["seed"], units, layer["codes"])
            need(sorted(codes.values()) == self.drawn["codes"][body["layer"] - 1], "other codes come out of the draw")

    def open(self, opening):
        need(opening.get("draw") == self.draw_id, "it opens with the codes of another draw")
        if self.drawn:
            need(sorted(e["code"] for e in opening["competitors"]) == self.drawn["codes"][-1], "other codes were drawn")
        for name in ("scheme", "rules"):
            digest = hashlib.sha256(canonical(opening[name]).encode()).hexdigest()
            need(digest == opening[name + "_hash"], f"the hash of the {name} does not fit")
        need(self.opening is None, "the skill is open already")
        self.opening, self.rules, self.parts = opening, opening["rules"], opening["scheme"]["parts"]
        self.subs = {s["id"]: s for c in opening["scheme"]["criteria"] for s in c["sub_criteria"]}
        self.aspects = {a["id"]: dict(a, sub=s["id"], criterion=c["id"]) for c in opening["scheme"]["criteria"]
                        for s in c["sub_criteria"] for a in s["aspects"]}
        # Of each seat its judges, the last of whom sits there; None: it is empty. What is said
        # of one competitor alone is of (sub-criterion, place, competitor), and goes on from there.
        self.seats = {panel["sub_criterion"]: [[s["judge"]] for s in panel["seats"]] for panel in opening["panels"]}
        self.counts = {panel["sub_criterion"]: [s["counts"] for s in panel["seats"]] for panel in opening["panels"]}
        self.single = {}
        self.said = {(e["code"], a): [{}] for e in opening["competitors"] for a in self.aspects}
        self.per_aspect = self.rules["rounding"]["position"] == "per_aspect"

    def say(self, mark):
        rounds = self.said[mark["competitor"], mark["aspect"]]
        if "measurement" in self.aspects[mark["aspect"]]["method"]:
            rounds[0][""] = mark["value"]
            return
        if mark["round"] > len(rounds):
            rounds.append({})
        sub = self.aspects[mark["aspect"]]["sub"]
        place = self.place_of(sub, mark["judge"], mark["competitor"])
        if self.counts[sub][place]:  # a trainee's score enters nothing
            rounds[mark["round"] - 1][place, mark["judge"]] = mark["value"]

    def judges(self, sub, place, competitor=None):
        """Who sat in a seat, for a competitor or in general, one after the other."""
        return self.single.get((sub, place, competitor), self.seats[sub][place])

    def place_of(self, sub, judge, competitor=None, when=lambda judges: True):
        """The seat that a judge holds, else one that they left."""
        places = [(self.judges(sub, place, competitor), self.counts[sub][place], place)
                  for place in range(len(self.seats[sub]))]
        held = [place for judges, _, place in places if judges[-1] == judge]
        left = [(counts, place) for judges, counts, place in places if judge in judges and when(judges)]
        return held[0] if held else max(left)[1]

    def reseat(self, sub, leaves, judge, competitor):
        place = self.place_of(sub, leaves, competitor, lambda judges: judges[-1] is None)
        others = [other for other in range(len(self.seats[sub])) if other != place]
        if competitor is None:
            for code in {code for code, _ in self.said} if judge else ():  # nobody speaks for two seats
                cells = [round for a in self.subs[sub]["aspects"] for round in self.said[code, a["id"]]]
                if any(self.counts[sub][o] and (self.judges(sub, o, code)[-1] == judge or
                       any((o, judge) in round for round in cells)) for o in others):
                    self.single.setdefault((sub, place, code), list(self.seats[sub][place]))
            seat = lambda place: self.seats[sub][place]
        else:
            seat = lambda place: self.single.setdefault((sub, place, competitor), list(self.seats[sub][place]))
        for other in others:
            if judge and self.judges(sub, other, competitor)[-1] == judge:  # a trainee leaves their own
                seat(other).append(None)
        seat(place).append(judge)

    def decided(self, *kinds):
        return [body for kind, body in self.decisions.values() if kind in kinds]

    # --- Marks and totals, in hundredths (R-020 to R-066) ---

    def mark(self, competitor, aspect):
        """The mark of one cell, rounded where the rules round aspects; None while it is unmarked."""
        (method, how), = aspect["method"].items()
        rounds, exact = self.said[competitor, aspect["id"]], None
        if method == "measurement":
            value = rounds[0].get("", "missing")
            exact = None if value == "missing" else measured(how, aspect["max"], value)
        for said in reversed(rounds if method != "measurement" else []):  # the last complete one
            sub, spoken = aspect["sub"], {place for place, _ in said}
            seats = [place for place, counts in enumerate(self.counts[sub])
                     if counts and (self.judges(sub, place, competitor)[-1] or place in spoken)]
            scores = list(said.values())
            numbers = sorted(Fraction(score["number"]) for score in scores if score != "missing")
            if method == "panel" and len(scores) == len(seats):
                exact = self.averaged(numbers, how)
                break
            needed = min(self.rules["judgement"].get("judges", len(seats)), len(seats))
            if method == "judgement" and len(numbers) >= needed:
                if numbers[-1] - numbers[0] <= self.rules["judgement"].get("spread_max", 3):
                    exact = sum(numbers) * aspect["max"] / (3 * len(numbers))
                break
        if exact is None:
            return None
        exact = min(max(exact, 0), aspect["max"])
        return half_up(exact) if self.per_aspect else exact

    def averaged(self, numbers, how):
        """R-042 to R-044."""
        kept = numbers[how["drop_low"]:max(len(numbers) - how["drop_high"], 0)]
        mean = sum(kept) * 100 / len(kept) if kept else None
        return mean and (half_up(mean) if self.per_aspect else mean) * Fraction(how["factor"])

    def marks(self, competitor):
        """Aspect id -> mark, without removed aspects; None while one is unmarked (R-053, R-065)."""
        voided = {body["aspect"]: body["how"] for body in self.decided("void_aspect")}
        marks = {name: aspect["max"] if voided.get(name) == "full" else self.mark(competitor, aspect)
                 for name, aspect in self.aspects.items() if voided.get(name) != "removed"}
        return None if None in marks.values() else marks

    def part_scores(self, marks):
        """Each part's share of its maximum, from 0 to 1 (R-054); 0 where all of it is removed."""
        scores = []
        for part in self.parts:
            inside = [name for name in marks if self.aspects[name]["part"] == part["id"]]
            most = sum(self.aspects[name]["max"] for name in inside)
            scores.append(Fraction(sum(marks[name] for name in inside)) / max(most, 1))
        return scores

    def total(self, competitor, marks):
        """R-051, R-052, R-055, R-058."""
        total = sum(marks.values())
        if self.parts:
            total = sum(score * part["weight"] for score, part in zip(self.part_scores(marks), self.parts))
        penalty = sum(b["marks"] for b in self.decided("penalty") if b["competitor"] == competitor)
        cap = self.rules["penalties"].get("cap")
        return max(half_up(total) - (penalty if cap is None else min(penalty, int(Fraction(cap) * 100))), 0)

    def key(self, competitor, marks, key):
        """The value of a tie-break key, None where it is not known (R-061, R-086)."""
        kind, _, name = key.partition(":")
        if kind == "time":
            start, stop = (self.times.get((competitor, kind)) for kind in ("start", "stop"))
            extra = sum(b["minutes"] for b in self.decided("extra_time") if b["competitor"] == competitor)
            return None if start is None or stop is None else stop - start - extra * 60_000
        field = {"criterion": "criterion", "sub_criterion": "sub", "part": "part"}.get(kind)
        if field:
            return sum(mark for aspect, mark in marks.items() if self.aspects[aspect][field] == name)
        return sum(mark for aspect, mark in marks.items()
                   if ("measurement" in self.aspects[aspect]["method"]) == (kind == "measurement"))

    # --- Scale, positions, awards (R-070 to R-107) ---

    def results(self):
        """Rows of competitor, total, scale, position, award; group by group (R-088)."""
        if not self.opening:
            return []
        entrants = self.opening["competitors"]
        groups = dict.fromkeys(entrant["group"] for entrant in entrants)
        return [row for group in groups
                for row in self.place([e["code"] for e in entrants if e["group"] == group])]

    def place(self, codes):
        out = {body["competitor"] for body in self.decided("absent", "withdraw", "disqualify")}
        field = [code for code in codes if code not in out]
        marks = {code: found for code in field for found in [self.marks(code)] if found is not None}
        totals = {code: self.total(code, marks[code]) for code in marks}
        scales = scaled(self.rules.get("scale"), totals)
        failed = {code for code in marks for score, part in zip(self.part_scores(marks[code]), self.parts)
                  if part["pass_mark"] is not None and score * 10_000 < part["pass_mark"]}
        ranked = scales or totals
        if self.rules["parts"]["below_pass"] == "no_position":
            ranked = {code: value for code, value in ranked.items() if code not in failed}
        gate = next((g["effect"] for g in self.rules.get("field_gates", []) if len(field) <= g["at_most"]), None)
        position, award = {}, {}
        groups = [] if gate == "void" else shared(self.rules.get("medals"), self.ladder(ranked, marks), ranked,
                                                  bool(scales))
        for group, medal in groups:
            place = 1 + len(position)
            position.update(dict.fromkeys(group, place))
            for code in group:
                names = [medal, excellence(self.rules.get("medals"), scales.get(code)),
                         prize(self.rules.get("prizes", []), len(field), place)]
                if gate == "exhibition" or code in failed:
                    names = []
                elif gate:
                    names = [name for name in names if name in gate["keep"]]
                award[code] = next((name for name in names if name), None)
        for body in self.decided("override"):  # where two say something, the later one
            if body["competitor"] in field and body["position"] is not None:
                position[body["competitor"]] = body["position"]
            if body["competitor"] in field and body["award"] is not None:
                award[body["competitor"]] = body["award"] or None
        rows = [(code, totals.get(code), scales.get(code), position.get(code), award.get(code)) for code in codes]
        return sorted(rows, key=lambda row: (row[3] is None, row[3] or 0, row[0]))

    def ladder(self, ranked, marks):
        """Those with a value, the best first, equals together after the chain (R-083 to R-085)."""
        rungs = [[code for code in ranked if ranked[code] == value]
                 for value in sorted(set(ranked.values()), reverse=True)]
        for tie in self.rules["ranking"]["chain"]:
            parted = []
            for rung in rungs:
                keys = {code: self.key(code, marks[code], tie["key"]) for code in rung}
                if None in keys.values():
                    parted.append(rung)
                    continue
                for value in sorted(set(keys.values()), reverse=tie["better"] == "higher"):
                    parted.append([code for code in rung if keys[code] == value])
            rungs = parted
        if self.rules["ranking"]["end"] == "share":
            return rungs
        orders = {frozenset(body["order"]): body["order"] for body in self.decided("settle")}
        settled = [orders.get(frozenset(rung)) if len(rung) > 1 else None for rung in rungs]
        return [part for rung, order in zip(rungs, settled) for part in ([[c] for c in order] if order else [rung])]


def half_up(value):
    """Halves go up (R-050)."""
    return math.floor(Fraction(value) + Fraction(1, 2))


def measured(how, most, value):
    """R-020 to R-026, before clamp and rounding."""
    (name, given), = how.items() if isinstance(how, dict) else [(how, None)]

    def less(deduction):
        return Fraction(deduction) * (Fraction(most, 100) if given["unit"] == "percent" else 100)

    if name == "choice":
        return most - next(less(c["deduction"]) for c in given["choices"] if c["label"] == value["choice"])
    number = Fraction(value["number"])
    if name == "pass_fail":
        return most if number else 0
    if name == "direct":
        return number * 100
    if name == "number_completed":
        return Fraction(most) * number / given["possible"]
    off = number - Fraction(given["target"])
    if name == "ranged":  # the side matters only where a band reaches below 0
        if all(Fraction(band["lower"]) >= 0 for band in given["bands"]):
            off = abs(off)
        inside = [b for b in given["bands"] if Fraction(b["lower"]) <= off <= Fraction(b["upper"])]
        return most - less(inside[0]["deduction"]) if inside else 0
    step = Fraction(given["per"])
    if given["per_unit"] == "percent":
        step *= abs(Fraction(given["target"])) / 100
    return most - abs(off) / step * less(given["deduction"])


def median(values):
    values = sorted(values)
    return Fraction(values[(len(values) - 1) // 2] + values[len(values) // 2], 2)


def scaled(rule, totals):
    """The published scale of each total; nothing where there is none (R-070 to R-077)."""
    if not rule or not totals:
        return {}
    centre, spread, field = rule["centre"], rule["spread"], list(totals.values())
    if rule["formula"] == "median_mad":
        middle = median(field)
        unit = Fraction(rule["deviation_factor"]) * median(abs(x - middle) for x in field)
        return {code: half_up(centre + spread * (x - middle) / unit) for code, x in totals.items()} if unit else {}
    n, sum_x = len(field), sum(field)
    variance = n * sum(x * x for x in field) - sum_x * sum_x
    if variance == 0:
        return {}
    scales = {}
    for code, x in totals.items():
        # 2k - 1 <= 2y for y = spread * (n x - sum) / sqrt(variance), by the root of the square
        twice = 2 * spread * (n * x - sum_x)
        size = math.isqrt(twice * twice // variance)
        if twice < 0:
            size = -size - (size * size * variance != twice * twice)
        scales[code] = centre + (size + 1) // 2
    return scales


def shared(rule, ladder, ranked, is_scale):
    """Who shares a position, the best first, with the medal (R-081, R-082, R-090 to R-095)."""
    if not rule:
        return [(rung, None) for rung in ladder]
    threshold = rule.get("threshold") if is_scale else None
    able = [rung for rung in ladder if threshold is None or ranked[rung[0]] >= threshold]

    def close(rungs, sharing, top=None):
        """As many rungs as are within the margin of the top, as one group; a margin is in scale points."""
        if sharing == "equal" or not rungs:
            return rungs[:1]
        least = ranked[(top or rungs[0])[0]] - (sharing["within_margin"]["margin"] if is_scale else 0)
        return [rung for rung in rungs if ranked[rung[0]] >= least]

    if rule["rule"] == "distinct_marks":
        medals = [[rung] for rung in able[:3]]
    else:
        gold = close(able, rule["rule"])
        golds = sum(map(len, gold))
        silver = close(able[len(gold):], rule["rule"]) if golds == 1 else []
        heads, rest = (golds, sum(map(len, silver))), able[len(gold) + len(silver):]
        lowest = None if heads in ((1, 1), (2, 0)) else (gold + silver or [None])[-1]
        medals = [gold, silver, close(rest, rule["rule"], lowest)]
    groups = [(sum(rungs, []), name) for rungs, name in zip(medals, ("Gold", "Silver", "Bronze")) if rungs]
    at = sum(map(len, medals))
    while at < len(ladder):
        rungs = close(ladder[at:], rule["positions"])
        groups.append((sum(rungs, []), None))
        at += len(rungs)
    return groups


def excellence(rule, scale):
    award = (rule or {}).get("excellence")
    return award["award"] if award and scale is not None and scale >= award["threshold"] else None


def prize(prizes, field_size, position):
    """R-104 to R-106."""
    taken = 0
    for given in prizes:
        (kind, take), = given["take"].items()
        if kind == "positions":
            first, last = take["first"], take["last"]
        else:
            share = Fraction(take["percent"]) * field_size / 100
            places = {"down": math.floor, "up": math.ceil, "nearest": half_up}[take.get("rounding", "down")](share)
            first, last = (taken + 1, taken + places) if kind == "share" else (1, places)
        if first <= position <= last:
            return given["award"]
        taken = max(taken, last)
    return None


# --- The command ------------------------------------------------------------------------------------

COLUMNS = ("competitor", "total", "scale", "position", "award")


def written(row):
    """A result as it is published: text, empty for none."""
    code, total, *rest = row
    total = "" if total is None else f"{total // 100}.{total % 100:02}"
    return dict(zip(COLUMNS, [code, total] + ["" if cell is None else str(cell) for cell in rest]))


def differences(expected, rows):
    ours = {row["competitor"]: row for row in rows}
    for row in csv.DictReader(expected.splitlines()):
        for column in COLUMNS[1:]:
            given = (row.get(column) or "").strip()
            if column == "total" and DECIMAL.match(given):
                given = written(("", half_up(Fraction(given) * 100)))["total"]
            found = ours.get(row["competitor"], {}).get(column, "no such competitor")
            if column in row and given != found:
                yield f"expected.csv: {column} of {row['competitor']} is {given!r} there and comes out as {found!r}"


def main(arguments):
    paths = [argument for argument in arguments if argument != "--json"]
    if len(paths) != 1 or paths[0].startswith("-") or not Path(paths[0]).exists():
        print("usage: python3 verify_ledger.py SKILL_DIR_OR_FILE [--json]", file=sys.stderr)
        return 2
    path = Path(paths[0])
    path = path / "ledger.ndjson" if path.is_dir() else path
    note, expected = path.with_name("ledger.note"), path.with_name("expected.csv")
    try:
        skill, ledger, leaves = read_ledger(path.read_bytes())
        print(f"{len(leaves)} entries, root {root(leaves).hex()}", file=sys.stderr)
        if note.exists():
            beyond = check_note(note.read_text("utf-8"), ledger, leaves)
            print(f"ledger.note agrees; its signature is not checked here; {beyond} entries come after it",
                  file=sys.stderr)
    except (Bad, OSError, ValueError) as why:
        print(why, file=sys.stderr)
        return 1
    rows = [written(row) for row in skill.results()]
    if "--json" in arguments:
        print(json.dumps([{name: cell or None for name, cell in row.items()} for row in rows], ensure_ascii=False))
    else:
        table = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    wrong = list(differences(expected.read_text("utf-8-sig"), rows)) if expected.exists() else []
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stderr.reconfigure(encoding="utf-8")
    sys.exit(main(sys.argv[1:]))
