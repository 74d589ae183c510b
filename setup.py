# SPDX-License-Identifier: MIT
"""Builds the extension module with CMake: pip install --no-build-isolation --no-deps .

The build folder is build/pip. GAPWRIGHT_BUILD_FOLDER names another one, for instance build/release, which is then brought up to date.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = pathlib.Path(__file__).resolve().parent
VERSION = re.search(r"project\(gapwright VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text()).group(1)


class BuildWithCMake(build_ext):
    def build_extension(self, extension):
        folder = pathlib.Path(os.environ.get("GAPWRIGHT_BUILD_FOLDER", ROOT / "build" / "pip")).resolve()
        if not (folder / "CMakeCache.txt").exists():
            options = dict(CMAKE_BUILD_TYPE="Release", GAPWRIGHT_PYTHON="ON", GAPWRIGHT_TESTS="OFF", GAPWRIGHT_BENCH="OFF", PYTHON_EXECUTABLE=sys.executable)
            generator = ["-G", "Ninja"] if shutil.which("ninja") else []
            subprocess.run(["cmake", "-S", ROOT, "-B", folder, *generator, *(f"-D{name}={value}" for name, value in options.items())], check=True)
        subprocess.run(["cmake", "--build", folder, "--target", "gapwright_python", "--parallel", str(os.cpu_count() or 1)], check=True)
        target = pathlib.Path(self.get_ext_fullpath(extension.name))
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(folder / "python" / "gapwright" / target.name, target)


setup(version=VERSION, ext_modules=[Extension("gapwright._gapwright", sources=[])], cmdclass={"build_ext": BuildWithCMake})
