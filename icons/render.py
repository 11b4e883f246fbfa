#!/usr/bin/env python3
"""Renders the two drawings into every file that Tauri and the installers need. See README.md beside it.

    python3 icons/render.py

Needs rsvg-convert (Debian: librsvg2-bin). The .ico and .icns are put together here: both are lists of PNG files.
"""

import pathlib
import struct
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
SMALL_UP_TO = 32  # pixels; below, the outline and the check of the large drawing are too thin

PNG = {
    "32x32.png": 32,
    "64x64.png": 64,
    "128x128.png": 128,
    "128x128@2x.png": 256,
    "icon.png": 512,
    "Square30x30Logo.png": 30,
    "Square44x44Logo.png": 44,
    "Square71x71Logo.png": 71,
    "Square89x89Logo.png": 89,
    "Square107x107Logo.png": 107,
    "Square142x142Logo.png": 142,
    "Square150x150Logo.png": 150,
    "Square284x284Logo.png": 284,
    "Square310x310Logo.png": 310,
    "StoreLogo.png": 50,
}
# The first entry is what Tauri shows while developing on Windows.
ICO = [32, 16, 24, 48, 64, 256]
# Type codes of PNG entries; the @2x ones hold twice the pixels of their point size. The plain 16 and 32 px entries (icp4,
# icp5) are left out: macOS before 11 shows PNG data in them scrambled, and scales the @2x entries down instead.
ICNS = [
    (b"ic11", 32),
    (b"ic12", 64),
    (b"ic07", 128),
    (b"ic13", 256),
    (b"ic08", 256),
    (b"ic14", 512),
    (b"ic09", 512),
    (b"ic10", 1024),
]


def png(size):
    drawing = HERE / ("countersign-small.svg" if size <= SMALL_UP_TO else "countersign.svg")
    made = subprocess.run(["rsvg-convert", "-w", str(size), "-h", str(size), drawing], check=True, capture_output=True)
    header = made.stdout[16:26]
    if struct.unpack(">IIBB", header) != (size, size, 8, 6):
        raise SystemExit(f"{size}: not an RGBA picture of 8 bits")
    return made.stdout


def ico(sizes):
    pictures = [png(size) for size in sizes]
    head, at = struct.pack("<HHH", 0, 1, len(sizes)), 6 + 16 * len(sizes)
    for size, data in zip(sizes, pictures):
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), at)
        at += len(data)
    return head + b"".join(pictures)


def icns(entries):
    body = b""
    for code, size in entries:
        data = png(size)
        body += code + struct.pack(">I", 8 + len(data)) + data
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


for name, size in PNG.items():
    (HERE / name).write_bytes(png(size))
(HERE / "icon.ico").write_bytes(ico(ICO))
(HERE / "icon.icns").write_bytes(icns(ICNS))
