# The warnings that every target of this project compiles with.
add_library(fmri2img_warnings INTERFACE)
target_compile_options(fmri2img_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
                                                   -Wno-missing-field-initializers)
if(FMRI2IMG_WARNINGS_AS_ERRORS)
  target_compile_options(fmri2img_warnings INTERFACE -Werror)
endif()
