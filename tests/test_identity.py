"""People and their ways in, from outside: the real box, its cookies and its console."""

import base64
import hashlib
import hmac
import http.client
import json
import struct
import time
from urllib.parse import parse_qs, urlsplit

from box import PASSWORD, BoxTestCase, Client, Failure


def one_time_code(secret: str, at: float) -> str:
    """RFC 6238, written again here so that the box is not checked against itself."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


class Cookies(BoxTestCase):
    def test_the_cookie_is_for_the_box_alone(self):
        answer = self.box.anyone.request("POST", "/api/identity.sign_in", f'{{"name":"mei","password":"{PASSWORD}"}}',
                                         {"Content-Type": "application/json"})
        cookie = answer.headers["Set-Cookie"]
        for part in ("hearth_session=", "HttpOnly", "SameSite=", "Path=/"):
            self.assertIn(part, cookie)
        self.assertNotIn("domain", cookie.lower())

    def test_an_ended_session_says_sign_in(self):
        phone = self.box.sign_in()
        device = next(d["id"] for d in phone.call("identity.devices")["devices"] if d["current"])
        self.assertEqual(len(self.owner.call("identity.devices")["devices"]), 2)
        self.owner.call("identity.revoke_device", id=device)
        self.assertFails("unauthenticated", phone.call, "identity.devices")
        self.assertEqual(len(self.owner.call("identity.devices")["devices"]), 1)

    def test_a_session_that_was_revoked_stays_so_after_a_crash(self):
        phone = self.box.sign_in()
        device = next(d["id"] for d in phone.call("identity.devices")["devices"] if d["current"])
        self.owner.call("identity.revoke_device", id=device)
        self.box.kill9()
        self.box.start()
        self.assertFails("unauthenticated", phone.call, "identity.devices")
        self.owner.call("identity.devices")


class Guessing(BoxTestCase):
    def test_guesses_are_slowed_and_the_owner_is_told_when_to_come_back(self):
        stranger = Client(self.box)
        codes = []
        for _ in range(8):
            try:
                stranger.call("identity.sign_in", name="nobody", password="guess guess guess")
            except Failure as failure:
                codes.append(failure.code)
                message, status = failure.message, failure.status
        self.assertEqual(codes[:5], ["unauthenticated"] * 5)
        self.assertEqual((codes[-1], status), ("too_many", 429))
        self.assertRegex(message, r"try again in \d+ seconds?\.")
        self.box.sign_in()  # another account from the same address is not held up

    def test_secrets_are_in_no_answer_of_the_audit(self):
        self.assertFails("unauthenticated", self.box.sign_in, "mei", "a-very-secret-guess")
        rows = self.owner.request("POST", "/api/audit.list", "{}", {"Content-Type": "application/json"}).body.decode()
        self.assertIn("identity.sign_in", rows)
        for secret in ("a-very-secret-guess", PASSWORD):
            self.assertNotIn(secret, rows)


class SecondFactor(BoxTestCase):
    def test_codes_recovery_codes_and_turning_off(self):
        secret = self.owner.call("identity.start_codes")["secret"]
        now = time.time()
        recovery = self.owner.call("identity.confirm_codes", code=one_time_code(secret, now))["codes"]
        self.assertEqual(len(set(recovery)), 10)
        phone = Client(self.box)
        self.assertEqual(phone.call("identity.sign_in", name="mei", password=PASSWORD), {"signed_in": False, "needs": "code"})
        self.assertNotIn("hearth_session", phone.cookies)
        # The code that turned it on is used up; the next step's is taken a little early.
        self.assertFails("unauthenticated", phone.call, "identity.sign_in", name="mei", password=PASSWORD,
                         code=one_time_code(secret, now))
        phone.call("identity.sign_in", name="mei", password=PASSWORD, code=one_time_code(secret, now + 30))
        self.assertTrue(phone.call("identity.state")["two_factor"])
        laptop = Client(self.box)
        used = laptop.call("identity.sign_in", name="mei", password=PASSWORD, code=recovery[0].lower())
        self.assertEqual(used["recovery_codes_left"], 9)
        self.assertFails("unauthenticated", Client(self.box).call, "identity.sign_in", name="mei", password=PASSWORD,
                         code=recovery[0])
        self.owner.call("identity.remove_codes")
        self.box.sign_in()


class People(BoxTestCase):
    def join(self, name: str, role: str = "member") -> Client:
        invitation = self.owner.call("identity.invite", role=role, display_name=name.title())
        joined = Client(self.box)
        joined.person = joined.call("identity.accept_invitation", code=invitation["code"], name=name,
                                    password=f"the password of {name}")["person"]
        return joined

    def test_an_invitation_lets_one_person_in(self):
        invitation = self.owner.call("identity.invite", role="guest", display_name="Lin")
        lin = Client(self.box)
        fields = {"code": invitation["code"], "name": "林小姐", "password": "她自己选的一个很长的密码", "language": "zh-CN"}
        self.assertEqual(lin.call("identity.accept_invitation", fields)["person"]["role"], "guest")
        self.assertEqual(lin.call("identity.state")["person"]["name"], "林小姐")
        self.assertFails("forbidden", Client(self.box).call, "identity.accept_invitation", {**fields, "name": "eve"})

    def test_only_owners_change_people(self):
        ben, guest = self.join("ben"), self.join("gus", "guest")
        for caller in (ben, guest):
            for operation, fields in [("invite", {"display_name": "Eve"}), ("invitations", {}),
                                      ("change_role", {"person": caller.person["id"], "role": "owner"}),
                                      ("reset_password", {"person": self.owner.person["id"]}),
                                      ("remove_person", {"person": self.owner.person["id"], "data": "remove"})]:
                self.assertFails("forbidden", caller.call, f"identity.{operation}", fields)
        self.assertEqual(len(ben.call("identity.people")["people"]), 3)
        self.assertFails("forbidden", guest.call, "identity.people")
        self.owner.call("identity.change_role", person=ben.person["id"], role="owner")
        ben.call("identity.invitations")

    def test_a_reset_is_seen_by_the_person_and_opens_nothing(self):
        ben = self.join("ben")
        code = self.owner.call("identity.reset_password", person=ben.person["id"])["code"]
        self.assertFails("conflict", Client(self.box).call, "identity.set_password", code=code, password="the owner's own choice")
        ben.call("identity.devices")
        self.box.sign_in("ben", "the password of ben")
        self.assertFails("forbidden", Client(self.box).call, "identity.set_password", code=code, password="the owner's own choice")
        code = json.loads(self.box.cli("identity", "reset-password", "--person", ben.person["id"], "--json").stdout)["code"]
        ben.call("identity.set_password", code=code, password="one of ben's own")
        self.assertFails("unauthenticated", ben.call, "identity.devices")
        self.assertFails("unauthenticated", self.box.sign_in, "ben", "the password of ben")
        ben = self.box.sign_in("ben", "one of ben's own")
        kinds = {event["kind"]: event["by_person"] for event in ben.call("identity.events")["events"]}
        self.assertEqual(kinds["password_reset"], self.owner.person["id"])

    def test_a_removed_person_and_their_tokens_are_out(self):
        ben = self.join("ben")
        token, principal = self.box.token("device", "pendant", ben)
        ben.call("grants.create", principal=principal, operations=["identity.people"])
        self.assertEqual(len(token.call("identity.people")["people"]), 2)
        self.owner.call("identity.remove_person", person=ben.person["id"], data="remove")
        for caller in (ben, token):
            self.assertFails("unauthenticated", caller.call, "identity.people")
        self.assertFails("unauthenticated", self.box.sign_in, "ben", "the password of ben")
        self.assertEqual([p["name"] for p in self.owner.call("identity.people")["people"]], ["mei"])
        self.assertFalse((self.box.home / "people" / ben.person["id"]).exists())

    def test_the_last_owner_stays(self):
        me = self.owner.person["id"]
        self.assertFails("conflict", self.owner.call, "identity.change_role", person=me, role="guest")
        self.assertFails("conflict", self.owner.call, "identity.remove_person", person=me, data="keep")
        self.assertEqual(self.owner.call("identity.state")["person"]["role"], "owner")

    def test_the_console_resets_the_owner_who_forgot(self):
        made = self.box.cli("identity", "change-password", "--password", "a new one by the console")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertFails("unauthenticated", self.owner.call, "identity.devices")
        self.box.sign_in("mei", "a new one by the console")


class Tokens(BoxTestCase):
    def test_a_token_can_do_what_it_was_granted_and_ends(self):
        app, principal = self.box.token("app", "notes")
        self.assertFails("forbidden", app.call, "identity.people")
        self.owner.call("grants.create", principal=principal, operations=["identity.**", "identity.*"])
        app.call("identity.people")
        # No grant makes an app a person.
        self.assertFails("forbidden", app.call, "identity.create_token", kind="app", name="more")
        self.assertFails("forbidden", app.call, "identity.change_password", password="stolen by an app")
        listed = self.owner.call("identity.tokens")["tokens"]
        self.assertEqual([t["principal"] for t in listed], [principal])
        self.owner.call("identity.revoke_token", id=listed[0]["id"])
        self.assertFails("unauthenticated", app.call, "identity.people")
        self.assertEqual([g for g in self.owner.call("grants.list")["grants"] if g["principal"] == principal], [])


class HandOver(BoxTestCase):
    STATE = "0123456789abcdef0123"

    def get(self, host: str, path: str, cookies: str = "") -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.box.port, timeout=20)
        self.addCleanup(connection.close)
        connection.request("GET", path, headers={"Host": f"{host}:{self.box.port}", "Cookie": cookies})
        answer = connection.getresponse()
        answer.read()
        return answer

    def enter(self, query: str, client: Client | None = None) -> http.client.HTTPResponse:
        return self.get("hearth.localhost", f"/enter?{query}",
                        "; ".join(f"{n}={v}" for n, v in (client or Client(self.box)).cookies.items()))

    def test_a_person_is_handed_over_with_a_code_and_a_stranger_to_the_sign_in(self):
        query = f"entrance=notes&return=%2Fa&state={self.STATE}"
        stranger = self.enter(query)
        self.assertEqual(stranger.status, 302)
        self.assertEqual(stranger.headers["Location"], f"/?enter=notes&return=%2Fa&state={self.STATE}")
        known = self.enter(query, self.owner)
        self.assertEqual(known.status, 302)
        target = urlsplit(known.headers["Location"])
        self.assertEqual((target.netloc, target.path), (f"notes.hearth.localhost:{self.box.port}", "/.hearth/enter"))
        self.assertEqual(set(parse_qs(target.query)), {"code", "return", "state"})
        self.assertNotIn(self.owner.cookies["hearth_session"], known.headers["Location"])
        self.assertEqual(self.enter(query + "&two_factor=1", self.owner).headers["Location"],
                         f"/?enter=notes&return=%2Fa&state={self.STATE}&two_factor=1")

    def test_it_leads_nowhere_else(self):
        for wanted in ("//evil.example", "https://evil.example", "/%5Cevil.example", "/%0d%0aX:1"):
            known = self.enter(f"entrance=notes&return={wanted}&state={self.STATE}", self.owner)
            self.assertEqual(parse_qs(urlsplit(known.headers["Location"]).query)["return"], ["/"])
        for entrance in ("", "a.b", "evil.example%2F", "%40evil"):
            self.assertEqual(self.enter(f"entrance={entrance}&return=/&state={self.STATE}", self.owner).status, 400)
