"""Servers that a memory follows: real ones (dovecot, Radicale), started for one test without anybody's rights, and one that lies."""

import base64
import grp
import http.client
import imaplib
import os
import pwd
import re
import shutil
import socket
import socketserver
import ssl
import subprocess
import tempfile
import threading
import time
from pathlib import Path

START_SECONDS = 30
NOBODY = 65534


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Server:
    """A program with a folder of its own; run by nobody when the test is run by root, whom dovecot refuses."""

    program = ""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="hearth-server-"))
        self.user, self.group = (NOBODY, NOBODY) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
        self.process: subprocess.Popen | None = None
        self.port = free_port()

    def certificate(self) -> str:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, capture_output=True)
        return (self.folder / "cert.pem").read_text()

    def start(self, command: list) -> None:
        if os.geteuid() == 0:
            for path in [self.folder, *self.folder.rglob("*")]:
                os.chown(path, self.user, self.group)
        more = {"user": self.user, "group": self.group, "extra_groups": []} if os.geteuid() == 0 else {}
        with open(os.devnull, "wb") as nothing:
            self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=nothing, stderr=nothing,
                                            cwd=self.folder, **more)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError(f"{command[0]} did not start:\n{self.log()}") from None
                time.sleep(0.05)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text() if path.exists() else ""


class Dovecot(Server):
    """One mailbox for each user; everybody's password is "secret"."""

    def __init__(self):
        super().__init__()
        self.tls_port = free_port()
        self.authority = self.certificate()
        name = pwd.getpwuid(self.user).pw_name
        (self.folder / "dovecot.conf").write_text(f"""
protocols = imap
listen = 127.0.0.1
base_dir = {self.folder}/run
state_dir = {self.folder}/state
log_path = {self.folder}/log
mail_location = maildir:{self.folder}/mail/%u
default_internal_user = {name}
default_internal_group = {grp.getgrgid(self.group).gr_name}
default_login_user = {name}
first_valid_uid = 1
ssl = yes
ssl_cert = <{self.folder}/cert.pem
ssl_key = <{self.folder}/key.pem
disable_plaintext_auth = no
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={self.user} gid={self.group} home={self.folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = {self.tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
""")
        self.run()

    def run(self) -> None:
        self.start(["dovecot", "-F", "-c", self.folder / "dovecot.conf"])

    def client(self, user: str) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login(user, "secret")
        return client

    def deliver(self, user: str, *messages: bytes, folder: str = "INBOX") -> None:
        client = self.client(user)
        for message in messages:
            status, answer = client.append(folder, None, None, message)
            assert status == "OK", answer
        client.logout()


class Radicale(Server):
    def __init__(self, tls: bool = False):
        super().__init__()
        self.authority = self.certificate() if tls else ""
        (self.folder / "users").write_text("ann:secret\n")
        (self.folder / "config").write_text(f"""
[server]
hosts = 127.0.0.1:{self.port}
ssl = {tls}
certificate = {self.folder}/cert.pem
key = {self.folder}/key.pem
[auth]
type = htpasswd
htpasswd_filename = {self.folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {self.folder}/collections
""")
        self.tls = tls
        self.start(["python3", "-m", "radicale", "--config", self.folder / "config"])

    def request(self, method: str, path: str, body: str = "", content_type: str = "") -> int:
        if self.tls:
            context = ssl.create_default_context(cadata=self.authority)
            connection = http.client.HTTPSConnection("localhost", self.port, timeout=20, context=context)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Authorization": "Basic " + base64.b64encode(b"ann:secret").decode()}
        if content_type:
            headers["Content-Type"] = content_type
        connection.request(method, path, body.encode(), headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status

    def make_calendar(self, name: str) -> None:
        assert self.request("MKCALENDAR", f"/ann/{name}/") == 201

    def make_address_book(self, name: str) -> None:
        body = ('<?xml version="1.0"?><d:mkcol xmlns:d="DAV:" xmlns:a="urn:ietf:params:xml:ns:carddav"><d:set><d:prop><d:resourcetype>'
                "<d:collection/><a:addressbook/></d:resourcetype></d:prop></d:set></d:mkcol>")
        assert self.request("MKCOL", f"/ann/{name}/", body, "application/xml") == 201

    def put_event(self, calendar: str, uid: str, *lines: str) -> None:
        text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test", "BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z",
                            *lines, "END:VEVENT", "END:VCALENDAR", ""])
        assert self.request("PUT", f"/ann/{calendar}/{uid}.ics", text, "text/calendar") in (201, 204)

    def put_card(self, book: str, uid: str, *lines: str) -> None:
        text = "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", f"UID:{uid}", *lines, "END:VCARD", ""])
        assert self.request("PUT", f"/ann/{book}/{uid}.vcf", text, "text/vcard") in (201, 204)


class LyingServer(socketserver.ThreadingTCPServer):
    """An IMAP server as bad ones are; what it holds and how it misbehaves may change at any time.

    `messages` are (uid, bytes). `drops_at` closes the connection within the body of that message; `forgets` lists messages
    that it then does not give; without `idles` it knows no IDLE. Of those in `sizeless` it says no size, and those in `nil` it
    gives as NIL. `folders` lists what it has beside the inbox, which is all empty; it opens none of `refuses`, and nothing at all
    to a program that did not say its name when it `wants_names`.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), LyingSession)
        self.port = self.server_address[1]
        self.messages: list[tuple[int, bytes]] = []
        self.validity = 1
        self.drops_at: set[int] = set()
        self.forgets: set[int] = set()
        self.idles = True
        self.sizeless: set[int] = set()
        self.nil: set[int] = set()
        self.next = 4
        self.folders: list[str] = []
        self.refuses: set[str] = set()
        self.wants_names = False
        self.chatters = False
        self.connections = 0
        self.commands: list[str] = []
        self.sessions: list = []
        self.changed = threading.Condition()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def change(self, **what) -> None:
        with self.changed:
            for name, value in what.items():
                setattr(self, name, value)
            self.changed.notify_all()

    def hang_up(self) -> None:
        for session in list(self.sessions):
            try:
                session.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self) -> None:
        self.shutdown()
        self.hang_up()
        self.server_close()

    def handle_error(self, *_) -> None:
        pass  # broken connections are what it is for


class LyingSession(socketserver.StreamRequestHandler):
    told = 0  # messages that the client knows of

    def tell_number(self) -> None:
        self.told = len(self.server.messages)
        self.say(f"* {self.told} EXISTS")

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self) -> None:
        server = self.server
        server.connections += 1
        server.sessions.append(self.connection)
        named = False
        self.say("* OK ready")
        while line := self.rfile.readline():
            tag, _, command = line.decode().strip().partition(" ")
            server.commands.append(command)
            word = command.upper()
            if server.chatters:
                self.say("* OK [ALERT] \"unbalanced ( brackets")
            if word == "CAPABILITY":
                self.say("* CAPABILITY IMAP4rev1 AUTH=PLAIN" + (" IDLE" if server.idles else "") + (" ID" if server.wants_names else ""))
            elif word.startswith("ID ("):
                named = True
                self.say("* ID NIL")
            elif word.startswith("AUTHENTICATE"):
                self.say("+ ")
                self.rfile.readline()
            elif word.startswith("LIST"):
                for folder in ["INBOX", *server.folders]:
                    self.say(f'* LIST () "/" "{folder}"')
            elif word.startswith("STATUS"):
                self.say(f"* STATUS INBOX (MESSAGES {len(server.messages)} UIDNEXT {server.next} UIDVALIDITY {server.validity})")
            elif word.startswith("EXAMINE"):
                folder = command.partition(" ")[2].strip('"')
                if folder in server.refuses or (server.wants_names and not named):
                    self.say(f"{tag} NO EXAMINE Unsafe Login. Please contact us for help")
                    continue
                if folder == "INBOX":
                    self.tell_number()
                else:
                    self.say("* 0 EXISTS")
                self.say(f"* OK [UIDVALIDITY {server.validity}] so it is")
                self.say("* OK [UIDNEXT 1] which is not true" if server.next == 4 else f"* OK [UIDNEXT {server.next}] so it is")
            elif word == "UID SEARCH ALL":
                self.say("* SEARCH " + " ".join(str(uid) for uid, _ in server.messages))
            elif word.startswith("UID FETCH"):
                self.fetch(command)
            elif word == "IDLE":
                self.say("+ waiting")
                self.idle()
            self.say(f"{tag} OK done")

    def fetch(self, command: str) -> None:
        asked = set()
        for part in re.match(r"UID FETCH (\S+)", command).group(1).split(","):
            first, _, last = part.partition(":")
            asked |= set(range(int(first), int(last or first) + 1))
        for number, (uid, body) in enumerate(list(self.server.messages), 1):
            if uid not in asked or uid in self.server.forgets:
                continue
            if "SIZE" in command:
                if uid in self.server.sizeless:
                    continue
                self.say(f"* {number} FETCH (UID {uid} RFC822.SIZE {len(body)})")
                continue
            if uid in self.server.nil:
                self.say(f"* {number} FETCH (UID {uid} BODY[] NIL)")
                continue
            self.wfile.write(f"* {number} FETCH (UID {uid} BODY[] {{{len(body)}}}\r\n".encode())
            if uid in self.server.drops_at:
                self.wfile.write(body[: len(body) // 2])
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
                raise ConnectionError("dropped")
            self.wfile.write(body + b")\r\n")

    def idle(self) -> None:
        server = self.server
        done = threading.Event()

        def wait_for_done():
            self.rfile.readline()
            done.set()
            with server.changed:
                server.changed.notify_all()

        threading.Thread(target=wait_for_done, daemon=True).start()
        with server.changed:
            server.changed.wait_for(lambda: done.is_set() or len(server.messages) != self.told)
        if not done.is_set():
            self.tell_number()
        done.wait()
