#include "fmri2img/core/error.h"

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <new>

namespace fmri2img {
namespace {

/// PyTorch's allocators throw no std::bad_alloc; both name the amount that was not to be had.
bool is_out_of_memory(const std::string& message) {
  return message.find("can't allocate memory") != std::string::npos ||
         message.find("CUDA out of memory") != std::string::npos;
}

/// "... tried to allocate 4294967296 bytes. Error code 12 ..." as "out of memory, 4294967296 bytes at once: ...".
std::string out_of_memory(const std::string& message) {
  constexpr std::string_view kBefore = "ried to allocate ";
  const size_t found = message.find(kBefore);
  const size_t begin = found == std::string::npos ? message.size() : found + kBefore.size();
  const std::string amount = message.substr(begin, message.find_first_of("\n;", begin) - begin);
  return fmt::format(
      "out of memory{}: close other programs, or ask for less at a time: smaller pictures, a smaller "
      "batch, a ROI set, --dtype bf16",
      amount.empty() ? "" : fmt::format(", {} at once", amount.substr(0, amount.find(". "))));
}

Error translate(const std::exception& exception) {
  if (const auto* ours = dynamic_cast<const Error*>(&exception)) return *ours;
  if (dynamic_cast<const std::bad_alloc*>(&exception) != nullptr) return {ErrorKind::kFailed, "out of memory"};
  if (const auto* torchs = dynamic_cast<const c10::Error*>(&exception)) {
    const std::string message = torchs->what_without_backtrace();
    return {ErrorKind::kFailed, is_out_of_memory(message) ? out_of_memory(message) : message};
  }
  return {ErrorKind::kFailed, exception.what()};
}

}  // namespace

Error::Error(ErrorKind kind, std::string message) : kind_(kind), message_(std::move(message)), text_(message_) {}

void Error::add_context(std::string context) {
  text_ += "\n  " + context;
  contexts_.push_back(std::move(context));
}

void rethrow_with_context(std::string_view context) {
  try {
    throw;
  } catch (const std::exception& exception) {
    Error error = translate(exception);
    error.add_context(std::string(context));
    throw Error(error);
  }
}

}  // namespace fmri2img
