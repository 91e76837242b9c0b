#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fmri2img {

/// Why something failed. The values are the program's exit codes (documented in the README: do not change them).
enum class ErrorKind {
  kFailed = 1,        ///< the run itself failed: disk full, out of memory, a bug
  kWrongUsage = 2,    ///< an option is missing or out of range
  kBadInput = 3,      ///< a file or a value in it is not what it must be
  kMismatch = 4,      ///< model and data do not belong together
  kInterrupted = 75,  ///< stopped by the user; the state is safe and can be resumed
};

/// The one exception of this library: a message and the chain of what was being done.
///
/// A message says what was wrong with which object, what was expected, what was found and what to do. The library never
/// prints and never exits: `main` catches, prints `what()` and returns the kind.
class Error : public std::exception {
 public:
  Error(ErrorKind kind, std::string message);

  ErrorKind kind() const { return kind_; }
  const std::string& message() const { return message_; }

  /// Innermost first, each like `while reading "subj01/..."`.
  const std::vector<std::string>& contexts() const { return contexts_; }

  void add_context(std::string context);

  /// The message, then one indented line a context.
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  ErrorKind kind_;
  std::string message_;
  std::vector<std::string> contexts_;
  std::string text_;
};

/// Rethrows the exception in flight as an Error with `context` added. LibTorch's own exceptions lose their backtrace,
/// `std::bad_alloc` becomes "out of memory". REQUIRES: called from a catch block.
[[noreturn]] void rethrow_with_context(std::string_view context);

/// Runs `action`; whatever it throws leaves as an Error that also says `context` ("while training the decoder").
template <class Action> auto with_context(std::string_view context, Action&& action) {
  try {
    return std::forward<Action>(action)();
  } catch (...) {
    rethrow_with_context(context);
  }
}

}  // namespace fmri2img
