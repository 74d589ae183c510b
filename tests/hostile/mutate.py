# SPDX-License-Identifier: MIT
"""Mutants of the files that gapwright reads: broken bytes, and well-formed files that say something absurd."""
import hashlib
import json
import random
import struct

NUMBERS = [0, 1, 2, 3, -1, 24, 64, 65, 1000, 2**16, 2**31 - 1, 2**31, 2**32, 2**53 + 1, 2**62, 2**63 - 1, 2**63, 2**64 - 1, 2**64, 10**30, 10**400, 0.5, 1e-300, 1e308]
TEXTS = ["", "yes", "no", "nan", "inf", "1e400", "-0", "0x10", "1/0", "../../etc/passwd", "a\n!touch pwned\n#", "'; touch pwned; '", "`touch pwned`", "$(touch pwned)",
         "<script>alert(1)</script>", "\x1b[31m", "\u009b31m", "\u202e", "x" * 100_000, "9" * 200_000, "<touch pwned", "|touch pwned"]


def changed_bytes(data, rng):
    """Flips, cuts, copies and repeats."""
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8))):
        if not data:
            data += b"\x00"
        at = rng.randrange(len(data))
        kind = rng.randrange(6)
        if kind == 0:
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            data[at] = rng.randrange(256)
        elif kind == 2:
            del data[at:]
        elif kind == 3:
            del data[at:at + rng.randrange(1, 9)]
        elif kind == 4:
            data[at:at] = data[at:at + rng.randrange(1, 64)] * rng.choice((1, 2, 50))
        else:
            data[at:at] = rng.choice(([b"\x00" * 9, b"\xff\xfe", b"\n", b"9" * 30, b"%\n", b"[" * 20_000, b"{\"a\":" * 20_000, b"\x9b31m"]))
    return bytes(data)


def places(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, path + (key,))


def changed_json(value, rng):
    """One place of a JSON value says something else."""
    path = rng.choice(list(places(value)))
    kind = rng.randrange(7)
    number = rng.choice(NUMBERS)
    new = (number, str(number), rng.choice(TEXTS), None, [], {}, [number] * rng.choice((1, 3, 2000)))[kind]
    if not path:
        return new
    place = value
    for step in path[:-1]:
        place = place[step]
    if rng.random() < 0.1:
        del place[path[-1]]
    elif isinstance(place, dict) and rng.random() < 0.1:
        place[rng.choice(TEXTS)] = place[path[-1]]
    else:
        place[path[-1]] = new
    return value


def changed_json_bytes(data, rng):
    try:
        value = json.loads(data)
    except ValueError:
        return changed_bytes(data, rng)
    for _ in range(rng.choice((1, 1, 3))):
        value = changed_json(value, rng)
    return json.dumps(value).encode("utf-8", "surrogatepass")


def changed_lines(data, rng):
    """One line of a results file."""
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    lines[at] = changed_json_bytes(lines[at], rng)
    return b"\n".join(lines)


def sealed(header, body):
    """A safetensors file whose own hash is right again."""
    metadata = header.get("__metadata__") if isinstance(header, dict) else None
    has_hash = isinstance(metadata, dict) and isinstance(metadata.get("sha256"), str)
    if has_hash:
        metadata["sha256"] = "0" * 64
    text = json.dumps(header).encode("utf-8", "surrogatepass")
    text += b" " * (-len(text) % 8)
    data = struct.pack("<Q", len(text)) + text + body
    return data.replace(b"0" * 64, hashlib.sha256(data).hexdigest().encode(), 1) if has_hash else data


def changed_tensors(data, rng):
    length = struct.unpack("<Q", data[:8])[0]
    header, body = json.loads(data[8:8 + length]), bytearray(data[8 + length:])
    kind = rng.randrange(5)
    if kind == 0 and body:  # entries
        for _ in range(rng.choice((1, 4, 40))):
            at = rng.randrange(len(body) // 8) * 8 if len(body) >= 8 else 0
            value = rng.choice((0.0, -1e9, 1e300, -1e300, 1e-300, 5e-324, float("nan"), float("inf"), 2.0, -0.0))
            body[at:at + 8] = struct.pack("<d", value)[:len(body) - at]
    elif kind == 1:  # many tensors of no bytes
        for i in range(rng.choice((10, 1000, 30_000))):
            header[f"t{i}"] = {"dtype": "U8", "shape": [0], "data_offsets": [len(body), len(body)]}
    else:
        header = changed_json(header, rng)
    return sealed(header, bytes(body))


def changed_dimacs(data, rng):
    lines = data.decode("latin-1").split("\n")
    header = next((i for i, line in enumerate(lines) if line.startswith("p ")), 0)
    kind = rng.randrange(4)
    if kind == 0:
        lines[header] = f"p cnf {rng.choice(NUMBERS)} {rng.choice(NUMBERS)}"
    elif kind == 1:
        lines[rng.randrange(len(lines))] = " ".join(str(rng.choice((rng.choice(NUMBERS), rng.randrange(-30, 30)))) for _ in range(rng.choice((1, 3, 5000)))) + " 0"
    elif kind == 2:
        lines.insert(rng.randrange(len(lines) + 1), "c " + rng.choice(TEXTS))
    else:
        lines[header] = f"p cnf {rng.choice((0, 1, 30, 60, 5000))} {rng.choice((0, 1, 500))}"
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def changed_npy(data, rng):
    end = data.find(b"\n")
    numbers = [str(rng.choice(NUMBERS)) for _ in range(rng.choice((0, 1, 2, 3)))]
    shape = "(" + ", ".join(numbers) + ("," if len(numbers) == 1 else "") + ")"
    text = f"{{'descr': '{rng.choice(('|u1', '<f8', '<i8', '>i4', '|O', '|S9'))}', 'fortran_order': {rng.choice(('False', 'True'))}, 'shape': {shape}, }}"
    text += " " * (-(len(text) + 11) % 64) + "\n"
    return data[:6] + bytes((rng.choice((1, 1, 2, 3, 4)), 0)) + struct.pack("<H", len(text)) + text.encode() + data[end + 1:]


STRUCTURED = {"cnf": changed_dimacs, "safetensors": changed_tensors, "json": changed_json_bytes, "jsonl": changed_lines, "npy": changed_npy}


def mutant(name, data, rng):
    """A mutant of the file's bytes; its kind is its ending."""
    structured = STRUCTURED.get(name.rsplit(".", 1)[-1])
    if structured and rng.random() < 0.7:
        return structured(data, rng)
    return changed_bytes(data, rng)


if __name__ == "__main__":  # a self-test: mutants differ from what they come from, and hashes of sealed files are right
    rng = random.Random(1)
    source = sealed({"__metadata__": {"sha256": ""}, "x": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}, b"\1")
    assert sum(mutant("a.safetensors", source, rng) != source for _ in range(100)) > 90
    stated = source.split(b'"sha256": "')[1][:64]
    assert hashlib.sha256(source.replace(stated, b"0" * 64)).hexdigest().encode() == stated
