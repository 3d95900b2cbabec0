"""The flow as Prefect sees it: against a real server on this machine, and on a schedule."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock
from uuid import uuid4

import pytest
from conftest import SAMPLES, build, query, write_files

pytestmark = pytest.mark.slow
BIN = Path(sys.executable).parent
PATIENCE = 150  # seconds to wait for a server to start or a schedule to fire


@contextmanager
def started(home: Path) -> Iterator[tuple[dict[str, str], subprocess.Popen[bytes]]]:
    """A Prefect server of our own: the environment that points at it, and its process."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    url = f"http://127.0.0.1:{port}/api"
    own = {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": url,
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")} | own
    command = [BIN / "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    log = (home / "server.log").open("w")
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_for(lambda: fetch(url + "/health") is True, "the server did not start")
        yield environment, process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)
        log.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with started(tmp_path_factory.mktemp("prefect")) as (environment, _):
        yield environment


def fetch(url: str, body: object | None = None) -> object:
    """JSON from the server, or None where it does not answer yet."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
    except OSError:
        return None


def wait_for(condition: object, complaint: str, patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return
        time.sleep(0.5)
    pytest.fail(complaint)


def runs(environment: dict[str, str], kind: str = "flow_runs", **body: object) -> list[dict[str, object]]:
    return list(fetch(f"{environment['PREFECT_API_URL']}/{kind}/filter", body) or [])  # type: ignore[call-overload]


def test_a_run_shows_up_with_its_tasks_and_artifacts(server: dict[str, str], tmp_path: Path) -> None:
    warehouse = tmp_path / "w"
    command = [
        BIN / "warwire",
        "run",
        str(SAMPLES),
        "--warehouse",
        str(warehouse),
        "--workers",
        "2",
        "--report",
    ]
    done = subprocess.run(command, env=server, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "own server" not in done.stderr
    (flow_run,) = runs(server)
    assert flow_run["state_type"] == "COMPLETED"
    wait_for(lambda: len(runs(server, "task_runs")) >= 8, "the task runs do not show", 30)
    names = [str(t["name"]).rsplit("-", 1)[0] for t in runs(server, "task_runs")]
    assert {
        "list inputs",
        "stage part",
        "mark",
        "read part",
        "write whole tables",
        "check and publish",
        "report",
    } == set(names)
    assert names.count("stage part") == 2
    artifacts = {a["key"]: a for a in runs(server, "artifacts")}
    assert {"warwire-counts", "warwire-warehouse", "warwire-report", "warwire-forces"} <= set(artifacts)
    assert str(warehouse) in str(artifacts["warwire-warehouse"]["data"])
    assert "report.html" in str(artifacts["warwire-report"]["data"])
    assert (warehouse / "report.html").exists()
    build(tmp_path / "inline", SAMPLES)
    asked = "select * from mentions order by mention_id"
    assert query(warehouse, asked) == query(tmp_path / "inline", asked)


def test_wrong_input_ends_the_flow_with_one_line(server: dict[str, str], tmp_path: Path) -> None:
    command = [
        BIN / "warwire",
        "run",
        str(SAMPLES),
        "--warehouse",
        str(tmp_path / "w"),
        "--lexicon",
        str(tmp_path / "no"),
    ]
    done = subprocess.run(command, env=server, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.strip().splitlines()[-1].startswith("warwire: ")
    assert "Traceback" not in done.stderr


def test_a_cron_schedule_fires(server: dict[str, str], tmp_path: Path) -> None:
    warehouse = tmp_path / "w"
    command = [BIN / "warwire", "serve", str(SAMPLES), "--warehouse", str(warehouse), "--cron", "* * * * *"]
    log = (tmp_path / "serve.log").open("w")
    process = subprocess.Popen(command, env=server, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_for(
            lambda: (warehouse / "current.json").exists(),
            f"no scheduled run published: {tmp_path / 'serve.log'}",
        )
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=60)
        log.close()
    assert query(warehouse, "select count(*) > 0 from mentions_per_town") == [(True,)]
    assert any(r["deployment_id"] for r in runs(server))


@pytest.mark.parametrize(("minutes", "is_auto", "waits_for"), [
    ((-2, -1), True, -1),  # missed, as this one was: the last of them runs for all
    ((-1, 30), True, -1),
    ((30,), True, None),  # not due yet
    ((-120,), True, None),  # this run is the later one
    ((), True, None),
    ((-1,), False, None),  # started by hand
])  # fmt: skip
def test_of_missed_runs_only_the_last_runs(
    minutes: tuple[int, ...], is_auto: bool, waits_for: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a flow run asks the server before it begins; the server's answers are made here."""
    from flows import build as flow

    now = datetime.now(UTC)

    def due(minute: int) -> SimpleNamespace:
        return SimpleNamespace(
            expected_start_time=now + timedelta(minutes=minute), deployment_id=uuid4(), auto_scheduled=is_auto
        )

    client = MagicMock()
    client.__enter__.return_value.read_flow_runs.return_value = [due(m) for m in minutes]
    monkeypatch.setattr(flow, "get_client", lambda **_: client)
    monkeypatch.setattr(flow.FlowRunContext, "get", lambda: SimpleNamespace(flow_run=due(-60)))
    found = flow._later_run()
    assert found == (None if waits_for is None else now + timedelta(minutes=waits_for))


def test_a_server_that_dies_in_mid_run_costs_one_line(tmp_path: Path) -> None:
    """What it published stands and is said; nothing else is printed, and the run ends without waiting for the server for long."""
    text = "Raqqa\n\nThe first trucks reached Raqqa on day {}, two men of the SDF said. " + "It rained. " * 20
    folder = write_files(tmp_path / "in", {f"{n}.txt": text.format(n) for n in range(2000)})
    warehouse = tmp_path / "w"
    with started(tmp_path) as (environment, process):
        command = [BIN / "warwire", "run", str(folder), "--warehouse", str(warehouse), "--workers", "1"]
        run = subprocess.Popen(
            command,
            env={**environment, "PREFECT_CLIENT_MAX_RETRIES": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        wait_for(lambda: list(warehouse.glob("stage/[0-9a-f]*")), "the run did not begin")
        os.killpg(process.pid, signal.SIGKILL)
        out, err = run.communicate(timeout=PATIENCE)
    assert run.returncode == 0, err
    assert err == ""
    assert [line for line in out.splitlines() if "Prefect" in line] == [out.splitlines()[0]]
    assert "does not show how this run ended" in out.splitlines()[0]
    assert query(warehouse, "select count(*) from articles") == [(2000,)]
