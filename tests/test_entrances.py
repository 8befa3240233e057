"""Entrances from outside: an app behind the real box, set by operation, entered by the hand-over of the sign-in."""

import base64
import contextlib
import hashlib
import hmac
import http.client
import http.server
import json
import socket
import sqlite3
import threading
import time
import unittest
from urllib.parse import urlsplit

from box import PASSWORD, BoxTestCase, wait_until


class Mirror(http.server.BaseHTTPRequestHandler):
    """An app that answers with the fields of the request."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = json.dumps(dict(self.headers.items())).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read()  # what comes of a body that breaks off
        self.close_connection = True

    def log_message(self, *_):
        pass


class EntranceTest(BoxTestCase):
    def setUp(self):
        super().setUp()
        self.app = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
        threading.Thread(target=self.app.serve_forever, daemon=True).start()
        self.addCleanup(self.app.server_close)
        self.addCleanup(self.app.shutdown)
        self.upstream = f"127.0.0.1:{self.app.server_port}"

    def get(self, host, target, cookies=None, accept="text/html"):
        connection = http.client.HTTPConnection("127.0.0.1", self.box.port, timeout=20)
        self.addCleanup(connection.close)
        headers = {"Host": f"{host}:{self.box.port}", "Accept": accept}
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        connection.request("GET", target, headers=headers)
        answer = connection.getresponse()
        answer.content = answer.read()
        for field in answer.headers.get_all("Set-Cookie") or []:
            name, value = field.split(";")[0].split("=", 1)
            if cookies is not None:
                cookies[name] = value
        return answer

    def raw(self, request):
        with socket.create_connection(("127.0.0.1", self.box.port), 20) as client:
            client.sendall(request.encode())
            answer = b""
            while piece := client.recv(65536):
                answer += piece
        return answer

    def enter(self, cookies):
        """Opens the app as a browser would: follows the hand-over, with the cookies of each host apart."""
        target = "/page?x=1"
        host = "notes.hearth.localhost"
        for _ in range(6):
            jar = cookies if host == "notes.hearth.localhost" else self.owner.cookies
            answer = self.get(host, target, jar)
            if answer.status != 302:
                return answer
            place = urlsplit(answer.headers["Location"])
            host = place.hostname or host
            target = place.path + (f"?{place.query}" if place.query else "")
        self.fail("the hand-over goes round in circles")

    def test_a_private_app_knows_its_visitor(self):
        self.owner.call("entrances.set", id="notes", upstream=self.upstream)
        self.assertEqual(self.get("notes.hearth.localhost", "/", accept="*/*").status, 401)
        cookies = {}
        answer = self.enter(cookies)
        self.assertEqual(answer.status, 200)
        fields = json.loads(answer.content)
        self.assertEqual(fields["X-Hearth-Person"], self.owner.person["id"])
        self.assertEqual(fields["X-Hearth-Role"], "owner")
        self.assertNotIn("hearth_", fields.get("Cookie", ""))
        key = self.owner.call("entrances.key", id="notes")["key"]
        text = "\n".join(fields[f"X-Hearth-{part}"] for part in ("Person", "Name", "Role", "Entrance", "Time"))
        expected = hmac.new(base64.urlsafe_b64decode(key + "="), text.encode(), hashlib.sha256).hexdigest()
        self.assertEqual(fields["X-Hearth-Signature"], expected)
        self.assertNotIn(cookies["hearth_entrance"], self.owner.cookies.values())
        # Signing out of the box ends the app's session as well.
        self.owner.call("identity.sign_out")
        self.assertEqual(self.get("notes.hearth.localhost", "/", cookies, accept="*/*").status, 401)

    def test_two_tabs_end_where_they_wanted(self):
        self.owner.call("entrances.set", id="notes", upstream=self.upstream)
        jar = {}
        tabs = [self.get("notes.hearth.localhost", path, jar).headers["Location"] for path in ("/one", "/two")]
        for path, place in zip(("/one", "/two"), tabs):
            there = urlsplit(place)
            back = urlsplit(self.get("hearth.localhost", f"{there.path}?{there.query}", self.owner.cookies).headers["Location"])
            answer = self.get("notes.hearth.localhost", f"{back.path}?{back.query}", jar)
            self.assertEqual((answer.status, answer.headers["Location"]), (302, path))
            wait_until(lambda: self.get("notes.hearth.localhost", path, jar).status == 200, what="the session at the gateway")

    def test_planted_cookies_lock_nobody_out(self):
        self.owner.call("entrances.set", id="notes", upstream=self.upstream)
        jar = {}
        self.assertEqual(self.enter(jar).status, 200)
        good = jar["hearth_entrance"]
        for junk in (4, 5, 200):
            cookies = "; ".join([f"hearth_entrance=junk{i}" for i in range(junk)] + [f"hearth_entrance={good}"])
            answer = self.raw(f"GET / HTTP/1.1\r\nHost: notes.hearth.localhost\r\nCookie: {cookies}\r\nConnection: close\r\n\r\n")
            self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), (junk, answer[:200]))

    def test_an_idle_session_stays_ended(self):
        self.owner.call("entrances.set", id="notes", upstream=self.upstream)
        jar = {}
        self.assertEqual(self.enter(jar).status, 200)
        self.box.stop()
        long_ago = int((time.time() - 60 * 86400) * 1e6)
        with contextlib.closing(sqlite3.connect(self.box.home / "system.db")) as database, database:
            database.execute("UPDATE identity_sessions SET seen = ?", (long_ago,))
        self.box.start()
        self.assertEqual(self.get("notes.hearth.localhost", "/", jar, accept="*/*").status, 401)
        self.assertFails("unauthenticated", self.owner.call, "entrances.list")

    def test_a_stream_ends_with_what_allowed_it(self):
        served = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(served.close)

        def stream():
            while True:
                try:
                    client, _ = served.accept()
                except OSError:
                    return
                client.recv(65536)
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n")
                self.addCleanup(client.close)

        threading.Thread(target=stream, daemon=True).start()
        upstream = f"127.0.0.1:{served.getsockname()[1]}"
        for change in (lambda: self.owner.call("entrances.set", id="live", upstream=upstream, access="private"),
                       lambda: self.owner.call("entrances.remove", id="live")):
            self.owner.call("entrances.set", id="live", upstream=upstream, access="public")
            wait_until(lambda: self.raw("GET /.hearth/x HTTP/1.1\r\nHost: live.hearth.localhost\r\nConnection: close\r\n\r\n")
                       .startswith(b"HTTP/1.1 404 "), what="the entrance")
            with socket.create_connection(("127.0.0.1", self.box.port), 20) as client:
                answer = b""
                while b"data: 1" not in answer:
                    client.sendall(b"" if answer else b"GET / HTTP/1.1\r\nHost: live.hearth.localhost\r\n\r\n")
                    answer += client.recv(65536)
                change()
                while piece := client.recv(65536):  # or the time limit, which fails this
                    self.assertNotIn(b"0\r\n\r\n", piece, "a cut stream must not look whole")

    def test_an_entrance_outlives_a_restart_and_goes_when_removed(self):
        self.owner.call("entrances.set", id="notes", upstream=self.upstream, access="public")
        self.assertEqual(self.get("notes.hearth.localhost", "/").status, 200)
        self.box.restart()
        self.assertEqual(self.get("notes.hearth.localhost", "/").status, 200)
        self.assertEqual([e["id"] for e in self.owner.call("entrances.list")["entrances"]], ["notes"])
        self.owner.call("entrances.remove", id="notes")
        self.assertEqual(self.get("notes.hearth.localhost", "/").status, 404)
        self.assertFails("not_found", self.owner.call, "entrances.remove", id="notes")

    def test_no_spelling_gets_past_a_rule(self):
        rules = [{"path": "/admin", "access": "private"}, {"path": "/vault", "access": "two_factor"}]
        self.owner.call("entrances.set", id="pub", upstream=self.upstream, access="public", rules=rules)
        for path in ("/", "/a%20b", "/a;b/c", "/x/../y", "/administer"):
            self.assertEqual(self.get("pub.hearth.localhost", path, accept="*/*").status, 200, path)
        for path in ("/admin", "/%61dmin/../x", "/%61dmin/delete/../../x", "/vault%2f..%2fx", "/x/../admin/..;/public",
                     "/x%2fy/%2e%2e/%61dmin", "//vault", "/%2561dmin", "//x/admin", "//x:80/admin", "/\\x/admin", "//%78/admin",
                     "/x/..//y/admin"):
            self.assertIn(self.get("pub.hearth.localhost", path, accept="*/*").status, (400, 401), path)

    def test_a_forwarding_field_is_the_boxs_alone(self):
        self.owner.call("entrances.set", id="pub", upstream=self.upstream, access="public")
        fields = "".join(f"{name}: 6.6.6.6\r\n" for name in ("X_Forwarded_For", "X-Forwarded_For", "X_Real_IP", "X_Hearth_Person", "Proxy"))
        answer = self.raw(f"GET / HTTP/1.1\r\nHost: pub.hearth.localhost\r\nConnection: close\r\n{fields}\r\n")
        self.assertIn(b" 200 ", answer)
        self.assertNotIn(b"6.6.6.6", answer)

    def test_an_app_cannot_take_its_visitor_out_of_the_desktop(self):
        good = self.owner.cookies["hearth_session"]
        self.owner.call("identity.create_person", name="bob", display_name="Bob", role="member", password=PASSWORD)
        bobs = self.box.sign_in("bob").cookies["hearth_session"]

        def who(cookies):
            answer = self.raw("POST /api/identity.state HTTP/1.1\r\nHost: hearth.localhost\r\nX-Hearth-Client: tests\r\n"
                              f"Cookie: {cookies}\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{{}}")
            person = json.loads(answer.partition(b"\r\n\r\n")[2]).get("person")
            return person and person["name"]

        self.assertEqual(who(f"hearth_session={good}"), "mei")
        self.assertEqual(who(f"hearth_session=junk; hearth_session={good}"), "mei")
        self.assertIsNone(who(f"hearth_session={bobs}; hearth_session={good}"))
        # Signing in anew takes away what was planted for the whole domain.
        answer = self.owner.request("POST", "/api/identity.sign_in", json.dumps({"name": "mei", "password": PASSWORD}))
        given = answer.headers.get_all("Set-Cookie")
        for path in ("/", "/api"):
            self.assertIn(f"hearth_session=; Domain=hearth.localhost; Path={path}; HttpOnly; SameSite=Lax; Max-Age=0", given)
        self.assertNotIn("Domain", given[-1])
        self.assertEqual(self.owner.call("identity.state")["person"]["name"], "mei")

    def test_a_body_that_is_broken_is_answered(self):
        self.owner.call("entrances.set", id="pub", upstream=self.upstream, access="public")
        for chunks in ("zz\r\n", "-2\r\n{}\r\n", "0x2\r\n{}\r\n", "2\n{}\n", "FFFFFFFFFFFFFFFFF\r\n", "2\r\n{}0\r\n\r\n"):
            answer = self.raw("POST / HTTP/1.1\r\nHost: pub.hearth.localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
            self.assertTrue(answer.startswith(b"HTTP/1.1 400 "), (chunks, answer[:100]))

    def test_another_domain_of_the_box(self):
        self.owner.call("entrances.set", id="notes", upstream=self.upstream, access="public")
        self.assertEqual(self.get("home.example.org", "/").status, 421)
        self.assertEqual(self.get("notes.home.example.org", "/").status, 421)
        names = self.owner.call("entrances.add_domain", domain="home.example.org")["domains"]
        self.assertEqual(names, ["hearth.localhost", "home.example.org"])
        # The threads of the gateway learn of it a moment later.
        wait_until(lambda: self.get("home.example.org", "/").status == 200, what="the new name")
        for _ in range(2):
            self.assertEqual(self.get("notes.home.example.org", "/").status, 200)
            self.assertEqual(self.get("nothing.home.example.org", "/").status, 404)
            self.assertEqual(self.get("example.org", "/").status, 421)
            self.assertEqual(self.get("notes.hearth.localhost", "/").status, 200)
            self.box.restart()
            wait_until(lambda: self.get("home.example.org", "/").status == 200, what="the new name")
        # A private app sends its visitor to the domain that was asked.
        self.owner.call("entrances.set", id="notes", upstream=self.upstream, access="private")
        place = wait_until(lambda: self.get("notes.home.example.org", "/").headers["Location"])
        self.assertTrue(place.startswith(f"http://home.example.org:{self.box.port}/enter?entrance=notes&"), place)
        for domain in ("http://a.org", "a.org:80", "192.168.1.5", "box", "*.a.org"):
            self.assertFails("invalid_input", self.owner.call, "entrances.add_domain", domain=domain)
        self.assertFails("conflict", self.owner.call, "entrances.add_domain", domain="x.home.example.org")
        self.assertFails("unauthenticated", self.box.anyone.call, "entrances.add_domain", domain="a.org")
        self.owner.call("entrances.remove_domain", domain="home.example.org")
        wait_until(lambda: self.get("home.example.org", "/").status == 421, what="the name's end")

    def test_the_box_is_no_app(self):
        socket_path = self.box.home / "hearth.sock"
        link = self.box.home.parent / "link.sock"
        link.symlink_to(socket_path)
        for upstream in (f"unix:{socket_path}", f"unix:{link}", f"127.0.0.1:{self.box.port}", f"localhost:{self.box.port}"):
            error = self.assertFails("invalid_input", self.owner.call, "entrances.set", id="loop", upstream=upstream, access="public")
            self.assertIn("where the box itself listens", error.message)
        # A link that comes to lead there afterwards.
        link.unlink()
        self.owner.call("entrances.set", id="loop", upstream=f"unix:{link}", access="public")
        link.symlink_to(socket_path)
        answer = self.raw("POST /api/identity.people HTTP/1.1\r\nHost: loop.hearth.localhost\r\nContent-Length: 2\r\n"
                          "Connection: close\r\n\r\n{}")
        self.assertTrue(answer.startswith(b"HTTP/1.1 502 "), answer[:200])

    def test_what_cannot_be_an_entrance_is_refused(self):
        self.assertFails("invalid_input", self.owner.call, "entrances.set", id="no dots.please", upstream=self.upstream)
        self.assertFails("invalid_input", self.owner.call, "entrances.set", id="notes", upstream="somewhere")
        self.assertFails("unauthenticated", self.box.anyone.call, "entrances.list")


if __name__ == "__main__":
    unittest.main()
