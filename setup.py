# SPDX-License-Identifier: MIT
"""Builds the extension module and both programs with CMake: pip install .

The build folder is build/pip. GAPWRIGHT_BUILD_FOLDER names another one, for instance build/release, which is then brought up to date.
CMAKE_ARGS holds further options of CMake, for instance -DCMAKE_CXX_COMPILER=clang++; they reach build/pip alone.
CMAKE_BUILD_PARALLEL_LEVEL is how many compilers run at once, all cores unless given.
"""

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

import pybind11
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = pathlib.Path(__file__).resolve().parent
VERSION = re.search(r"project\(gapwright VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text()).group(1)
# A module built with an older pybind11 misreads arrays of numpy 2.
NUMPY = "numpy" if pybind11.version_info >= (2, 12) else "numpy<2"


def configure(folder):
    options = dict(CMAKE_BUILD_TYPE="Release", GAPWRIGHT_PYTHON="ON", GAPWRIGHT_TESTS="OFF", GAPWRIGHT_BENCH="OFF", GAPWRIGHT_UNITY="ON",
                   PYTHON_EXECUTABLE=sys.executable, Python_EXECUTABLE=sys.executable, pybind11_DIR=pybind11.get_cmake_dir())
    generator = ["-G", "Ninja"] if shutil.which("ninja") else []
    further = shlex.split(os.environ.get("CMAKE_ARGS", ""))
    subprocess.run(["cmake", "-S", ROOT, "-B", folder, *generator, *(f"-D{name}={value}" for name, value in options.items()), *further], check=True)


class BuildWithCMake(build_ext):
    def build_extension(self, extension):
        named = os.environ.get("GAPWRIGHT_BUILD_FOLDER")
        folder = pathlib.Path(named or ROOT / "build" / "pip").resolve()
        if not named or not (folder / "CMakeCache.txt").exists():
            configure(folder)
        targets = ["gapwright_python", "gapwright_program", "gapwright_check"]
        os.environ.setdefault("CMAKE_BUILD_PARALLEL_LEVEL", str(os.cpu_count() or 1))
        subprocess.run(["cmake", "--build", folder, "--target", *targets], check=True)
        module = pathlib.Path(self.get_ext_fullpath(extension.name))
        (module.parent / "bin").mkdir(parents=True, exist_ok=True)
        shutil.copy2(folder / "python" / "gapwright" / module.name, module)
        for program in ("gapwright", "gapwright-check"):
            shutil.copy2(folder / program, module.parent / "bin" / program)


setup(
    version=VERSION,
    install_requires=[NUMPY],
    ext_modules=[Extension("gapwright._gapwright", sources=[])],
    cmdclass={"build_ext": BuildWithCMake},
)
