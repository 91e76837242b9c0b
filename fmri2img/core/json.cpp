#include "fmri2img/core/json.h"

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/text.h"

namespace fmri2img {
namespace {

constexpr int kMostNested = 64;

/// nlohmann's parser recurses on destruction and on dump: depth is checked before it sees the text.
void check_depth(std::string_view text, std::string_view where) {
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      FMRI2IMG_CHECK(++depth <= kMostNested, "{}: JSON nested deeper than {} levels", where, kMostNested);
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
}

template <class Kind> Kind parse(std::string_view text, std::string_view where) {
  check_depth(text, where);
  try {
    return Kind::parse(text);
  } catch (const nlohmann::json::exception& exception) {
    fail(ErrorKind::kBadInput, "{}: not valid JSON: {}", where, exception.what());
  }
}

}  // namespace

Json parse_json(std::string_view text, std::string_view where) {
  return parse<Json>(text, where);
}

SortedJson read_sorted_json(const std::filesystem::path& path) {
  return parse<SortedJson>(read_file(path), fmt::format("\"{}\"", path.string()));
}

Json read_json(const std::filesystem::path& path) {
  return parse_json(read_file(path), fmt::format("\"{}\"", path.string()));
}

void write_json(const std::filesystem::path& path, const Json& json) {
  write_file(path, json.dump(2) + "\n");
}

JsonFields::JsonFields(Json object, std::string where) : object_(std::move(object)), where_(std::move(where)) {
  FMRI2IMG_CHECK(object_.is_object(), "{}: expected a JSON object, found {}", where_, object_.type_name());
}

bool JsonFields::contains(const std::string& key) {
  known_.insert(key);
  return object_.contains(key);
}

void JsonFields::only(const std::string& key, const Json& supported) {
  if (!contains(key) || object_[key] == supported) return;
  fail(ErrorKind::kBadInput,
       "{}: \"{}\" is {}, only {} is supported",
       where_,
       key,
       object_[key].dump(),
       supported.dump());
}

void JsonFields::ignore(const std::vector<std::string>& keys) {
  known_.insert(keys.begin(), keys.end());
}

void JsonFields::finish() const {
  for (const auto& [key, value] : object_.items()) {
    FMRI2IMG_CHECK(known_.contains(key),
                   "{}: unknown key \"{}\"{}",
                   where_,
                   key,
                   did_you_mean(key, {known_.begin(), known_.end()}));
  }
}

}  // namespace fmri2img
