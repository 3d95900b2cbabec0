"""Make words.csv: what a form can be, from lemminflect's table of inflections, Brill's lexicon and counts of tags.

    python seeds/en/build.py LEMMINFLECT TEXTBLOB EWT.conllu ... > words.csv

LEMMINFLECT and TEXTBLOB are the unpacked wheels; the CoNLL-U files are read for how often a form has which tag, and for nothing else.
A form with one reading has that class. Of two readings that the words around it decide (attack, attacks, attacked, hit, open,
building) the class says which two, and which is commoner. Forms whose ending already says what they are, are left out.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections import Counter, defaultdict
from pathlib import Path

PENN = {
    "JJ": "a", "JJR": "a", "JJS": "a", "RB": "r", "RBR": "r", "RBS": "r", "VB": "b", "VBP": "b", "VBZ": "z", "VBD": "v",
    "VBN": "u", "VBG": "g", "NN": "n", "NNS": "m",
}  # fmt: skip
VERBS = {"VB", "VBP", "VBD", "VBN", "VBZ", "VBG"}
ORDER = "nmavugzbr"  # of readings that nothing tells apart, the first
BRILL_COUNTS = 4  # Brill's one tag a form weighs as much as this many in the treebank


def main(lemminflect: str, textblob: str, *treebanks: str) -> None:
    """Write the table to standard output."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for file in treebanks:
        for line in Path(file).read_text(encoding="utf-8").splitlines():
            fields = line.split("\t")
            if len(fields) > 5 and fields[0].isdigit() and fields[3] != "PROPN":
                counts[fields[1].lower()][fields[4]] += 1
    brill: dict[str, str] = {}
    for line in (Path(textblob) / "textblob/en/en-lexicon.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(";;;") and " " in line:
            form, tag = line.split(" ")[:2]
            brill.setdefault(form, tag)
    readings = _readings(Path(lemminflect), brill, counts)
    rows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for form, can_be in readings.items():
        seen: Counter[str] = Counter()
        for tag, n in counts.get(form, {}).items():
            seen[PENN.get(tag, "")] += n
        seen[PENN.get(brill.get(form, ""), "")] += BRILL_COUNTS
        tag = _class(can_be, seen)
        if form.isascii() and form.isalpha() and tag not in (_ending(form), "g"):
            rows[tag, form[0]].append(form)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["tag", "initial", "forms"])
    out.writerows((tag, initial, " ".join(sorted(forms))) for (tag, initial), forms in sorted(rows.items()))


def _readings(
    lemminflect: Path, brill: dict[str, str], counts: dict[str, Counter[str]]
) -> dict[str, set[str]]:
    """What every form can be. A verb none of whose forms is ever seen as one (to town) is no verb."""
    found: dict[str, set[str]] = defaultdict(set)
    with gzip.open(lemminflect / "lemminflect/resources/infl_lu.csv.gz", "rt", encoding="utf-8") as file:
        for line in file:
            lemma, kind, rest = line.rstrip("\n").split(",", 2)
            if lemma != lemma.lower() or not lemma.isalpha():
                continue
            parts = [[f for f in part.split("/") if f] for part in rest.split(",")]
            if kind == "verb":
                past, participle, ing, says = (*parts, [], [], [], [])[:4]
                forms = [lemma, *past, *participle, *ing, *says]
                if any(brill.get(f) in VERBS or VERBS & counts.get(f, Counter()).keys() for f in forms):
                    found[lemma].add("b")
                    for tag, group in (("v", past), ("u", participle or past), ("g", ing), ("z", says)):
                        for form in group:
                            found[form].add(tag)
            elif kind == "noun":
                found[lemma].add("n")
                for form in (f for part in parts for f in part if f != lemma):
                    found[form].add("m")
            elif kind in ("adj", "adv"):
                for form in (lemma, *(f for part in parts for f in part)):
                    found[form].add("a" if kind == "adj" else "r")
    for form, tag in brill.items():
        if form == form.lower() and form not in found and (known := PENN.get(tag)):
            found[form].add(known)
    return found


def _class(can_be: set[str], seen: Counter[str]) -> str:
    """The class of a form that can be all this, by how often it is seen as what."""
    if "m" not in can_be and "n" in can_be:
        seen["n"] += seen["m"]
    likeliest = max(sorted(can_be, key=ORDER.index), key=lambda tag: seen[tag])
    if {"n", "m"} <= can_be:
        can_be = can_be - {"m" if likeliest != "m" else "n"}
    if {"b", "v"} <= can_be and likeliest != "z":
        return "E"
    if {"v", "u"} <= can_be:
        return "x"
    if {"u", "b"} <= can_be:
        return "Z"
    if "v" in can_be:
        return (
            likeliest
            if likeliest == "a"
            or (likeliest == "n" and "n" in can_be)
            or not (likeliest in "vu" or seen["v"])
            else "v"
        )
    if "u" in can_be:
        return "u" if likeliest in "uv" or seen["u"] else likeliest
    if "g" in can_be:
        return "G" if likeliest == "n" else "g" if likeliest == "g" or seen["g"] else likeliest
    if "z" in can_be:
        return ("K" if likeliest == "z" and seen["z"] else "Y") if "m" in can_be else "z"
    if {"b", "n"} <= can_be:
        return {"b": "Q", "n": "X", "a": "A"}.get(likeliest, likeliest)
    if {"b", "a"} <= can_be:
        return "b" if likeliest == "b" and not seen["a"] else "A"
    if "b" in can_be:
        return "b" if not seen[likeliest] else likeliest
    if {"a", "n"} <= can_be:
        return "a" if likeliest == "a" else "n"
    return likeliest


def _ending(form: str) -> str:
    """As transforms/language/grammar.py has it."""
    for ending, tag in (("ly", "r"), ("ing", "g"), ("ed", "x")):
        if form.endswith(ending):
            return tag
    return "m" if form.endswith("s") and not form.endswith(("ss", "us", "is")) else "n"


if __name__ == "__main__":
    main(*sys.argv[1:])
