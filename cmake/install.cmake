# SPDX-License-Identifier: MIT
# `cmake --install` gives headers, the library, the program and the exported target gapwright::gapwright.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS gapwright_library EXPORT gapwright-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS gapwright_program gapwright_check RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

# The border between public and inner headers: what stands in these rooms is for other programs, but for what the pattern names: kernels, pictures,
# the program's own pipes, and all that shows a library which the package does not bring (JSON). tests/consumer/headers.py watches it.
set(public_rooms support instances codes reductions attention verify atlas explore/plan explore/challenge explore/audit explore/fuzz)
set(inner_headers "kernels?[.]hpp$|-inl[.]hpp$|_json[.]hpp$|/plan/(plan|implied)[.]hpp$|/atlas/(path|extract|estimate)[.]hpp$|/fuzz/(fuzz|outside)_request[.]hpp$|/support/json_text[.]hpp$|/support/(closed_pipe|gnuplot|line_plot|plot_frame|process_tree|text_width)[.]hpp$")
# Installed, "codes/field.hpp" is "gapwright/codes/field.hpp", so that it meets no codes/field.hpp of somebody else.
set(installed_headers ${PROJECT_BINARY_DIR}/installed_headers)
install(CODE "execute_process(COMMAND \"${CMAKE_COMMAND}\" -D \"SOURCE=${PROJECT_SOURCE_DIR}\" -D \"ROOMS=${public_rooms}\" -D \"INNER=${inner_headers}\"
  -D \"OUTPUT=${installed_headers}\" -P \"${CMAKE_CURRENT_LIST_DIR}/public_headers.cmake\" COMMAND_ERROR_IS_FATAL ANY)")
install(DIRECTORY ${installed_headers}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/gapwright)
install(FILES ${PROJECT_SOURCE_DIR}/include/gapwright/challenge.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/gapwright)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/gapwright)
install(EXPORT gapwright-targets NAMESPACE gapwright:: DESTINATION ${package_folder})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/gapwright-config.cmake.in
  ${PROJECT_BINARY_DIR}/gapwright-config.cmake INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/gapwright-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/gapwright-config.cmake ${PROJECT_BINARY_DIR}/gapwright-config-version.cmake
        ${CMAKE_CURRENT_LIST_DIR}/libraries.cmake
        DESTINATION ${package_folder})

include(${CMAKE_CURRENT_LIST_DIR}/pkg_config.cmake)
