# SPDX-License-Identifier: MIT
# cmake -D SOURCE=... -D COMMIT=... -D OUTPUT=... -P commit.cmake: writes a source file that names the commit which is built.
# COMMIT is taken as it is; when it is empty, git is asked. Changes of tracked files add "+changes". Without git the commit is "unknown".
if(COMMIT STREQUAL "")
  set(failed TRUE)
  if(EXISTS "${SOURCE}/.git")  # a source tree inside another repository has not that one's commit
    execute_process(COMMAND git -C "${SOURCE}" describe --always --abbrev=40 --exclude=* --dirty=+changes
      OUTPUT_VARIABLE COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  endif()
  if(failed)
    set(COMMIT unknown)
  endif()
endif()
set(text "// Written by cmake/commit.cmake at every build.\n#include \"support/version.hpp\"\n\nstd::string gapwright::commit() { return \"${COMMIT}\"; }\n")
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT "${text}" @ONLY)  # leaves a file alone whose content does not change
