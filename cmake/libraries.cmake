# SPDX-License-Identifier: MIT
# Libraries that come without a CMake file of their own. Each found one becomes a target found::NAME. The build includes this
# file, and so does the installed gapwright-config.cmake, since the exported library links these targets.
include_guard()

# find_plain_library(NAME header.h FILES name... USES target...) appends NAME to gapwright_missing if there is no such header or file.
function(find_plain_library name header)
  if(TARGET found::${name})  # found before, in another scope: the guard above holds for one
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 2 plain "" "" "FILES;USES")
  find_path(GAPWRIGHT_${name}_INCLUDE ${header})
  find_library(GAPWRIGHT_${name}_LIBRARY NAMES ${plain_FILES})
  mark_as_advanced(GAPWRIGHT_${name}_INCLUDE GAPWRIGHT_${name}_LIBRARY)
  if(NOT GAPWRIGHT_${name}_INCLUDE OR NOT GAPWRIGHT_${name}_LIBRARY)
    set(gapwright_missing ${gapwright_missing} ${name} PARENT_SCOPE)
    return()
  endif()
  add_library(found::${name} UNKNOWN IMPORTED)
  set_target_properties(found::${name} PROPERTIES IMPORTED_LOCATION "${GAPWRIGHT_${name}_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${GAPWRIGHT_${name}_INCLUDE}" INTERFACE_LINK_LIBRARIES "${plain_USES}")
endfunction()

set(gapwright_missing "")
find_plain_library(gmp gmp.h FILES gmp)
find_plain_library(gmpxx gmpxx.h FILES gmpxx USES found::gmp)
find_plain_library(mpfr mpfr.h FILES mpfr USES found::gmp)
find_plain_library(cadical cadical.hpp FILES cadical)

# FLINT 3 holds Arb. Before that, Arb is a library apart, with its headers beside the folder flint/.
find_plain_library(flint flint/flint.h FILES flint USES found::mpfr found::gmp)
if(TARGET found::arb)
  # as above
elseif(TARGET found::flint AND EXISTS "${GAPWRIGHT_flint_INCLUDE}/flint/arb.h")
  add_library(found::arb ALIAS found::flint)
else()
  find_plain_library(arb arb.h FILES flint-arb arb USES found::flint)
endif()
