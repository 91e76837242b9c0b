# `make install`: the program, the library with its headers, and a CMake package that an outside project finds with
# find_package(fmri2img) and links as fmri2img::fmri2img.
include(CMakePackageConfigHelpers)

get_property(libraries GLOBAL PROPERTY FMRI2IMG_LIBRARIES)
add_library(fmri2img_all INTERFACE)
set_target_properties(fmri2img_all PROPERTIES EXPORT_NAME fmri2img)
target_link_libraries(fmri2img_all INTERFACE ${libraries})

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/fmri2img)
install(TARGETS fmri2img RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
install(TARGETS fmri2img_all ${libraries} EXPORT fmri2img_targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT fmri2img_targets NAMESPACE fmri2img:: FILE fmri2imgTargets.cmake DESTINATION ${package_dir})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/fmri2img DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h" PATTERN "page" EXCLUDE)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/zoo/mini DESTINATION ${CMAKE_INSTALL_DATADIR}/fmri2img/zoo COMPONENT program)

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/fmri2imgConfig.cmake.in ${CMAKE_BINARY_DIR}/fmri2imgConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/fmri2imgConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/fmri2imgConfig.cmake ${CMAKE_BINARY_DIR}/fmri2imgConfigVersion.cmake
              ${CMAKE_CURRENT_LIST_DIR}/Dependencies.cmake ${CMAKE_CURRENT_LIST_DIR}/Torch.cmake
        DESTINATION ${package_dir})
