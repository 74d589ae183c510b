# SPDX-License-Identifier: MIT
# `cmake --install` gives headers, the library, the program and the exported target gapwright::gapwright.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS gapwright_library EXPORT gapwright-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS gapwright_program gapwright_check RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
foreach(room IN LISTS rooms)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${room} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/gapwright
          FILES_MATCHING PATTERN "*.hpp")
endforeach()
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
