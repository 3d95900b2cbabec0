"""Waits for the process that started it to end, however it ends, and then ends what that left behind: every process with the
same mark in its environment. Run as a script of its own, with nothing but the standard library, so that it costs little."""

from __future__ import annotations

import os
import signal
import sys

VARIABLE = "WARWIRE_KEPT_BY"


def left_behind(mark: str) -> list[int]:
    """The processes that carry a mark in their environment, this one left out; none where /proc does not tell."""
    wanted = f"{VARIABLE}={mark}".encode()
    found = []
    for name in os.listdir("/proc") if os.path.isdir("/proc") else ():
        try:
            if name.isdigit() and int(name) != os.getpid():
                with open(f"/proc/{name}/environ", "rb") as file:
                    if wanted in file.read().split(b"\0"):
                        found.append(int(name))
        except OSError:  # somebody else's, or gone meanwhile
            continue
    return found


def main() -> None:
    """Read until standard input ends, which it does with the process that holds its other end."""
    for which in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(which, signal.SIG_IGN)
    sys.stdin.buffer.read()
    for process in left_behind(sys.argv[1]):
        try:
            os.kill(process, signal.SIGKILL)
        except OSError:
            continue


if __name__ == "__main__":
    main()
