"""A box of one's own for each test: a temporary home, a free port, the real programs, and a client for its interface."""

import atexit
import functools
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
BIN = Path(os.environ.get("HEARTH_BIN", TOP / "build" / "release" / "bin"))
SANITIZED = "HEARTH_SANITIZED" in os.environ  # it reports at its end: let it come to one
SLOWNESS = int(os.environ.get("HEARTH_SLOWNESS", 1))
START_SECONDS = 30 * SLOWNESS
ANSWER_SECONDS = 60 * SLOWNESS

PASSWORD = "a calm evening by the fire"


class Failure(Exception):
    """The box's own error: {"error": {"code", "message"}} and the HTTP status."""

    def __init__(self, status: int, code: str, message: str):
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message = status, code, message


class Gone(Exception):
    """The box went away before it answered: what was asked may have happened or not."""


class Answer:
    def __init__(self, status: int, headers: http.client.HTTPMessage, body: bytes):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


class Client:
    """One caller: with a cookie of its own, or an access token, or neither. For one thread."""

    def __init__(self, box: "Box", token: str | None = None):
        self.box, self.token, self.cookies = box, token, {}
        self.person: dict = {}
        self._connection: http.client.HTTPConnection | None = None
        self._port = 0
        box.clients.append(self)

    def request(self, method: str, path: str, body: bytes | str | None = None, headers: dict | None = None) -> Answer:
        answer, content = self._send(method, path, body, headers)
        try:
            return Answer(answer.status, answer.headers, content if content is not None else answer.read())
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Gone(str(error)) from error

    def call(self, operation: str, input: dict | None = None, /, **fields) -> dict:
        """The output of an operation; raises Failure."""
        answer = self.request("POST", f"/api/{operation}", json.dumps({**(input or {}), **fields}),
                              {"Content-Type": "application/json"})
        output = answer.json()
        if answer.status != 200:
            raise Failure(answer.status, output["error"]["code"], output["error"]["message"])
        return output

    def stream(self, operation: str, input: dict | None = None, /, **fields):
        """The events of a streaming operation, as they come; close the generator to stop listening."""
        answer, _ = self._send("POST", f"/api/{operation}", json.dumps({**(input or {}), **fields}),
                               {"Content-Type": "application/json"}, streaming=True)
        try:
            if answer.status != 200:
                error = json.loads(answer.read())["error"]
                raise Failure(answer.status, error["code"], error["message"])
            while line := answer.readline():
                event = json.loads(line)
                if "error" in event:
                    raise Failure(200, event["error"]["code"], event["error"]["message"])
                yield event
        finally:
            self.close()

    def close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None

    def _send(self, method, path, body, headers, streaming=False):
        headers = {"X-Hearth-Client": "tests", **(headers or {})}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self._port != self.box.port:
            self.close()
        kept_alive = self._connection is not None
        while True:
            if not self._connection:
                self._port = self.box.port
                self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=ANSWER_SECONDS)
            try:
                self._connection.request(method, path, body, {"Host": f"hearth.localhost:{self._port}", **headers})
                answer = self._connection.getresponse()
                content = None if streaming else answer.read()
                break
            except (OSError, http.client.HTTPException) as error:
                self.close()
                # An idle connection may have been closed just before: a read may be asked again, nothing else.
                if kept_alive and method in ("GET", "HEAD"):
                    kept_alive = False
                    continue
                raise Gone(str(error)) from error
        for header in answer.headers.get_all("Set-Cookie") or []:
            name, value = header.split(";")[0].split("=", 1)
            if "max-age=0" in header.lower() or not value:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return answer, content


class Box:
    """Starts hearthd on a home; a context manager that leaves no process and no folder behind."""

    def __init__(self, home: Path | None = None, arguments: tuple[str, ...] = (), environment: dict | None = None):
        self._folder = None if home else Path(tempfile.mkdtemp(prefix="hearth-test-"))
        self.home = Path(home) if home else self._folder / "home"
        self.arguments = arguments
        self.environment = environment or {}
        self.process: subprocess.Popen | None = None
        self.port = 0
        self.setup_code: str | None = None
        self._lines: list[str] = []
        self._news = threading.Condition()
        self.clients: list[Client] = []  # to close with the box
        self.anyone = Client(self)
        self.owner = Client(self)

    def __enter__(self) -> "Box":
        self.start()
        return self

    def __exit__(self, *_) -> None:
        self.close()

    # --- its life ---

    def start(self) -> None:
        """Starts it and waits until it accepts; raises with its output when it does not."""
        with self._news:
            self._lines = []
        self.port = 0
        self.process = self.launch()
        self._reader = threading.Thread(target=self._read, args=(self.process,), daemon=True)
        self._reader.start()
        deadline = time.monotonic() + START_SECONDS
        with self._news:
            while not (found := re.search(r"http://hearth\.localhost:(\d+)", self._text())):
                if self.process.poll() is not None and not self._news.wait(0.2):
                    raise AssertionError(f"hearthd ended with {self.process.returncode}:\n{self._text()}")
                if time.monotonic() > deadline:
                    raise AssertionError(f"hearthd did not start within {START_SECONDS} s:\n{self._text()}")
                self._news.wait(0.5)
        self.port = int(found.group(1))
        with socket.create_connection(("127.0.0.1", self.port), START_SECONDS):
            pass

    def launch(self, *more: str) -> subprocess.Popen:
        return subprocess.Popen([str(BIN / "hearthd"), "--home", str(self.home), "--http", "127.0.0.1:0", *self.arguments, *more],
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                errors="replace", env={**os.environ, "LC_ALL": "C.UTF-8", **self.environment})

    def stop(self) -> int:
        """Asks it to stop, as systemd would; gives its exit status."""
        if not self.process:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(20 * SLOWNESS)
        except subprocess.TimeoutExpired:
            self.kill9()
            raise AssertionError(f"hearthd did not stop within 20 s of SIGTERM:\n{self.output()}") from None

    def kill9(self) -> None:
        """Ends it as a power cut would."""
        if self.process and self.process.poll() is None:
            self.process.kill()
        if self.process:
            self.process.wait()

    def restart(self) -> None:
        if self.process and self.process.poll() is None:
            self.stop()
        self.start()

    def close(self) -> None:
        for client in self.clients:
            client.close()
        try:
            if SANITIZED and self.process and self.process.poll() is None:
                self.stop()
                self._reader.join(10)
        finally:
            self.kill9()
            if self._folder:
                shutil.rmtree(self._folder, ignore_errors=True)
        if SANITIZED and re.search(r"Sanitizer|runtime error:", self.output()):
            raise AssertionError(f"a sanitizer found something:\n{self.output()}")

    def output(self) -> str:
        with self._news:
            return self._text()

    def memory(self) -> int:
        """Its resident set, in bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) * 1024

    # --- its callers ---

    def claim(self, name: str = "mei", language: str = "en") -> Client:
        """Becomes the owner with the code from the console."""
        code = self.code()
        output = self.owner.call("identity.setup", code=code, name=name, display_name=name.title(), password=PASSWORD,
                                 language=language)
        self.owner.person = output["person"]
        return self.owner

    def code(self) -> str:
        """The setup code, as the console shows it."""
        found = re.search(r"\b([0-9A-Z]{5}-[0-9A-Z]{5})\b", self.output())
        if not found:
            raise AssertionError(f"the console shows no setup code:\n{self.output()}")
        return found.group(1)

    def signed_in_as(self, owner: Client) -> Client:
        """The owner of a copied home, with the session that came along."""
        self.owner.cookies, self.owner.person = dict(owner.cookies), dict(owner.person)
        return self.owner

    def sign_in(self, name: str = "mei", password: str = PASSWORD) -> Client:
        client = Client(self)
        client.person = client.call("identity.sign_in", name=name, password=password)["person"]
        return client

    def token(self, kind: str = "app", name: str = "notes", owner: Client | None = None) -> tuple[Client, str]:
        """A caller with an access token, and the principal it stands for."""
        made = (owner or self.owner).call("identity.create_token", kind=kind, name=name)
        return Client(self, made["token"]), made["principal"]

    def cli(self, *words: str, input: str | None = None, environment: dict | None = None) -> subprocess.CompletedProcess:
        """Runs `hearth` against this box."""
        return subprocess.run([str(BIN / "hearth"), "--home", str(self.home), *words], input=input or "", capture_output=True,
                              text=True, timeout=ANSWER_SECONDS, env={**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})})

    def _read(self, process: subprocess.Popen) -> None:
        for line in process.stdout:
            with self._news:
                if process is self.process:
                    self._lines.append(line)
                self._news.notify_all()
        process.stdout.close()
        with self._news:
            self._news.notify_all()

    def _text(self) -> str:
        return "".join(self._lines)


def wait_until(condition, seconds: float = 20, what: str = "the condition"):
    """Asks again and again until `condition` gives something true; gives that. What is not there, or was replaced between two calls
    of the condition, is not true yet."""
    deadline = time.monotonic() + seconds * SLOWNESS
    while True:
        missing = None
        try:
            if result := condition():
                return result
        except (Failure, IndexError) as error:
            if isinstance(error, Failure) and error.code != "not_found":
                raise
            missing = error
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {seconds} s") from missing
        time.sleep(0.02)


@functools.cache
def claimed_box() -> Box:
    """A box that was claimed and has stopped: a test starts on a copy of its home, and needs no second for a password."""
    box = Box()
    atexit.register(box.close)
    box.start()
    box.claim()
    box.stop()
    return box


class BoxTestCase(unittest.TestCase):
    """A claimed box for each test, in self.box; its owner's client in self.owner."""

    claimed = True

    def setUp(self) -> None:
        self.box = Box()
        self.addCleanup(self.box.close)
        if self.claimed:
            shutil.copytree(claimed_box().home, self.box.home)
            self.box.start()
            self.owner = self.box.signed_in_as(claimed_box().owner)
        else:
            self.box.start()
            self.owner = self.box.owner

    def assertFails(self, code: str, function, /, *arguments, **fields) -> Failure:
        """Calls and expects the box's error `code`, with a message that says something."""
        with self.assertRaises(Failure) as caught:
            function(*arguments, **fields)
        self.assertEqual(caught.exception.code, code, caught.exception.message)
        self.assertRegex(caught.exception.message, r"\w.*[.!?…]$")
        return caught.exception
