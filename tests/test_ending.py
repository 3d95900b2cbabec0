"""How runs end before their time: soon, with one line, and with nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import query, write_files

from flows.keeper import VARIABLE, left_behind

TEXT = (
    "Trucks {n}\n\nThe first trucks reached Raqqa at noon, two men of the SDF who were there said. It was day {n}. "
    + "It rained. " * 20
)
pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")


def start(tmp_path: Path, *more: str) -> tuple[subprocess.Popen[str], str]:
    """A run with two workers over more than it reads in a moment, and the mark of all its processes."""
    folder = tmp_path / "in"
    write_files(folder, {f"{n}.txt": TEXT.format(n=n) for n in range(3000)})
    mark = f"test-{tmp_path.name}-{os.getpid()}"
    command = [
        sys.executable,
        "-m",
        "flows.cli",
        "run",
        str(folder),
        "--warehouse",
        str(tmp_path / "w"),
        "--workers",
        "2",
        *more,
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, VARIABLE: mark}
    )
    return process, mark


def others(mark: str, process: subprocess.Popen[str]) -> list[int]:
    return [p for p in left_behind(mark) if p not in (process.pid, os.getpid())]


def wait_for_workers(mark: str, process: subprocess.Popen[str]) -> list[int]:
    deadline = time.monotonic() + 60
    while len(found := others(mark, process)) < 2:
        assert process.poll() is None
        assert time.monotonic() < deadline, "no workers were started"
        time.sleep(0.05)
    time.sleep(0.5)
    return found


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_a_run_soon_and_whole(how: signal.Signals, tmp_path: Path) -> None:
    process, mark = start(tmp_path, "--inline")
    wait_for_workers(mark, process)
    process.send_signal(how)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert said.strip().splitlines()[-1] == "warwire: stopped; the warehouse is as it was"
    assert gone(mark, process)


def test_workers_end_with_a_run_that_is_killed(tmp_path: Path) -> None:
    process, mark = start(tmp_path, "--inline")
    wait_for_workers(mark, process)
    process.kill()
    process.communicate(timeout=30)
    assert gone(mark, process)


def gone(mark: str, process: subprocess.Popen[str]) -> bool:
    """Whether no other process of a run is left after a moment; those that are, are ended."""
    deadline = time.monotonic() + 10
    while left := others(mark, process):
        if time.monotonic() > deadline:
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            return False
        time.sleep(0.1)
    return True


def test_a_killed_worker_is_said_in_one_line(tmp_path: Path) -> None:
    process, mark = start(tmp_path, "--inline")
    for pid in wait_for_workers(mark, process):
        name = Path(f"/proc/{pid}/cmdline").read_bytes()
        if b"spawn_main" in name:
            os.kill(pid, signal.SIGKILL)
            break
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in said
    assert "a worker process was killed" in said.strip().splitlines()[-1]
    assert not (tmp_path / "w" / "current.json").exists()


@pytest.mark.slow
def test_prefects_own_server_ends_with_a_run_that_is_killed(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")} | {
        "PREFECT_HOME": str(tmp_path / "home")
    }
    folder = write_files(tmp_path / "in", {"a.txt": TEXT.format(n=1)})
    command = [sys.executable, "-m", "flows.cli", "run", str(folder), "--warehouse", str(tmp_path / "w")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    home = f"PREFECT_HOME={tmp_path / 'home'}".encode()
    deadline = time.monotonic() + 120
    while not (servers := [p for p in with_environment(home) if b"uvicorn" in command_of(p)]):
        assert time.monotonic() < deadline, "no server was started"
        assert process.poll() is None
        time.sleep(0.2)
    process.kill()
    process.wait(timeout=30)
    deadline = time.monotonic() + 10
    while set(with_environment(home)) & set(servers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert with_environment(home) == []


def with_environment(entry: bytes) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if entry in (path / "environ").read_bytes().split(b"\0") and (path / "cmdline").read_bytes():
                found.append(int(path.name))
        except OSError:
            continue
    return found


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@pytest.mark.slow
def test_a_silent_server_is_said_in_one_line(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", {"a.txt": TEXT.format(n=1)})
    command = [sys.executable, "-m", "flows.cli", "run", str(folder), "--warehouse", str(tmp_path / "w")]
    environment = {
        **os.environ,
        "PREFECT_API_URL": "http://127.0.0.1:9/api",
        "PREFECT_HOME": str(tmp_path / "home"),
    }
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 2
    assert len((done.stdout + done.stderr).strip().splitlines()) == 1
    assert "--inline" in done.stderr
    with pytest.raises(Exception, match="does not exist"):
        query(tmp_path / "w", "select 1")
