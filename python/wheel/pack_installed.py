# SPDX-License-Identifier: MIT
"""Packs the Python packages that Debian packages have installed into wheels for pip's --find-links.

python3 pack_installed.py FOLDER DEBIAN_PACKAGE...

Where no package index can be reached, these stand for what the index would give. They work in the root they were made in and in its twins.
"""

import base64
import hashlib
import importlib.metadata
import pathlib
import subprocess
import sys
import sysconfig
import zipfile

SITE = pathlib.Path("/usr/lib/python3/dist-packages")


def installed_files(debian_package):
    listed = subprocess.run(["dpkg", "-L", debian_package], check=True, capture_output=True, text=True).stdout.splitlines()
    files = [pathlib.Path(line) for line in listed if line.startswith(f"{SITE}/")]
    return [f for f in files if f.is_file() and "__pycache__" not in f.parts]


def metadata(distribution):
    lines = [f"Metadata-Version: 2.1\nName: {distribution.name}\nVersion: {distribution.version}\n"]
    return "".join(lines + [f"Requires-Dist: {needed}\n" for needed in distribution.requires or []])


def distribution_of(files):
    info = next(f.relative_to(SITE).parts[0] for f in files if f.relative_to(SITE).parts[0].endswith((".dist-info", ".egg-info")))
    return importlib.metadata.PathDistribution(SITE / info)


def packed(folder, debian_package):
    files = installed_files(debian_package)
    distribution = distribution_of(files)
    pure = not any(f.suffix == ".so" for f in files)
    version = f"cp{sys.version_info.major}{sys.version_info.minor}"
    tag = "py3-none-any" if pure else f"{version}-{version}-{sysconfig.get_platform().replace('-', '_')}"
    stem = f"{distribution.name.replace('-', '_')}-{distribution.version}"
    contents = {str(f.relative_to(SITE)): f.read_bytes() for f in files if not f.relative_to(SITE).parts[0].endswith((".dist-info", ".egg-info"))}
    contents[f"{stem}.dist-info/METADATA"] = metadata(distribution).encode()
    contents[f"{stem}.dist-info/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: gapwright\nRoot-Is-Purelib: {str(pure).lower()}\nTag: {tag}\n".encode()
    with zipfile.ZipFile(folder / f"{stem}-{tag}.whl", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        record = []
        for name, data in contents.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record.append(f"{name},sha256={digest},{len(data)}\n")
            archive.writestr(name, data)
        archive.writestr(f"{stem}.dist-info/RECORD", "".join(record) + f"{stem}.dist-info/RECORD,,\n")


if __name__ == "__main__":
    for debian_package in sys.argv[2:]:
        packed(pathlib.Path(sys.argv[1]), debian_package)
