#include "fmri2img/core/error.h"

#include <c10/util/Exception.h>

#include <new>

namespace fmri2img {
namespace {

Error translate(const std::exception& exception) {
  if (const auto* ours = dynamic_cast<const Error*>(&exception)) return *ours;
  if (dynamic_cast<const std::bad_alloc*>(&exception) != nullptr) return {ErrorKind::kFailed, "out of memory"};
  if (const auto* torchs = dynamic_cast<const c10::Error*>(&exception)) {
    return {ErrorKind::kFailed, torchs->what_without_backtrace()};
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
