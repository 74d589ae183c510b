#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A sweep, its report page, and headless Chromium: the page is one file without network or scripts, opens without errors, shows every picture at the
width of a phone and of a desk, and is not wider than the window. Arguments: the program."""
import base64
import json
import os
import re
import subprocess
import sys
import tempfile

program = sys.argv[1]
# What the page shows, said to the window around it: every picture's state, size, and how many pixels have a colour (curves), counted on a canvas.
PROBE = """<script>window.addEventListener('load', () => {
  const coloured = image => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [640, 460];
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0, 640, 460);
    const data = context.getImageData(0, 0, 640, 460).data;
    let count = 0;
    for (let i = 0; i < data.length; i += 4) count += Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]) > 100;
    return count;
  };
  parent.postMessage({window: innerWidth, page: document.documentElement.scrollWidth,
    pictures: [...document.images].map(i => ({loaded: i.complete && i.naturalWidth > 0, width: i.getBoundingClientRect().width, height: i.getBoundingClientRect().height, alt: i.alt, coloured: coloured(i)})),
    tables: document.querySelectorAll('table').length, resources: performance.getEntriesByType('resource').filter(r => !r.name.startsWith('data:')).map(r => r.name)}, '*'); });</script>"""
# A phone and a desk; headless Chromium itself has no window narrower than 500.
WIDTHS = (390, 1280)
AROUND = """<title></title><script>const seen = []; addEventListener('message', e => { seen.push(e.data); if (seen.length == 2) document.title = JSON.stringify(seen); });</script>""" + "".join(
    f'<iframe width="{w}" height="900" frameborder="0" src="probe.html"></iframe>' for w in WIDTHS)


with tempfile.TemporaryDirectory() as folder:
    results, page = os.path.join(folder, "results.jsonl"), os.path.join(folder, "report.html")
    for arguments in (["regime", "--orders", "2,3", "--rows", "8..32", "--families", "planted,tight", "--of-deciding", "0.2,0.6,1,1.3", "--max-features", "500"],
                      ["regime", "--orders", "2", "--rows", "8..32", "--families", "ksat", "--embeddings", "sharp,direct", "--of-deciding", "0.6,1.3", "--max-features", "500"],
                      ["routes", "--orders", "2", "--log2-rows", "4,8", "--largest-field", "64", "--longest", "300"],
                      ["routes", "--orders", "2", "--log2-rows", "3,4", "--family", "ksat", "--largest-field", "64", "--longest", "300"], ["orders", "--orders", "2,3,4", "--variables", "12,24"]):
        subprocess.run([program, "explore", *arguments, "-o", results, "--quiet"], check=True, timeout=300)
    subprocess.run([program, "explore", "report", results, "-o", page], check=True, timeout=300)
    html = open(page, encoding="utf-8").read()
    assert "<script" not in html, "the page holds a script"
    assert not re.findall(r'(?:src|href)\s*=\s*(?!"data:)|url\(|@import|https?:', html), "the page names something outside of itself"
    sources = re.findall(r'src="data:image/svg\+xml;base64,([^"]*)"', html)
    assert len(sources) >= 8, f"{len(sources)} pictures"
    for source in sources:
        svg = base64.b64decode(source, validate=True).decode()
        assert svg.rstrip().endswith("</svg>") and "<script" not in svg and "<path" in svg
    probe = os.path.join(folder, "probe.html")
    open(probe, "w", encoding="utf-8").write(html.replace("</head>", PROBE + "</head>"))
    around = os.path.join(folder, "around.html")
    open(around, "w", encoding="utf-8").write(AROUND)
    seen = subprocess.run(["chromium", "--no-sandbox", "--headless", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking", f"--user-data-dir={folder}/profile", "--enable-logging=stderr", "--window-size=1400,2000",
                           "--virtual-time-budget=20000", "--dump-dom", "file://" + around], capture_output=True, text=True, timeout=120, check=True, env={**os.environ, "HOME": folder})
    assert "CONSOLE" not in seen.stderr, seen.stderr
    title = re.search(r"<title>(\[.*?\])</title>", seen.stdout, re.S)
    assert title, "the page did not load: " + seen.stderr
    states = json.loads(title.group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    assert sorted(state["window"] for state in states) == sorted(WIDTHS), [state["window"] for state in states]
    for state in states:
        pictures, width = state["pictures"], state["window"]
        least = min(p["coloured"] for p in pictures)
        print(f"window {width}: page {state['page']} wide, {len(pictures)} pictures with at least {least} coloured pixels, {state['tables']} tables")
        assert len(pictures) == len(sources) and state["tables"] >= 5 and state["resources"] == []
        assert state["page"] <= width, "the page is wider than the window"
        assert all(p["loaded"] and p["alt"] and 250 <= p["width"] <= width and p["height"] > 150 for p in pictures), pictures
        assert least > 200, "a picture shows no curve"
