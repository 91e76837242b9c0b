#include "fmri2img/text/vocabulary.h"

#include <fmt/format.h>

#include <charconv>
#include <set>
#include <sstream>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"

namespace fmri2img::text {
namespace {

namespace fs = std::filesystem;
using Merge = std::pair<std::string, std::string>;

constexpr int64_t kMostIds = 1 << 24;

std::string quoted_path(const fs::path& file) {
  return fmt::format("\"{}\"", file.string());
}

void add_ids(const SortedJson& json, const std::string& where, std::unordered_map<std::string, int64_t>& ids) {
  FMRI2IMG_CHECK(json.is_object(), "{}: the vocabulary is no object of token and id", where);
  for (const auto& [token, id] : json.items()) {
    FMRI2IMG_CHECK(id.is_number_integer() && id.get<int64_t>() >= 0 && id.get<int64_t>() < kMostIds,
                   "{}: the id of \"{}\" is {}, expected a whole number from 0 on",
                   where,
                   token,
                   id.dump());
    ids[token] = id.get<int64_t>();
  }
}

void check_ids_differ(const Vocabulary& vocabulary, const std::string& where) {
  std::set<int64_t> seen;
  for (const auto& [token, id] : vocabulary.ids) {
    FMRI2IMG_CHECK(seen.insert(id).second, "{}: the id {} is given twice, once to \"{}\"", where, id, token);
  }
}

Merge parse_merge(const std::string& line, const std::string& where) {
  const size_t space = line.find(' ');
  FMRI2IMG_CHECK(space != std::string::npos && space > 0 && space + 1 < line.size(),
                 "{}: the merge \"{}\" is not two tokens with a space between",
                 where,
                 line);
  return {line.substr(0, space), line.substr(space + 1)};
}

std::vector<Merge> read_merges(const fs::path& file) {
  std::istringstream lines(read_file(file));
  std::vector<Merge> merges;
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    const bool comment = merges.empty() && line.starts_with("#version");
    if (!line.empty() && !comment) merges.push_back(parse_merge(line, quoted_path(file)));
  }
  return merges;
}

/// Throws Error if the vocabulary has it with another id.
void add_token(const AddedToken& token, Vocabulary& vocabulary) {
  FMRI2IMG_CHECK(!token.content.empty() && token.id >= 0 && token.id < kMostIds,
                 "{}: the added token \"{}\" has the id {}; expected a text, and a whole number from 0 on",
                 token.where,
                 token.content,
                 token.id);
  const auto [known, is_new] = vocabulary.ids.emplace(token.content, token.id);
  FMRI2IMG_CHECK(known->second == token.id,
                 "{}: the added token \"{}\" has the id {}, in another file of the folder it has {}: copy the whole "
                 "folder of one tokenizer",
                 token.where,
                 token.content,
                 token.id,
                 known->second);
  vocabulary.added[token.content] = token;
}

/// An entry of "added_tokens" or "added_tokens_decoder".
AddedToken parse_added_token(const Json& json, int64_t id, const std::string& where) {
  JsonFields fields(json, where);
  AddedToken token{.content = fields.require<std::string>("content"), .id = id, .where = where};
  token.special = fields.optional("special", false);
  token.normalized = fields.optional("normalized", !token.special);
  token.single_word = fields.optional("single_word", false);
  return token;
}

void add_tokens_of(const SortedJson& tokenizer_json, const std::string& where, Vocabulary& vocabulary) {
  for (const SortedJson& token : tokenizer_json.value("added_tokens", SortedJson::array())) {
    const auto id = JsonFields(token, where + ": \"added_tokens\"").require<int64_t>("id");
    add_token(parse_added_token(token, id, where), vocabulary);
  }
}

/// The parts of tokenizer.json that decide the tokens; `type` is the kind of model that is expected.
Vocabulary read_tokenizer_json(const fs::path& file, const std::string& type) {
  const std::string where = quoted_path(file);
  const SortedJson json = read_sorted_json(file);
  FMRI2IMG_CHECK(json.is_object() && json.contains("model") && json["model"].is_object() &&
                     json["model"].value("type", type) == type && json["model"].contains("vocab"),
                 "{}: \"model\" is no {} model with a vocabulary",
                 where,
                 type);
  Vocabulary vocabulary;
  add_ids(json["model"]["vocab"], where, vocabulary.ids);
  for (const SortedJson& merge : json["model"].value("merges", SortedJson::array())) {
    const bool pair = merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string();
    FMRI2IMG_CHECK(pair || merge.is_string(), "{}: the merge {} is not two tokens", where, merge.dump());
    vocabulary.merges.push_back(pair ? Merge{merge[0].get<std::string>(), merge[1].get<std::string>()}
                                     : parse_merge(merge.get<std::string>(), where));
  }
  add_tokens_of(json, where, vocabulary);
  return vocabulary;
}

void check_merges(const Vocabulary& vocabulary, const std::string& where) {
  for (const auto& [left, right] : vocabulary.merges) {
    FMRI2IMG_CHECK(
        vocabulary.ids.contains(left) && vocabulary.ids.contains(right) && vocabulary.ids.contains(left + right),
        "{}: the merge \"{} {}\" needs a token that the vocabulary lacks",
        where,
        left,
        right);
  }
}

/// added_tokens.json: token and id alone. `usual` says what such a token is, where nothing else is known of it.
void read_added_tokens(const fs::path& file, const AddedToken& usual, Vocabulary& vocabulary) {
  if (!fs::exists(file)) return;
  std::unordered_map<std::string, int64_t> added;
  add_ids(read_sorted_json(file), quoted_path(file), added);
  for (const auto& [content, id] : added) {
    const auto known = vocabulary.added.find(content);
    AddedToken token = known == vocabulary.added.end() ? usual : known->second;
    token.content = content;
    token.id = id;
    token.where = quoted_path(file);
    add_token(token, vocabulary);
  }
}

/// "added_tokens_decoder" of tokenizer_config.json: {"49408": {"content": "<my-cat>", ...}}.
void read_added_tokens_decoder(const fs::path& file, Vocabulary& vocabulary) {
  if (!fs::exists(file)) return;
  const SortedJson json = read_sorted_json(file);
  if (!json.is_object() || !json.contains("added_tokens_decoder")) return;
  const std::string where = quoted_path(file) + ": \"added_tokens_decoder\"";
  FMRI2IMG_CHECK(json["added_tokens_decoder"].is_object(), "{} is no object of id and token", where);
  for (const auto& [id, token] : json["added_tokens_decoder"].items()) {
    int64_t number = 0;
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
    FMRI2IMG_CHECK(error == std::errc() && end == id.data() + id.size(), "{}: \"{}\" is no id", where, id);
    add_token(parse_added_token(token, number, where), vocabulary);
  }
}

std::unordered_map<std::string, int64_t> read_lines(const fs::path& file) {
  std::istringstream lines(read_file(file));
  std::unordered_map<std::string, int64_t> ids;
  int64_t number = 0;
  for (std::string line; std::getline(lines, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    ids[line] = number;
  }
  FMRI2IMG_CHECK(!ids.empty(), "{} is empty", quoted_path(file));
  return ids;
}

}  // namespace

int64_t Vocabulary::id(const std::string& token, const std::string& where) const {
  const auto found = ids.find(token);
  FMRI2IMG_CHECK(found != ids.end(), "{}: the vocabulary has no token \"{}\"", where, token);
  return found->second;
}

void Vocabulary::add_special(const std::string& token, const std::string& where) {
  const auto [entry, is_new] = added.try_emplace(token, AddedToken{.content = token, .id = id(token, where)});
  entry->second.special = true;
  if (is_new) entry->second.where = where;
}

Vocabulary read_byte_pair_vocabulary(const fs::path& folder) {
  const fs::path tokens = folder / "vocab.json", merges = folder / "merges.txt", both = folder / "tokenizer.json";
  Vocabulary vocabulary;
  if (fs::exists(tokens) && fs::exists(merges)) {
    add_ids(read_sorted_json(tokens), quoted_path(tokens), vocabulary.ids);
    vocabulary.merges = read_merges(merges);
    if (fs::exists(both)) add_tokens_of(read_sorted_json(both), quoted_path(both), vocabulary);
  } else {
    FMRI2IMG_CHECK(fs::exists(both),
                   "\"{}\" is no tokenizer: it holds neither vocab.json with merges.txt nor tokenizer.json",
                   folder.string());
    vocabulary = read_tokenizer_json(both, "BPE");
  }
  read_added_tokens(folder / "added_tokens.json", {.normalized = true}, vocabulary);
  read_added_tokens_decoder(folder / "tokenizer_config.json", vocabulary);
  check_ids_differ(vocabulary, quoted_path(folder));
  check_merges(vocabulary, quoted_path(folder));
  return vocabulary;
}

Vocabulary read_word_piece_vocabulary(const fs::path& folder) {
  const fs::path lines = folder / "vocab.txt", whole = folder / "tokenizer.json";
  Vocabulary vocabulary;
  if (fs::exists(lines)) {
    vocabulary.ids = read_lines(lines);
    read_added_tokens(folder / "added_tokens.json", {.special = true}, vocabulary);
  } else {
    FMRI2IMG_CHECK(
        fs::exists(whole), "\"{}\" is no tokenizer: it holds neither vocab.txt nor tokenizer.json", folder.string());
    vocabulary = read_tokenizer_json(whole, "WordPiece");
  }
  check_ids_differ(vocabulary, quoted_path(folder));
  return vocabulary;
}

}  // namespace fmri2img::text
