#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <fmt/ranges.h>

#include "fmri2img/diffusion/scheduler_config.h"

// The parts of `parse_scheduler_config`.
namespace fmri2img::diffusion {

/// The class of this name in a file. Throws Error (bad input) that lists what --scheduler can choose instead.
Scheduler scheduler_of_class(const std::string& class_name, const std::string& where);

/// Keys that are inert: those that only other classes have, and those that mean nothing at the supported values of the
/// others. `read_keys_of_class` reads or checks those among them that its class has.
const std::vector<std::string>& inert_keys();

/// Reads what `config.scheduler` knows beside the noise and the prediction, with its own defaults.
void read_keys_of_class(JsonFields& fields, SchedulerConfig& config);

/// The value of a key that is one of a few words, `fallback` where it is absent.
template <class Value>
Value read_word(JsonFields& fields,
                const std::string& key,
                Value fallback,
                std::initializer_list<std::pair<std::string_view, Value>> words) {
  if (!fields.contains(key)) return fallback;
  const auto found = fields.require<std::string>(key);
  std::vector<std::string_view> known;
  for (const auto& [word, value] : words) {
    if (word == found) return value;
    known.push_back(word);
  }
  fail(ErrorKind::kBadInput,
       "{}: \"{}\" is \"{}\", supported are {}",
       fields.where(),
       key,
       found,
       fmt::join(known, ", "));
}

}  // namespace fmri2img::diffusion
