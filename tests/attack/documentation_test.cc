#include <gtest/gtest.h>

#include "attack/catalogue.h"
#include "base/files.h"

namespace faultline::attack {
namespace {

// The paragraph of an entry in docs/catalogue.md: from **`name`** to the next line that begins so, or to a
// heading.
std::string paragraph(const std::string& docs, std::string_view name) {
  const std::size_t begin = docs.find("**`" + std::string(name) + "`**");
  if (begin == std::string::npos) return "";
  const std::size_t end = std::min(docs.find("\n**`", begin), docs.find("\n## ", begin));
  return docs.substr(begin, end - begin);
}

// Parameters that many attacks share are described once, in a table before their paragraphs.
TEST(CatalogueDocs, HaveAParagraphOfEveryAttackThatNamesItsParameters) {
  const std::string docs = read_file(FAULTLINE_SOURCE_DIR "/docs/catalogue.md");
  for (const AttackEntry& entry : attack_catalogue()) {
    const std::string text = paragraph(docs, entry.name);
    EXPECT_NE(text, "") << entry.name;
    const std::string before = docs.substr(0, docs.find(text));
    EXPECT_NE(text.find("Cost"), std::string::npos) << entry.name;
    for (const Parameter& parameter : entry.parameters) {
      const std::string quoted = "`" + std::string(parameter.name) + "`";
      const bool is_shared = before.find("| " + quoted) != std::string::npos;
      EXPECT_TRUE(is_shared || text.find(quoted) != std::string::npos)
          << entry.name << ": " << parameter.name;
    }
  }
}

}  // namespace
}  // namespace faultline::attack
