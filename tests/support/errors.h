#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "fmri2img/core/error.h"

namespace fmri2img::testing {

/// Fails the test unless `action` throws an Error whose whole text (message and contexts) holds every part.
template <class Action>
void expect_error(Action&& action, std::initializer_list<std::string_view> parts, const char* file, int line) {
  try {
    action();
    ADD_FAILURE_AT(file, line) << "expected an Error, nothing was thrown";
  } catch (const Error& error) {
    const std::string text = error.what();
    for (const std::string_view part : parts) {
      if (text.find(part) == std::string::npos) {
        ADD_FAILURE_AT(file, line) << "expected the message to hold: " << part << "\nthe message: " << text;
      }
    }
  }
}

}  // namespace fmri2img::testing

/// EXPECT_ERROR(open("x.npy"), "x.npy", "truncated"): the statement throws an Error that says all of this.
#define EXPECT_ERROR(statement, ...) \
  ::fmri2img::testing::expect_error([&] { static_cast<void>(statement); }, {__VA_ARGS__}, __FILE__, __LINE__)
