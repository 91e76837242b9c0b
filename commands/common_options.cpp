#include "commands/common_options.h"

#include <ATen/Context.h>

#include <cstdlib>

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>

#include "fmri2img/core/check.h"
#include "fmri2img/core/threads.h"

namespace fmri2img::commands {
namespace {

std::vector<std::string> typed_words;

}  // namespace

const std::vector<std::string>& command_line() {
  return typed_words;
}

void set_command_line(std::vector<std::string> words) {
  typed_words = std::move(words);
}

void add_dtype(CLI::App& app, std::string& dtype, const std::string& of_what) {
  app.add_option(
         "--dtype",
         dtype,
         "fp32, bf16 or (on a GPU) fp16: type of " + of_what + "; weights in files of another type are converted")
      ->check(CLI::IsMember({"fp32", "bf16", "fp16"}))
      ->capture_default_str();
}

at::ScalarType parse_dtype(const std::string& name, c10::Device device) {
  FMRI2IMG_CHECK_USAGE(name != "fp16" || !device.is_cpu(), "--dtype fp16 needs a GPU; on a CPU choose fp32 or bf16");
  if (name == "fp32") return at::kFloat;
  if (name == "bf16") return at::kBFloat16;
  if (name == "fp16") return at::kHalf;
  fail(ErrorKind::kWrongUsage, "--dtype \"{}\" is not known: choose fp32, bf16 or fp16", name);
}

CLI::Validator not_negative() {
  const auto refusal = [](const std::string& number) {
    return number.starts_with('-') ? number + " is negative: choose 0 or a greater number" : std::string();
  };
  return CLI::Validator(refusal, /*validator_desc=*/"", "not negative");
}

CLI::Validator positive() {
  const auto refusal = [](const std::string& number) {
    return std::strtod(number.c_str(), nullptr) > 0 ? std::string() : number + " is not a number above 0";
  };
  return CLI::Validator(refusal, "POSITIVE", "positive");
}

void ComputeOptions::add_threads_to(CLI::App& app) {
  app.add_option("--threads", threads, "Threads to use (default: the cores this process may use)")
      ->check(CLI::Range(0, 1024));
}

void ComputeOptions::add_to(CLI::App& app) {
  add_threads_to(app);
  app.add_option("--device", device, "auto (cuda if there is one), cpu or cuda")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
      ->capture_default_str();
}

void ComputeOptions::apply() const {
  set_threads(threads);
  FMRI2IMG_CHECK_USAGE(device != "cuda" || at::hasCUDA(),
                       "--device cuda: no CUDA device is usable here; leave out --device, or use cpu");
}

c10::Device ComputeOptions::torch_device() const {
  return device == "cuda" || (device == "auto" && at::hasCUDA()) ? c10::kCUDA : c10::kCPU;
}

void OutputOptions::add_to(CLI::App& app, const std::string& what) {
  app.add_option("--out", out, "Folder for " + what)->required();
  app.add_flag("--overwrite", overwrite, "Replace what an earlier run left in --out");
}

}  // namespace fmri2img::commands
