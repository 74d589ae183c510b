#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# pkg_config_folders.sh SOURCE: the .pc file names the folders of libraries and headers that lie where no compiler looks, and no others.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.25)
project(gapwright VERSION 1.2 LANGUAGES CXX DESCRIPTION "a library that uses two")
include(GNUInstallDirs)
list(GET CMAKE_CXX_IMPLICIT_LINK_DIRECTORIES 0 usual)
add_library(found::usual UNKNOWN IMPORTED)
set_target_properties(found::usual PROPERTIES IMPORTED_LOCATION \${usual}/libusual.so INTERFACE_INCLUDE_DIRECTORIES /usr/include)
add_library(found::far UNKNOWN IMPORTED)
set_target_properties(found::far PROPERTIES IMPORTED_LOCATION /far/lib/libfar.so.7 INTERFACE_INCLUDE_DIRECTORIES /far/include INTERFACE_LINK_LIBRARIES found::usual)
add_library(gapwright_library INTERFACE)
target_link_libraries(gapwright_library INTERFACE found::far)
include($(realpath "$1")/cmake/pkg_config.cmake)
END
cmake -S "$work" -B "$work/build" -G Ninja >"$work/log" || { cat "$work/log"; exit 1; }
grep -x 'Libs: -L${libdir} -lgapwright -L/far/lib -lfar -lusual' "$work/build/gapwright.pc" &&
  grep -x 'Cflags: -I${includedir} -I/far/include' "$work/build/gapwright.pc" || { cat "$work/build/gapwright.pc"; exit 1; }
