"""Drives a headless Chromium over its debugging pipe: no port, no package besides Python and the browser."""

import base64
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time


def find_browser():
    """Path of a Chromium, or None. FMRI2IMG_BROWSER names one that is not on the PATH."""
    names = (os.environ.get("FMRI2IMG_BROWSER", ""), "chromium", "chromium-browser", "google-chrome", "chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)


class Browser:
    """One browser with one page. `errors` collects what its console and its scripts complain of, `requests` every URL
    that it asked for besides data inside the page."""

    def __init__(self, program, width=1280, height=900, dark=False):
        self._profile = tempfile.mkdtemp()
        to_child, self._out = os.pipe()
        self._in, from_child = os.pipe()
        self._log = open(os.path.join(self._profile, "log"), "w+")
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe",
                   "--no-first-run", f"--user-data-dir={self._profile}", f"--window-size={width},{height}"]
        # The browser reads from descriptor 3 and writes to 4.
        self._child = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{to_child} 4>&{from_child}', "bash", program, *options, "about:blank"],
            pass_fds=(to_child, from_child), stdout=self._log, stderr=self._log)
        os.close(to_child)
        os.close(from_child)
        self._buffer, self._next, self._session, self._events = b"", 0, None, []
        self.errors, self.requests = [], []
        target = next(t for t in self.call("Target.getTargets")["targetInfos"] if t["type"] == "page")
        self._session = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        if dark:
            self.emulate(prefers_color_scheme="dark")

    def close(self):
        with contextlib.suppress(OSError, RuntimeError):
            self._session = None
            self.call("Browser.close")
        for descriptor in (self._out, self._in):
            os.close(descriptor)
        self._child.wait(30)
        self._log.close()
        shutil.rmtree(self._profile, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _receive(self):
        while b"\0" not in self._buffer:
            read = os.read(self._in, 1 << 20)
            if not read:
                self._log.seek(0)
                raise RuntimeError(f"the browser has ended: {self._log.read()[-2000:]}")
            self._buffer += read
        message, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(message)

    def _note(self, message):
        kind, values = message.get("method"), message.get("params", {})
        if kind == "Runtime.exceptionThrown":
            details = values["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description", details["text"]))
        elif kind == "Runtime.consoleAPICalled" and values["type"] in ("error", "warning", "assert"):
            self.errors.append(" ".join(str(item.get("value", item.get("description"))) for item in values["args"]))
        elif kind == "Log.entryAdded" and values["entry"]["level"] in ("error", "warning"):
            self.errors.append(values["entry"]["text"])
        elif kind == "Network.requestWillBeSent" and not values["request"]["url"].startswith(("data:", "blob:")):
            self.requests.append(values["request"]["url"])
        self._events.append(kind)

    def call(self, method, **values):
        """The answer of one command of the DevTools protocol."""
        self._next += 1
        message = {"id": self._next, "method": method, "params": values}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._out, data):]
        while True:
            answer = self._receive()
            if answer.get("id") != self._next:
                self._note(answer)
                continue
            if "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']['message']}")
            return answer["result"]

    def open(self, url):
        """Loads a page to its end. Returns the seconds until then."""
        self._events.clear()
        start = time.monotonic()
        self.call("Page.navigate", url=url)
        while "Page.loadEventFired" not in self._events:
            self._note(self._receive())
        return time.monotonic() - start

    def evaluate(self, script):
        """The value of a JavaScript expression; a promise is awaited."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def wait_for(self, script, seconds=60):
        """The value of an expression as soon as it is true, else its last one. For what a browser does in its own time:
        frames, observers, and events that it queues, such as a dialog's `close`."""
        end = time.monotonic() + seconds
        while not (value := self.evaluate(script)) and time.monotonic() < end:
            time.sleep(0.02)
        return value

    def open_drawn(self, url):
        """Loads a report and waits for its charts, which are drawn with the first frame after the page has loaded."""
        self.open(url)
        drawn = "[...document.querySelectorAll('figure.chart')].every((figure) => figure.querySelector('.drawing svg style'))"
        if not self.wait_for(drawn):
            raise RuntimeError(f"{url}: charts are not drawn")

    def emulate(self, **features):
        """Media features by name with _ for -, such as prefers_color_scheme="dark"; `media`: "screen" or "print"."""
        media = features.pop("media", "")
        self.call("Emulation.setEmulatedMedia", media=media,
                  features=[{"name": name.replace("_", "-"), "value": value} for name, value in features.items()])

    def key(self, name):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=name, code=name,
                      windowsVirtualKeyCode={"Tab": 9, "Enter": 13, "Escape": 27, "ArrowRight": 39}.get(name, 0),
                      **({"text": "\r"} if name == "Enter" and kind == "keyDown" else {}))

    def screenshot(self, file, whole=False):
        picture = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        pathlib.Path(file).write_bytes(base64.b64decode(picture["data"]))

    def print_pdf(self, file):
        pathlib.Path(file).write_bytes(base64.b64decode(self.call("Page.printToPDF", printBackground=True)["data"]))
