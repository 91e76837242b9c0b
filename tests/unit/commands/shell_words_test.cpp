#include "commands/shell_words.h"

#include <gtest/gtest.h>

namespace fmri2img::commands {
namespace {

TEST(ShellQuoted, LeavesPlainWordsAsTheyAre) {
  for (const char* word : {"--out", "../zoo/mini_1.0:x=a,b+c@d%e", "0.75"}) EXPECT_EQ(shell_quoted(word), word);
}

TEST(ShellQuoted, QuotesWhatAShellWouldChange) {
  EXPECT_EQ(shell_quoted("a zebra"), "'a zebra'");
  EXPECT_EQ(shell_quoted("$HOME"), "'$HOME'");
  EXPECT_EQ(shell_quoted("V1|V2"), "'V1|V2'");
  EXPECT_EQ(shell_quoted("two\nlines"), "'two\nlines'");
  EXPECT_EQ(shell_quoted("café"), "'café'");
  EXPECT_EQ(shell_quoted(""), "''");
}

TEST(ShellQuoted, EscapesSingleQuotes) {
  EXPECT_EQ(shell_quoted("a dog's \"life\""), R"('a dog'\''s "life"')");
}

TEST(ShellLine, JoinsQuotedWords) {
  EXPECT_EQ(shell_line({"fmri2img", "img2img", "--prompt", "a dog"}), "fmri2img img2img --prompt 'a dog'");
}

}  // namespace
}  // namespace fmri2img::commands
