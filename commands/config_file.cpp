#include "commands/config_file.h"

#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"

namespace fmri2img::commands {
namespace {

std::string text_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  std::ostringstream stream;
  node.visit([&stream](const auto& value) { stream << value; });
  return stream.str();
}

void append_option(const std::string& key, const toml::node& node, std::vector<std::string>& words) {
  if (const auto* flag = node.as_boolean()) {
    if (flag->get()) words.push_back("--" + key);
    return;
  }
  words.push_back("--" + key);
  if (const auto* array = node.as_array()) {
    for (const toml::node& element : *array) words.push_back(text_of(element));
  } else {
    words.push_back(text_of(node));
  }
}

bool is_typed(const std::string& option, const std::vector<std::string>& typed) {
  return std::any_of(typed.begin(), typed.end(), [&](const std::string& word) {
    return word == option || word.starts_with(option + "=");
  });
}

/// Appends what the file says, option by option, unless the user typed that option.
void append_untyped(const std::vector<std::string>& from_file,
                    const std::vector<std::string>& typed,
                    std::vector<std::string>& words) {
  bool skipping = false;
  for (const std::string& word : from_file) {
    if (word.starts_with("--")) skipping = is_typed(word, typed);
    if (!skipping) words.push_back(word);
  }
}

}  // namespace

std::vector<std::string> config_words(std::string_view toml_text, std::string_view where) {
  std::vector<std::string> words;
  try {
    for (const auto& [key, node] : toml::parse(toml_text)) {
      FMRI2IMG_CHECK_USAGE(!node.is_table(), "{}: [{}] is a table; options stand at the top level", where, key.str());
      append_option(std::string(key.str()), node, words);
    }
  } catch (const toml::parse_error& error) {
    fail(ErrorKind::kWrongUsage,
         "{}: not valid TOML at line {}: {}",
         where,
         error.source().begin.line,
         error.description());
  }
  return words;
}

std::vector<std::string> expand_config_files(const std::vector<std::string>& words) {
  std::vector<std::string> typed;
  std::vector<std::string> files;
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i].starts_with("--config="))
      files.push_back(words[i].substr(9));
    else if (words[i] == "--config" && i + 1 < words.size())
      files.push_back(words[++i]);
    else
      typed.push_back(words[i]);
  }
  std::vector<std::string> expanded = typed;
  for (const std::string& file : files) {
    append_untyped(config_words(read_file(file, 1 << 20), "\"" + file + "\""), typed, expanded);
  }
  return expanded;
}

}  // namespace fmri2img::commands
