# SPDX-License-Identifier: MIT
# Several files of a folder compiled as one: the headers are read once, and a full build takes less than half the work. Files of one group
# share their unnamed namespace, so the compiler refuses two that define the same helper. It does not refuse two helpers of one name and
# different arguments: give those names of their own.
option(GAPWRIGHT_UNITY "Compile several files of a folder as one" OFF)

# gapwright_unity(FILES_IN_A_GROUP PATTERN_OF_FILES_TO_LEAVE_ALONE FILE...)
function(gapwright_unity size alone)
  if(NOT GAPWRIGHT_UNITY)
    return()
  endif()
  foreach(file IN LISTS ARGN)
    if(file MATCHES "${alone}")
      continue()
    endif()
    cmake_path(GET file PARENT_PATH folder)
    cmake_path(RELATIVE_PATH folder BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE folder)
    string(MAKE_C_IDENTIFIER "${folder}" folder)
    math(EXPR group "0${${folder}_files} / ${size}")
    math(EXPR ${folder}_files "0${${folder}_files} + 1")
    set_source_files_properties(${file} PROPERTIES UNITY_GROUP ${folder}_${group})
  endforeach()
endfunction()

function(gapwright_unity_target)
  if(GAPWRIGHT_UNITY)
    set_target_properties(${ARGN} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  endif()
endfunction()
