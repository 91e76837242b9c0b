#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace fmri2img::testing {

/// The program under test, running beside the test, so that it can be stopped in the middle of its work.
class StartedProgram {
 public:
  /// `words` are its arguments; what it prints goes to the file `output`.
  StartedProgram(const std::vector<std::string>& words, const std::filesystem::path& output);
  ~StartedProgram();
  StartedProgram(const StartedProgram&) = delete;
  StartedProgram& operator=(const StartedProgram&) = delete;

  /// Waits until `condition` holds. Returns false if the program ended before.
  bool wait_until(const std::function<bool()>& condition);

  void send(int signal) const;

  /// Waits for the end: the exit code, or the negative number of the signal that ended it.
  int wait();

 private:
  bool has_ended();

  pid_t process_ = -1;
  int status_ = 0;
  bool ended_ = false;
};

}  // namespace fmri2img::testing
