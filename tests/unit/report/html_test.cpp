#include "fmri2img/report/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::report {
namespace {

using ::testing::HasSubstr;

TEST(EscapeHtml, LeavesNoMarkup) {
  EXPECT_EQ(escape_html(R"(a <b> & "c")"), "a &lt;b&gt; &amp; &quot;c&quot;");
}

TEST(Base64, GivesTheVectorsOfTheStandard) {
  // RFC 4648, section 10.
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64("\xff\xfe"), "//4=");
}

TEST(EmbedPicture, HoldsTheFile) {
  const testing::TemporaryFolder folder;
  write_file(folder / "a.png", "foobar");
  EXPECT_EQ(embed_picture(folder / "a.png", "a \"cat\""),
            R"(<img src="data:image/png;base64,Zm9vYmFy" alt="a &quot;cat&quot;">)");
}

TEST(HtmlPage, NeedsNothingButItself) {
  const std::string page = html_page("R & D", "<p>text</p>\n");
  EXPECT_THAT(page, HasSubstr("<title>R &amp; D</title>"));
  EXPECT_THAT(page, HasSubstr("<p>text</p>"));
  for (const char* outside : {"http:", "https:", "src=\"//", "@import", "url("})
    EXPECT_EQ(page.find(outside), std::string::npos) << outside;
}

}  // namespace
}  // namespace fmri2img::report
