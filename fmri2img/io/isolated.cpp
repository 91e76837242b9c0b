#include "fmri2img/io/isolated.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"

namespace fmri2img::io {
namespace {

constexpr size_t kLongestAnswer = size_t{256} << 20;

// The first character of what a child sends.
constexpr char kAnswerText = 'T';
constexpr char kAnswerError = 'E';  // then one character, the kind, and the message

/// Bytes of address space in use.
int64_t address_space() {
  int64_t pages = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%ld", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return pages * sysconf(_SC_PAGESIZE);
}

void set_limit(__rlimit_resource resource, int64_t value) {
  rlimit limit{};
  if (getrlimit(resource, &limit) != 0) return;
  limit.rlim_cur = std::min(static_cast<rlim_t>(value), limit.rlim_max);
  setrlimit(resource, &limit);
}

/// Signals that end the child must end it, whatever handlers the program has; Ctrl-C is for the parent to answer.
void enter_child(const IsolationLimits& limits) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGALRM, SIGXCPU, SIGTERM, SIGPIPE})
    std::signal(number, SIG_DFL);
  std::signal(SIGINT, SIG_IGN);
  const int nowhere = open("/dev/null", O_RDWR);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nowhere, stream);
  if (const int64_t used = address_space(); used > 0) set_limit(RLIMIT_AS, used + limits.memory_bytes);
  set_limit(RLIMIT_CPU, limits.cpu_s);
  set_limit(RLIMIT_CORE, 0);
  alarm(static_cast<unsigned>(limits.wall_s));
}

std::string answer_of(const std::function<std::string()>& work) {
  try {
    return kAnswerText + work();
  } catch (const Error& error) {
    return fmt::format("{}{}{}", kAnswerError, static_cast<char>(error.kind()), error.message());
  } catch (const std::exception& error) {
    return fmt::format("{}{}{}", kAnswerError, static_cast<char>(ErrorKind::kFailed), error.what());
  }
}

[[noreturn]] void run_child(const std::function<std::string()>& work, const IsolationLimits& limits, int pipe) {
  enter_child(limits);
  const std::string answer = answer_of(work);
  for (size_t sent = 0; sent < answer.size();) {
    const ssize_t count = write(pipe, answer.data() + sent, answer.size() - sent);
    if (count <= 0) _exit(1);
    sent += static_cast<size_t>(count);
  }
  _exit(0);
}

/// All that arrives until the other end closes; nothing where it is more than an answer can be.
std::string read_answer(int pipe) {
  std::string answer;
  std::array<char, 65536> piece;
  while (answer.size() <= kLongestAnswer) {
    const ssize_t count = read(pipe, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return answer;
    answer.append(piece.data(), static_cast<size_t>(count));
  }
  return {};
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  return status;
}

std::string reason_of(int status, const IsolationLimits& limits) {
  if (!WIFSIGNALED(status)) return fmt::format("exit code {}", WEXITSTATUS(status));
  const int number = WTERMSIG(status);
  if (number == SIGXCPU) return fmt::format("it took more than {} s of processor time", limits.cpu_s);
  if (number == SIGALRM) return fmt::format("it took more than {} s", limits.wall_s);
  return fmt::format("signal {}: {}", number, strsignal(number));
}

}  // namespace

SharedMemory::SharedMemory(int64_t bytes) {
  const auto size = static_cast<size_t>(bytes);
  void* address = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (address == MAP_FAILED)
    fail(ErrorKind::kFailed, "cannot get {} of memory: {}", format_bytes(bytes), std::strerror(errno));
  owner_ = std::shared_ptr<void>(address, [size](void* p) { munmap(p, size); });
  bytes_ = {static_cast<std::byte*>(address), size};
}

std::string run_isolated(const std::function<std::string()>& work,
                         const IsolationLimits& limits,
                         const std::string& where,
                         const std::string& library) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) fail(ErrorKind::kFailed, "cannot make a pipe: {}", std::strerror(errno));
  const pid_t child = fork();
  if (child == 0) run_child(work, limits, ends[1]);
  const int reason = errno;
  close(ends[1]);
  std::string answer = child > 0 ? read_answer(ends[0]) : std::string();
  close(ends[0]);
  if (child < 0) fail(ErrorKind::kFailed, "cannot start a process to read {}: {}", where, std::strerror(reason));
  const int status = wait_for(child);
  FMRI2IMG_CHECK(status == 0 && !answer.empty() && (answer[0] == kAnswerText || answer.size() >= 2),
                 "{} is damaged: reading it ended {} ({})",
                 where,
                 library,
                 reason_of(status, limits));
  if (answer[0] == kAnswerError) throw Error(static_cast<ErrorKind>(answer[1]), answer.substr(2));
  return answer.substr(1);
}

}  // namespace fmri2img::io
