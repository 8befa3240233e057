"""The kernel from outside: what an access token may do is what a person granted, and no more."""

import threading
import unittest
from datetime import datetime, timedelta, timezone

from box import BoxTestCase, Failure, wait_until


def rfc3339(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Grants(BoxTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.app, self.principal = self.box.token("app", "notes")

    def grant(self, *operations: str, **limits) -> dict:
        return self.owner.call("grants.create", principal=self.principal, operations=list(operations), **limits)

    def test_without_a_grant_a_token_may_do_nothing(self):
        failure = self.assertFails("forbidden", self.app.call, "jobs.list")
        self.assertIn(self.principal, failure.message)
        self.assertEqual(failure.status, 403)

    def test_a_grant_covers_what_its_patterns_say_until_it_is_revoked(self):
        grant = self.grant("jobs.*")
        self.assertEqual(self.app.call("jobs.list"), {"jobs": []})
        self.assertFails("forbidden", self.app.call, "audit.list")
        self.owner.call("grants.revoke", id=grant["id"])
        self.assertFails("forbidden", self.app.call, "jobs.list")

    def test_it_lasts_over_a_kill(self):
        self.grant("jobs.list")
        self.box.kill9()
        self.box.start()
        self.assertEqual(self.app.call("jobs.list"), {"jobs": []})

    def test_one_token_does_not_use_anothers_grant(self):
        self.grant("jobs.list")
        other, _ = self.box.token("app", "calendar")
        self.assertFails("forbidden", other.call, "jobs.list")

    def test_a_use_count_runs_out_and_stays_so_over_a_restart(self):
        self.grant("jobs.list", uses=3)
        for _ in range(2):
            self.app.call("jobs.list")
        self.box.kill9()
        self.box.start()
        self.app.call("jobs.list")
        failure = self.assertFails("too_many", self.app.call, "jobs.list")
        self.assertEqual(failure.status, 429)
        self.assertEqual(self.owner.call("grants.list")["grants"][0]["used"], 3)

    def test_uses_are_counted_exactly_when_many_call_at_once(self):
        self.grant("jobs.list", uses=10)
        tokens = [self.app] + [type(self.app)(self.box, self.app.token) for _ in range(7)]
        passed = []

        def call_often(client):
            for _ in range(5):
                try:
                    client.call("jobs.list")
                    passed.append(1)
                except Failure as failure:
                    assert failure.code == "too_many", failure

        threads = [threading.Thread(target=call_often, args=(client,)) for client in tokens]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(passed), 10)

    def test_a_rate_is_kept(self):
        self.grant("jobs.list", per_minute=4)
        for _ in range(4):
            self.app.call("jobs.list")
        self.assertIn("minute", self.assertFails("too_many", self.app.call, "jobs.list").message)

    def test_it_ends_when_it_says(self):
        now = datetime.now(timezone.utc)
        self.assertFails("invalid_input", self.grant, "jobs.list", until=rfc3339(now - timedelta(seconds=1)))
        self.grant("jobs.list", until=rfc3339(now + timedelta(seconds=1.5)))
        self.app.call("jobs.list")

        def ended():
            try:
                self.app.call("jobs.list")
            except Failure as failure:
                return failure
            return None

        self.assertEqual(wait_until(ended, 10, "the end of the grant").code, "expired")

    def test_it_covers_only_its_resources(self):
        self.owner.call("files.make_folder", path="/Notes")
        self.owner.call("files.make_folder", path="/Diary")
        self.owner.call("files.write", path="/Notes/a.txt", text="tea")
        self.owner.call("files.write", path="/Diary/b.txt", text="secret")
        self.grant("files.*", resources=["files:/Notes/**", "files:/Notes"])
        self.assertEqual(self.app.call("files.read", path="/Notes/a.txt")["text"], "tea")
        self.assertEqual(len(self.app.call("files.list", path="/Notes")["entries"]), 1)
        for path in ("/Diary/b.txt", "/Notes/../Diary/b.txt", "//Diary//b.txt", "/Notes2", "/Diary"):
            with self.subTest(path=path):
                with self.assertRaises(Failure) as caught:
                    self.app.call("files.read", path=path)
                self.assertIn(caught.exception.code, ("forbidden", "invalid_input"))
        self.assertFails("forbidden", self.app.call, "files.list")  # the root, by default

    def test_a_move_needs_both_ends_covered(self):
        self.owner.call("files.make_folder", path="/Notes")
        self.owner.call("files.write", path="/Notes/a.txt", text="tea")
        self.grant("files.move", resources=["files:/Notes/**"])
        self.assertFails("forbidden", self.app.call, "files.move", {"from": "/Notes/a.txt", "to": "/a.txt"})
        self.app.call("files.move", {"from": "/Notes/a.txt", "to": "/Notes/b.txt"})

    def test_a_token_cannot_give_itself_more(self):
        self.grant("grants.*", "approvals.*", "identity.*")
        self.assertFails("forbidden", self.app.call, "approvals.decide", id="x", decision="once")
        with self.assertRaises(Failure):
            self.app.call("identity.create_token", kind="app", name="more")

    def test_another_persons_data_is_not_in_it(self):
        self.owner.call("identity.create_person", name="bo", display_name="Bo", role="member", password="another calm evening")
        bo = self.box.sign_in("bo", "another calm evening")
        bo.call("files.write", path="/mine.txt", text="of Bo")
        self.grant("files.**", "files.*")
        self.assertEqual(self.app.call("files.list")["entries"], [])
        # Bo can grant over Bo's data only: a token of Mei's acts for Mei.
        bo.call("grants.create", principal=self.principal, operations=["audit.list"])
        self.assertFails("forbidden", self.app.call, "audit.list")

    def test_a_revoked_token_is_nobody_and_its_grants_are_gone(self):
        self.grant("jobs.list")
        token = next(t for t in self.owner.call("identity.tokens")["tokens"] if t["principal"] == self.principal)
        self.owner.call("identity.revoke_token", id=token["id"])
        self.assertFails("unauthenticated", self.app.call, "jobs.list")
        self.assertEqual(self.owner.call("grants.list"), {"grants": []})

    def test_what_is_more_confidential_than_its_clearance_is_kept_back(self):
        self.grant("jobs.list", "kernel.guard")
        self.owner.call("clearances.set", destination=self.principal, confidentiality="household")
        self.app.call("kernel.guard")
        self.assertIn("clear", self.assertFails("forbidden", self.app.call, "jobs.list").message)
        self.owner.call("clearances.set", destination=self.principal, confidentiality="private")
        self.app.call("jobs.list")


class Approvals(BoxTestCase):
    """A run asks where no grant covers it; a person decides."""

    def setUp(self) -> None:
        super().setUp()
        self.run_, self.principal = self.box.token("run", "helper")

    def ask(self, operation: str = "jobs.list", **fields) -> threading.Thread:
        """Calls in the background; the outcome is in thread.outcome when it ends."""
        def call():
            try:
                thread.outcome = self.run_.call(operation, **fields)
            except Exception as error:
                thread.outcome = error

        thread = threading.Thread(target=call, daemon=True)
        thread.start()
        return thread

    def pending(self) -> dict:
        return wait_until(lambda: next((a for a in self.owner.call("approvals.list")["approvals"] if a["state"] == "pending"), None),
                          what="an approval to decide")

    def ended(self, thread: threading.Thread):
        thread.join(20)
        self.assertFalse(thread.is_alive(), "the call still waits")
        return thread.outcome

    def test_once_allows_exactly_that_call(self):
        asking = self.ask("jobs.list", limit=7)
        approval = self.pending()
        self.assertEqual((approval["principal"], approval["operation"], approval["input"]),
                         (self.principal, "jobs.list", {"limit": 7}))
        self.owner.call("approvals.decide", id=approval["id"], decision="once")
        self.assertEqual(self.ended(asking), {"jobs": []})
        self.assertEqual(self.owner.call("grants.list"), {"grants": []})
        again = self.ask("jobs.list", limit=7)
        self.owner.call("approvals.decide", id=self.pending()["id"], decision="deny")
        self.assertEqual(self.ended(again).code, "denied")

    def test_always_becomes_a_grant(self):
        asking = self.ask()
        self.owner.call("approvals.decide", id=self.pending()["id"], decision="always")
        self.assertEqual(self.ended(asking), {"jobs": []})
        self.assertEqual(self.run_.call("jobs.list"), {"jobs": []})
        grants = self.owner.call("grants.list")["grants"]
        self.assertEqual([(g["principal"], g["operations"]) for g in grants], [(self.principal, ["jobs.list"])])

    def test_deny_is_final_for_that_call(self):
        asking = self.ask()
        approval = self.pending()
        self.owner.call("approvals.decide", id=approval["id"], decision="deny")
        self.assertEqual(self.ended(asking).status, 403)
        self.assertFails("conflict", self.owner.call, "approvals.decide", id=approval["id"], decision="once")

    def test_silence_has_an_end_and_a_restart_is_a_no(self):
        self.ask()
        approval = self.pending()
        minutes = (datetime.fromisoformat(approval["expires"]) - datetime.fromisoformat(approval["created"])) / timedelta(minutes=1)
        self.assertAlmostEqual(minutes, 10, delta=0.1)
        self.box.kill9()
        self.box.start()
        states = {a["id"]: a["state"] for a in self.owner.call("approvals.list")["approvals"]}
        self.assertEqual(states, {approval["id"]: "expired"})
        with self.assertRaises(Failure):
            self.owner.call("approvals.decide", id=approval["id"], decision="once")

    def test_silence_becomes_a_no(self):
        self.box.stop()
        self.box.arguments = ("--approval-time", "1")
        self.box.start()
        asking = self.ask()
        approval = self.pending()
        outcome = self.ended(asking)
        self.assertEqual((outcome.status, outcome.code), (403, "denied"))
        self.assertRegex(outcome.message, "Nobody answered in time, which means no")
        self.assertFails("conflict", self.owner.call, "approvals.decide", id=approval["id"], decision="once")
        states = {a["id"]: a["state"] for a in self.owner.call("approvals.list")["approvals"]}
        self.assertEqual(states, {approval["id"]: "expired"})
        self.assertEqual(self.owner.call("audit.list", operation="jobs.list", outcome="denied")["entries"][0]["principal"], self.principal)

    def test_nobody_else_decides(self):
        self.owner.call("identity.create_person", name="bo", display_name="Bo", role="member", password="another calm evening")
        bo = self.box.sign_in("bo", "another calm evening")
        asking = self.ask()
        approval = self.pending()
        self.assertEqual(bo.call("approvals.list"), {"approvals": []})
        self.assertFails("not_found", bo.call, "approvals.decide", id=approval["id"], decision="once")
        self.owner.call("approvals.decide", id=approval["id"], decision="deny")
        self.ended(asking)


class Streams(BoxTestCase):
    """Byte streams are answers too: what they give is remembered, and kept from those who are not cleared for it."""

    def setUp(self) -> None:
        super().setUp()
        self.app, self.principal = self.box.token()
        self.owner.call("files.write", path="/a.txt", text="from outside")
        self.owner.call("grants.create", principal=self.principal, operations=["files.*"])

    def read_so_far(self) -> dict:
        return next((l["label"] for l in self.owner.call("labels.list")["labels"] if l["principal"] == self.principal), {})

    def test_a_download_is_remembered(self):
        for path in ("/files/a.txt", "/dav/a.txt"):
            self.owner.call("labels.reset", principal=self.principal)
            self.assertEqual(self.app.request("GET", path).body, b"from outside")
            self.assertEqual(self.read_so_far()["integrity"], "untrusted", path)

    def test_it_is_kept_from_a_caller_that_is_not_cleared(self):
        self.owner.call("clearances.set", destination=self.principal, confidentiality="household")
        for path in ("/files/a.txt", "/dav/a.txt"):
            answer = self.app.request("GET", path)
            self.assertEqual(answer.status, 403)
            self.assertNotIn(b"from outside", answer.body)


class Guard(BoxTestCase):
    def test_the_rule_can_be_read(self):
        rules = self.owner.call("kernel.guard")["rules"]
        self.assertGreaterEqual(len(rules), 5)
        self.assertEqual({rule["verdict"] for rule in rules}, {"allow", "ask", "deny"})
        for rule in rules:
            self.assertTrue(rule["reason"] and rule["reason_zh"])


class Roles(BoxTestCase):
    def test_a_member_has_no_owners_powers_and_a_guest_fewer(self):
        for role in ("member", "guest"):
            self.owner.call("identity.create_person", name=role, display_name=role.title(), role=role, password="another calm evening")
        member, guest = self.box.sign_in("member", "another calm evening"), self.box.sign_in("guest", "another calm evening")
        self.assertFails("forbidden", member.call, "clearances.list")
        member.call("jobs.list")
        self.assertFails("forbidden", guest.call, "jobs.list")
        guest.call("kernel.guard")

    def test_a_member_lends_no_more_than_a_member_may(self):
        made = self.owner.call("identity.create_person", name="bo", display_name="Bo", role="member", password="another calm evening")
        bo = self.box.sign_in("bo", "another calm evening")
        for principal in (f"person:{made['id']}", "person:*"):
            failure = self.assertFails("invalid_input", bo.call, "grants.create", principal=principal, operations=["**"])
            self.assertIn("by their role", failure.message)
        bo.call("grants.create", principal="*:*", operations=["**"])
        self.assertFails("forbidden", bo.call, "identity.change_role", person=made["id"], role="owner")
        app, _ = self.box.token("app", "notes", bo)
        run, _ = self.box.token("run", "helper", bo)
        for caller in (app, run):  # the run asks nobody: its person could not do it either
            self.assertFails("forbidden", caller.call, "clearances.list")
            self.assertFails("forbidden", caller.call, "identity.invitations")
            self.assertFails("forbidden", caller.call, "entrances.set", id="a", target="http://127.0.0.1:1", **{"title": "A"})
            caller.call("jobs.list")
        self.owner.call("identity.change_role", person=made["id"], role="owner")
        app.call("clearances.list")
        self.owner.call("identity.change_role", person=made["id"], role="guest")
        self.assertFails("forbidden", app.call, "jobs.list")


if __name__ == "__main__":
    unittest.main()
