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
from pathlib import Path

import pytest
from conftest import SAMPLES, build, query

pytestmark = pytest.mark.slow
BIN = Path(sys.executable).parent
PATIENCE = 150  # seconds to wait for a server to start or a schedule to fire


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A Prefect server of our own; yields the environment that points at it."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    home = tmp_path_factory.mktemp("prefect")
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
        yield environment
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)
        log.close()


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
    command = [BIN / "warwire", "run", str(SAMPLES), "--warehouse", str(warehouse), "--workers", "2", "--report"]
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
        wait_for(lambda: (warehouse / "current.json").exists(), f"no scheduled run published: {tmp_path / 'serve.log'}")
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=60)
        log.close()
    assert query(warehouse, "select count(*) > 0 from mentions_per_town") == [(True,)]
    assert any(r["deployment_id"] for r in runs(server))
