"""Malformed HTTP against the real box: each gets a clear refusal, the box goes on, and nothing is smuggled past it."""

import re
import socket
import unittest

from box import BoxTestCase

HOST = b"Host: hearth.localhost\r\n"
# What is sent, and the status it gets.
REFUSED = {
    "length and coding": (b"POST /api/identity.state HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "two lengths": (b"POST /api/identity.state HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400),
    "another coding": (b"POST /api/identity.state HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: gzip, chunked\r\n\r\n", 501),
    "space before the colon": (b"GET / HTTP/1.1\r\nHost : hearth.localhost\r\n\r\n", 400),
    "folded field": (b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n", 400),
    "bare line feeds": (b"GET / HTTP/1.1\nHost: hearth.localhost\n\n", 400),
    "bare carriage return": (b"GET / HTTP/1.1\r\n" + HOST + b"X: a\rb\r\n\r\n", 400),
    "NUL": (b"GET / HTTP/1.1\r\n" + HOST + b"X: a\0b\r\n\r\n", 400),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n", 400),
    "another host in the target": (b"GET http://other/ HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "a stranger's name": (b"GET / HTTP/1.1\r\nHost: evil.example.com\r\n\r\n", 421),
    "oversized head": (b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 40000, 431),
    "oversized target": (b"GET /" + b"a" * 20000, 414),
    "unknown version": (b"GET / HTTP/3.0\r\n" + HOST + b"\r\n", 505),
    "forward proxy": (b"CONNECT example.com:443 HTTP/1.1\r\n" + HOST + b"\r\n", 501),
    "TLS on the plain port": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    "no HTTP at all": (b"\r\n\r\n\r\n", 400),
}


class MalformedTest(BoxTestCase):
    claimed = False

    def send(self, data: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.box.port), 20) as client:
            client.sendall(data)
            answer = b""
            while piece := client.recv(65536):
                answer += piece
            return answer

    def test_each_is_refused_and_the_connection_ends(self):
        for name, (data, status) in REFUSED.items():
            with self.subTest(name):
                if status == 421:  # well-formed, so the connection would go on
                    data = data.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
                # What follows the refused request on the connection is never answered.
                answer = self.send(data + b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
                self.assertTrue(answer.startswith(b"HTTP/1.1 %d " % status), answer[:200])
                self.assertEqual(len(re.findall(rb"HTTP/1\.1 \d", answer)), 1, answer)
                if status == 421:
                    continue  # that one is told to a page
                english, chinese = answer.partition(b"\r\n\r\n")[2].decode().splitlines()
                self.assertTrue(english.isascii() and re.search("[\u4e00-\u9fff]", chinese), answer)
        self.assertIsNone(self.box.process.poll())

    def test_bad_chunks_are_refused_and_the_connection_ends(self):
        fields = HOST + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        head = b"POST /api/identity.state HTTP/1.1\r\n" + fields
        for chunks in (b"x\r\n", b"-1\r\n{}\r\n", b"0x2\r\n{}\r\n0\r\n\r\n", b"2 \r\n{}\r\n0\r\n\r\n", b"2\n{}\n0\n\n",
                       b"2\r\n{}}\r\n0\r\n\r\n", b"2\r\n{}0\r\n\r\n", b"ffffffffffffffffff\r\n", b"2\r\n{}\r\n0\r\nno colon\r\n\r\n"):
            with self.subTest(chunks):
                answer = self.send(head + chunks)
                self.assertTrue(answer.startswith(b"HTTP/1.1 400 "), answer[:200])
                self.assertEqual(len(re.findall(rb"HTTP/1\.1 \d", answer)), 1, answer)
                english, chinese = answer.partition(b"\r\n\r\n")[2].decode().splitlines()
                self.assertTrue(english.isascii() and re.search("[\u4e00-\u9fff]", chinese), answer)
        self.assertIsNone(self.box.process.poll())


class MalformedUploadTest(BoxTestCase):
    def test_bad_chunks_of_a_file_are_refused_and_nothing_is_left_of_it(self):
        cookie = self.owner.cookies["hearth_session"]
        head = b"PUT /dav/half.txt HTTP/1.1\r\n" + HOST + f"X-Hearth-Client: tests\r\nCookie: hearth_session={cookie}\r\n".encode()
        with socket.create_connection(("127.0.0.1", self.box.port), 20) as client:
            client.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n")
            answer = client.recv(65536)
        self.assertTrue(answer.startswith(b"HTTP/1.1 400 "), answer[:200])
        self.assertEqual(self.owner.call("files.list", path="/")["entries"], [])


if __name__ == "__main__":
    unittest.main()
