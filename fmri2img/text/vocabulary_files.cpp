#include "fmri2img/text/vocabulary_files.h"

namespace fmri2img::text {

namespace fs = std::filesystem;

void make_vocabulary_folder(const fs::path& folder, int64_t max_length) {
  FMRI2IMG_CHECK_USAGE(
      max_length >= 3, "texts of at most {} tokens: at least 3 are needed, one between begin and end", max_length);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail(ErrorKind::kFailed, "cannot make the folder \"{}\": {}", folder.string(), error.message());
}

std::vector<std::string> tokens_by_id(const Vocabulary& vocabulary) {
  std::vector<std::string> tokens(vocabulary.ids.size());
  for (const auto& [token, id] : vocabulary.ids) tokens.at(static_cast<size_t>(id)) = token;
  return tokens;
}

void write_tokenizer_settings(const fs::path& folder,
                              const std::string& tokenizer_class,
                              const Json& special,
                              int64_t max_length) {
  write_json(folder / "special_tokens_map.json", special);
  Json settings = {{"tokenizer_class", tokenizer_class}, {"model_max_length", max_length}, {"do_lower_case", true}};
  settings.update(special);
  write_json(folder / "tokenizer_config.json", settings);
}

}  // namespace fmri2img::text
