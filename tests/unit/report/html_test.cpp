#include "fmri2img/report/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmri2img/report/embedded.h"

namespace fmri2img::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

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

/// The page without its style and script, which would fill the messages of failed tests.
std::string body_of(const HtmlPage& page) {
  const std::string text = render(page);
  const size_t body = text.find("<body>");
  return text.substr(body, text.rfind("<script>") - body);
}

HtmlPage example_page() {
  return {.title = "R & D",
          .header = "<h1>R</h1>\n",
          .sections = {{"a", "First <part>", "First", "<p>text</p>\n"}, {"b", "Second", "Second", ""}}};
}

TEST(HtmlPage, HasASectionForEachThatHasContent) {
  const std::string page = body_of(example_page());
  EXPECT_THAT(page, HasSubstr("<a href=\"#a\">First</a>"));
  EXPECT_THAT(page, HasSubstr("<h2 id=\"a-title\">First &lt;part&gt;</h2>\n<p>text</p>"));
  EXPECT_THAT(page, Not(HasSubstr("Second")));
}

TEST(HtmlPage, ForbidsEverythingThatWouldLeaveIt) {
  HtmlPage page = example_page();
  const auto head = [&] { return render(page).substr(0, 400); };
  EXPECT_THAT(head(), HasSubstr("content=\"default-src 'none'; script-src 'sha256-"));
  EXPECT_THAT(head(), HasSubstr("img-src data:;"));
  EXPECT_THAT(head(), HasSubstr("<title>R &amp; D</title>"));
  page.links_images = true;
  EXPECT_THAT(head(), HasSubstr("img-src data: 'self' file:;"));
}

TEST(HtmlPage, StyleReachesForNothing) {
  for (const char* outside : {"http:", "https:", "@import", "url("})
    EXPECT_EQ(kPageStyle.find(outside), std::string_view::npos) << outside;
}

TEST(HtmlPage, ScriptDoesNotEndItsElement) {
  EXPECT_EQ(kPageScript.find("</script"), std::string_view::npos);
}

TEST(ScriptJson, DoesNotEndItsElement) {
  EXPECT_EQ(script_json(R"({"a":"</script><b>"})"), R"({"a":"\u003c/script>\u003cb>"})");
}

}  // namespace
}  // namespace fmri2img::report
