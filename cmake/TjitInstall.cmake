# `cmake --install`: headers, the two libraries, tools, a CMake package and a pkg-config file. The compiler's own headers
# are a component of their own, `compiler-dev`.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(CMAKE_INSTALL_MESSAGE LAZY)

install(TARGETS tjit EXPORT tjitTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime)
install(TARGETS tjit_compiler LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime)
install(TARGETS tjit-compiler RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT runtime)
# Debian keeps libMLIR.so in LLVM's own folder, which the loader does not search.
set_target_properties(tjit_compiler PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
foreach(tool tjit-opt tjit-run)
  if(TARGET ${tool})
    set_target_properties(${tool} PROPERTIES INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}"
                          INSTALL_RPATH_USE_LINK_PATH ON)
    install(TARGETS ${tool} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tools)
  endif()
endforeach()
install(DIRECTORY include/tjit ${TJIT_GENERATED_DIR}/tjit DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev
        FILES_MATCHING PATTERN "*.h" PATTERN "*.inc")
install(DIRECTORY include/tjit-compiler ${TJIT_GENERATED_DIR}/tjit-compiler DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        COMPONENT compiler-dev FILES_MATCHING PATTERN "*.h" PATTERN "*.inc" PATTERN "*.td")
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT dev)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/tjit)
install(EXPORT tjitTargets NAMESPACE tjit:: DESTINATION ${package_dir} COMPONENT dev)
file(WRITE ${CMAKE_BINARY_DIR}/tjitConfig.cmake "include(\"\${CMAKE_CURRENT_LIST_DIR}/tjitTargets.cmake\")\n")
write_basic_package_version_file(${CMAKE_BINARY_DIR}/tjitConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/tjitConfig.cmake ${CMAKE_BINARY_DIR}/tjitConfigVersion.cmake
        DESTINATION ${package_dir} COMPONENT dev)

configure_file(cmake/tjit.pc.in ${CMAKE_BINARY_DIR}/tjit.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/tjit.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)
