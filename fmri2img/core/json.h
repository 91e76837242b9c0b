#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>
#include <nlohmann/json.hpp>

#include "fmri2img/core/check.h"

namespace fmri2img {

/// Keys keep the order in which they were written: files stay readable.
using Json = nlohmann::ordered_json;

/// Throws Error naming the file and the line if it is missing or not JSON.
Json read_json(const std::filesystem::path& path);

/// Indented, with a final newline, atomically.
void write_json(const std::filesystem::path& path, const Json& json);

/// For files with many keys, such as vocabularies: looking a key up, or adding one, takes `Json` as long as it has
/// keys.
using SortedJson = nlohmann::json;

/// As `read_json`, keys in alphabetical order.
SortedJson read_sorted_json(const std::filesystem::path& path);

/// Parses `text`; `where` names its source in errors. Nesting is limited, so hostile input cannot exhaust the stack.
Json parse_json(std::string_view text, std::string_view where);

/// Reads an object key by key and then insists that nothing was left unread.
///
///   JsonFields fields(read_json(path), path.string());
///   options.width = fields.require<int64_t>("width");
///   options.dropout = fields.optional<double>("dropout", 0.5);
///   fields.ignore({"_class_name", "_diffusers_version"});
///   fields.finish();  // an unknown key is an error that names it and its nearest known neighbours
class JsonFields {
 public:
  /// Throws Error if `object` is not a JSON object. `where` names it in every message.
  JsonFields(Json object, std::string where);

  template <class T> T require(const std::string& key) {
    FMRI2IMG_CHECK(contains(key), "{}: \"{}\" is missing", where_, key);
    return convert<T>(key);
  }

  template <class T> T optional(const std::string& key, T fallback) {
    return contains(key) && !object_[key].is_null() ? convert<T>(key) : fallback;
  }

  /// A key that is known but not supported at any value but `supported` (also accepted: absent).
  void only(const std::string& key, const Json& supported);

  /// Keys that mean nothing here.
  void ignore(const std::vector<std::string>& keys);

  bool contains(const std::string& key);

  void finish() const;

  const std::string& where() const { return where_; }

 private:
  template <class T> T convert(const std::string& key) {
    try {
      return object_[key].template get<T>();
    } catch (const nlohmann::json::exception&) {
      fail(ErrorKind::kBadInput,
           "{}: \"{}\" is {}, which is not of the expected type",
           where_,
           key,
           object_[key].dump());
    }
  }

  Json object_;
  std::string where_;
  std::set<std::string> known_;
};

}  // namespace fmri2img
