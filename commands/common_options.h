#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <string>
#include <vector>

#include "fmri2img/core/output_folder.h"

namespace CLI {
class App;
class Validator;
}  // namespace CLI

namespace fmri2img::commands {

/// The whole command line as typed, for manifests. Set once by `main`.
const std::vector<std::string>& command_line();
void set_command_line(std::vector<std::string> words);

/// --dtype of the networks; `of_what` ends the sentence "type of ...".
void add_dtype(CLI::App& app, std::string& dtype, const std::string& of_what);

/// What fp32, bf16 or fp16 names. Throws Error (wrong usage) for anything else, and for fp16 on a CPU.
at::ScalarType parse_dtype(const std::string& name, c10::Device device);

/// Refuses a number below 0, for --seed and counts: an unsigned option would take -1 for 18,446,744,073,709,551,615.
CLI::Validator not_negative();

/// Refuses 0 and a number below it.
CLI::Validator positive();

/// --threads and --device, for every command that computes.
struct ComputeOptions {
  int threads = 0;
  std::string device = "auto";
  void add_to(CLI::App& app);
  /// For what runs on the processor whatever else there is.
  void add_threads_to(CLI::App& app);
  /// Applies --threads; throws Error (wrong usage) for a device that this build or machine lacks.
  void apply() const;
  /// What `device` comes to on this machine.
  c10::Device torch_device() const;
};

/// --out and --overwrite, for every command that writes a folder.
struct OutputOptions {
  std::string out;
  bool overwrite = false;
  void add_to(CLI::App& app, const std::string& what);
  OutputPolicy policy() const { return {.overwrite = overwrite}; }
};

}  // namespace fmri2img::commands
