# LibTorch as the target fmri2img_torch, made from the libraries of a PyTorch wheel or of a LibTorch folder.
#
# Looked for in this order: -DTorch_DIR, the project's own .venv, the `torch` package of python3.
# PyTorch's own find_package(Torch) is not used: that of the CUDA wheel stops without an installed CUDA toolkit, which a
# program that only links the wheel's libraries does not need.
#
# The include folders are added with -idirafter: the wheel ships its own fmt, dnnl and others, which would shadow the
# system's (spdlog and fmt 9 then fail to compile).

# Sets `out` to the folder that holds include/ and lib/, or to "" where there is none.
function(fmri2img_find_torch_root out)
  set(${out} "" PARENT_SCOPE)
  if(Torch_DIR)
    get_filename_component(root "${Torch_DIR}/../../.." ABSOLUTE)  # <root>/share/cmake/Torch
    if(NOT EXISTS "${root}/lib/libtorch_cpu.so")
      message(FATAL_ERROR "Torch_DIR is ${Torch_DIR}, but ${root}/lib/libtorch_cpu.so does not exist.\n"
                          "Expected the folder share/cmake/Torch of a LibTorch or PyTorch installation.")
    endif()
    set(${out} "${root}" PARENT_SCOPE)
    return()
  endif()
  foreach(python "${PROJECT_SOURCE_DIR}/.venv/bin/python3" python3)
    execute_process(COMMAND ${python} -c "import importlib.util as u; print(u.find_spec('torch').submodule_search_locations[0])"
                    OUTPUT_VARIABLE root OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE status)
    if(status EQUAL 0 AND EXISTS "${root}/lib/libtorch_cpu.so")
      set(${out} "${root}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()

# Makes the imported target `target` from the libraries below `root`; the CUDA ones join where they are present.
function(fmri2img_import_torch target root)
  file(READ "${root}/include/torch/headeronly/version.h" version_header)
  string(REGEX MATCH "TORCH_VERSION_MAJOR ([0-9]+)" _ "${version_header}")
  set(major "${CMAKE_MATCH_1}")
  string(REGEX MATCH "TORCH_VERSION_MINOR ([0-9]+)" _ "${version_header}")
  set(minor "${CMAKE_MATCH_1}")
  if(NOT major EQUAL 2)
    message(FATAL_ERROR "${root} holds PyTorch ${major}.${minor}, but 2.x is needed. Run tools/setup, or give -DTorch_DIR.")
  endif()
  set(cuda OFF)
  # A wheel's GPU libraries find their CUDA run-time libraries by their own relative run paths.
  set(libraries "${root}/lib/libtorch.so" "${root}/lib/libtorch_cpu.so" "${root}/lib/libc10.so")
  if(EXISTS "${root}/lib/libtorch_cuda.so")
    set(cuda ON)
    list(APPEND libraries "${root}/lib/libtorch_cuda.so" "${root}/lib/libc10_cuda.so")
  endif()
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  target_compile_options(${target} INTERFACE "SHELL:-idirafter ${root}/include"
                                             "SHELL:-idirafter ${root}/include/torch/csrc/api/include")
  target_link_options(${target} INTERFACE "LINKER:-rpath,${root}/lib" "LINKER:-rpath-link,${root}/lib" "LINKER:--no-as-needed")
  target_link_libraries(${target} INTERFACE ${libraries})
  message(STATUS "LibTorch ${major}.${minor} at ${root} (CUDA ${cuda})")
endfunction()

fmri2img_find_torch_root(FMRI2IMG_TORCH_ROOT)
if(NOT FMRI2IMG_TORCH_ROOT)
  message(FATAL_ERROR "No LibTorch found. Run tools/setup (it installs PyTorch 2.13.0 into .venv), or give "
                      "-DTorch_DIR=<LibTorch>/share/cmake/Torch.")
endif()
fmri2img_import_torch(fmri2img_torch "${FMRI2IMG_TORCH_ROOT}")
