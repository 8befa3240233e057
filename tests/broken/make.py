"""Broken inputs for every format that the memory reads: for each a folder with one good file among damaged ones.

    python3 tests/broken/make.py FOLDER     writes all of them, the same bytes whenever it is run

What each file is called says what is wrong with it. The good file of a format holds the word that word() gives.
"""

import email.message
import gzip
import json
import os
import random
import socket
import sqlite3
import struct
import sys
import tempfile
import zlib
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import make_papers as papers  # noqa: E402
from make_pst import Pst  # noqa: E402

GIGABYTE = 1 << 30
WHEN = datetime(2024, 5, 1, 10, 22, 33, tzinfo=timezone.utc)
LINE = "13/05/2024, 10:2{} - Ann: the {} blooms 开花\n"


def word(format: str) -> str:
    return "roof" if format == "spreadsheet" else "marker" + format.replace(" ", "")


def database(script: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.db")
        connection = sqlite3.connect(path)
        connection.executescript(script)
        connection.close()
        return path.read_bytes()


def mail(text: str, number: int = 0) -> bytes:
    message = email.message.EmailMessage()
    message["From"], message["To"], message["Subject"] = "Ann <ann@example.org>", "bo@example.org", f"Mail {number}"
    message["Date"], message["Message-ID"] = "Mon, 01 May 2023 09:00:00 +0200", f"<{number}@broken.example.org>"
    message.set_content(text)
    message.add_attachment(b"attached words", maintype="application", subtype="octet-stream", filename="a.txt")
    message.set_boundary(f"limit-{number}")
    return message.as_bytes()


def outlook(text: str) -> bytes:
    store = Pst()
    inbox = store.folder("Inbox")
    for number in range(30):
        inbox.mail(f"Mail {number}", f"{text} {number}", sender=("Ann", "ann@example.org"), sent=WHEN, attachments=[{"name": "a.txt", "bytes": b"attached words"}])
    return store.bytes()


def imessage(text: str) -> bytes:
    return database(f"""
        CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid TEXT, text TEXT, attributedBody BLOB, handle_id INTEGER, date INTEGER, is_from_me INTEGER, account TEXT);
        CREATE TABLE handle (ROWID INTEGER PRIMARY KEY, id TEXT);
        CREATE TABLE chat (ROWID INTEGER PRIMARY KEY, guid TEXT, chat_identifier TEXT, display_name TEXT);
        CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER);
        CREATE TABLE chat_handle_join (chat_id INTEGER, handle_id INTEGER);
        CREATE TABLE attachment (ROWID INTEGER PRIMARY KEY, filename TEXT, mime_type TEXT, transfer_name TEXT, total_bytes INTEGER);
        CREATE TABLE message_attachment_join (message_id INTEGER, attachment_id INTEGER);
        INSERT INTO handle VALUES (1, '+491701234567');
        INSERT INTO chat VALUES (1, 'iMessage;-;+491701234567', '+491701234567', '');
        INSERT INTO chat_handle_join VALUES (1, 1);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
          INSERT INTO message SELECT i, 'G' || i, '{text} ' || i, NULL, 1, 736251753000000000 + i * 1000000000, 0, NULL FROM n;
        INSERT INTO chat_message_join SELECT 1, ROWID FROM message;""")


def chrome(text: str) -> bytes:
    return database(f"""
        CREATE TABLE meta (key TEXT, value TEXT); CREATE TABLE urls (id INTEGER PRIMARY KEY, url TEXT, title TEXT);
        CREATE TABLE visits (id INTEGER PRIMARY KEY, url INTEGER, visit_time INTEGER, transition INTEGER);
        INSERT INTO urls VALUES (1, 'https://example.org/oar', '{text}'); INSERT INTO visits VALUES (1, 1, 13359032553000000, 805306368);""")


def firefox(text: str) -> bytes:
    return database(f"""
        CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url TEXT, title TEXT, hidden INTEGER);
        CREATE TABLE moz_historyvisits (id INTEGER PRIMARY KEY, place_id INTEGER, visit_date INTEGER, visit_type INTEGER);
        CREATE TABLE moz_bookmarks (id INTEGER PRIMARY KEY, type INTEGER, fk INTEGER, parent INTEGER, title TEXT, dateAdded INTEGER);
        INSERT INTO moz_places VALUES (1, 'https://example.org/oar', '{text}', 0); INSERT INTO moz_historyvisits VALUES (1, 1, 1714558953000000, 1);""")


def safari(text: str) -> bytes:
    return database(f"""
        CREATE TABLE history_items (id INTEGER PRIMARY KEY, url TEXT);
        CREATE TABLE history_visits (id INTEGER PRIMARY KEY, history_item INTEGER, visit_time REAL, title TEXT, load_successful BOOLEAN DEFAULT 1, redirect_destination INTEGER);
        INSERT INTO history_items VALUES (1, 'https://example.org/oar'); INSERT INTO history_visits VALUES (1, 1, 736251753.0, '{text}', 1, NULL);""")


def telegram(text: str) -> dict:
    return {"name": "Bo", "type": "personal_chat", "id": 4242, "messages": [
        {"id": n, "type": "message", "date": "2024-05-01T12:22:33", "date_unixtime": str(1714558953 + n), "from": "Ann", "from_id": "user7", "text": f"{text} {n} 开花"} for n in range(50)]}


def discord(text: str) -> dict:
    return {"guild": {"id": "1", "name": "Club"}, "channel": {"id": "2", "type": "GuildTextChat", "name": "garden"}, "messages": [
        {"id": str(n), "type": "Default", "timestamp": "2024-05-01T10:22:33+00:00", "content": f"{text} {n}", "author": {"id": "7", "name": "ann", "nickname": "Ann"}} for n in range(50)]}


def dialogue(text: str) -> dict:
    return {"sample_id": "conv-1", "conversation": {"speaker_a": "Ann", "speaker_b": "Bo", "session_1_date_time": "1:56 pm on 8 May, 2023",
                                                    "session_1": [{"speaker": "Ann", "dia_id": f"D1:{n}", "text": f"{text} {n}"} for n in range(1, 50)]}}


def limitless(text: str) -> dict:
    return {"data": {"lifelogs": [{"id": f"L{n}", "title": "At the lake", "markdown": f"- Ann (2/1/25 10:00 AM): {text} {n}", "startTime": "2025-02-01T15:00:00Z",
                                   "endTime": "2025-02-01T15:30:00Z", "contents": [{"type": "blockquote", "content": f"{text} {n}", "speakerName": "Ann"}]} for n in range(20)]}}


def omi(text: str) -> list:
    return [{"id": f"O{n}", "created_at": "2025-02-01T15:00:00Z", "started_at": "2025-02-01T15:00:00Z", "finished_at": "2025-02-01T15:30:00Z",
             "structured": {"title": "Lake", "overview": f"{text} {n}", "action_items": []}, "transcript_segments": [{"text": f"{text} {n}", "speaker": "SPEAKER_0", "start": 0, "end": 5}]}
            for n in range(20)]


def tables(number: int) -> str:
    return "".join(f"BEGIN:VEVENT\r\nUID:{n}@example.org\r\nDTSTART:20240501T102233Z\r\nSUMMARY:{word('calendar')} {n}\r\nRRULE:FREQ=WEEKLY;COUNT=5\r\nEND:VEVENT\r\n" for n in range(number))


def good(format: str) -> tuple[str, str, bytes, dict[str, bytes]]:
    """The kind of source, the file's name and bytes, and the files that must lie beside it."""
    text = word(format)
    dumped = lambda value: json.dumps(value, ensure_ascii=False).encode()  # noqa: E731
    made = {
        "mbox": lambda: ("mail", "a.mbox", b"".join(b"From ann Mon May  1 09:30:00 2023\n" + mail(f"{text} 开花 {n}\n", n) + b"\n" for n in range(20))),
        "message": lambda: ("mail", "a.eml", mail(f"{text} 开花\n")),
        "outlook": lambda: ("mail", "a.pst", outlook(text)),
        "calendar": lambda: ("calendar", "a.ics", ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + tables(20) + "END:VCALENDAR\r\n").encode()),
        "contacts": lambda: ("contacts", "a.vcf", "".join(f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{text} 小明 {n}\r\nTEL:+4917012345{n:02}\r\nEND:VCARD\r\n" for n in range(20)).encode()),
        "whatsapp": lambda: ("chat", "WhatsApp Chat with Ann.txt", "".join(LINE.format(n % 10, f"{text} {n}") for n in range(50)).encode()),
        "imessage": lambda: ("chat", "chat.db", imessage(text)),
        "telegram": lambda: ("chat", "result.json", dumped(telegram(text))),
        "discord": lambda: ("chat", "garden.json", dumped(discord(text))),
        "discord package": lambda: ("chat", "messages.json", dumped([{"ID": n, "Timestamp": "2024-05-01 10:22:33", "Contents": f"{text} {n}", "Attachments": ""} for n in range(30)]),
                                    {"channel.json": dumped({"id": "11", "type": "DM"})}),
        "slack": lambda: ("chat", "2024-05-01.json", dumped([{"type": "message", "user": "U1", "ts": f"17145589{n}.000200", "text": f"{text} {n}"} for n in range(10, 60)]),
                          {"../users.json": dumped([{"id": "U1", "name": "ann", "profile": {"real_name": "Ann Lee"}}]), "../channels.json": dumped([{"id": "C1", "name": "garden"}])}),
        "limitless": lambda: ("recorder", "lifelogs.json", dumped(limitless(text))),
        "limitless page": lambda: ("recorder", "lake.md", f"# At the lake\n\n- Ann (2/1/25 10:00 AM): {text}\n- Bo (2/1/25 10:01 AM): Yes.\n".encode()),
        "omi": lambda: ("recorder", "omi.json", dumped(omi(text))),
        "keep": lambda: ("notes", "Shopping.json", dumped({"isTrashed": False, "title": "Shopping", "textContent": text, "userEditedTimestampUsec": 1714559953000000,
                                                           "createdTimestampUsec": 1714558953000000, "labels": [{"name": "home"}]})),
        "keep page": lambda: ("notes", "Shopping.html", f'<html><title>Shopping</title><div class="note"><div class="heading">May 1, 2024, 10:22:33 AM</div><div class="content">{text}</div></div></html>'.encode()),
        "notion": lambda: ("notes", "Cake plan 0123456789abcdef0123456789abcdef.md", f"# Cake plan\n\nTags: sweet\n\nWhisk the {text}.\n".encode()),
        "notion table": lambda: ("notes", "Tasks fedcba9876543210fedcba9876543210.csv", ("Name,Status\n" + "".join(f"{text} {n},Done\n" for n in range(30))).encode()),
        "bookmarks": lambda: ("browser", "bookmarks.html", ("<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>" + "".join(
            f'<DT><A HREF="https://example.org/{n}" ADD_DATE="1714558953">{text} {n}</A>\n' for n in range(30)) + "</DL>").encode()),
        "chrome history": lambda: ("browser", "History", chrome(text)),
        "firefox history": lambda: ("browser", "places.sqlite", firefox(text)),
        "safari history": lambda: ("browser", "History.db", safari(text)),
        "dialogue": lambda: ("chat", "conv-1.json", dumped(dialogue(text))),
        "chat lines": lambda: ("chat", "club.jsonl", "".join(f'{{"time": "2024-05-01T10:22:{n:02}Z", "sender": "Cy", "text": "{text} {n}"}}\n' for n in range(50)).encode()),
        "chat json": lambda: ("chat", "club.json", dumped({"chat": "Club", "messages": [{"time": f"2024-05-01T10:22:{n:02}Z", "sender": "Cy", "text": f"{text} {n}"} for n in range(50)]})),
        "chat table": lambda: ("chat", "家人.csv", ("CreateTime,StrContent,NickName\r\n" + "".join(f"{1714558953 + n},{text} 火锅 {n},小明\r\n" for n in range(50))).encode("gb18030")),
        "markdown": lambda: ("folder", "trip.md", f"---\ntags: [travel]\ndate: 2024-04-02\n---\n# Trip\n\nWe meet {text} at [[station]]\n".encode()),
        "html": lambda: ("folder", "page.html", f"<html><head><title>Page</title></head><body><p>{text} 开花</p></body></html>".encode()),
        "pdf": lambda: ("folder", "contract.pdf", papers.pdf([f"The {text} blooms.", "Second page."])),
        "word": lambda: ("folder", "letter.docx", papers.docx([f"The {text} blooms."] * 50)),
        "presentation": lambda: ("folder", "talk.pptx", papers.pptx([f"The {text} blooms."] * 5)),
        "spreadsheet": lambda: ("folder", "budget.xlsx", papers.xlsx()),
        "opendocument": lambda: ("folder", "diary.odt", papers.odt([f"The {text} blooms."] * 50)),
        "ebook": lambda: ("folder", "book.epub", papers.epub([f"The {text} blooms."] * 5)),
        "rtf": lambda: ("folder", "recipe.rtf", papers.rtf(f"The {text} blooms.")),
        "photo": lambda: ("folder", f"{text}.heic", papers.heic(papers.exif_block())),
        "audio": lambda: ("folder", "song.mp3", papers.mp3(text, "Ann", 2)),
        "zip": lambda: ("folder", "all.zip", papers.zipped({"a.txt": f"The {text} blooms.", "b/c.md": "# Second", "d.txt": "third " * 1000})),
        "tar": lambda: ("folder", "all.tar", papers.tar({"a.txt": f"The {text} blooms.".encode(), "b/c.md": b"# Second"})),
        "gzip": lambda: ("folder", "log.txt.gz", gzip.compress(f"The {text} blooms.\n".encode() * 100, mtime=0)),
        "text": lambda: ("folder", "words.txt", f"The {text} blooms. 开花\n".encode() * 20),
    }[format]()
    kind, name, content, *beside = made
    return kind, name, content, beside[0] if beside else {}


FORMATS = ("mbox", "message", "outlook", "calendar", "contacts", "whatsapp", "imessage", "telegram", "discord", "discord package", "slack", "limitless", "limitless page", "omi", "keep",
           "keep page", "notion", "notion table", "bookmarks", "chrome history", "firefox history", "safari history", "dialogue", "chat lines", "chat json", "chat table", "markdown",
           "html", "pdf", "word", "presentation", "spreadsheet", "opendocument", "ebook", "rtf", "photo", "audio", "zip", "tar", "gzip", "text")
WRITTEN = ("mbox", "message", "calendar", "contacts", "whatsapp", "telegram", "discord", "discord package", "slack", "limitless", "limitless page", "omi", "keep", "keep page", "notion",
           "notion table", "bookmarks", "dialogue", "chat lines", "chat json", "chat table", "markdown", "html", "rtf", "text")  # as text


def damaged(format: str, content: bytes) -> dict[str, bytes]:
    """What may have happened to a file, by a name for it."""
    chance = random.Random(format)
    noise = bytearray(content)
    for _ in range(max(len(noise) // 200, 3)):
        noise[chance.randrange(len(noise))] = chance.randrange(256)
    middle = len(content) // 2
    found = {f"cut-{percent}": content[:len(content) * percent // 100] for percent in (1, 10, 50, 90, 99)}
    found |= {"noise": bytes(noise), "zeros": content[:middle] + bytes(len(content) - middle), "doubled": content[:middle] + content,
              "empty": b"", "head": content[:4], "garbage": content[:16] + chance.randbytes(5000)}
    if format in WRITTEN:
        text = content.decode("gb18030" if format == "chat table" else "utf-8")
        found |= {"latin": text.encode("latin-1", "replace").replace(b"bloom", b"bl\xf6\xf6m") + b"caf\xe9\xff\xfe\n", "utf16": text.encode("utf-16-le"), "utf16-mark": text.encode("utf-16"),
                  "surrogates": content[:middle] + b"\xed\xa0\x80\xc0\x80\xf8\x88\x80\x80" + content[middle:], "nul": content.replace(b" ", b" \0"),
                  "escapes": content.replace(b" ", b"\x1b[2J\xe2\x80\xae", 5)}
    return found


def write_format(folder: Path, format: str) -> dict[str, int]:
    """Writes one format's folder: `good/NAME`, and `DAMAGE/NAME` for each damage; gives their sizes by path."""
    _, name, content, beside = good(format)
    for damage, broken in {"good": content, **damaged(format, content)}.items():
        path = folder / damage / "chat" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(broken)
        for other, bytes_beside in beside.items():
            (path.parent / other).resolve().write_bytes(bytes_beside)
    return {str(path.relative_to(folder)): path.stat().st_size for path in folder.rglob("*") if path.is_file() and path.name == name}


# --- bombs: small files that ask for much ---

def nested_zip(levels: int) -> bytes:
    inner = papers.zipped({"zeros.txt": bytes(10 << 20)})
    for level in range(levels):
        inner = papers.zipped({f"{level}-{n}.zip": inner for n in range(10)})
    return inner


def quine_gzip() -> bytes:
    """A gzip file of many empty members, then one that unpacks to a gigabyte."""
    return gzip.compress(b"", mtime=0) * 50_000 + papers.deflated(bytes(1 << 20), 1024, 31)


def cyclic_docx() -> bytes:
    relation = papers.RELATIONSHIPS.format('<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>')
    to_itself = papers.RELATIONSHIPS.format('<Relationship Id="r1" Target="document.xml"/><Relationship Id="r2" Target="../word/document.xml"/><Relationship Id="r3" Target="../../../../etc/passwd"/>'
                                            '<Relationship Id="r4" Target="file:///etc/passwd" TargetMode="External"/>')
    return papers.zipped({"_rels/.rels": relation, "word/document.xml": f"<w:document {papers.W} {papers.R}><w:body><w:p><w:r><w:t>cyclic</w:t></w:r></w:p><w:altChunk r:id='r1'/></w:body></w:document>",
                          "word/_rels/document.xml.rels": to_itself, "word/_rels/footnotes.xml.rels": to_itself, "word/footnotes.xml": f"<w:footnotes {papers.W}/>"})


def external_entity_docx() -> bytes:
    return papers.zipped({"word/document.xml": '<!DOCTYPE w [<!ENTITY secret SYSTEM "file:///etc/hostname"><!ENTITY % more SYSTEM "http://127.0.0.1:9/x">%more;]>'
                                               f"<w:document {papers.W}><w:body><w:p><w:r><w:t>&secret;</w:t></w:r></w:p></w:body></w:document>"})


def cyclic_epub() -> bytes:
    container = '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="META-INF/container.xml"/><rootfile full-path="a.opf"/></rootfiles></container>'
    package = ('<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="c" href="a.opf" media-type="application/xhtml+xml"/></manifest><spine>' + '<itemref idref="c"/>' * 100_000 + "</spine></package>")
    return papers.zipped({"mimetype": "application/epub+zip", "META-INF/container.xml": container, "a.opf": package}, ("mimetype",))


def wide_xlsx() -> bytes:
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return papers.zipped({"xl/workbook.xml": f'<workbook {main} {papers.R}><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
                          "xl/_rels/workbook.xml.rels": papers.RELATIONSHIPS.format('<Relationship Id="rId1" Target="worksheets/sheet1.xml"/>'),
                          "xl/sharedStrings.xml": f"<sst {main} count='4294967295' uniqueCount='4294967295'><si><t>{'x' * 100_000}</t></si></sst>",
                          "xl/worksheets/sheet1.xml": f'<worksheet {main}><sheetData>' + '<row r="1048576"><c r="XFD1048576" t="s"><v>0</v></c><c t="s"><v>4294967295</v></c><c t="s"><v>-1</v></c></row>' * 300
                                                      + "</sheetData></worksheet>"})


def deep_mail() -> bytes:
    text = b""
    for level in range(2000):
        text += f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n".encode()
    return b"From: Ann <ann@example.org>\nSubject: deep\nMIME-Version: 1.0\n" + text + b"Content-Type: text/plain\n\nbottom\n"


def many_parts_mail() -> bytes:
    return (b"From: Ann <ann@example.org>\nSubject: many\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
            + b"--b\nContent-Disposition: attachment; filename=a.txt\n\nx\n" * 200_000 + b"--b--\n")


def endless_calendar() -> bytes:
    rules = ["FREQ=SECONDLY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;INTERVAL=2147483647", "FREQ=MONTHLY;BYDAY=" + ",".join(["1MO"] * 5000), "FREQ=YEARLY;BYSETPOS=400;BYYEARDAY=366"]
    return ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join(
        f"BEGIN:VEVENT\r\nUID:{n}\r\nDTSTART:00010101T000000Z\r\nDTEND:99991231T235959Z\r\nSUMMARY:endless {n}\r\nRRULE:{rule}\r\nRECURRENCE-ID:99999999T999999Z\r\nEND:VEVENT\r\n"
        for n, rule in enumerate(rules)) + "END:VCALENDAR\r\n").encode()


def huge_png() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    rows = papers.deflated(bytes(1 << 20), 128, 15)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def cyclic_exif() -> bytes:
    directory = struct.pack(">H", 2) + struct.pack(">HHII", 0x8769, 4, 1, 8) + struct.pack(">HHII", 0x8825, 4, 1, 8) + struct.pack(">I", 8)
    block = b"Exif\0\0MM\0*" + struct.pack(">I", 8) + directory
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(block) + 2) + block + b"\xff\xdb" + b"\0" * 3000 + b"\xff\xd9"


def cyclic_database() -> bytes:
    """A table whose pages point at each other."""
    content = bytearray(imessage("cyclic"))
    size = struct.unpack(">H", content[16:18])[0]
    for page in range(2, len(content) // size):
        start = page * size
        if content[start] == 0x0D:  # a leaf becomes a node whose only child is itself
            content[start:start + 12] = struct.pack(">BHHHBI", 0x05, 0, 0, size, 0, page + 1)
    return bytes(content)


BOMBS = {
    "zip.zip": papers.zip_bomb, "nested.zip": lambda: nested_zip(4), "overlapping.zip": papers.overlapping_zip, "gigabyte.txt.gz": quine_gzip,
    "bomb.tar.gz": lambda: gzip.compress(papers.tar({"zeros.txt": bytes(250 << 20)}), 1, mtime=0), "stream.pdf": papers.pdf_bomb, "cyclic.pdf": papers.cyclic_pdf,
    "entities.docx": papers.laughing_docx, "outside.docx": external_entity_docx, "deep.docx": papers.deep_docx, "cyclic.docx": cyclic_docx, "cyclic.epub": cyclic_epub, "wide.xlsx": wide_xlsx,
    "deep.json": lambda: b'{"type": "personal_chat", "messages": [' + b"[" * 2_000_000, "keys.json": lambda: b'{"messages": [' + b'{"a":' * 1_000_000, "deep.html": lambda: b"<div>" * 20_000 + b"deep",
    "attributes.html": lambda: b"<p " + b"a=b " * 1_000_000 + b">", "deep.rtf": lambda: b"{\\rtf1 " + b"{" * 1_000_000 + b"deep", "deep.md": lambda: b"> " * 500_000 + b"[" * 500_000,
    "deep.eml": deep_mail, "parts.eml": many_parts_mail, "header.eml": lambda: b"Subject: " + b"=?utf-8?q?a?= " * 1_000_000 + b"\n\nx", "people.eml": lambda: b"To: " + b"a@example.org, " * 300_000 + b"\n\nx",
    "endless.ics": endless_calendar, "folded.ics": lambda: b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:a" + b"\r\n a" * 3_000_000 + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    "deep.vcf": lambda: b"BEGIN:VCARD\r\n" * 30_000, "huge.png": huge_png, "cyclic.jpg": cyclic_exif, "cyclic.db": cyclic_database,
    "fields.csv": lambda: b"time,sender,text\n" + b"," * 20_000_000, "quoted.csv": lambda: b'time,sender,text\n"' + b"a\n" * 100_000,
    "tag.mp3": lambda: b"ID3\3\0\0\x7f\x7f\x7f\x7f" + b"TIT2\x7f\xff\xff\xff\0\0" * 1000, "endless.ogg": lambda: b"OggS\0\2" + bytes(20) + b"\xff" + b"\xff" * 255 + b"\x01vorbis" + b"\xff" * 100_000,
    "huge.flac": lambda: b"fLaC" + b"\x04\xff\xff\xff\xff\xff\xff\xff" * 10_000,
}


def write_bombs(folder: Path) -> list[str]:
    folder.mkdir(parents=True)
    for name, made in BOMBS.items():
        (folder / name).write_bytes(made())
    (folder / "good.txt").write_text("the markerbomb stands\n")
    return list(BOMBS)


SEARCHED = ("mbox", "message", "calendar", "whatsapp", "telegram", "slack", "chat lines", "chat table", "limitless", "notion table", "bookmarks", "text")  # from their beginning to their end, or measured


def write_gigabytes(folder: Path, kind: str) -> dict[str, str]:
    """A line of a gigabyte that takes no room on the disk, in the middle of a good file of each format; names by format."""
    found = {}
    formats = [format for format in SEARCHED if good(format)[0] == kind]
    for format in formats:
        _, name, content, beside = good(format)
        path = folder / format.replace(" ", "-") / "chat" / name
        path.parent.mkdir(parents=True)
        with open(path, "wb") as file:
            middle = content.find(b" ", len(content) // 2) + 1
            file.write(content[:middle])
            file.seek(GIGABYTE)
            file.write(content[middle:])
        for other, bytes_beside in beside.items():
            (path.parent / other).resolve().write_bytes(bytes_beside)
        found[format] = str(path.relative_to(folder))
    return found


def write_hostile_names(folder: Path) -> int:
    """Names that try something; gives how many of the files can be read."""
    folder.mkdir(parents=True)
    os.mkdir(folder / "deep")
    names = [b"new\nline.txt", b"bad \xff\xfe\x80.txt", b"n" * 251 + b".txt", "字".encode() * 83 + b".txt", b"; rm -rf $HOME `id`.txt", b"%s%n%2e%2e%2f.txt", b"..%2f..%2fetc%2fpasswd.txt",
             b"\x1b[31mred.txt", "‮gnp.txt".encode(), b"-rf.txt", b"a'b\"c<script>.txt", b" .txt", b"con.txt", b"a\\..\\b.txt", b"#1.txt", b"tail /#x.txt".replace(b"/", b"")]
    for number, name in enumerate(names):
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write(b"hostilename number%d\n" % number)
    os.symlink("loop", folder / "loop")
    os.symlink("..", folder / "deep" / "up")
    os.symlink("/etc/hostname", folder / "host.txt")
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(folder / "s"))
    (folder / "members.zip").write_bytes(papers.zipped({"../../../etc/evil.txt": "hostilename slip", "/root/absolute.txt": "hostilename absolute", "a\nb\0c.txt": "hostilename control",
                                                        "c:\\windows\\d.txt": "hostilename drive", "x" * 60_000 + ".txt": "hostilename long"}))
    deep = folder / "deep"
    for level in range(40):
        deep = deep / "d"
        deep.mkdir()
    (deep / "bottom.txt").write_text("hostilename bottom\n")
    return sum(not name.startswith(b".") for name in names) + 5 + 1  # hidden files are left out


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    top = Path(sys.argv[1])
    for format in FORMATS:
        write_format(top / format.replace(" ", "-"), format)
    write_bombs(top / "bombs")
    for kind in sorted({good(format)[0] for format in SEARCHED}):
        write_gigabytes(top / "gigabytes" / kind, kind)
    write_hostile_names(top / "names")
    return 0


if __name__ == "__main__":
    sys.exit(main())
