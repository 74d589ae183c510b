# SPDX-License-Identifier: MIT
"""What is wrong with SVG pictures in each of three fonts: texts that are cut, and texts that lie over one another, over a line or over a mark.

Two renderers look. Headless Chromium says where every text, line and mark lies. rsvg-convert draws the four outermost strips of each picture,
which must be blank. Fonts: DejaVu Sans, the widest that is common, Liberation Sans, as wide as Helvetica and Arial, and Noto Sans.
"""
import json
import os
import re
import subprocess
import tempfile
import zlib

FONTS = ("DejaVu Sans", "Liberation Sans", "Noto Sans")
BORDER = 2  # pixels at each side that stay blank

# A text's box reaches from the highest to the lowest letter of its font; what letters really fill of it lies between TOP and BOTTOM.
PROBE = """<script>
const TOP = 0.2, BOTTOM = 0.9, STEP = 3;
const ink = element => { const b = element.getBoundingClientRect(); return {left: b.left, right: b.right, top: b.top, bottom: b.bottom}; };
const letters = text => {
  const b = ink(text), m = text.getScreenCTM(), cut = (from, to) => [from + TOP * (to - from), from + BOTTOM * (to - from)];
  if (Math.abs(m.b) > Math.abs(m.a)) m.b < 0 ? [b.left, b.right] = cut(b.left, b.right) : [b.right, b.left] = cut(b.right, b.left);
  else [b.top, b.bottom] = cut(b.top, b.bottom);
  return {...b, words: text.textContent.trim()};
};
const visible = colour => colour !== 'none' && colour !== 'transparent' && !/^rgba\\(.*, 0\\)$/.test(colour);
const points = shape => {
  const matrix = shape.getScreenCTM(), length = shape.getTotalLength(), all = [];
  for (let at = 0; at <= length; at += STEP) { const p = shape.getPointAtLength(at).matrixTransform(matrix); all.push([p.x, p.y]); }
  return all;
};
const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5;
const shapes = new Map();  // of a picture: what does not depend on the font
const shapes_of = svg => {
  if (shapes.has(svg)) return shapes.get(svg);
  const lines = [...svg.querySelectorAll('path, line, polyline, polygon, rect, ellipse')].filter(s => !s.closest('defs'))
    .filter(s => { const style = getComputedStyle(s); return visible(style.stroke) && style.stroke !== 'rgb(255, 255, 255)'; })
    .map(s => ({...ink(s), points: points(s)}));
  const marks = [...svg.querySelectorAll('circle, use')].filter(m => getComputedStyle(m).visibility !== 'hidden').map(ink);
  shapes.set(svg, {lines, marks});
  return shapes.get(svg);
};
const faults = svg => {
  const found = [], frame = ink(svg), texts = [...svg.querySelectorAll('text')].map(letters).filter(t => t.words), {lines, marks} = shapes_of(svg);
  for (const t of texts)
    if (t.left < frame.left || t.right > frame.right || t.top < frame.top || t.bottom > frame.bottom)
      found.push(`cut: "${t.words}"`);
  texts.forEach((t, i) => texts.slice(i + 1).forEach(u => { if (meet(t, u)) found.push(`one text over another: "${t.words}", "${u.words}"`); }));
  for (const mark of marks)
    for (const t of texts) if (meet(t, mark)) found.push(`a mark over "${t.words}"`);
  for (const line of lines) {
    for (const t of texts.filter(t => t.left <= line.right && t.right >= line.left && t.top <= line.bottom && t.bottom >= line.top))
      if (line.points.some(([x, y]) => x > t.left + 0.5 && x < t.right - 0.5 && y > t.top + 0.5 && y < t.bottom - 0.5)) found.push(`a line over "${t.words}"`);
  }
  return [...new Set(found)];
};
window.addEventListener('load', () => {
  const style = document.head.appendChild(document.createElement('style')), result = {};
  for (const font of FONTS) {
    style.textContent = `svg text, svg tspan, #probe {font-family: "${font}" !important}`;
    result[font] = {probe: document.getElementById('probe').getBoundingClientRect().width};
    for (const svg of document.querySelectorAll('.picture > svg')) result[font][svg.parentNode.title] = faults(svg);
  }
  document.title = JSON.stringify(result);
});
</script>"""


def embedded(svg):
    """The svg element alone, in its own size."""
    element, (width, height) = svg[svg.index("<svg"):], size_of(svg)
    return element if re.match(r"<svg[^>]*\swidth=", element) else element.replace("<svg", f'<svg width="{width}" height="{height}"', 1)


def seen_by_chromium(pictures):
    """{font: {name: [fault, ...]}} of {name: SVG}."""
    page = ('<!DOCTYPE html><html><head><meta charset="utf-8"><title></title>' + PROBE.replace("FONTS", json.dumps(FONTS), 1) + '</head><body><span id="probe" style="font-size:100px;position:absolute">mmmm</span>'
            + "".join(f'<div class="picture" title="{name}">{embedded(svg)}</div>' for name, svg in pictures.items()) + "</body></html>")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "pictures.html")
        with open(path, "w", encoding="utf-8") as file:
            file.write(page)
        command = ["chromium", "--no-sandbox", "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                   f"--user-data-dir={folder}/profile", "--window-size=1600,1200", "--virtual-time-budget=60000", "--dump-dom", "file://" + path]
        seen = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True, env={**os.environ, "HOME": folder})
    title = re.search(r"<title>(\{.*?\})</title>", seen.stdout, re.S)
    assert title, "the page did not load: " + seen.stderr[-2000:]
    result = json.loads(title.group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&"))
    widths = [result[font].pop("probe") for font in FONTS]
    assert len(set(widths)) == len(FONTS), f"fonts are missing, mmmm is {widths} wide: install fonts-dejavu, fonts-liberation and fonts-noto-core"
    return result


def in_font(svg, font):
    svg = re.sub(r'font-family="[^"]*"', f'font-family="{font}"', svg)
    return re.sub(r"font-family:[^;\"'}]*", f"font-family:{font}", svg)


def size_of(svg):
    root = re.search(r"<svg[^>]*>", svg).group(0)
    if not re.search(r'\swidth="[\d.]+', root):  # gnuplot's: as large as the window allows
        return [round(float(side)) for side in re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', root).groups()]
    unit = 4 / 3 if re.search(r'\swidth="[\d.]+pt"', root) else 1
    return [round(unit * float(re.search(rf'\s{side}="([\d.]+)', root).group(1))) for side in ("width", "height")]


def pixels(png):
    """Rows of bytes of a PNG of 8 bits a channel, and bytes a pixel."""
    at, data = 8, b""
    while at < len(png):
        length, kind = int.from_bytes(png[at : at + 4], "big"), png[at + 4 : at + 8]
        chunk = png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour = int.from_bytes(chunk[:4], "big"), int.from_bytes(chunk[4:8], "big"), chunk[8], chunk[9]
            assert depth == 8 and colour in (2, 6), (depth, colour)
            step = 3 if colour == 2 else 4
        elif kind == b"IDAT":
            data += chunk
        at += length + 12
    raw, rows, before = zlib.decompress(data), [], bytearray(width * step)
    for y in range(height):
        start = y * (width * step + 1)
        method, row = raw[start], bytearray(raw[start + 1 : start + 1 + width * step])
        for i in range(len(row)):
            a, b, c = row[i - step] if i >= step else 0, before[i], before[i - step] if i >= step else 0
            nearest = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
            row[i] = row[i] + (0, a, b, (a + b) // 2, nearest)[method] & 255
        rows.append(row)
        before = row
    return rows, step


def is_blank(svg_path, left, top, width, height):
    """Is this rectangle of the picture white, as rsvg-convert draws it?"""
    png = subprocess.run(["rsvg-convert", "--background-color=white", f"--left={-left}px", f"--top={-top}px", f"--page-width={width}px", f"--page-height={height}px", svg_path],
                         check=True, capture_output=True, timeout=60).stdout
    rows, step = pixels(png)
    assert len(rows) == height and len(rows[0]) == width * step, (len(rows), len(rows[0]), width, height)
    return all(value >= 250 for row in rows for value in row)


def inked_borders(svg, font):
    """The sides at which rsvg-convert draws something in the outermost pixels."""
    (width, height), b = size_of(svg), BORDER
    with tempfile.NamedTemporaryFile("w", suffix=".svg", encoding="utf-8") as file:
        file.write(in_font(svg, font))
        file.flush()
        sides = {"left": (0, 0, b, height), "right": (width - b, 0, b, height), "top": (0, 0, width, b), "bottom": (0, height - b, width, b)}
        return [side for side, place in sides.items() if not is_blank(file.name, *place)]


def faults(pictures):
    """All faults of {name: SVG}, as lines "name, font: fault"."""
    seen = seen_by_chromium(pictures)
    return [f"{name}, {font}: {fault}" for name, svg in pictures.items() for font in FONTS
            for fault in seen[font][name] + [f"ink at the {side} border" for side in inked_borders(svg, font)]]
