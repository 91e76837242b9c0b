# Writes OUTPUT, a C++ source that defines `const std::string_view NAME` in namespace fmri2img::report with the bytes of INPUT.
#   cmake -D INPUT=file -D NAME=kName -D OUTPUT=file.cpp -P embed.cmake
file(READ ${INPUT} bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
string(REGEX REPLACE "(('[^']*',){24})" "\\1\n" bytes "${bytes}")
file(WRITE ${OUTPUT} "#include \"fmri2img/report/embedded.h\"

namespace fmri2img::report {
namespace {

constexpr char kBytes[] = {
${bytes}};

}  // namespace

const std::string_view ${NAME}(kBytes, sizeof(kBytes));

}  // namespace fmri2img::report
")
