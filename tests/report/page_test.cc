#include "report/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultline::report {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Page, EscapesWhatHasAMeaningInHtml) {
  EXPECT_EQ(escape_html("<a href=\"x\">'&amp;'</a>"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;amp;&#39;&lt;/a&gt;");
  EXPECT_EQ(escape_html("plain, 100 %\n"), "plain, 100 %\n");
}

TEST(Page, MakesPathsIntoAddresses) {
  EXPECT_EQ(url_path("figures/a-maps.png"), "figures/a-maps.png");
  EXPECT_EQ(url_path("fire2%2Fsqueeze"), "fire2%252Fsqueeze");
  EXPECT_EQ(url_path("a b#c?d&e\"f"), "a%20b%23c%3Fd%26e%22f");
  EXPECT_EQ(url_path("\xc3\xa9"), "%C3%A9");
}

// Text that would be markup in every place that takes text.
Page hostile_page() {
  const std::string evil = "<script>\"'&";
  PageSection section{.id = evil,
                      .title = evil,
                      .thumbnail = evil,
                      .headline = evil,
                      .alarming = true,
                      .overview = {evil},
                      .sentences = {evil},
                      .figures = {{evil, evil, evil, evil}}};
  return {.title = evil,
          .lead = evil,
          .facts = {{evil, evil}},
          .overview_columns = {evil},
          .sections = {section},
          .glossary = {{evil, evil}},
          .links = {{evil, evil}}};
}

TEST(Page, EscapesTextEverywhere) {
  const std::string html = render(hostile_page());
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("\"'&")));
  EXPECT_THAT(html, HasSubstr("<h1>&lt;script&gt;&quot;&#39;&amp;</h1>"));
}

TEST(Page, LoadsNothingFromElsewhere) {
  const std::string html = render(hostile_page());
  EXPECT_THAT(html, Not(HasSubstr("http:")));
  EXPECT_THAT(html, Not(HasSubstr("https:")));
  EXPECT_THAT(html, HasSubstr("<meta charset=\"utf-8\">"));
}

TEST(Page, ShowsEachSectionAndItsRowInTheOverview) {
  Page page;
  page.overview_columns = {"kept"};
  page.sections.resize(2);
  PageSection& one = page.sections[0];
  one.id = "one";
  one.title = "one.jpg";
  one.headline = "cat -> dog";
  one.alarming = true;
  one.overview = {"3 of 4"};
  one.sentences = {"It fell."};
  one.figures = {{"figures/one-maps.png", "", "Maps", "Grid"}};
  page.sections[1].id = "two";
  page.sections[1].headline = "cat, unchanged";
  const std::string html = render(page);
  for (const char* part :
       {"<th>kept</th>", "<a href=\"#one\">one.jpg</a>", "<section id=\"one\">",
        "<td class=\"bad\">cat -&gt; dog</td>", "<td class=\"good\">cat, unchanged</td>", "<td>3 of 4</td>",
        "<li>It fell.</li>", "src=\"figures/one-maps.png\" alt=\"Grid\"", "<section id=\"two\">"})
    EXPECT_THAT(html, HasSubstr(part));
  EXPECT_THAT(html, Not(HasSubstr(">SVG<")));
}

}  // namespace
}  // namespace faultline::report
