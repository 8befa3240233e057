"""Documents, archives, pictures and recordings for the tests, as programs write them; and broken ones."""

import gzip
import io
import struct
import subprocess
import tarfile
import wave
import zipfile
import zlib
from pathlib import Path

NOTO = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")

CORE = ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties'
        ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{title}</dc:title>'
        '<dc:creator>{author}</dc:creator><cp:keywords>garden, 花园</cp:keywords>'
        '<dcterms:modified xsi:type="dcterms:W3CDTF">2024-03-05T10:20:30Z</dcterms:modified></cp:coreProperties>')
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
RELATIONSHIPS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
ODF = ('xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
       ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"'
       ' xmlns:dc="http://purl.org/dc/elements/1.1/"')


def zipped(members: dict, stored: tuple = ()) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            kind = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, (2024, 3, 5, 10, 20, 30)), content, kind)
    return out.getvalue()


def docx(paragraphs: list[str], title="The letter", author="Ann") -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{text[:3]}</w:t></w:r><w:r><w:t xml:space='preserve'>{text[3:]}</w:t></w:r></w:p>" for text in paragraphs)
    body += ("<w:tbl><w:tr><w:tc><w:p><w:r><w:t>cell one</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>cell two</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
             "<w:p><w:del><w:r><w:delText>deletedword</w:delText></w:r></w:del></w:p>"
             "<mc:AlternateContent><mc:Choice><w:p><w:r><w:t>boxed</w:t></w:r></w:p></mc:Choice><mc:Fallback><w:p><w:r><w:t>fallbackword</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>")
    return zipped({"[Content_Types].xml": "<Types/>", "_rels/.rels": RELATIONSHIPS.format('<Relationship Id="r1" Target="word/document.xml"/>'),
                   "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
                   "word/footnotes.xml": f"<w:footnotes {W}><w:footnote><w:p><w:r><w:t>A foot note about tulips.</w:t></w:r></w:p></w:footnote></w:footnotes>",
                   "docProps/core.xml": CORE.format(title=title, author=author)})


def pptx(slides: list[str]) -> bytes:
    members = {"docProps/core.xml": CORE.format(title="The talk", author="Bo")}
    for number, text in enumerate(slides, 1):
        members[f"ppt/slides/slide{number}.xml"] = f"<p:sld {A}><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>"
    members["ppt/slides/_rels/slide1.xml.rels"] = RELATIONSHIPS.format('<Relationship Id="r1" Target="../notesSlides/notesSlide1.xml"/>')
    members["ppt/notesSlides/notesSlide1.xml"] = f"<p:notes {A}><a:p><a:r><a:t>Remember to breathe.</a:t></a:r></a:p></p:notes>"
    return zipped(members)


def xlsx(notes: list[str] = ()) -> bytes:
    """A budget of two sheets; the first has one row more for each note."""
    rows = "".join(f'<row><c t="inlineStr"><is><t>{note}</t></is></c></row>' for note in notes)
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return zipped({
        "docProps/core.xml": CORE.format(title="The budget", author="Ann"),
        "xl/workbook.xml": f'<workbook {main} {R}><sheets><sheet name="Costs" sheetId="1" r:id="rId1"/><sheet name="预算" sheetId="2" r:id="rId2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": RELATIONSHIPS.format('<Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/>'),
        "xl/sharedStrings.xml": f"<sst {main}><si><t>Roof repair</t></si><si><r><t>屋顶</t></r><r><t>维修</t></r></si></sst>",
        "xl/styles.xml": f'<styleSheet {main}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet {main}><sheetData><row><c t="s"><v>0</v></c><c><v>1250.5</v></c><c s="1"><v>45356</v></c></row>{rows}</sheetData></worksheet>',
        "xl/worksheets/sheet2.xml": f'<worksheet {main}><sheetData><row><c t="s"><v>1</v></c><c t="inlineStr"><is><t>明年</t></is></c></row></sheetData></worksheet>'})


def odt(paragraphs: list[str]) -> bytes:
    body = "".join(f"<text:p>{text}</text:p>" for text in paragraphs)
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text",
                   "content.xml": f"<office:document-content {ODF}><office:body><office:text><text:tracked-changes><text:p>deletedword</text:p></text:tracked-changes>"
                                  f"{body}</office:text></office:body></office:document-content>",
                   "meta.xml": f"<office:document-meta {ODF}><office:meta><dc:title>The diary</dc:title><dc:creator>Bo</dc:creator>"
                               "<dc:date>2023-07-08T09:10:11</dc:date><meta:keyword>summer</meta:keyword></office:meta></office:document-meta>"}, ("mimetype",))


def ods() -> bytes:
    row = "".join(f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in ("Strawberries", "12 kg"))
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                   "content.xml": f"<office:document-content {ODF}><office:body><office:spreadsheet><table:table table:name='Harvest'><table:table-row>{row}"
                                  "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"}, ("mimetype",))


def epub(chapters: list[str]) -> bytes:
    items = "".join(f'<item id="c{n}" href="text/c%20{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(chapters)))
    order = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    members = {"mimetype": "application/epub+zip",
               "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
               "OEBPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>The lighthouse</dc:title>'
                                 f"<dc:creator>小明</dc:creator><dc:subject>sea</dc:subject></metadata><manifest>{items}</manifest><spine>{order}</spine></package>"}
    for n, text in enumerate(chapters):
        members[f"OEBPS/text/c {n}.xhtml"] = f"<html xmlns='http://www.w3.org/1999/xhtml'><body><h1>Chapter {n}</h1><p>{text}</p></body></html>"
    return zipped(members, ("mimetype",))


def rtf(text: str) -> bytes:
    def escaped(words):
        return "".join(c if ord(c) < 128 else f"\\u{ord(c) if ord(c) < 32768 else ord(c) - 65536}?" for c in words)
    gbk = "".join(f"\\'{byte:02x}" for byte in "旧的编码".encode("gbk"))
    return ("{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Times;}{\\f1\\fcharset134 SimSun;}}{\\info{\\title The recipe}{\\author Ann}"
            "{\\creatim\\yr2022\\mo5\\dy6\\hr7\\min8}}{\\*\\generator unseenword;}\\pard " + escaped(text) + "\\par caf\\'e9 \\f1 " + gbk + "\\par}").encode()


def pdf(pages: list[str], title="The contract", author="Ann", chinese=False) -> bytes:
    """With one of the fonts that every reader has; Chinese as Acrobat writes it, without saying which character each code is."""
    font = ("<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0"
            " /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /DW 1000"
            " /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880"
            " /Descent -120 /CapHeight 880 /StemV 93 >> >>] >>" if chinese else "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    objects = {1: "<< /Type /Catalog /Pages 2 0 R >>", 3: font,
               4: f"<< /Title ({title}) /Author ({author}) /ModDate (D:20240305102030Z) >>",
               2: f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{10 + 2 * n} 0 R' for n in range(len(pages)))}] >>"}
    streams = {}
    for n, text in enumerate(pages):
        shown = [f"<{line.encode('utf-16-be').hex()}>" if chinese else f"({line})" for line in text.split("\n")]
        streams[11 + 2 * n] = ("BT /F1 12 Tf 72 720 Td " + " ".join(f"{line} Tj 0 -16 Td" for line in shown) + " ET").encode()
        objects[10 + 2 * n] = (f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {11 + 2 * n} 0 R /Resources << /Font << /F1 3 0 R >> >> >>")
        objects[11 + 2 * n] = f"<< /Length {len(streams[11 + 2 * n])} >>"
    return pdf_of(objects, streams, "/Info 4 0 R")


def scanned_pdf(picture: bytes, width: int, height: int) -> bytes:
    """One page that is a picture (JPEG)."""
    draw = f"q {width * 72 / 200:.1f} 0 0 {height * 72 / 200:.1f} 20 500 cm /I Do Q".encode()
    return pdf_of({1: "<< /Type /Catalog /Pages 2 0 R >>", 2: "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                   3: "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>",
                   4: f"<< /Length {len(draw)} >>",
                   5: f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length {len(picture)} >>"},
                  {4: draw, 5: picture})


class NoPictures(Exception):
    """What draws pictures is not installed."""


def drawn(code: str) -> bytes:
    """What Debian's Python prints, which has Pillow (python3-pil)."""
    done = subprocess.run(["/usr/bin/python3", "-c", "import io, sys\nfrom PIL import Image, ImageDraw, ImageFont\nout = io.BytesIO()\n" + code
                           + "\nsys.stdout.buffer.write(out.getvalue())"], capture_output=True)
    if done.returncode != 0 or not done.stdout:
        raise NoPictures(done.stderr.decode())
    return done.stdout


def picture_of(lines: list[str], kind="PNG") -> bytes:
    """1100 pixels wide; 70 high for each line, and 60."""
    return drawn(f"""font = ImageFont.truetype({str(NOTO)!r}, 40, index=2)
image = Image.new("RGB", (1100, {70 * len(lines) + 60}), "white")
for number, line in enumerate({lines!r}):
    ImageDraw.Draw(image).text((40, 30 + 70 * number), line, fill="black", font=font)
image.save(out, {kind!r})""")


def exif_block() -> bytes:
    """A camera's: big endian, 2024-05-01 18:30:00 at +08:00, 39.9042 N 116.4074 E."""
    parts = bytearray()
    base = 8 + 2 + 4 * 12 + 4 + 2 + 2 * 12 + 4 + 2 + 4 * 12 + 4

    def put(content: bytes) -> int:
        at = base + len(parts)
        parts.extend(content)
        return at

    def text(words: str) -> tuple[int, int]:
        content = words.encode() + b"\0"
        return len(content), put(content)

    def entry(tag, kind, count, value) -> bytes:
        return struct.pack(">HHI", tag, kind, count) + (value if isinstance(value, bytes) else struct.pack(">I", value))
    make, model, taken, zone = text("Kodiak"), text("Kodiak Z5"), text("2024:05:01 18:30:00"), text("+08:00")
    latitude = put(struct.pack(">6I", 39, 1, 54, 1, 1512, 100))
    longitude = put(struct.pack(">6I", 116, 1, 24, 1, 2664, 100))
    shot = 8 + 2 + 4 * 12 + 4
    gps = shot + 2 + 2 * 12 + 4
    main = struct.pack(">H", 4) + entry(0x10F, 2, *make) + entry(0x110, 2, *model) + entry(0x8769, 4, 1, shot) + entry(0x8825, 4, 1, gps) + b"\0" * 4
    shot_entries = struct.pack(">H", 2) + entry(0x9003, 2, *taken) + entry(0x9011, 2, *zone) + b"\0" * 4
    gps_entries = (struct.pack(">H", 4) + entry(1, 2, 2, b"N\0\0\0") + entry(2, 5, 3, latitude) + entry(3, 2, 2, b"E\0\0\0") + entry(4, 5, 3, longitude) + b"\0" * 4)
    return b"MM\0*" + struct.pack(">I", 8) + main + shot_entries + gps_entries + bytes(parts)


def jpeg(exif: bytes | None = None) -> bytes:
    options = f", exif={b'Exif' + bytes(2) + exif!r}" if exif else ""
    return drawn(f'Image.effect_noise((200, 150), 90).convert("RGB").save(out, "JPEG", quality=90{options})')


def heic(exif: bytes) -> bytes:
    """The boxes of an iPhone's picture around an Exif item; the picture itself is noise, as nothing decodes it."""
    def box(kind: bytes, content: bytes, full: bytes = b"") -> bytes:
        return struct.pack(">I", 8 + len(full) + len(content)) + kind + full + content
    block = struct.pack(">I", 6) + b"Exif\0\0" + exif

    def meta(offset: int) -> bytes:
        infe = box(b"infe", struct.pack(">HH", 1, 0) + b"hvc1\0", b"\2\0\0\0") + box(b"infe", struct.pack(">HH", 2, 0) + b"Exif\0", b"\2\0\0\0")
        iinf = box(b"iinf", struct.pack(">H", 2) + infe, b"\0\0\0\0")
        iloc = box(b"iloc", b"\x44\x00" + struct.pack(">H", 1) + struct.pack(">HHHII", 2, 0, 1, offset, len(block)), b"\0\0\0\0")
        return box(b"meta", iinf + iloc, b"\0\0\0\0")
    head = box(b"ftyp", b"heic\0\0\0\0mif1heic")
    start = len(head) + len(meta(0)) + 8
    return head + meta(start) + box(b"mdat", block + bytes(range(256)) * 12)


def wav(seconds: int) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\0\1" * 8000 * seconds)
    return out.getvalue()


def mp3(title: str, artist: str, seconds: int) -> bytes:
    def frame(kind: bytes, text: str) -> bytes:
        content = b"\1" + text.encode("utf-16")
        return kind + struct.pack(">I", len(content)) + b"\0\0" + content
    frames = frame(b"TIT2", title) + frame(b"TPE1", artist)
    size = len(frames)
    tag = b"ID3\3\0\0" + bytes((size >> shift) & 127 for shift in (21, 14, 7, 0)) + frames
    silence = b"\xff\xfb\x90\x64" + b"\0" * 413  # 128 kbit/s, 44.1 kHz: 417 bytes, 26.12 ms
    return tag + silence * int(seconds / 0.026122)


def tar(members: dict) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            info.mtime = 1_700_000_000
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def tar_gz(members: dict) -> bytes:
    return gzip.compress(tar(members))


def encrypted(archive: bytes, name: str) -> bytes:
    """The archive with a member marked as encrypted."""
    content = bytearray(archive)
    at = content.find(name.encode())
    while at >= 0:
        head = content.rfind(b"PK", 0, at)
        content[head + (6 if content[head + 2] == 3 else 8)] |= 1
        at = content.find(name.encode(), at + 1)
    return bytes(content)


# --- broken ones ---

def flipped(content: bytes, every: int) -> bytes:
    broken = bytearray(content)
    for at in range(every // 2, len(broken), every):
        broken[at] ^= 0x5A
    return bytes(broken)


def laughing_docx() -> bytes:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return zipped({"word/document.xml": f"<!DOCTYPE w [{entities}]><w:document {W}><w:body><w:p><w:r><w:t>&a9;</w:t></w:r></w:p></w:body></w:document>"})


def deep_docx() -> bytes:
    return zipped({"word/document.xml": f"<w:document {W}>" + "<w:p>" * 200_000})


def deflated(piece: bytes, times: int, around: int) -> bytes:
    """`piece` that many times over, as zlib.compress would pack it with wbits `around`: 15 for zlib, 31 for gzip. Packed once."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = (packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)) * times + packer.flush()
    check = 1 if around == 15 else 0
    for _ in range(times):
        check = zlib.adler32(piece, check) if around == 15 else zlib.crc32(piece, check)
    if around == 15:
        return b"\x78\xda" + packed + struct.pack(">I", check)
    return b"\x1f\x8b\x08" + bytes(5) + b"\x02\xff" + packed + struct.pack("<II", check, len(piece) * times & 0xFFFFFFFF)


def zip_bomb() -> bytes:
    piece, times = b"a" * (1 << 20), 300
    packed = deflated(piece, times, 31)
    body, fields = packed[10:-8], struct.pack("<HHHHI", 0, 8, 0, 33, *struct.unpack("<I", packed[-8:-4]))
    fields += struct.pack("<IIHH", len(body), len(piece) * times, 8, 0)
    directory = b"PK\1\2\x14\0\x14\0" + fields + struct.pack("<HHHII", 0, 0, 0, 0, 0) + b"bomb.txt"
    local = b"PK\3\4\x14\0" + fields + b"bomb.txt" + body
    return local + directory + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(directory), len(local), 0)


def overlapping_zip() -> bytes:
    """Many members of one body (after Fifield)."""
    body = zlib.compress(b"x" * 1_000_000, 9)[2:-4]
    fields = struct.pack("<HHHHIIIHH", 0, 8, 0, 33, 0, len(body), 1_000_000, 5, 0)
    local = b"PK\3\4\x14\0" + fields + b"a.txt"
    directory = b"".join(b"PK\1\2\x14\0\x14\0" + fields + struct.pack("<HHHII", 0, 0, 0, 0, 0) + f"{n:01}.txt".encode().rjust(5, b"b") for n in range(10)) * 300
    return local + body + directory + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 3000, 3000, len(directory), len(local) + len(body), 0)


def pdf_of(objects: dict[int, str], streams: dict[int, bytes] | None = None, more: str = "") -> bytes:
    out = bytearray(b"%PDF-1.5\n")
    places = {}
    for number, content in objects.items():
        places[number] = len(out)
        out += f"{number} 0 obj\n{content}\n".encode()
        if streams and number in streams:
            out += b"stream\n" + streams[number] + b"\nendstream\n"
        out += b"endobj\n"
    start = len(out)
    size = max(objects) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{places.get(number, 0):010} 00000 n \n".encode() for number in range(1, size))
    return bytes(out + f"trailer << /Size {size} /Root 1 0 R {more} >>\nstartxref\n{start}\n%%EOF".encode())


def cyclic_pdf() -> bytes:
    return pdf_of({1: "<< /Type /Catalog /Pages 2 0 R >>", 2: "<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 /Parent 3 0 R >>",
                   3: "<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>"})


def pdf_bomb() -> bytes:
    packed = deflated(b"BT /F1 1 Tf " + b"(a) Tj " * 100_000 + b"ET ", 300, 15)
    return pdf_of({1: "<< /Type /Catalog /Pages 2 0 R >>", 2: "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                   3: "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 10 10] /Contents 4 0 R /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
                   4: f"<< /Length {len(packed)} /Filter /FlateDecode >>"}, {4: packed})
