#pragma once

#include <fmt/format.h>

#include <utility>

#include "fmri2img/core/error.h"

namespace fmri2img {

/// Throws an Error of `kind` with the formatted message.
template <class... Args> [[noreturn]] void fail(ErrorKind kind, fmt::format_string<Args...> format, Args&&... args) {
  throw Error(kind, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace fmri2img

/// For input: throws Error (bad input) with the formatted message unless `condition` holds.
#define FMRI2IMG_CHECK(condition, ...)                                 \
  do {                                                                 \
    if (!(condition)) [[unlikely]]                                     \
      ::fmri2img::fail(::fmri2img::ErrorKind::kBadInput, __VA_ARGS__); \
  } while (false)

/// For options: as FMRI2IMG_CHECK, with the exit code of wrong usage.
#define FMRI2IMG_CHECK_USAGE(condition, ...)                             \
  do {                                                                   \
    if (!(condition)) [[unlikely]]                                       \
      ::fmri2img::fail(::fmri2img::ErrorKind::kWrongUsage, __VA_ARGS__); \
  } while (false)

/// For bugs: what the code itself guarantees. The message names the place.
#define FMRI2IMG_ASSERT(condition)                                                    \
  do {                                                                                \
    if (!(condition)) [[unlikely]]                                                    \
      ::fmri2img::fail(::fmri2img::ErrorKind::kFailed,                                \
                       "internal error at {}:{}: {} does not hold; please report it", \
                       __FILE__,                                                      \
                       __LINE__,                                                      \
                       #condition);                                                   \
  } while (false)
