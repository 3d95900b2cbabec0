"""A headless Chromium, spoken to by the DevTools protocol; no network but the page's own file."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import subprocess
import tempfile
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


class Page:
    """One open page: run script in it, take its picture, read what it wrote on the console."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self.last = 0
        self.console: list[str] = []
        self.asked: list[str] = []

    async def call(self, method: str, **params: Any) -> Any:
        """One command's result; events that come meanwhile are noted."""
        self.last += 1
        await self.socket.send(json.dumps({"id": self.last, "method": method, "params": params}))
        while True:
            said = json.loads(await self.socket.recv())
            if said.get("id") == self.last:
                if "error" in said:
                    raise RuntimeError(f"{method}: {said['error']}")
                return said["result"]
            self._note(said)

    def _note(self, said: dict[str, Any]) -> None:
        method, params = said.get("method"), said.get("params", {})
        if method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.console.append(str(details.get("exception", {}).get("description", details.get("text"))))
        elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.console.append(params["entry"]["text"])
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning"):
            self.console.append(str([a.get("value") or a.get("description") for a in params["args"]]))
        elif method == "Network.requestWillBeSent":
            self.asked.append(params["request"]["url"])

    async def run(self, script: str) -> Any:
        """What a script (an expression, or a promise of one) gives."""
        done = await self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in done:
            raise RuntimeError(done["exceptionDetails"]["exception"].get("description"))
        return done["result"].get("value")

    async def picture(self, path: Path, width: int, height: int, dark: bool = False) -> None:
        """A picture of the page at that width, as tall as `height` or the page."""
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        await self.call("Emulation.setEmulatedMedia", media="screen", features=scheme)
        await self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)  # fmt: skip
        await self.run("new Promise(done => setTimeout(done, 1500))")
        shot = await self.call("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(shot["data"]))


def with_page(file: Path, use: Callable[[Page], Any]) -> Any:
    """Open a file in Chromium, wait until the page says it is ready, and hand it over."""
    assert CHROMIUM

    async def drive(port: int) -> Any:
        for _ in range(100):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
                    targets = json.loads(answer.read())
                target = next(t for t in targets if t["type"] == "page")
                break
            except (OSError, StopIteration):
                await asyncio.sleep(0.1)
        async with connect(target["webSocketDebuggerUrl"], max_size=1 << 28) as socket:
            page = Page(socket)
            for domain in ("Runtime", "Log", "Network", "Page"):
                await page.call(f"{domain}.enable")
            await page.call("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)  # fmt: skip
            await page.call("Page.navigate", url=file.resolve().as_uri())
            for _ in range(300):
                if await page.run("document.body && document.body.dataset.ready === 'yes'"):
                    break
                await asyncio.sleep(0.1)
            return await use(page)

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0", f"--user-data-dir={profile}"]  # fmt: skip
        process = subprocess.Popen([CHROMIUM, *flags, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)  # fmt: skip
        try:
            assert process.stderr
            port = 0
            for line in process.stderr:
                if "DevTools listening" in line:
                    port = int(line.rsplit(":", 1)[1].split("/")[0])
                    break
            return asyncio.run(drive(port))
        finally:
            process.kill()
            process.wait()
