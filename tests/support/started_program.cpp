#include "tests/support/started_program.h"

#include <csignal>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "tests/support/reference_data.h"

namespace fmri2img::testing {

StartedProgram::StartedProgram(const std::vector<std::string>& words, const std::filesystem::path& output) {
  std::vector<std::string> all = {program().string()};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> arguments;
  for (std::string& word : all) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  process_ = ::fork();
  if (process_ != 0) return;
  const int file = ::open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  ::dup2(file, STDOUT_FILENO);
  ::dup2(file, STDERR_FILENO);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

StartedProgram::~StartedProgram() {
  if (has_ended()) return;
  send(SIGKILL);
  wait();
}

bool StartedProgram::has_ended() {
  if (!ended_) ended_ = ::waitpid(process_, &status_, WNOHANG) == process_;
  return ended_;
}

bool StartedProgram::wait_until(const std::function<bool()>& condition) {
  while (!condition()) {
    if (has_ended()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

void StartedProgram::send(int signal) const {
  ::kill(process_, signal);
}

int StartedProgram::wait() {
  if (!ended_) ::waitpid(process_, &status_, 0);
  ended_ = true;
  return WIFEXITED(status_) ? WEXITSTATUS(status_) : -WTERMSIG(status_);
}

}  // namespace fmri2img::testing
