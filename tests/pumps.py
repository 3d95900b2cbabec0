"""Texts that a pattern may be slow on, made from the pattern itself, and how its work grows on them."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import FrameType, ModuleType
from typing import Any

PACKAGES = ("transforms", "warehouse", "flows")
ENDS = (
    "",
    "\x01",
    "!",
    ' "',
)  # what stands behind the pumped part: nothing, and what few patterns go on with
GENERIC = ("a", " ", "A", "1", "\n", "-", "'", '"', "“", "(", "[", "[a](", ", ", "a, ", "Aa ", "A. ", "1 ", "an ", "and ", "one ", "\x00", "é", "_", ".", "5,000 ", "<", "&")  # fmt: skip
SUSPECT = 0.0005  # seconds; what takes less on a text of some thousand characters is not square
LONGEST_TRY = 3.0  # seconds of processor time for one pump
MOST_GROWTH = 3.0  # between 2, work that is linear, and 4, work that is square
MOST_CHOICES = (
    24  # alternatives of one branch that are tried; the longest lists are of words, which work alike
)
CATEGORIES = {
    codes.CATEGORY_DIGIT: "1", codes.CATEGORY_NOT_DIGIT: "a", codes.CATEGORY_SPACE: " ", codes.CATEGORY_NOT_SPACE: "a",
    codes.CATEGORY_WORD: "a", codes.CATEGORY_NOT_WORD: " ",
}  # fmt: skip
PROBES = "aA1 -'’.,:;!?\"“”()[]/_\n\t\x00\x01éЖ@#*"


# ------------------------------------------------------------------ the patterns
def modules() -> Iterator[ModuleType]:
    """Every module of the code."""
    for name in PACKAGES:
        package = importlib.import_module(name)
        yield package
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


def patterns() -> dict[str, re.Pattern[Any]]:
    """Every compiled pattern that a module, or a class in it, holds by a name, also inside tables, by that name; and the
    patterns that functions write out where they use them, by module and line."""
    found: dict[str, re.Pattern[Any]] = {}
    for module in modules():
        for name, value in vars(module).items():
            if inspect.ismodule(value):
                continue
            for path, pattern in _inside(value, f"{module.__name__}.{name}", module.__name__):
                if not any(pattern is other for other in found.values()):
                    found[path] = pattern
        for line, pattern in _written_out(module):
            found[f"{module.__name__}:{line}"] = pattern
    return found


def _inside(value: object, path: str, module: str, depth: int = 3) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield path, value
    elif inspect.isclass(value) and value.__module__ == module:
        for name, held in vars(value).items():
            yield from _inside(held, f"{path}.{name}", module, depth - 1)
    elif depth and isinstance(value, Mapping):
        for key, held in value.items():
            yield from _inside(held, f"{path}[{key}]", module, depth - 1)
    elif depth and isinstance(value, list | tuple):
        for key, held in enumerate(value):
            yield from _inside(held, f"{path}[{key}]", module, depth - 1)


def _nodes(module: ModuleType) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8")))


def _calls(module: ModuleType) -> Iterator[ast.Call]:
    return (
        node for node in _nodes(module) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    )


def _written_out(module: ModuleType) -> Iterator[tuple[int, re.Pattern[Any]]]:
    """re.search("...", text) and the like, wherever the pattern is a literal."""
    for call in _calls(module):
        func = call.func
        assert isinstance(func, ast.Attribute)
        if not (isinstance(func.value, ast.Name) and func.value.id == "re" and call.args):
            continue
        first = call.args[0]
        if (
            func.attr != "compile"
            and isinstance(first, ast.Constant)
            and isinstance(first.value, str | bytes)
        ):
            flags = re.I if any("re.I" in ast.unparse(a) for a in call.args[2:]) else 0
            yield call.lineno, re.compile(first.value, flags)


def uses() -> dict[str, set[str]]:
    """The methods of each pattern that are called or handed on, by the last part of its name: {"CLOCK": {"match"}}."""
    found: dict[str, set[str]] = defaultdict(set)
    for module in modules():
        for func in _nodes(module):
            if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.attr in (
                "match", "fullmatch", "search", "finditer", "findall", "sub", "split", "subn",
            ):  # fmt: skip
                found[func.value.id].add(func.attr)
    return found


# ------------------------------------------------------------------ the pumps
def pumps(pattern: re.Pattern[Any]) -> list[tuple[str, str]]:
    """(what stands first, what is said again and again): for each repeat of a pattern every way to fill it once, after a
    text that leads to it; the whole pattern again and again; and what is tried on all."""
    source = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    tree = parser.parse(
        source, pattern.flags & ~re.DEBUG if isinstance(pattern.pattern, str) else pattern.flags & re.I
    )
    groups: dict[int, Any] = {}
    found = [("", text) for text in GENERIC]
    found += [("", text) for text in islice(_samples(tree, groups), 4)]
    found += list(_repeats(tree, "", groups))
    return [(lead, unit) for lead, unit in dict.fromkeys(found) if unit]


def _repeats(tree: Any, lead: str, groups: dict[int, Any]) -> Iterator[tuple[str, str]]:
    """Of each repeat in a tree, and of each two that follow one another."""
    for op, arg in tree:
        here = [(op, arg)]
        if op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            _, most, body = arg
            if most > 1:
                samples = [s for s in islice(_samples(body, groups), MOST_CHOICES) if s]
                for sample in samples:
                    yield lead, sample
                if len(samples) > 1:
                    yield lead, "".join(samples[:2])
            yield from _repeats(body, lead, groups)
            yield "", lead + next(_samples(here, groups), "")  # all up to here, again and again
        elif op is codes.BRANCH:
            for branch in arg[1]:
                yield from _repeats(branch, lead, groups)
        elif op is codes.SUBPATTERN:
            groups[arg[0]] = arg[3]
            yield from _repeats(arg[3], lead, groups)
        elif op is codes.ATOMIC_GROUP:
            yield from _repeats(arg, lead, groups)
        elif op in (codes.ASSERT, codes.ASSERT_NOT):
            yield from _repeats(arg[1], lead, groups)
        lead += next(_samples(here, groups), "")


def _samples(tree: Any, groups: dict[int, Any]) -> Iterator[str]:
    """Texts that a tree fits, one for each alternative of its first branch, with one for the others."""
    parts: list[list[str]] = []
    for op, arg in tree:
        parts.append(list(islice(_of(op, arg, groups), MOST_CHOICES)) or [""])
    if not parts:
        yield ""
        return
    firsts = [choices[0] for choices in parts]
    yield "".join(firsts)
    for i, choices in enumerate(parts):
        for choice in choices[1:]:
            yield "".join([*firsts[:i], choice, *firsts[i + 1 :]])


def _of(op: Any, arg: Any, groups: dict[int, Any]) -> Iterator[str]:
    if op is codes.LITERAL:
        yield chr(arg)
    elif op is codes.NOT_LITERAL:
        yield next(c for c in PROBES if ord(c) != arg)
    elif op is codes.ANY:
        yield from "a 1"
    elif op is codes.IN:
        yield from _of_class(arg)
    elif op is codes.BRANCH:
        for branch in arg[1]:
            yield next(_samples(branch, groups))
    elif op is codes.SUBPATTERN:
        groups[arg[0]] = arg[3]
        yield from _samples(arg[3], groups)
    elif op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        least, _, body = arg
        for sample in _samples(body, groups):
            yield sample * max(1, least)
        if not least:
            yield ""
    elif op is codes.ATOMIC_GROUP:
        yield from _samples(arg, groups)
    elif op is codes.GROUPREF and arg in groups:
        yield next(_samples(groups[arg], groups))


def _of_class(arg: Any) -> Iterator[str]:
    """Characters of a class: of what it names first, then of what is tried on all."""
    source = [(op, value) for op, value in arg if op is not codes.NEGATE]
    negated = len(source) < len(arg)

    def holds(char: str) -> bool:
        code = ord(char)
        for op, value in source:
            if op is codes.LITERAL and code == value:
                return not negated
            if op is codes.RANGE and value[0] <= code <= value[1]:
                return not negated
            if op is codes.CATEGORY and _in_category(char, value):
                return not negated
        return negated

    seen = [c for c in PROBES if holds(c)]
    named = [] if negated else [chr(v if op is codes.LITERAL else v[0]) for op, v in source if op in (codes.LITERAL, codes.RANGE)]  # fmt: skip
    yield from dict.fromkeys([*seen[:6], *named[:6]])


def _in_category(char: str, category: Any) -> bool:
    tests: dict[Any, Callable[[], bool]] = {
        codes.CATEGORY_DIGIT: char.isdigit,
        codes.CATEGORY_SPACE: char.isspace,
        codes.CATEGORY_WORD: lambda: char.isalnum() or char == "_",
        codes.CATEGORY_NOT_DIGIT: lambda: not char.isdigit(),
        codes.CATEGORY_NOT_SPACE: lambda: not char.isspace(),
        codes.CATEGORY_NOT_WORD: lambda: not (char.isalnum() or char == "_"),
    }
    return tests[category]() if category in tests else False


# ------------------------------------------------------------------ the work
class TooLong(Exception):
    """A search that did not end in the time given."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises TooLong where what is done takes more processor time; `re` looks for signals while it searches."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def cost(run: Callable[[], object], repeats: int) -> float:
    """The least processor time, in seconds, of some tries."""
    least = float("inf")
    for _ in range(repeats):
        began = time.thread_time()
        run()
        least = min(least, time.thread_time() - began)
    return least


def growth(use: Callable[[str], object], lead: str, unit: str, end: str, length: int) -> float:
    """How many times longer a search takes on a text of a length than on half of it: 2 where its work is linear, 4 where
    it is square; 0 where it takes no time to speak of, infinity where it does not end. Measured again while the machine
    is too busy to say."""

    def text(size: int) -> str:
        return lead + unit * max(1, size // len(unit)) + end

    whole, half = text(length), text(length // 2)
    try:
        with within(LONGEST_TRY):
            if cost(lambda: use(whole), 1) < SUSPECT:
                return 0
            found = float("inf")
            for repeats in (3, 6, 12, 24):
                found = min(
                    found, cost(lambda: use(whole), repeats) / max(1e-7, cost(lambda: use(half), repeats))
                )
                if found <= MOST_GROWTH:
                    break
            return found
    except TooLong:
        return float("inf")
