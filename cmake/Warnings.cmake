# The warnings that every target of this project compiles with.
add_library(fmri2img_warnings INTERFACE)
target_compile_options(fmri2img_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
                                                   -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 sees overlapping copies in `"text" + std::string` (GCC bug 105651).
  target_compile_options(fmri2img_warnings INTERFACE -Wno-restrict)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_UNITY_BUILD)
  # A unity build includes the .cpp files, and GCC takes every file that is included for a header.
  target_compile_options(fmri2img_warnings INTERFACE -Wno-subobject-linkage)
endif()
if(FMRI2IMG_WARNINGS_AS_ERRORS)
  target_compile_options(fmri2img_warnings INTERFACE -Werror)
endif()
