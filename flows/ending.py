"""How a run ends before its time: on a signal within two seconds, and with nothing left behind, not even by kill -9."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from multiprocessing import active_children, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from types import FrameType
from typing import NoReturn

from flows import keeper

STOPPED = 130  # the exit code, whichever signal it was
PATIENCE = 1.2  # seconds that a run has for ending by itself
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SAID = "stopped; the warehouse is as it was"


def end_with_parent() -> None:
    """Let this worker process end with the one that started it, whatever that one died of."""
    parent = parent_process()
    if parent is not None:
        sentinel = parent.sentinel
        threading.Thread(target=lambda: (wait([sentinel]), os._exit(1)), daemon=True).start()


def end_workers() -> None:
    """End the worker processes of this process at once."""
    for child in active_children():
        child.kill()


def leave(code: int) -> NoReturn:
    """End this process now, whatever its threads wait for: Prefect's still try to reach a server that is gone."""
    end_workers()
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


@lru_cache(maxsize=1)
def keep() -> subprocess.Popen[bytes]:
    """Have whatever this process starts from now on, such as Prefect's own server, ended after it, should it be killed."""
    mark = secrets.token_hex(8)
    environment = {k: v for k, v in os.environ.items() if k != keeper.VARIABLE}
    os.environ[keeper.VARIABLE] = mark
    command = [sys.executable, "-I", "-S", str(Path(keeper.__file__)), mark]
    return subprocess.Popen(command, stdin=subprocess.PIPE, env=environment, start_new_session=True)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end what goes on as SIGINT does, by KeyboardInterrupt; and where it has not ended after a moment,
    since a library waits for something, end the process. Signals that are ignored (nohup) stay so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {which: signal.getsignal(which) for which in SIGNALS}
    heeded = [which for which, handler in before.items() if handler != signal.SIG_IGN]
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    done = threading.Event()

    def watch() -> None:
        while byte := os.read(reader, 1):
            if byte[0] in heeded:
                break
        else:
            return
        if not done.wait(PATIENCE):
            end_workers()
            print(f"warwire: {SAID}", file=sys.stderr, flush=True)
            os._exit(STOPPED)

    threading.Thread(target=watch, daemon=True).start()
    woken = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    for which in heeded:
        signal.signal(which, _interrupt)
    try:
        yield
    finally:
        done.set()
        signal.set_wakeup_fd(woken)
        for which in heeded:
            signal.signal(which, before[which])
        os.close(writer)


def _interrupt(which: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
