# How the compiler is run: through the cache where it is installed.
find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Precompiled headers defeat the cache unless it is told to look past their time stamps.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()

if(FMRI2IMG_PRECOMPILE_HEADERS AND CCACHE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-fpch-preprocess)
endif()

if(FMRI2IMG_SANITIZE)
  add_compile_options(-fsanitize=${FMRI2IMG_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${FMRI2IMG_SANITIZE})
endif()

if(FMRI2IMG_BUILD_FUZZERS)
  add_compile_definitions(FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION)  # checksums are not compared: no fuzzer guesses one
endif()
