"""What people arrive with: exports, archives, crawls, feeds, saved pages; whole and broken."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import build, query, write_files

from flows.cli import main

BODY = "The first trucks reached Raqqa at noon on Tuesday, two men of the SDF who were there said.\n\nGuards let them pass after an hour, a third man said."
PAGE = f"""<!doctype html><html lang="en"><head><title>Trucks reach Raqqa | Rudaw</title></head><body><nav><a href="/">Home</a></nav>
<h1>Trucks reach Raqqa</h1><article><p>{BODY.split(chr(10))[0]} The road had been closed for nine days before that, they said.</p>
<p>Guards let them pass after an hour, a third man said, and by evening the road was closed again to everyone.</p></article></body></html>"""
ROW = {
    "id": "r1",
    "title": "Trucks reach Raqqa",
    "text": BODY,
    "date": "2017-07-21",
    "outlet": "Rudaw",
    "url": "https://www.rudaw.net/english/1",
    "mood": "calm",
}


def warc(*pages: str) -> bytes:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for n, page in enumerate(pages):
        headers = StatusAndHeaders(
            "200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1"
        )
        url = f"https://www.rudaw.net/english/{n}"
        writer.write_record(
            writer.create_warc_record(
                url, "response", payload=io.BytesIO(page.encode()), http_headers=headers
            )
        )
    return out.getvalue()


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def tarred(**members: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def table(*rows: dict[str, str], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def parquet(*rows: dict[str, str]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows)), out)
    return out.getvalue()


FEED = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Rudaw</title>
<item><title>Trucks reach Raqqa</title><link>https://www.rudaw.net/english/1</link><guid>r1</guid><pubDate>Fri, 21 Jul 2017 10:00:00 GMT</pubDate>
<content:encoded><![CDATA[<p>{BODY.split(chr(10))[0]} The road had been closed for nine days before that, they said.</p>]]></content:encoded></item></channel></rss>""".encode()
MHT = ("From: saved\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B; type=\"text/html\"\r\n\r\n--B\r\nContent-Type: text/html; charset=utf-8\r\n"
       f"Content-Location: https://www.rudaw.net/english/1\r\n\r\n{PAGE}\r\n--B--\r\n").encode()  # fmt: skip
WHOLE: dict[str, bytes] = {
    "a.md": f"# Trucks reach Raqqa\n\nRudaw\n\n2017-07-21\n\n{BODY}".encode(),
    "a.xhtml": PAGE.encode(),
    "a.mht": MHT,
    "a.json": json.dumps({"count": 1, "articles": [ROW]}).encode(),
    "b.json": json.dumps(ROW).encode(),
    "a.jsonl": (json.dumps(ROW) + "\n").encode(),
    "a.csv": table(ROW),
    "b.csv": "﻿".encode() + table(ROW, delimiter=";"),
    "a.tsv": table(ROW, delimiter="\t"),
    "a.parquet": parquet(ROW),
    "a.rss": FEED,
    "a.warc.gz": warc(PAGE),
    "a.txt.gz": gzip.compress(f"Trucks reach Raqqa\n\nRudaw\n\n2017-07-21\n\n{BODY}".encode(), mtime=0),
    "a.zip": zipped(**{"in/a.html": PAGE.encode()}),
    "a.tar.gz": tarred(**{"in/a.html": PAGE.encode()}),
    "nested.zip": zipped(**{"a.jsonl.gz": gzip.compress(json.dumps(ROW).encode(), mtime=0)}),
    "named.csv": table(
        {
            "unit_id": "7",
            "article_title": "Trucks reach Raqqa",
            "article_content": BODY,
            "source": "Rudaw",
            "date": "7/21/2017",
        }
    ),
    "page.jsonl": json.dumps({"url": "https://www.rudaw.net/english/1", "html": PAGE}).encode(),
}


@pytest.mark.parametrize("name", WHOLE)
def test_every_format_yields_the_article(name: str, tmp_path: Path) -> None:
    build(tmp_path / "w", write_files(tmp_path / "in", {name: WHOLE[name]}))
    assert query(tmp_path / "w", "select * from rejects") == []
    ((title, text, outlet),) = query(tmp_path / "w", "select title, text, outlet_id from articles")
    assert title == "Trucks reach Raqqa"
    assert "The first trucks reached Raqqa at noon" in str(text)
    assert "Home" not in str(text)
    assert outlet == "rudaw"
    towns = query(tmp_path / "w", "select mentions from mentions_per_town where place_id = 'raqqa'")
    assert towns == [(2,)]
    assert build(tmp_path / "w", tmp_path / "in").outcome == "unchanged"


def test_a_record_joins_back_to_its_export(tmp_path: Path) -> None:
    folder = write_files(
        tmp_path / "in", {"a.csv": table(ROW, {**ROW, "id": "r2", "text": BODY + " It rained."})}
    )
    build(tmp_path / "w", folder)
    found = query(
        tmp_path / "w",
        "select external_id, record_metadata::json->>'mood', source_uri from documents order by 1",
    )
    assert found == [("r1", "calm", f"{folder}/a.csv!#1"), ("r2", "calm", f"{folder}/a.csv!#2")]
    dates = query(
        tmp_path / "w", "select distinct published_on::varchar, published_on_basis, url from articles"
    )
    assert dates == [("2017-07-21", "record", "https://www.rudaw.net/english/1")]


def test_the_order_of_dates_in_an_export_shows_in_its_other_rows(tmp_path: Path) -> None:
    days = ("4/5/2017", "4/16/2017", "4/27/2017")
    rows = [
        {
            "title": f"Report {n}",
            "text": f"Trucks reached village {n} before dawn, two of the drivers said.",
            "date": day,
        }
        for n, day in enumerate(days)
    ]
    build(tmp_path / "w", write_files(tmp_path / "in", {"a.csv": table(*rows)}))
    assert query(tmp_path / "w", "select published_on::varchar from articles order by 1") == [
        ("2017-04-05",),
        ("2017-04-16",),
        ("2017-04-27",),
    ]


def test_other_columns_can_be_named(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", {"a.csv": table({"Kop": "Trucks reach Raqqa", "Lijf": BODY})})
    build(tmp_path / "w", folder)
    assert query(tmp_path / "w", "select reason, detail from rejects") == [
        ("no_text_column", "no column of text among Kop, Lijf; name it: --map text=COLUMN")
    ]
    build(tmp_path / "m", folder, mapping=(("title", "Kop"), ("text", "Lijf")))
    assert query(tmp_path / "m", "select title from articles") == [("Trucks reach Raqqa",)]


def test_a_row_gone_from_its_export_is_gone(tmp_path: Path) -> None:
    other = {**ROW, "id": "r2", "text": BODY + " It rained."}
    folder = write_files(tmp_path / "in", {"a.jsonl": f"{json.dumps(ROW)}\n{json.dumps(other)}\n".encode()})
    build(tmp_path / "w", folder)
    (folder / "a.jsonl").write_text(json.dumps(other) + "\n")
    build(tmp_path / "w", folder)
    assert query(tmp_path / "w", "select external_id from documents") == [("r2",)]


def test_mojibake_is_mended_and_leads_back(tmp_path: Path) -> None:
    text = "Trucks\n\nâ€œThe first trucks left ManbÃ®j at noon,â€\x9d a driver of the SDFâ€™s convoy said."
    build(tmp_path / "w", write_files(tmp_path / "in", {"a.txt": text}))
    ((clean, raw),) = query(
        tmp_path / "w", "select a.text, d.text from articles a join documents d using (document_id)"
    )
    assert clean == "“The first trucks left Manbîj at noon,” a driver of the SDF’s convoy said."
    assert raw == text
    assert query(
        tmp_path / "w", "select surface, document_surface from mentions where entity_id = 'manbij'"
    ) == [("Manbîj", "ManbÃ®j")]


# ------------------------------------------------------------------ broken: a reject, or what could be read and a reject for the rest
def cut(raw: bytes, part: float) -> bytes:
    return raw[: int(len(raw) * part)]


def lines(n: int) -> bytes:
    return b"".join(
        json.dumps({**ROW, "id": f"r{i}", "text": f"{BODY} It was day {i}."}).encode() + b"\n"
        for i in range(n)
    )


def bomb(size: int) -> bytes:
    return gzip.compress(b"0" * size, 9, mtime=0)


def matryoshka(depth: int) -> bytes:
    inner = zipped(**{"a.txt": BODY.encode()})
    for n in range(depth):
        inner = zipped(**{f"{n}.zip": inner})
    return inner


Maker = Callable[[int], bytes]
BROKEN: dict[str, tuple[str, Maker]] = {
    "truncated gzip": ("a.jsonl.gz", lambda n: cut(gzip.compress(lines(400), mtime=0), (n + 1) / 12)),
    "zip bomb": ("a.zip", lambda n: zipped(**{"a.txt": b"0" * (60 + n) * 10**6, "b.txt": b"1" * 60 * 10**6})),
    "gzip bomb": ("a.txt.gz", lambda n: bomb((51 + n) * 10**6)),
    "WARC cut mid-record": (
        "a.warc.gz",
        lambda n: cut(warc(PAGE, PAGE.replace("noon", "dusk")), 0.3 + n * 0.06),
    ),
    "ragged CSV": (
        "a.csv",
        lambda n: table(ROW, {**ROW, "id": "r2", "text": BODY + "!"}) + b"r3,too,few\n" * (n + 1),
    ),
    "JSON with a bad line": (
        "a.jsonl",
        lambda n: lines(2) + b'{"id": ' + b"[" * n * 1000 + b"\n" + lines(3)[-300:],
    ),
    "NUL bytes": ("a.txt", lambda n: b"Trucks\n\n" + b"\0" * (n + 1) + BODY.encode()),
    "a single line of 60 MB": ("a.txt", lambda n: b"word " * (12 * 10**6 + n)),
    "nested tags": ("a.html", lambda n: b"<html><body>" + b"<div>" * 10_000 * (n + 1) + BODY.encode()),
    "recursive archive": ("a.zip", lambda n: matryoshka(4 + n)),
    "wrong extension": ("a.parquet", lambda n: PAGE.encode() + b" " * n),
    "page called a zip": ("a.zip", lambda n: PAGE.encode() + b" " * n),
    "path out of the archive": (
        "a.tar.gz",
        lambda n: tarred(
            **{"../" * (n + 1) + "etc/passwd": BODY.encode(), "ok.txt": b"Trucks\n\n" + BODY.encode()}
        ),
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_ten_broken_inputs_of_every_kind(kind: str, tmp_path: Path) -> None:
    """Each of ten is a reject with a reason, or is read as far as it goes; the good file beside them is whole."""
    name, make = BROKEN[kind]
    files: dict[str, str | bytes] = {f"{n}-{name}": make(n) for n in range(10)}
    folder = write_files(tmp_path / "in", {**files, "good.txt": f"Trucks\n\n{BODY}"})
    build(tmp_path / "w", folder)
    good = query(
        tmp_path / "w",
        f"select count(*) from articles join document_sources using (document_id) where source_uri = '{folder}/good.txt'",
    )
    assert good == [(1,)]
    seen = {
        str(u).removeprefix(f"{folder}/").split("!")[0]
        for (u,) in query(
            tmp_path / "w", "select source_uri from rejects union select source_uri from document_sources"
        )
    }
    assert set(files) <= seen
    rejected = {
        str(u).removeprefix(f"{folder}/").split("!")[0]: (r, d)
        for u, r, d in query(tmp_path / "w", "select source_uri, reason, detail from rejects")
    }
    assert all(r and d for r, d in rejected.values())
    if kind not in (
        "nested tags",
        "WARC cut mid-record",
    ):  # pages close their own tags; a cut may fall between records
        assert len(rejected) == 10


def test_other_languages_are_kept_and_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    french = "Les premiers camions sont arrivés à Raqqa mardi à midi, ont dit deux hommes des FDS qui se trouvaient là depuis le matin même."
    folder = write_files(
        tmp_path / "in", {"fr.txt": f"Des camions à Raqqa\n\n{french}", "en.txt": f"Trucks\n\n{BODY}"}
    )
    assert main(["run", str(folder), "--inline", "--warehouse", str(tmp_path / "w")]) == 0
    assert "1 article(s) in languages" in capsys.readouterr().out
    assert query(tmp_path / "w", "select language, word_count > 0 from articles order by 1") == [
        ("en", True),
        ("fr", True),
    ]
    asked = "select a.language, count(*) from mentions m join articles a using (article_id) where entity_id = 'raqqa' group by 1 order by 1"
    assert query(tmp_path / "w", asked) == [("en", 1)]
    lexicon = write_files(tmp_path / "lexicon", {"languages.csv": "language,name\nfr,French\n"})
    assert (
        main(["run", str(folder), "--inline", "--warehouse", str(tmp_path / "w"), "--lexicon", str(lexicon)])
        == 0
    )
    assert query(tmp_path / "w", asked) == [("en", 1), ("fr", 2)]
