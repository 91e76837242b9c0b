#include "fmri2img/model_checks/model_checks.h"

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"

namespace fmri2img::model_checks {
namespace {

namespace fs = std::filesystem;

using data::Severity;

constexpr size_t kMostTensors = 20;

/// The file that a message begins with, in quotation marks, where it is there or was looked for in `folder`.
fs::path named_file(const std::string& message, const fs::path& folder) {
  const size_t end = message.find('"', 1);
  if (!message.starts_with('"') || end == std::string::npos) return folder;
  const fs::path file = message.substr(1, end - 1);
  return file.string().starts_with(folder.string()) ? file : folder;
}

/// The message of the Error that `action` throws, whatever it is thrown as; nothing if it throws none.
std::optional<std::string> message_of(const std::function<void()>& action) {
  try {
    with_context("while checking a model", action);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInterrupted) throw;
    return error.message();
  }
  return std::nullopt;
}

}  // namespace

bool can_read(Findings& findings, const fs::path& file, const std::function<void()>& read) {
  const std::optional<std::string> message = message_of(read);
  if (!message) return true;
  const fs::path named = named_file(*message, file);
  const bool config = named.extension() == ".json" && fs::exists(named);
  findings.add(Severity::kError,
               config ? "model-config" : "model-file",
               named,
               data::without_file(*message, named),
               config ? "correct it, or use a model that this program knows"
                      : "copy what is missing or damaged again from where the model came from");
  return false;
}

void check_parts(Findings& findings, const fs::path& folder, const std::function<void()>& check) {
  const std::optional<std::string> message = message_of(check);
  if (!message) return;
  findings.add(Severity::kError,
               "model-parts",
               folder,
               data::without_file(*message, folder),
               "take all files from the same model");
}

void check_vocabulary(Findings& findings, const fs::path& tokenizer, int64_t highest_id, int64_t vocab_size) {
  check_parts(findings, tokenizer, [&] {
    FMRI2IMG_CHECK(highest_id < vocab_size,
                   "the tokenizer has a token {}, the model's \"vocab_size\" is {}: the files do not belong together",
                   highest_id,
                   vocab_size);
  });
}

void add_size(Findings& findings, const fs::path& folder, const std::string& name, int64_t parameters) {
  findings.add(Severity::kNote,
               "model-size",
               folder,
               fmt::format("{}: {} parameters, {} in fp32, {} in bf16 or fp16",
                           name,
                           format_count(parameters),
                           format_bytes(4 * parameters),
                           format_bytes(2 * parameters)),
               "");
}

void add_tensor_problems(Findings& findings, const std::vector<nn::WeightProblem>& problems) {
  const auto add = [&](const fs::path& file, const std::string& what) {
    findings.add(Severity::kError,
                 "model-tensor",
                 file,
                 what,
                 "the weights are not those of this config.json, or damaged: copy both again");
  };
  for (size_t i = 0; i < problems.size() && i < kMostTensors; ++i) add(problems[i].file, problems[i].what);
  if (problems.size() > kMostTensors)
    add(problems.back().file, fmt::format("{} more tensors do not fit", problems.size() - kMostTensors));
}

int64_t count_parameters(const torch::nn::Module& module) {
  int64_t count = 0;
  for (const at::Tensor& parameter : module.parameters()) count += parameter.numel();
  return count;
}

}  // namespace fmri2img::model_checks
