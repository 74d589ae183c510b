# SPDX-License-Identifier: MIT
"""Puts into a wheel the shared libraries that its programs and its module need, and their licences.

python3 carry_libraries.py IN.whl FOLDER

What every Python of that Debian suite comes with is not carried: the C library, libstdc++ and libgcc_s. A second libstdc++ beside the one of
another extension module would break exceptions and streams, and the system's is new enough wherever the C library is.
A carried library gets a name of its own, libgmp-1a2b3c4d.so.10, so that it and the system's can be in one process.
Programs, module and libraries find them by $ORIGIN. The platform tag names the C library of this root, which is the oldest that works.
"""

import base64
import gzip
import hashlib
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

OF_THE_SYSTEM = re.compile(r"^(linux-vdso|ld-linux-.*|libc|libm|libpthread|libdl|librt|libstdc\+\+|libgcc_s)\.so")
# Debian packages whose code is compiled into the programs and the module; `dpkg -S` names the one with Boost.Graph.
COMPILED_IN = ["libcadical-dev", "libcli11-dev", "libspdlog-dev", "nlohmann-json3-dev", "pybind11-dev"]


def output(*command):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout


def needed(file):
    """Names and paths of all libraries that a file needs, those that its libraries need included."""
    found = {}
    for line in output("ldd", file).splitlines():
        name, _, path = line.strip().partition(" => ")
        if OF_THE_SYSTEM.match(pathlib.Path(name.split()[0]).name):
            continue
        if not path.startswith("/"):
            sys.exit(f"carry_libraries: {file} needs {name}, which is not there")
        found[name] = pathlib.Path(path.split()[0]).resolve()
    return found


def own_name(name, path):
    stem, _, version = name.partition(".so")
    return f"{stem}-{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}.so{version}"


def point_at(file, names, folder):
    """The file's needs under their new names, looked for in folder, which is relative to the file's own."""
    direct = output("patchelf", "--print-needed", file).split()
    replaced = [word for name in direct if name in names for word in ("--replace-needed", name, names[name])]
    if replaced:
        subprocess.run(["patchelf", *replaced, file], check=True)
    subprocess.run(["patchelf", "--set-rpath", folder, file], check=True)  # in one call with the names, patchelf 0.14 loses them


def carry(package):
    """Copies the libraries to package/lib and makes everything find them there. Returns their paths on this system."""
    binaries = {file: "$ORIGIN/lib" for file in package.glob("*.so")} | {file: "$ORIGIN/../lib" for file in (package / "bin").iterdir()}
    libraries = {name: path for file in binaries for name, path in needed(file).items()}
    names = {name: own_name(name, path) for name, path in libraries.items()}
    (package / "lib").mkdir()
    for name, path in libraries.items():
        copy = package / "lib" / names[name]
        shutil.copy(path, copy)
        copy.chmod(0o755)
        subprocess.run(["patchelf", "--set-soname", names[name], copy], check=True)
        point_at(copy, names, "$ORIGIN")
    for file, folder in binaries.items():
        subprocess.run(["strip", file], check=True)
        point_at(file, names, folder)
    return {names[name]: path for name, path in libraries.items()}


def debian_package(path):
    """The Debian package of a file; with /usr or without, as its list of files has it."""
    for candidate in (path, pathlib.Path(str(path).removeprefix("/usr"))):
        found = subprocess.run(["dpkg", "-S", candidate], capture_output=True, text=True)
        if found.returncode == 0:
            return found.stdout.split(":")[0]
    sys.exit(f"carry_libraries: no package has {path}")


def licence_text(package):
    file = pathlib.Path("/usr/share/doc") / package / "copyright"
    return file.read_text() if file.exists() else gzip.open(f"{file}.gz", "rt").read()


def licence_names(text):
    """Those of a copyright file with fields; of one in prose, which of the GNU licences it speaks of."""
    stated = sorted(set(re.findall(r"^License: *(\S.*?) *$", text, re.MULTILINE)))
    prose = [short for short, full in (("LGPL", "Lesser General Public"), ("GPL", "GNU General Public")) if full in " ".join(text.split())]
    return stated or prose or ["see its text"]


def source_of(package):
    return output("dpkg-query", "-W", "-f=${source:Package} ${source:Version}", package)


def write_licences(folder, carried):
    """One file per Debian package, as Debian states its licences, and a table of all."""
    folder.mkdir()
    graph = debian_package(pathlib.Path("/usr/include/boost/graph/graph_traits.hpp"))
    contents = {package: [] for package in [*COMPILED_IN, graph]}
    for name, path in carried.items():
        contents.setdefault(debian_package(path), []).append(name)
    lines = []
    for package, names in sorted(contents.items()):
        text = licence_text(package)
        (folder / f"{package}.txt").write_text(text)
        lines.append(f"| {', '.join(sorted(names)) or 'compiled in'} | {source_of(package)} | {', '.join(licence_names(text))} | {package}.txt |")
    (folder / "README.md").write_text(
        "# Libraries that this wheel carries\n\n"
        f"They were built by Debian ({platform.freedesktop_os_release()['PRETTY_NAME']}) and are unchanged but for their names and where they look for each other.\n"
        "gapwright itself is under the MIT licence. The licence names are those of each source package's copyright file, of which some concern its tests or build files only.\n"
        "The source of each is the Debian source package named here, kept at https://snapshot.debian.org.\n"
        "A library can be replaced by another build of it: put that in ../lib under the same name.\n\n"
        "| library | Debian source | licences | text |\n|---|---|---|---|\n" + "\n".join(lines) + "\n")


def platform_tag():
    major, minor = os.confstr("CS_GNU_LIBC_VERSION").split()[1].split(".")[:2]
    return f"manylinux_{major}_{minor}_{platform.machine()}"


def packed(tree, path):
    """A zip with fixed times and order: the same tree gives the same bytes."""
    info = next(tree.glob("*.dist-info"))
    (info / "RECORD").unlink()
    files = sorted(file for file in tree.rglob("*") if file.is_file())
    record = []
    for file in files:
        digest = base64.urlsafe_b64encode(hashlib.sha256(file.read_bytes()).digest()).rstrip(b"=").decode()
        record.append(f"{file.relative_to(tree)},sha256={digest},{file.stat().st_size}\n")
    (info / "RECORD").write_text("".join(record) + f"{info.name}/RECORD,,\n")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in [*files, info / "RECORD"]:
            entry = zipfile.ZipInfo(str(file.relative_to(tree)), (1980, 1, 1, 0, 0, 0))
            entry.external_attr = (0o100755 if os.access(file, os.X_OK) else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())


def unpacked(wheel, tree):
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            mode = entry.external_attr >> 16
            pathlib.Path(archive.extract(entry, tree)).chmod(mode & 0o777 or 0o644)


def main(wheel, folder):
    name, version, python, abi, tag = wheel.stem.split("-")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        tree = pathlib.Path(temporary)
        unpacked(wheel, tree)
        carried = carry(tree / name)
        write_licences(tree / name / "lib" / "licences", carried)
        described = next(tree.glob("*.dist-info")) / "WHEEL"
        described.write_text(described.read_text().replace(tag, platform_tag()))
        made = folder / f"{name}-{version}-{python}-{abi}-{platform_tag()}.whl"
        packed(tree, made)
    print(f"{made.name}: {made.stat().st_size / 1e6:.1f} MB, carries {', '.join(sorted(carried))}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
