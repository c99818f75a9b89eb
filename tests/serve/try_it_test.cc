#include "serve/try_it.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "expect_error.h"
#include "image/encode.h"
#include "serve/raw_client.h"
#include "serve/running_server.h"
#include "study/decode_input.h"
#include "study/tiny_study.h"

namespace faultline::serve {
namespace {

using Json = nlohmann::json;
using faultline::test::expect_error;
using testing::EndsWith;
using testing::HasSubstr;

class Tries : public faultline::test::TinyStudy {
 protected:
  void make(const TryOptions& options = {}) {
    std::vector<TryIt::Model> models;
    models.push_back({"tiny.onnx", model_});
    tries_ = std::make_unique<TryIt>(std::move(models), *engine_, options);
    server_ = std::make_unique<test::RunningServer>(
        [this](const Request& request) { return tries_->start(request); },
        ServerOptions{.uploads = {"/api/try"}});
  }
  void TearDown() override {
    server_.reset();
    tries_.reset();
  }

  std::string request(const std::string& query, const std::string& body) const {
    return "POST /api/try?" + query + " HTTP/1.1\r\nHost: localhost:" + std::to_string(server_->port()) +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  std::string ask(const std::string& query, const std::string& body) const {
    return test::answer_to(server_->port(), request(query, body));
  }
  std::string picture() const { return encode_png(image_.pixels); }

  std::unique_ptr<TryIt> tries_;
  std::unique_ptr<test::RunningServer> server_;
};

// The lines of JSON in a chunked answer.
std::vector<Json> lines_of(const std::string& answer) {
  std::string text;
  std::size_t at = answer.find("\r\n\r\n") + 4;
  for (;;) {
    const std::size_t size = std::stoul(answer.substr(at, 16), nullptr, 16);
    if (size == 0) break;
    at = answer.find("\r\n", at) + 2;
    text += answer.substr(at, size);
    at += size + 2;
  }
  std::vector<Json> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(Json::parse(line));
  return lines;
}

// Runs for minutes: thousands of tries that cannot succeed.
constexpr const char* kEndless = "attack=square&eps=0.0001";

TEST_F(Tries, SaysWhatCanBeChosen) {
  make();
  const Json choices = Json::parse(*tries_->choices().body);
  EXPECT_EQ(choices.at("models"),
            Json::parse(R"([{"name": "tiny.onnx", "classes": 10, "width": 32, "height": 32}])"));
  ASSERT_EQ(choices.at("attacks").size(), attack::attack_catalogue().size());
  for (const Json& each : choices.at("attacks")) {
    const std::string name = each.at("name");
    if (name == "pgd") {
      EXPECT_THAT(each.at("eps_meaning").get<std::string>(), HasSubstr("pixel units"));
      EXPECT_NEAR(each.at("eps").get<double>(), 4, 1e-4);
    }
    if (name == "deepfool") {
      EXPECT_TRUE(each.at("eps").is_null());
    }
  }
}

TEST_F(Tries, AnswersWithWhatTheAnalyzerFinds) {
  make();
  const std::vector<Json> lines = lines_of(ask("model=0&attack=pgd&eps=16", picture()));
  ASSERT_TRUE(lines.back().contains("result")) << lines.back();
  const Json& result = lines.back().at("result");
  // The same image, as the analyzer is given it elsewhere.
  study::AnalysisOptions options;
  options.attack.set("eps", 16.0 / 255);
  std::erase_if(options.controls, [](const Settings& each) { return each.name() == "boost"; });
  study::Analyzer analyzer(model_, *engine_, options);
  const study::InputImage image = study::decode_input(picture(), "the upload", model_.manifest);
  const study::Analysis expected = analyzer.analyze(image, {});
  EXPECT_EQ(result.at("flipped"), expected.flipped());
  ASSERT_EQ(result.at("inputs").size(), 3U);
  for (const std::size_t input : {0U, 1U}) {
    const Json& got = result.at("inputs").at(input);
    EXPECT_EQ(got.at("predicted_class"), expected.inputs[input].predicted_class);
    EXPECT_EQ(got.at("probability"), expected.inputs[input].probability);
    EXPECT_EQ(got.at("likeliest").at(0).at("probability"), expected.inputs[input].probability);
    EXPECT_EQ(got.at("likeliest").size(), 5U);
    EXPECT_EQ(got.at("maps").size(), analyzer.map().layers.size());
  }
  EXPECT_EQ(result.at("inputs").at(2).at("kind"), "gaussian");
  const auto& points = expected.response.points;
  const Json& adversarial = result.at("responses").at(0);
  EXPECT_EQ(adversarial.at("kind"), "adversarial");
  ASSERT_EQ(adversarial.at("log_excess").size(), points.size());
  EXPECT_EQ(adversarial.at("log_excess").back(), points.back().log_excess[1].value());
  EXPECT_EQ(adversarial.at("alignment").back(), points.back().alignment[1].value());
  EXPECT_EQ(adversarial.at("contribution").at(0), expected.response.contributions.at(0).at(1));
  const Json& gaussian = result.at("responses").at(1);
  EXPECT_EQ(gaussian.at("kind"), "gaussian");
  EXPECT_EQ(gaussian.at("draws"), 8);
  EXPECT_NEAR(gaussian.at("log_excess").back().get<double>(), 0, 1e-12);  // what it is counted from
}

TEST_F(Tries, TheSamePictureGivesTheSameAnswer) {
  make();
  const auto answer = [&](const std::string& query) { return lines_of(ask(query, picture())).back(); };
  const Json first = answer("attack=fgsm&eps=8");
  EXPECT_EQ(answer("attack=fgsm&eps=8"), first);
  EXPECT_NE(answer("attack=fgsm&eps=4"), first);
  EXPECT_EQ(answer("attack=fgsm&eps=8"), first);
}

TEST_F(Tries, SaysWhatIsWrongWithAnUpload) {
  make();
  const std::string png = picture();
  std::string damaged = png;
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
  std::string huge = png;  // its header says 2^31 - 1 pixels a side
  huge.replace(16, 8, std::string("\x7f\xff\xff\xff\x7f\xff\xff\xff", 8));
  const std::vector<std::string> bodies = {"",
                                           "hello",
                                           std::string(100'000, '\0'),
                                           "{\"a\": [",
                                           "\x89PNG",
                                           png.substr(0, png.size() / 2),
                                           damaged,
                                           huge,
                                           "GIF89a...",
                                           "P6 9999999 9999999 255\n",
                                           "\xff\xd8\xff\xe0",
                                           "RIFF....WEBP"};
  for (const std::string& body : bodies) {
    const std::string answer = ask("attack=fgsm", body);
    EXPECT_EQ(test::status_of(answer), 400) << body.substr(0, 20);
    EXPECT_THAT(answer, HasSubstr("the upload")) << body.substr(0, 20);
  }
  EXPECT_EQ(test::status_of(ask("attack=fgsm", png)), 200);
}

TEST_F(Tries, SaysWhatIsWrongWithAChoice) {
  make();
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"model=1", "expected a number from 0 to 0"},
      {"model=/etc/passwd", "expected a number"},
      {"model=", "expected a number"},
      {"model=-1", "expected a number"},
      {"attack=nothing", "unknown attack"},
      {"attack=", "unknown attack"},
      {"attack=pgd&eps=x", "above 0, in 1/255"},
      {"attack=pgd&eps=0", "above 0"},
      {"attack=pgd&eps=-4", "above 0"},
      {"attack=pgd&eps=nan", "above 0"},
      {"attack=pgd&eps=inf", "above 0"},
      {"attack=pgd&eps=1e99", "eps"},
      {"attack=pgd&steps=99999", "'steps' is no choice"},
      {"attack=pgd&attack=fgsm", "attack is given twice"}};
  for (const auto& [query, message] : cases) {
    const std::string answer = ask(query, picture());
    EXPECT_EQ(test::status_of(answer), 400) << query;
    EXPECT_THAT(answer, HasSubstr(message)) << query;
  }
}

TEST_F(Tries, TooManyAtOnceAreTurnedAway) {
  make({.waiting = 1});
  test::RawClient first(server_->port());
  first.send(request(kEndless, picture()));
  first.receive_until("\"what\"");  // it computes, and says so
  test::RawClient second(server_->port());
  second.send(request(kEndless, picture()));
  second.receive_until("{\"ahead\":1}");
  const std::string third = ask(kEndless, picture());
  EXPECT_EQ(test::status_of(third), 503);
  EXPECT_THAT(third, HasSubstr("\r\nRetry-After: "));
  EXPECT_THAT(third, HasSubstr("1 wait already"));
}

TEST_F(Tries, WhoGoesStopsTheComputation) {
  make({.waiting = 0});
  {
    test::RawClient client(server_->port());
    client.send(request(kEndless, picture()));
    client.receive_until("\"what\"");
    EXPECT_EQ(test::status_of(ask("attack=fgsm", picture())), 503);
    client.vanish();
  }
  std::string answer;
  do {
    answer = ask("attack=fgsm", picture());
  } while (test::status_of(answer) == 503);
  EXPECT_TRUE(lines_of(answer).back().contains("result"));
}

TEST_F(Tries, OneThatTakesTooLongIsStopped) {
  make({.longest = std::chrono::milliseconds(100)});
  const std::vector<Json> lines = lines_of(ask(kEndless, picture()));
  EXPECT_THAT(lines.back().at("problem").get<std::string>(), HasSubstr("stopped after"));
}

TEST_F(Tries, TheServerStopsWhileOneIsComputed) {
  make();
  test::RawClient client(server_->port());
  client.send(request(kEndless, picture()));
  client.receive_until("\"what\"");
  server_->stop();
}

}  // namespace
}  // namespace faultline::serve
