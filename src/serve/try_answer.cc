#include "serve/try_answer.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "report/gallery_inputs.h"
#include "study/gallery_rows.h"
#include "study/response_rows.h"
#include "study/words.h"
#include "tensor/softmax.h"

namespace faultline::serve {

namespace {

using Json = nlohmann::ordered_json;
using compare::Measured;

constexpr std::size_t kLikeliest = 5;

Json likeliest(const study::Analysis& analysis, std::size_t row, const formats::Manifest& manifest) {
  const std::vector<double> probabilities =
      softmax(analysis.response.logits.row(static_cast<std::int64_t>(row)));
  std::vector<std::size_t> order(probabilities.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t count = std::min(kLikeliest, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](std::size_t a, std::size_t b) { return probabilities[a] > probabilities[b]; });
  Json list = Json::array();
  for (std::size_t i = 0; i < count; ++i) {
    list.push_back({{"class", order[i]},
                    {"label", study::class_name(manifest, static_cast<int>(order[i]))},
                    {"probability", probabilities[order[i]]}});
  }
  return list;
}

// Those that the study's gallery shows, by the same rule.
Json inputs_json(const study::Analysis& analysis, const study::Analyzer& analyzer,
                 const study::ImageRecord& record) {
  Json list = Json::array();
  for (const store::PictureRow& picture : record.pictures) {
    Json json = report::picture_json(picture);
    for (const store::MapRow& map : record.maps) {
      if (map.input == picture.input) json["maps"].push_back(report::map_json(map));
    }
    const auto input = static_cast<std::size_t>(picture.input);
    json.update(report::input_numbers(record.inputs[input]));
    json["likeliest"] = likeliest(analysis, input, analyzer.model().manifest);
    list.push_back(std::move(json));
  }
  return list;
}

// Mean over rows; missing where it is in one of them.
Json mean(const std::vector<std::size_t>& rows, const std::function<Measured(std::size_t row)>& value) {
  double sum = 0;
  for (const std::size_t row : rows) {
    const Measured of_row = value(row);
    if (!of_row) return nullptr;
    sum += *of_row;
  }
  return sum / static_cast<double>(rows.size());
}

Json responses_json(const study::Analysis& analysis, const std::string& kind) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 1; i < analysis.inputs.size(); ++i) {
    if (analysis.inputs[i].kind == kind && analysis.inputs[i].matched) rows.push_back(i);
  }
  if (rows.empty()) return nullptr;
  Json json = {{"kind", kind},          {"draws", rows.size()},       {"log_excess", Json::array()},
               {"step", Json::array()}, {"alignment", Json::array()}, {"contribution", Json::array()}};
  for (const compare::PointResponse& point : analysis.response.points) {
    json["log_excess"].push_back(mean(rows, [&](std::size_t row) { return point.log_excess[row]; }));
    json["step"].push_back(mean(rows, [&](std::size_t row) { return point.step[row]; }));
    json["alignment"].push_back(mean(rows, [&](std::size_t row) { return point.alignment[row]; }));
  }
  for (const std::vector<double>& of : analysis.response.contributions)
    json["contribution"].push_back(mean(rows, [&](std::size_t row) { return Measured(of[row]); }));
  return json;
}

// As the report's payload describes a network.
Json network_json(const study::Analyzer& analyzer) {
  Json json = {{"layers", Json::array()}, {"points", Json::array()}, {"segments", Json::array()}};
  for (const auto& row : study::layer_rows(analyzer.map()))
    json["layers"].push_back({{"name", row.name}, {"block", row.block}});
  for (const auto& row : study::point_rows(analyzer.map()))
    json["points"].push_back({{"name", row.name}, {"kind", row.kind}});
  for (const auto& row : study::segment_rows(analyzer.model().graph, analyzer.map()))
    json["segments"].push_back({{"name", row.name}, {"point", row.point ? Json(*row.point) : Json(nullptr)}});
  return json;
}

}  // namespace

Json try_answer(const study::Analysis& analysis, const study::Analyzer& analyzer) {
  study::ImageRecord record;
  const compare::CompareOptions& options = analyzer.options().compare;
  study::add_response_rows(analysis, analyzer.map(), options, {}, record);
  study::add_gallery_rows(analysis, options, {}, record);
  const study::Verdict verdict = study::put_into_words(analysis, analyzer);
  Json responses = Json::array();
  std::vector<std::string> kinds;
  for (std::size_t i = 1; i < analysis.inputs.size(); ++i) {
    const std::string& kind = analysis.inputs[i].kind;
    if (std::ranges::count(kinds, kind) > 0) continue;
    kinds.push_back(kind);
    if (Json json = responses_json(analysis, kind); !json.is_null()) responses.push_back(std::move(json));
  }
  Json harmless = Json::array();
  for (const compare::PointResponse& point : analysis.response.points) {
    const auto& range = point.harmless_steps;
    harmless.push_back(range ? Json{range->least, range->largest} : Json(nullptr));
  }
  return {{"attack", study::describe_attack(analyzer.options().attack)},
          {"model", analyzer.model().manifest.name},
          {"width", analysis.image.width},
          {"height", analysis.image.height},
          {"flipped", verdict.flipped},
          {"headline", verdict.headline},
          {"sentences", verdict.sentences},
          {"method", options.methods.front().name},
          {"network", network_json(analyzer)},
          {"inputs", inputs_json(analysis, analyzer, record)},
          {"responses", std::move(responses)},
          {"harmless_steps", std::move(harmless)}};
}

}  // namespace faultline::serve
