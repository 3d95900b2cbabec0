"""Who is the subject, object and agent of which verb, in sentences of a treebank; for a scorer, with the time it took.

    .venv/bin/python -m benchmarks.clauses FILE.conllu > said.jsonl

Reads tokens and sentences of a CoNLL-U file (Universal Dependencies), nothing else of it, and writes JSON lines
{"sentence": sent_id, "verb": n, "role": "subject" | "object" | "agent", "head": n}; n are the file's token numbers. To standard
error: microseconds of processor time a token, the fastest of five rounds and the first. Universal Dependencies puts the number of "$ 5 million" on the sign, gives a verb's object to the first of two
coordinated verbs, and marks an agent in every treebank only beside an auxiliary: that is what is written.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from flows.versions import lexicon_of
from transforms.language.clauses import Clauses, read_clauses
from transforms.language.grammar import Grammar

ROUNDS = 5
SIGN = "$"


def sentences(path: Path) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """(sent_id, [(token number, form)]) of every sentence."""
    name = ""
    words: list[tuple[int, str]] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("# sent_id"):
            name = line.split("=", 1)[1].strip()
        elif not line.strip():
            if words:
                yield name, words
            words = []
        elif (fields := line.split("\t"))[0].isdigit():
            words.append((int(fields[0]), fields[1]))


def read(texts: list[list[str]], grammar: Grammar) -> Clauses:
    """The clauses of some sentences."""
    return read_clauses(grammar.tags(texts), grammar)


def said(clauses: Clauses) -> Iterator[tuple[str, int, int]]:
    """(role, verb, noun), as numbers of words over all sentences."""
    heads = {}
    for kind, start, end in clauses.chunks:
        sign = clauses.tags.find(SIGN, start, end) if kind == "n" and clauses.tags[end - 1] == "0" else -1
        heads[end - 1] = sign if sign >= 0 else end - 1
    for link in clauses.links:
        if link.role in ("subject", "object") or (
            link.role == "agent" and clauses.verbs[link.of].kind != "u"
        ):
            yield link.role, link.of, heads[link.head]


def main(file: str) -> None:
    """Write what is read in a file."""
    found = list(sentences(Path(file)))
    grammar = lexicon_of(()).grammar
    texts = [[form for _, form in words] for _, words in found]
    where = [("", 0), *((name, n) for name, words in found for n in [*(i for i, _ in words), 0])]
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        clauses = read(texts, grammar)
        spent.append(time.process_time() - began)
    for role, verb, noun in said(clauses):
        if where[verb][0] == where[noun][0]:
            print(
                json.dumps(
                    {"sentence": where[verb][0], "verb": where[verb][1], "role": role, "head": where[noun][1]}
                )
            )
    tokens = sum(map(len, texts))
    ours = min(spent) / tokens * 1e6
    print(
        f"{tokens} tokens, {ours:.2f} microseconds a token (first time {spent[0] / tokens * 1e6:.2f})",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main(sys.argv[1])
