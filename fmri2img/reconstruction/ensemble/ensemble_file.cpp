#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/reconstruction/ensemble/ensemble.h"

namespace fmri2img::reconstruction {
namespace fs = std::filesystem;
namespace {

constexpr int64_t kLongestFile = 1 << 20;

enum class Meaning { kPath, kOther };

/// Every key of an ensemble file with the member that holds it.
template <class Visitor> void visit_options(Visitor&& visit) {
  using O = EnsembleOptions;
  visit("preset", &O::preset, Meaning::kOther);
  visit("decoders", &O::decoders, Meaning::kPath);
  visit("decoder", &O::decoder, Meaning::kPath);
  visit("zoo", &O::zoo, Meaning::kPath);
  visit("stable-diffusion", &O::stable_diffusion, Meaning::kPath);
  visit("clip", &O::clip, Meaning::kPath);
  visit("blip", &O::blip, Meaning::kPath);
  visit("codec-model", &O::codec_model, Meaning::kPath);
  visit("strength", &O::strength, Meaning::kOther);
  visit("guidance", &O::guidance, Meaning::kOther);
  visit("steps", &O::steps, Meaning::kOther);
  visit("negative", &O::negative, Meaning::kOther);
  visit("scheduler", &O::scheduler, Meaning::kOther);
  visit("guidance-until", &O::guidance_until, Meaning::kOther);
  visit("reuse-features", &O::reuse_features, Meaning::kOther);
  visit("caption-input", &O::caption_input, Meaning::kOther);
  visit("max-new-tokens", &O::max_new_tokens, Meaning::kOther);
  visit("beams", &O::beams, Meaning::kOther);
  visit("vote", &O::vote, Meaning::kOther);
  visit("votes", &O::votes, Meaning::kOther);
  visit("seed", &O::seed, Meaning::kOther);
}

/// One file's table, read key by key.
class EnsembleFile {
 public:
  explicit EnsembleFile(const fs::path& path) : path_(path) {
    try {
      table_ = toml::parse(read_file(path, kLongestFile));
    } catch (const toml::parse_error& error) {
      fail(ErrorKind::kBadInput,
           "\"{}\": not valid TOML at line {}: {}",
           path.string(),
           error.source().begin.line,
           error.description());
    }
  }

  template <class T> void read(const std::string& key, std::optional<T>& value, Meaning meaning) {
    if (const toml::node* node = find(key)) value = convert<T>(key, *node, meaning);
  }

  /// One text or an array of texts.
  void read(const std::string& key, std::vector<std::string>& values, Meaning meaning) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    if (const toml::array* array = node->as_array()) {
      for (const toml::node& element : *array) values.push_back(convert<std::string>(key, element, meaning));
    } else {
      values.push_back(convert<std::string>(key, *node, meaning));
    }
  }

  void refuse_unknown_keys() const {
    for (const auto& [key, node] : table_) {
      const std::string name(key.str());
      FMRI2IMG_CHECK(std::find(known_.begin(), known_.end(), name) != known_.end(),
                     "\"{}\" line {}: unknown key \"{}\"{}",
                     path_.string(),
                     node.source().begin.line,
                     name,
                     did_you_mean(name, known_));
    }
  }

 private:
  const toml::node* find(const std::string& key) {
    known_.push_back(key);
    return table_.get(key);
  }

  template <class T> T convert(const std::string& key, const toml::node& node, Meaning meaning) const {
    if constexpr (std::is_same_v<T, std::string>) {
      if (const auto text = node.value_exact<std::string>())
        return meaning == Meaning::kPath ? (path_.parent_path() / *text).string() : *text;
    } else if constexpr (std::is_same_v<T, double>) {
      if (const auto number = node.is_number() ? node.value<double>() : std::nullopt) return *number;
    } else {
      const auto number = node.value_exact<int64_t>();
      if (number && (std::is_signed_v<T> || *number >= 0)) return static_cast<T>(*number);
    }
    std::ostringstream found;
    node.visit([&found](const auto& value) { found << value; });
    fail(ErrorKind::kBadInput,
         "\"{}\" line {}: \"{}\" is {}, expected {}",
         path_.string(),
         node.source().begin.line,
         key,
         found.str(),
         expected_type<T>());
  }

  template <class T> static const char* expected_type() {
    if (std::is_same_v<T, std::string>) return "a text";
    if (std::is_same_v<T, double>) return "a number";
    return std::is_signed_v<T> ? "a whole number" : "a whole number that is not negative";
  }

  fs::path path_;
  toml::table table_;
  std::vector<std::string> known_;
};

template <class T> bool is_said(const std::optional<T>& value) {
  return value.has_value();
}

bool is_said(const std::vector<std::string>& values) {
  return !values.empty();
}

}  // namespace

EnsembleOptions read_ensemble_file(const fs::path& path) {
  EnsembleFile file(path);
  EnsembleOptions options;
  visit_options([&](const char* key, auto member, Meaning meaning) { file.read(key, options.*member, meaning); });
  file.refuse_unknown_keys();
  return options;
}

EnsembleOptions merge_options(const EnsembleOptions& typed, const EnsembleOptions& file) {
  EnsembleOptions merged = typed;
  EnsembleOptions rest = file;
  if (typed.preset || typed.decoders || !typed.decoder.empty()) {
    rest.preset.reset();
    rest.decoders.reset();
    rest.decoder.clear();
  }
  visit_options([&](const char*, auto member, Meaning) {
    if (!is_said(merged.*member)) merged.*member = rest.*member;
  });
  return merged;
}

}  // namespace fmri2img::reconstruction
