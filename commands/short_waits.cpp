// How idle threads wait for the next parallel loop. By default they turn round for milliseconds, on cores that other
// programs could use: on a busy machine that makes `train` nine times slower. Here they turn round for some ten
// microseconds, then sleep.
//
// GNU's OpenMP library reads this from the environment when it is loaded, before main and before any constructor; so
// the program starts itself once more with the setting, from .preinit_array, where nothing has been done yet. What the
// user has set counts. Only what needs no memory of libc's is used: libc is not initialised here.
#include <unistd.h>

#include <climits>
#include <cstring>

namespace {

bool sets(const char* entry, const char* name) {
  const size_t length = std::strlen(name);
  return std::strncmp(entry, name, length) == 0 && entry[length] == '=';
}

void shorten_waits(int /*argc*/, char** argv, char** environment) {
  constexpr int kMostEntries = 4096;
  static char setting[] = "GOMP_SPINCOUNT=1000";
  static char* entries[kMostEntries + 2];
  int count = 0;
  for (; environment[count] != nullptr; ++count) {
    if (count == kMostEntries || sets(environment[count], "GOMP_SPINCOUNT") ||
        sets(environment[count], "OMP_WAIT_POLICY"))
      return;
    entries[count] = environment[count];
  }
  entries[count] = setting;
  char program[PATH_MAX];
  const ssize_t length = ::readlink("/proc/self/exe", program, sizeof program - 1);
  if (length <= 0) return;
  program[length] = '\0';
  ::execve(program, argv, entries);  // comes back only where it fails: then all goes on, only slower
}

using Function = void (*)(int, char**, char**);
[[gnu::section(".preinit_array"), gnu::used]] const Function before_libraries = shorten_waits;

}  // namespace
