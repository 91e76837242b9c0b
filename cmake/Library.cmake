# One folder of the library is one static library, and links only the folders that stand before it in fmri2img/README.md.
#
#   fmri2img_library(NAME  SOURCES a.cpp ...  [LINKS target ...]  [PCH])
#
# NAME `io` makes the target fmri2img_io with the alias fmri2img::io.
function(fmri2img_library name)
  cmake_parse_arguments(ARG "PCH" "" "SOURCES;LINKS" ${ARGN})
  add_library(fmri2img_${name} STATIC ${ARG_SOURCES})
  add_library(fmri2img::${name} ALIAS fmri2img_${name})
  set_target_properties(fmri2img_${name} PROPERTIES EXPORT_NAME ${name} UNITY_BUILD_BATCH_SIZE 32)
  target_include_directories(fmri2img_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                                     $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(fmri2img_${name} PUBLIC ${ARG_LINKS} PRIVATE $<BUILD_INTERFACE:fmri2img_warnings>)
  if(ARG_PCH)
    fmri2img_precompile(fmri2img_${name})
  endif()
  set_property(GLOBAL APPEND PROPERTY FMRI2IMG_LIBRARIES fmri2img_${name})
endfunction()

# Shares one precompiled <torch/torch.h> among all targets that ask for it with PCH: folders where most files need LibTorch.
function(fmri2img_precompile target)
  if(NOT FMRI2IMG_PRECOMPILE_HEADERS)
    return()
  endif()
  if(NOT TARGET fmri2img_pch)
    file(WRITE ${CMAKE_BINARY_DIR}/pch.cpp "")
    add_library(fmri2img_pch OBJECT ${CMAKE_BINARY_DIR}/pch.cpp)
    target_link_libraries(fmri2img_pch PRIVATE fmri2img_torch fmt::fmt fmri2img_warnings)
    target_precompile_headers(fmri2img_pch PRIVATE <torch/torch.h>)
  endif()
  target_precompile_headers(${target} REUSE_FROM fmri2img_pch)
endfunction()

# A GoogleTest program `NAME_test` from the sources of one test folder, run as one ctest entry per test case.
#
#   fmri2img_test(NAME  SOURCES a_test.cpp ...  LINKS target ...  [LABEL unit|parity|command]  [PCH])
function(fmri2img_test name)
  cmake_parse_arguments(ARG "PCH" "LABEL" "SOURCES;LINKS" ${ARGN})
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  add_executable(${name}_test ${ARG_SOURCES})
  set_target_properties(${name}_test PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests UNITY_BUILD_BATCH_SIZE 32)
  target_link_libraries(${name}_test PRIVATE ${ARG_LINKS} fmri2img_test_support fmri2img_warnings)
  if(ARG_PCH)
    fmri2img_precompile(${name}_test)
  endif()
  add_test(NAME ${ARG_LABEL}/${name} COMMAND ${name}_test --gtest_brief=1)
  set_tests_properties(${ARG_LABEL}/${name} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 600)
endfunction()
