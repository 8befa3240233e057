"""Writes Outlook data files (PST) for tests, as [MS-PST] describes them: Unicode (version 23) or ANSI (version 15).

    store = Pst()
    inbox = store.folder("Inbox")
    inbox.mail(subject="Boiler", body="It leaks.", sender=("Ann", "ann@example.org"), ...)
    path.write_bytes(store.bytes())

The file is whole: header with checksums, allocation maps, node and block trees of any depth, blocks with trailers, heaps,
property contexts, tables for folders, contents, recipients and attachments, names of properties.
"""

import struct
import zlib
from datetime import datetime, timezone

INT16, INT32, BOOL, TIME, BINARY, OBJECT = 0x02, 0x03, 0x0B, 0x40, 0x102, 0x0D
STRING8, STRING = 0x1E, 0x1F
LARGEST_ON_HEAP = 3580
FIRST_AMAP, AMAP_INTERVAL, SLOT = 0x4400, 496 * 8 * 64, 64

# Properties of appointments and contacts that have names instead of numbers: set, number in the set, type.
APPOINTMENTS = bytes.fromhex("0220060000000000C000000000000046")
COMMON = bytes.fromhex("0820060000000000C000000000000046")
ADDRESSES = bytes.fromhex("0420060000000000C000000000000046")
NAMED = {"start": (APPOINTMENTS, 0x820D, TIME), "end": (APPOINTMENTS, 0x820E, TIME), "location": (APPOINTMENTS, 0x8208, STRING),
         "all_day": (APPOINTMENTS, 0x8215, BOOL), "recurring": (APPOINTMENTS, 0x8223, BOOL), "recurrence": (APPOINTMENTS, 0x8216, BINARY),
         "recurrence_end": (APPOINTMENTS, 0x8236, TIME), "reminder": (COMMON, 0x8503, BOOL),
         "address_kind": (ADDRESSES, 0x8082, STRING), "address": (ADDRESSES, 0x8083, STRING)}


def checksum(data: bytes) -> int:
    return zlib.crc32(data, 0xFFFFFFFF) ^ 0xFFFFFFFF


def signature(offset: int, bid: int) -> int:
    mixed = (offset ^ bid) & 0xFFFFFFFF
    return (mixed >> 16 ^ mixed) & 0xFFFF


def filetime(when: datetime) -> bytes:
    since = when.astimezone(timezone.utc) - datetime(1601, 1, 1, tzinfo=timezone.utc)
    return struct.pack("<Q", (since.days * 86400 + since.seconds) * 10_000_000 + since.microseconds * 10)


class Heap:
    """A heap on a node (2.3.1): small allocations within blocks."""

    def __init__(self, kind: int, block: int):
        self.kind, self.block, self.blocks, self.root = kind, block, [[]], 0

    @staticmethod
    def header(number: int) -> int:
        return 12 if number == 0 else 66 if number >= 8 and (number - 8) % 128 == 0 else 2

    def used(self, number: int) -> int:
        allocations = self.blocks[number]
        return self.header(number) + sum(map(len, allocations)) + 1 + 4 + 2 * (len(allocations) + 2)

    def add(self, data: bytes) -> int:
        if self.used(len(self.blocks) - 1) + len(data) > self.block:
            self.blocks.append([])
        number = len(self.blocks) - 1
        self.blocks[number].append(data)
        return number << 16 | len(self.blocks[number]) << 5

    def pages(self) -> list[bytes]:
        pages = []
        for number, allocations in enumerate(self.blocks):
            at = self.header(number)
            places = [at]
            for data in allocations:
                at += len(data)
                places.append(at)
            padding = at % 2
            body = b"".join(allocations) + bytes(padding)
            page_map = at + padding
            if number == 0:
                header = struct.pack("<HBBI4x", page_map, 0xEC, self.kind, self.root)
            else:
                header = struct.pack("<H", page_map) + bytes(self.header(number) - 2)
            pages.append(header + body + struct.pack("<HH", len(allocations), 0) + struct.pack(f"<{len(places)}H", *places))
        return pages

    def tree(self, key: int, entry: int, records: list[bytes]) -> int:
        """A B-tree on the heap (2.3.2) of sorted records; gives its header's number."""
        most = LARGEST_ON_HEAP // (key + entry)
        level, groups = 0, [records[i:i + most] for i in range(0, len(records), most)]
        while len(groups) > 1:
            above = [group[0][:key] + struct.pack("<I", self.add(b"".join(group))) for group in groups]
            most = LARGEST_ON_HEAP // (key + 4)
            groups = [above[i:i + most] for i in range(0, len(above), most)]
            level += 1
        root = self.add(b"".join(groups[0])) if groups else 0
        return self.add(struct.pack("<BBBBI", 0xB5, key, entry, level, root))


class Pst:
    def __init__(self, wide: bool = True, codepage: str = "cp1252"):
        self.wide, self.codepage = wide, codepage
        self.block = 8176 if wide else 8180
        self.next_block, self.next_page = 4, 1
        self.next_index = {0x02: 0x403, 0x04: 0x10000}
        self.blocks: list[tuple[int, bytes]] = []  # block id, data
        self.nodes: dict[int, tuple[int, int, int]] = {}  # data, subnodes, parent
        self.folders: list[Folder] = []
        self.root = Folder(self, 0x122, None, "")
        self.top = Folder(self, 0x8022, self.root, "Top of Outlook data file")
        Folder(self, 0x8042, self.root, "Search Root")
        self.deleted = Folder(self, 0x8062, self.top, "Deleted Items")

    def folder(self, name: str, parent: "Folder | None" = None, kind: str = "IPF.Note") -> "Folder":
        return Folder(self, self.number(0x02), parent or self.top, name, kind)

    def number(self, kind: int) -> int:
        self.next_index[kind] = self.next_index.get(kind, 0x400) + 1
        return self.next_index[kind] << 5 | kind

    # --- blocks ---

    def block_id(self, internal: bool = False) -> int:
        found, self.next_block = self.next_block, self.next_block + 4
        return found | 2 * internal

    def data(self, pieces: list[bytes]) -> int:
        """Pieces of a block's size each, joined by a tree of blocks (2.2.2.8.3.2)."""
        ids = []
        for piece in pieces:
            ids.append(self.block_id())
            self.blocks.append((ids[-1], piece))
        level, sizes = 1, [len(piece) for piece in pieces]
        word = "Q" if self.wide else "I"
        most = (self.block - 8) // struct.calcsize(word)
        while len(ids) > 1:
            above, above_sizes = [], []
            for i in range(0, len(ids), most):
                group, total = ids[i:i + most], sum(sizes[i:i + most])
                above.append(self.block_id(True))
                above_sizes.append(total)
                self.blocks.append((above[-1], struct.pack("<BBHI", 1, level, len(group), total) + struct.pack(f"<{len(group)}{word}", *group)))
            ids, sizes, level = above, above_sizes, level + 1
        return ids[0]

    def cut(self, data: bytes) -> list[bytes]:
        return [data[i:i + self.block] for i in range(0, len(data), self.block)] or [b""]

    def subnodes(self, entries: dict[int, tuple[int, int]]) -> int:
        if not entries:
            return 0
        form, most = ("<QQQ", 300) if self.wide else ("<III", 500)
        packed = [struct.pack(form, number, *entries[number]) for number in sorted(entries)]
        leaves = []
        for i in range(0, len(packed), most):
            group = packed[i:i + most]
            leaves.append((sorted(entries)[i], self.block_id(True)))
            self.blocks.append((leaves[-1][1], struct.pack("<BBH", 2, 0, len(group)) + bytes(4 * self.wide) + b"".join(group)))
        if len(leaves) == 1:
            return leaves[0][1]
        top = self.block_id(True)
        pairs = b"".join(struct.pack("<QQ" if self.wide else "<II", *leaf) for leaf in leaves)
        self.blocks.append((top, struct.pack("<BBH", 2, 1, len(leaves)) + bytes(4 * self.wide) + pairs))
        return top

    # --- properties and tables ---

    def encoded(self, kind: int, value) -> tuple[int, bytes]:
        if kind == STRING and self.wide:
            return STRING, value.encode("utf-16-le")
        if kind in (STRING, STRING8):
            return STRING8, value.encode(self.codepage, "replace")
        if kind == TIME:
            return TIME, filetime(value)
        if kind == INT16:
            return kind, struct.pack("<h", value)
        if kind == BOOL:
            return kind, bytes([bool(value)])
        if kind == INT32:
            return kind, struct.pack("<i", value)
        return kind, value

    def properties(self, values: dict[int, tuple[int, object]], sub: dict[int, tuple[int, int]] | None = None) -> tuple[int, int]:
        """A property context (2.3.3) of {number: (type, value)}; gives its data and subnodes."""
        heap, records, sub = Heap(0xBC, self.block), [], dict(sub or {})
        for number in sorted(values):
            kind, data = self.encoded(*values[number])
            if kind in (INT16, INT32, BOOL):
                held = int.from_bytes(data, "little", signed=False)
            elif not data:
                held = 0
            elif len(data) <= LARGEST_ON_HEAP:
                held = heap.add(data)
            else:
                held = self.number(0x1F)
                sub[held] = (self.data(self.cut(data)), 0)
            records.append(struct.pack("<HHI", number, kind, held))
        heap.root = heap.tree(2, 6, records)
        return self.data(heap.pages()), self.subnodes(sub)

    def table(self, columns: dict[int, int], rows: list[tuple[int, dict[int, object]]]) -> tuple[int, int]:
        """A table context (2.3.4): {property: type}, rows of (number, {property: value})."""
        heap, sub = Heap(0x7C, self.block), {}
        columns = {0x67F2: INT32, 0x67F3: INT32, **columns}
        size = {BOOL: 1, INT16: 2, TIME: 8}
        kinds = {number: STRING8 if kind == STRING and not self.wide else kind for number, kind in columns.items()}
        placed, at, ends = {}, 0, []
        for wanted in ((8, 4), (2,), (1,)):
            for number, kind in columns.items():
                if size.get(kind, 4) in wanted:
                    placed[number], at = at, at + size.get(kind, 4)
            ends.append(at)
        bits = {number: i for i, number in enumerate(columns)}
        width = at + (len(columns) + 7) // 8
        packed, index = [], []
        for position, (row, values) in enumerate(rows):
            cells = bytearray(width)
            for number, value in {0x67F2: row, 0x67F3: 1, **values}.items():
                _, data = self.encoded(columns[number], value)
                if columns[number] not in (INT32, INT16, BOOL, TIME):
                    if len(data) > LARGEST_ON_HEAP:
                        held = self.number(0x1F)
                        sub[held] = (self.data(self.cut(data)), 0)
                    else:
                        held = heap.add(data) if data else 0
                    data = struct.pack("<I", held)
                cells[placed[number]:placed[number] + len(data)] = data
                cells[at + bits[number] // 8] |= 0x80 >> bits[number] % 8
            packed.append(bytes(cells))
            index.append(struct.pack("<II" if self.wide else "<IH", row, position))
        tree = heap.tree(4, 4 if self.wide else 2, sorted(index, key=lambda record: record[:4][::-1]))
        matrix = b"".join(packed)
        held = 0
        if 0 < len(matrix) <= LARGEST_ON_HEAP:
            held = heap.add(matrix)
        elif matrix:
            most = self.block // width
            pieces = [b"".join(packed[i:i + most]) for i in range(0, len(packed), most)]
            held = self.number(0x1F)
            sub[held] = (self.data([piece.ljust(self.block, b"\0") for piece in pieces[:-1]] + pieces[-1:]), 0)
        described = [struct.pack("<HHHBB", kinds[number], number, placed[number], size.get(columns[number], 4), bits[number]) for number in sorted(columns)]
        heap.root = heap.add(struct.pack("<BB4HIII", 0x7C, len(columns), *ends, width, tree, held, 0) + b"".join(described))
        return self.data(heap.pages()), self.subnodes(sub)

    def entry(self, number: int) -> bytes:
        return bytes(4) + b"hearth-test-pst\0" + struct.pack("<I", number)

    # --- the file ---

    def bytes(self) -> bytes:
        self.nodes[0x21] = (*self.properties({0x0FF9: (BINARY, b"hearth-test-pst\0"), 0x3001: (STRING, "Outlook data file"), 0x35E0: (BINARY, self.entry(self.top.number)),
                                              0x35E3: (BINARY, self.entry(self.deleted.number)), 0x35E7: (BINARY, self.entry(0x8042)), 0x35DF: (INT32, 0x89), 0x67FF: (INT32, 0)}), 0)
        sets = [APPOINTMENTS, COMMON, ADDRESSES]
        named = b"".join(struct.pack("<IHH", number, (3 + sets.index(group)) << 1, i) for i, (group, number, _) in enumerate(NAMED.values()))
        buckets: dict[int, bytes] = {}
        for i, (group, number, _) in enumerate(NAMED.values()):
            packed = struct.pack("<IHH", number, (3 + sets.index(group)) << 1, i)
            bucket = 0x1000 + (number ^ (3 + sets.index(group)) << 1) % 251
            buckets[bucket] = buckets.get(bucket, b"") + packed
        self.nodes[0x61] = (*self.properties({1: (INT32, 251), 2: (BINARY, b"".join(sets)), 3: (BINARY, named), 4: (BINARY, b""),
                                              **{number: (BINARY, value) for number, value in buckets.items()}}), 0)
        for number, columns in {0x60D: HIERARCHY, 0x60E: CONTENTS, 0x60F: CONTENTS, 0x671: ATTACHMENTS, 0x692: RECIPIENTS}.items():
            self.nodes[number] = (*self.table(columns, []), 0)
        for folder in self.folders:
            folder.write()
        return self.lay_out()

    def lay_out(self) -> bytes:
        wide = self.wide
        trailer = 16 if wide else 12
        at = FIRST_AMAP
        used: list[tuple[int, int]] = []
        pieces: dict[int, bytes] = {}

        def place(size: int, align: int) -> int:
            """Where so many bytes fit: no allocation lies over a map's page."""
            nonlocal at
            at = -(-at // align) * align
            while True:
                number = (at - FIRST_AMAP) // AMAP_INTERVAL
                start = FIRST_AMAP + number * AMAP_INTERVAL
                maps = 512 * (2 if number % 8 == 0 else 1)
                if at < start + maps:
                    at = start + maps
                if at + size <= start + AMAP_INTERVAL:
                    break
                at = start + AMAP_INTERVAL
            found, at = at, at + size
            used.append((found, size))
            return found

        where = []
        for bid, data in self.blocks:
            size = -(-(len(data) + trailer) // SLOT) * SLOT
            offset = place(size, SLOT)
            form = ("<HHIQ", (len(data), signature(offset, bid), checksum(data), bid)) if wide else ("<HHII", (len(data), signature(offset, bid), bid, checksum(data)))
            pieces[offset] = data.ljust(size - trailer, b"\0") + struct.pack(form[0], *form[1])
            where.append((bid, offset, len(data)))

        def page(kind: int, content: bytes) -> tuple[int, int]:
            bid, self.next_page = self.next_page, self.next_page + 1
            offset = place(512, 512)
            pieces[offset] = self.page(kind, content, offset, bid)
            return bid, offset

        def tree(kind: int, entries: list[tuple[int, bytes]], size: int) -> tuple[int, int]:
            room, level, above = (488 if wide else 496), 0, 24 if wide else 12
            while True:
                most, reached = room // size, []
                for i in range(0, max(len(entries), 1), most):
                    group = entries[i:i + most]
                    content = b"".join(data for _, data in group).ljust(room, b"\0") + struct.pack("<BBBB", len(group), most, size, level) + bytes(4 * wide)
                    reached.append((group[0][0] if group else 0, page(kind, content)))
                if len(reached) == 1:
                    return reached[0][1]
                form = "<QQQ" if wide else "<III"
                entries, size, level = [(key, struct.pack(form, key, *reference)) for key, reference in reached], above, level + 1

        blocks = tree(0x80, [(bid, struct.pack("<QQHH4x" if wide else "<IIHH", bid, offset, size, 2)) for bid, offset, size in sorted(where)], 24 if wide else 12)
        nodes = tree(0x81, [(number, struct.pack("<QQQI4x" if wide else "<IIII", number, *self.nodes[number])) for number in sorted(self.nodes)], 32 if wide else 16)
        intervals = (at - 1 - FIRST_AMAP) // AMAP_INTERVAL + 1
        end = FIRST_AMAP + intervals * AMAP_INTERVAL
        free = 0
        for number in range(intervals):
            start = FIRST_AMAP + number * AMAP_INTERVAL
            maps = 2 if number % 8 == 0 else 1
            taken = [(start, 512 * maps), *[(o, s) for o, s in used if start <= o < start + AMAP_INTERVAL]]
            bits = bytearray(496)
            for offset, size in taken:
                for slot in range((offset - start) // SLOT, (offset - start + size) // SLOT):
                    bits[slot // 8] |= 0x80 >> slot % 8
            free += sum(8 - byte.bit_count() for byte in bits) * SLOT
            pieces[start] = self.page(0x84, bytes(bits) if wide else bytes(4) + bytes(bits), start, start)
            if maps == 2:
                pieces[start + 512] = self.page(0x83, b"\xFF" * 496 if wide else bytes(4) + b"\xFF" * 496, start + 512, start + 512)
        out = bytearray(end)
        for offset, piece in pieces.items():
            out[offset:offset + len(piece)] = piece
        header = self.header(end, end - AMAP_INTERVAL, free, nodes, blocks)
        out[:len(header)] = header
        return bytes(out)

    def page(self, kind: int, content: bytes, offset: int, bid: int) -> bytes:
        mark = signature(offset, bid) if kind in (0x80, 0x81) else 0
        if self.wide:
            return content + struct.pack("<BBHIQ", kind, kind, mark, checksum(content), bid)
        return content + struct.pack("<BBHII", kind, kind, mark, bid, checksum(content))

    def header(self, end: int, last_map: int, free: int, nodes: tuple[int, int], blocks: tuple[int, int]) -> bytes:
        kinds = [self.next_index.get(kind, 0x400) + 1 for kind in range(32)]
        if self.wide:
            root = struct.pack("<IQQQQQQQQBBH", 0, end, last_map, free, 0, *nodes, *blocks, 2, 0, 0)
            after = struct.pack("<HHBBII", 23, 19, 1, 1, 0, 0) + struct.pack("<QQI32IQ", 0, self.next_page, 1, *kinds, 0) + root + bytes(4) + b"\xFF" * 256
            after += struct.pack("<BBHQ", 0x80, 0, 0, self.next_block)
            head = b"SM" + after
            return b"!BDN" + struct.pack("<I", checksum(head[:471])) + head + struct.pack("<I", checksum(head[:516])) + bytes(36)
        root = struct.pack("<IIIIIIIIIBBH", 0, end, last_map, free, 0, *nodes, *blocks, 2, 0, 0)
        after = struct.pack("<HHBBII", 15, 19, 1, 1, 0, 0) + struct.pack("<III32I", self.next_block, self.next_page, 1, *kinds) + root + b"\xFF" * 256
        head = b"SM" + after + struct.pack("<BBH", 0x80, 0, 0)
        head = head.ljust(512 - 8, b"\0")
        return b"!BDN" + struct.pack("<I", checksum(head[:471])) + head


HIERARCHY = {0x3001: STRING, 0x3602: INT32, 0x3603: INT32, 0x360A: BOOL, 0x3613: STRING}
CONTENTS = {0x001A: STRING, 0x0037: STRING, 0x0042: STRING, 0x0E04: STRING, 0x0E06: TIME, 0x0E07: INT32, 0x0E08: INT32, 0x3007: TIME, 0x3008: TIME}
ATTACHMENTS = {0x0E20: INT32, 0x3704: STRING, 0x3705: INT32, 0x370B: INT32}
RECIPIENTS = {0x0C15: INT32, 0x0E0F: BOOL, 0x3001: STRING, 0x3002: STRING, 0x3003: STRING, 0x39FF: STRING}


class Folder:
    def __init__(self, store: Pst, number: int, parent: "Folder | None", name: str, kind: str = "IPF.Note"):
        self.store, self.number, self.parent, self.name, self.kind = store, number, parent, name, kind
        self.messages: list[tuple[int, dict[int, object]]] = []
        store.folders.append(self)

    def item(self, kind: str, values: dict[int, tuple[int, object]], attachments=(), recipients=(), named: dict | None = None) -> int:
        """Adds an item of a message class; gives its number."""
        number = self.store.number(0x04)
        data, sub = message(self.store, kind, values, attachments, recipients, named)
        self.store.nodes[number] = (data, sub, self.number)
        self.messages.append((number, {0x001A: kind, 0x0037: values.get(0x0037, (0, ""))[1], 0x0E07: 1, 0x0E08: 1000}))
        return number

    def mail(self, subject="", body=None, html=None, sender=("", ""), to=(), cc=(), sent: datetime | None = None, headers: str | None = None,
             message_id: str | None = None, in_reply_to: str | None = None, topic: str | None = None, conversation: bytes | None = None, attachments=(),
             extra: dict | None = None) -> int:
        """`to`, `cc`: pairs of name and address. `attachments`: dicts of name, bytes, type, id; or of name, message (a dict for mail())."""
        return self.item("IPM.Note", mail_properties(self.store, subject, body, html, sender, to, cc, sent, headers, message_id, in_reply_to, topic, conversation, extra),
                         attachments, [(1, *one) for one in to] + [(2, *one) for one in cc])

    def contact(self, name: str, **values) -> int:
        known = {"given": 0x3A06, "surname": 0x3A11, "company": 0x3A16, "title": 0x3A17, "mobile": 0x3A1C, "business_phone": 0x3A08, "home_phone": 0x3A09,
                 "city": 0x3A27, "street": 0x3A29}
        found = {0x3001: (STRING, name), 0x0037: (STRING, name)}
        for key, number in known.items():
            if key in values:
                found[number] = (STRING, values[key])
        if "birthday" in values:
            found[0x3A42] = (TIME, values["birthday"])
        if "note" in values:
            found[0x1000] = (STRING, values["note"])
        named = {"address_kind": "SMTP", "address": values["mail"]} if "mail" in values else {}
        return self.item("IPM.Contact", found, named=named)

    def appointment(self, subject: str, start: datetime, end: datetime, body="", location="", all_day=False, recurrence: bytes | None = None,
                    recurrence_end: datetime | None = None) -> int:
        named = {"start": start, "end": end, "location": location, "all_day": all_day, "recurring": recurrence is not None, "reminder": False}
        if recurrence is not None:
            named["recurrence"] = recurrence
        if recurrence_end is not None:
            named["recurrence_end"] = recurrence_end
        return self.item("IPM.Appointment", {0x0037: (STRING, subject), 0x1000: (STRING, body)}, named=named)

    def note(self, text: str, when: datetime) -> int:
        return self.item("IPM.StickyNote", {0x0037: (STRING, text.split("\n")[0]), 0x1000: (STRING, text), 0x3007: (TIME, when), 0x3008: (TIME, when)})

    def task(self, subject: str, body: str, when: datetime) -> int:
        return self.item("IPM.Task", {0x0037: (STRING, subject), 0x1000: (STRING, body), 0x3007: (TIME, when), 0x3008: (TIME, when)})

    def write(self) -> None:
        store = self.store
        below = [folder for folder in store.folders if folder.parent is self]
        parent = self.parent.number if self.parent else self.number
        store.nodes[self.number] = (*store.properties({0x3001: (STRING, self.name), 0x3602: (INT32, len(self.messages)), 0x3603: (INT32, 0),
                                                       0x360A: (BOOL, bool(below)), 0x3613: (STRING, self.kind)}), parent)
        base = self.number & ~0x1F
        rows = [(folder.number, {0x3001: folder.name, 0x3602: len(folder.messages), 0x3603: 0, 0x360A: False, 0x3613: folder.kind}) for folder in below]
        store.nodes[base | 0x0D] = (*store.table(HIERARCHY, rows), 0)
        store.nodes[base | 0x0E] = (*store.table(CONTENTS, self.messages), 0)
        store.nodes[base | 0x0F] = (*store.table(CONTENTS, []), 0)


def mail_properties(store: Pst, subject, body, html, sender, to, cc, sent, headers, message_id, in_reply_to, topic, conversation, extra) -> dict:
    values: dict[int, tuple[int, object]] = {0x0037: (STRING, subject), 0x0E07: (INT32, 1)}
    if not store.wide:
        values[0x3FFD] = (INT32, int(store.codepage.removeprefix("cp")))
        values[0x3FDE] = values[0x3FFD]
    texts = {0x1000: body, 0x007D: headers, 0x1035: message_id, 0x1042: in_reply_to, 0x0070: topic}
    values |= {number: (STRING, value) for number, value in texts.items() if value is not None}
    if html is not None:
        values[0x1013] = (BINARY, html.encode("utf-8"))
        values[0x3FDE] = (INT32, 65001)
    if any(sender):
        values |= {0x0042: (STRING, sender[0]), 0x0064: (STRING, "SMTP"), 0x0065: (STRING, sender[1]), 0x0C1A: (STRING, sender[0]),
                   0x0C1E: (STRING, "SMTP"), 0x0C1F: (STRING, sender[1])}
    if to:
        values[0x0E04] = (STRING, "; ".join(name or address for name, address in to))
    if cc:
        values[0x0E03] = (STRING, "; ".join(name or address for name, address in cc))
    if sent:
        values |= {0x0039: (TIME, sent), 0x0E06: (TIME, sent), 0x3007: (TIME, sent), 0x3008: (TIME, sent)}
    if conversation is not None:
        values[0x0071] = (BINARY, conversation)
    return values | (extra or {})


def message(store: Pst, kind: str, values: dict, attachments, recipients, named: dict | None = None) -> tuple[int, int]:
    values = {0x001A: (STRING, kind), **values}
    for name, value in (named or {}).items():
        position = list(NAMED).index(name)
        values[0x8000 + position] = (NAMED[name][2], value)
    sub = {0x692: store.table(RECIPIENTS, [(i, {0x0C15: role, 0x0E0F: True, 0x3001: name or address, 0x3002: "SMTP", 0x3003: address, 0x39FF: address})
                                           for i, (role, name, address) in enumerate(recipients)])}
    rows = []
    for one in attachments:
        number = store.number(0x05)
        held = {0x3704: (STRING, one["name"]), 0x3707: (STRING, one["name"]), 0x370B: (INT32, -1), 0x0E20: (INT32, len(one.get("bytes", b"")))}
        below = {}
        if "message" in one:
            inner = {"subject": "", "body": None, "html": None, "sender": ("", ""), "to": (), "cc": (), "sent": None, "headers": None, "message_id": None,
                     "in_reply_to": None, "topic": None, "conversation": None, "extra": None, **one["message"]}
            files = inner.pop("attachments", ())
            embedded = store.number(0x04)
            below[embedded] = message(store, "IPM.Note", mail_properties(store, **inner), files, [(1, *who) for who in inner["to"]])
            held |= {0x3705: (INT32, 5), 0x3701: (OBJECT, struct.pack("<II", embedded, 1000))}
        else:
            held |= {0x3705: (INT32, 1), 0x3701: (BINARY, one["bytes"]), 0x370E: (STRING, one.get("type", "application/octet-stream"))}
            if "id" in one:
                held[0x3712] = (STRING, one["id"])
        sub[number] = store.properties(held, below)
        rows.append((number, {0x0E20: len(one.get("bytes", b"")), 0x3704: one["name"], 0x3705: 5 if "message" in one else 1, 0x370B: -1}))
    if rows:
        sub[0x671] = store.table(ATTACHMENTS, rows)
        values[0x0E07] = (INT32, 0x11)
    values[0x0E1B] = (BOOL, bool(rows))
    return store.properties(values, sub)
