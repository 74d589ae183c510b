# SPDX-License-Identifier: MIT
# Copies the headers of ROOMS below SOURCE to OUTPUT, without those that match INNER; what they include of SOURCE gets the prefix gapwright/.
# cmake -D SOURCE=... -D ROOMS=... -D INNER=... -D OUTPUT=... -P public_headers.cmake
file(REMOVE_RECURSE ${OUTPUT})
foreach(room IN LISTS ROOMS)
  file(GLOB_RECURSE headers RELATIVE ${SOURCE} ${SOURCE}/${room}/*.hpp)
  foreach(header IN LISTS headers)
    if(NOT "/${header}" MATCHES "${INNER}")
      file(READ ${SOURCE}/${header} text)
      string(REGEX REPLACE "(^|\n)([ \t]*#[ \t]*include[ \t]*)\"" "\\1\\2\"gapwright/" text "${text}")
      file(WRITE ${OUTPUT}/${header} "${text}")
    endif()
  endforeach()
endforeach()
