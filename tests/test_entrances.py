"""Entrances from outside: an app behind the real box, set by operation, entered by the hand-over of the sign-in."""

import hashlib
import hmac
import http.client
import http.server
import json
import threading
import base64
import unittest
from urllib.parse import urlsplit

from box import BoxTestCase


class Mirror(http.server.BaseHTTPRequestHandler):
    """An app that answers with the fields of the request."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = json.dumps(dict(self.headers.items())).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

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

    def test_an_entrance_outlives_a_restart_and_goes_when_removed(self):
        self.owner.call("entrances.set", id="notes", upstream=self.upstream, access="public")
        self.assertEqual(self.get("notes.hearth.localhost", "/").status, 200)
        self.box.restart()
        self.assertEqual(self.get("notes.hearth.localhost", "/").status, 200)
        self.assertEqual([e["id"] for e in self.owner.call("entrances.list")["entrances"]], ["notes"])
        self.owner.call("entrances.remove", id="notes")
        self.assertEqual(self.get("notes.hearth.localhost", "/").status, 404)
        self.assertFails("not_found", self.owner.call, "entrances.remove", id="notes")

    def test_what_cannot_be_an_entrance_is_refused(self):
        self.assertFails("invalid_input", self.owner.call, "entrances.set", id="no dots.please", upstream=self.upstream)
        self.assertFails("invalid_input", self.owner.call, "entrances.set", id="notes", upstream="somewhere")
        self.assertFails("unauthenticated", self.box.anyone.call, "entrances.list")


if __name__ == "__main__":
    unittest.main()
