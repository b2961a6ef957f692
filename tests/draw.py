#!/usr/bin/env python3
"""Recomputes a draw from what was published of it (docs/draw.md), without Leitai: Python 3's own library only.

    curl -s https://…/api/competitions/ID/draw | python3 draw.py

Prints who got which code, and ends with 1 where something published does not follow from the rest."""

import hashlib
import json
import sys

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def digest(*lines):
    """The SHA-256 of some lines, in hexadecimal digits."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def draw(skill, layer, secret, seed, units, codes):
    """Who of the list gets which code."""
    key = digest("leitai-draw-1", skill, str(layer), secret, seed)
    units = sorted(set(units), key=lambda unit: (digest(key, unit), unit.encode()))
    if codes == "numbers":
        width = max(2, len(str(len(units))))
        made = [str(number).zfill(width) for number in range(1, len(units) + 1)]
    else:
        made, number = set(), 0
        while len(made) < len(units):
            made.add("".join(ALPHABET[byte & 31] for byte in bytes.fromhex(digest(key, "code", str(number)))[:4]))
            number += 1
        made = sorted(made)
    return dict(zip(units, made))


def check(skill):
    """Goes through one skill's draw; gives what does not fit, and who got which code in each opened layer."""
    wrong, drawn = [], []
    units = skill["list"]
    if units is not None and digest(*sorted(set(units), key=str.encode)) != skill["list_hash"]:
        wrong.append("the list is not the one that the draw was made over")
    for layer in skill["layers"]:
        number, secret = layer["layer"], layer["secret"]
        if secret is not None:
            if digest(secret) != layer["commitment"]:
                wrong.append(f"layer {number}: the secret is not the one that was committed to")
            if units is not None:
                codes = draw(skill["skill"], number, secret, skill["seed"], units, layer["codes"])
                if sorted(codes.values()) != layer["drawn"]:
                    wrong.append(f"layer {number}: other codes come out than were published")
                drawn.append((number, codes))
        units = layer["drawn"]
    return wrong, drawn


def main():
    published = json.load(sys.stdin)
    is_wrong = False
    for skill in published["skills"]:
        wrong, drawn = check(skill)
        is_wrong = is_wrong or bool(wrong)
        print(skill["skill"], skill["name"]["zh"], "WRONG" if wrong else "fits")
        for line in wrong:
            print(" ", line)
        for number, codes in drawn:
            print(f"  layer {number}:", " ".join(f"{unit}={code}" for unit, code in sorted(codes.items())))
    return 1 if is_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
