#include "causal/gates_game.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <string>

#include "base/error.h"
#include "net/topology.h"

namespace faultline::causal {

namespace {

using engine::Intervention;
using engine::InterventionKind;
using net::NodeId;

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// In ascending order, each once.
std::vector<NodeId> sorted(std::vector<NodeId> nodes) {
  std::ranges::sort(nodes);
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  return nodes;
}

// The network up to a node, whose value is the output [N, elements]. Nodes keep their numbers.
net::Graph cut_at(const net::Graph& graph, NodeId node) {
  net::Graph first;
  for (NodeId id = 0; id <= node; ++id)
    first.add(graph.node(id).name, graph.node(id).op, graph.node(id).inputs);
  first.set_output(first.add("causal/cut", net::Flatten{}, {node}));
  return first;
}

}  // namespace

GatesPlayer::GatesPlayer(const net::Graph& graph, const net::NetworkMap& map, const engine::Engine& engine)
    : graph_(graph), cuts_(cut_blocks(graph, map)), block_of_node_(map.block_of_node) {
  if (blocks() >= kMostPlayers) {
    throw Error(ErrorKind::unsupported, "the gates game has " + std::to_string(blocks()) +
                                            " blocks, expected fewer than " + std::to_string(kMostPlayers));
  }
  for (const auto& gates : cuts_.gates) resume_nodes_.push_back(gates.empty() ? -1 : resume_node(gates));
  std::vector<NodeId> observed = observed_gates(blocks() - 1);
  for (const NodeId exit : cuts_.exits) {
    if (exit >= 0) observed.push_back(exit);
  }
  whole_ = engine.compile(graph_, {.observed = sorted(std::move(observed)), .freezable = true});
  work_of_node_.assign(net::at(graph_.size()), 0);
  for (const engine::StepTime& step : whole_->times()) {
    work_of_node_[net::at(step.node)] += step.multiply_adds;
    one_pass_ += step.multiply_adds;
  }
  if (blocks() > kMostBlocks) return;
  choose_cut();
  if (cut_ + 1 < blocks()) {
    prefix_ = engine.compile(cut_at(graph_, cuts_.exits[static_cast<std::size_t>(cut_)]),
                             {.observed = observed_gates(cut_), .freezable = true});
  }
}

double GatesPlayer::passes() const {
  const std::int64_t prefix = prefix_ ? prefix_->counters().multiply_adds : 0;
  return static_cast<double>(whole_->counters().multiply_adds + prefix) / static_cast<double>(one_pass_);
}

// What has to be kept for the tree's resumed passes: the values that each block's resume node reads.
std::vector<NodeId> GatesPlayer::observed_gates(int last_block) const {
  std::vector<NodeId> observed;
  for (int block = 0; block <= last_block; ++block) {
    if (cuts_.gates[static_cast<std::size_t>(block)].empty()) continue;
    for (const NodeId input : graph_.node(resume_nodes_[static_cast<std::size_t>(block)]).inputs) {
      if (graph_.is_variable(input)) observed.push_back(input);
    }
  }
  return sorted(std::move(observed));
}

// The last node that all gates of a block depend on, the first gate itself in a chain: what comes before it
// is the same whatever the gates.
NodeId GatesPlayer::resume_node(const std::vector<NodeId>& gates) const {
  for (NodeId id = gates.front(); id > graph_.input(); --id) {
    if (!graph_.is_variable(id)) continue;
    const net::NodeSet reached = net::descendants(graph_, std::span(&id, 1));
    if (std::ranges::all_of(gates, [&](NodeId gate) { return reached[net::at(gate)]; })) return id;
  }
  return graph_.input();
}

// Multiply-adds of a row in some blocks, of the nodes behind one.
std::int64_t GatesPlayer::work(int first_block, int last_block, NodeId after) const {
  std::int64_t sum = 0;
  for (NodeId id = after + 1; id < graph_.size(); ++id) {
    const int block = block_of_node_[net::at(id)];
    if (block >= first_block && block <= last_block) sum += work_of_node_[net::at(id)];
  }
  return sum;
}

// The cut where a game costs least.
void GatesPlayer::choose_cut() {
  cut_ = blocks() - 1;
  game_work_ = std::numeric_limits<std::int64_t>::max();
  for (int cut = blocks() - 1; cut >= 0; --cut) {
    if (cut + 1 < blocks() && cuts_.exits[static_cast<std::size_t>(cut)] < 0) break;
    // Recordings, of the prefix alone too, then the two inputs with clean gates.
    std::int64_t cost = 2 * one_pass_ + (cut + 1 < blocks() ? 4 : 2) * work(0, cut, -1);
    for (int b = 0; b <= cut; ++b) {
      if (cuts_.gates[static_cast<std::size_t>(b)].empty()) continue;
      cost += (std::int64_t{2} << b) * work(0, cut, resume_nodes_[static_cast<std::size_t>(b)]);
    }
    for (int b = cut + 1; b < blocks(); ++b) cost += (std::int64_t{1} << (blocks() - b)) * work(b, b, -1);
    if (cost < game_work_) {
      game_work_ = cost;
      cut_ = cut;
    }
  }
}

std::vector<Intervention> GatesPlayer::freeze(int block, int row, int recording,
                                              const engine::Pass& source) const {
  std::vector<Intervention> list;
  for (const NodeId node : cuts_.gates[static_cast<std::size_t>(block)]) {
    list.push_back({.row = row,
                    .node = node,
                    .kind = InterventionKind::freeze,
                    .source = &source,
                    .source_row = recording});
  }
  return list;
}

// [2^(cut+2), elements]: the value at the cut (or the logits) by coalition of the input and the blocks up to
// it.
DoubleTensor GatesPlayer::grow_prefixes(const engine::Pass& recordings) {
  engine::Plan& plan = prefix_ ? *prefix_ : *whole_;
  const auto append = [](std::vector<Intervention>& list, std::vector<Intervention> more) {
    std::ranges::move(more, std::back_inserter(list));
  };
  std::vector<Intervention> list;
  for (int row = 0; row < 2; ++row) {
    for (int block = 0; block <= cut_; ++block) append(list, freeze(block, row, 0, recordings));
  }
  std::vector<std::unique_ptr<engine::Pass>> levels;
  levels.push_back(plan.forward(images_, list));
  std::vector<int> of_coalition = {0, 1};  // its row of the last level
  for (int block = 0; block <= cut_; ++block) {
    const std::vector<int> below = of_coalition;
    if (cuts_.gates[static_cast<std::size_t>(block)].empty()) {
      of_coalition.insert(of_coalition.end(), below.begin(), below.end());
      continue;
    }
    const int rows = levels.back()->rows();
    std::vector<int> from;
    list.clear();
    for (int row = 0; row < 2 * rows; ++row) {
      from.push_back(row % rows);
      if (row >= rows) append(list, freeze(block, row, 1, recordings));
    }
    levels.push_back(plan.resume(*levels.back(), resume_nodes_[static_cast<std::size_t>(block)], from, list));
    for (const int row : below) of_coalition.push_back(row + rows);
  }
  const DoubleTensor& found = levels.back()->logits();
  DoubleTensor values({std::ssize(of_coalition), found.shape()[1]});
  for (std::size_t i = 0; i < of_coalition.size(); ++i)
    std::ranges::copy(found.row(of_coalition[i]).values(), values.row(static_cast<std::int64_t>(i)).data());
  return values;
}

// By the gates of the blocks behind the cut, bit 0 the first of them: the margin as a function of the value
// there.
std::vector<GatesPlayer::Functional> GatesPlayer::suffix_functionals(const MarginClasses& classes) const {
  DoubleTensor margin(Shape{recordings_->logits().shape()[1]});
  margin[classes.clean] = 1;
  margin[classes.other] -= 1;
  std::vector<Functional> functionals;
  functionals.push_back({std::move(margin), 0});
  NodeId out = graph_.output();
  for (int block = blocks() - 1; block > cut_; --block) {
    const NodeId in = cuts_.exits[static_cast<std::size_t>(block - 1)];
    // A sweep of the ordinary run of recording r goes through the block's tangents there.
    const std::int64_t seeds = 2 * std::ssize(functionals);
    engine::Seeds seed{.logit_gradients = DoubleTensor({seeds, functionals.front().gradient.elements()}),
                       .rows = {},
                       .node = out == graph_.output() ? -1 : out};
    for (std::int64_t s = 0; s < seeds; ++s) {
      std::ranges::copy(functionals[static_cast<std::size_t>(s / 2)].gradient.values(),
                        seed.logit_gradients.row(s).data());
      seed.rows.push_back(static_cast<int>(s % 2));
    }
    const auto values_at = [&](NodeId node) {
      std::array<DoubleTensor, 2> values;
      for (int row = 0; row < 2; ++row) {
        values[static_cast<std::size_t>(row)] = node == graph_.output()
                                                    ? DoubleTensor(recordings_->logits().row(row))
                                                    : recordings_->observe(node).read(row);
      }
      return values;
    };
    const std::array<DoubleTensor, 2> at_end = values_at(out);
    const std::array<DoubleTensor, 2> at_beginning = values_at(in);
    std::vector<Functional> before(static_cast<std::size_t>(seeds));
    const std::vector<NodeId> points = {in};
    whole_->backward(*recordings_, seed, points, [&](const engine::Observation& at) {
      for (std::int64_t s = 0; s < seeds; ++s) {
        const auto recording = static_cast<std::size_t>(s % 2);
        const Functional& behind = functionals[static_cast<std::size_t>(s / 2)];
        // The block's tangent at h_r gives y_r: what the functional is there fixes its constant.
        Functional& found = before[static_cast<std::size_t>(s)];
        found.gradient = at.read_gradient(static_cast<int>(s));
        found.constant = behind.constant + dot(behind.gradient.values(), at_end[recording].values()) -
                         dot(found.gradient.values(), at_beginning[recording].values());
      }
    });
    functionals = std::move(before);
    out = in;
  }
  return functionals;
}

void GatesPlayer::record(TensorView clean, TensorView other, const MarginClasses& classes) {
  require(clean.shape() == other.shape(), "gates game: inputs of different shapes");
  classes_ = classes;
  recordings_.reset();
  images_ = Tensor::uninitialised(clean.shape().stacked(2));
  copy_values(clean, images_.row(0));
  copy_values(other, images_.row(1));
  recordings_ = whole_->forward(images_);
  require(std::max(classes.clean, classes.other) < recordings_->logits().shape()[1] &&
              std::min(classes.clean, classes.other) >= 0,
          "gates game: no such class");
}

SampledShapley GatesPlayer::sample(TensorView clean, TensorView other, const MarginClasses& classes,
                                   int pairs, std::uint64_t seed, std::string_view stream) {
  record(clean, other, classes);
  return sampled_shapley(
      blocks() + 1, [this](Coalition players) { return run(players); }, pairs, seed, stream);
}

GatesGame GatesPlayer::play(TensorView clean, TensorView other, const MarginClasses& classes) {
  require(blocks() <= kMostBlocks, "gates game: too many blocks for a whole one");
  record(clean, other, classes);
  const std::unique_ptr<engine::Pass> prefix_recordings = prefix_ ? prefix_->forward(images_) : nullptr;
  const DoubleTensor prefixes = grow_prefixes(prefix_ ? *prefix_recordings : *recordings_);
  const std::vector<Functional> suffixes = suffix_functionals(classes);
  GatesGame game;
  game.values.resize(std::size_t{2} << static_cast<unsigned>(blocks()));
  const auto count = static_cast<Coalition>(prefixes.shape()[0]);
  for (Coalition players = 0; players < game.values.size(); ++players) {
    const Functional& functional = suffixes[players / count];
    game.values[players] =
        functional.constant + dot(functional.gradient.values(), prefixes.row(players % count).values());
  }
  const auto fix = [&](double& value, double exact) {
    game.identity_error = std::max(game.identity_error, std::abs(value - exact));
    value = exact;
  };
  fix(game.values.front(), margin(recordings_->logits().row(0).values(), classes_));
  fix(game.values.back(), margin(recordings_->logits().row(1).values(), classes_));
  return game;
}

double GatesPlayer::run(Coalition players) {
  require(recordings_ != nullptr && players < Coalition{2} << static_cast<unsigned>(blocks()),
          "gates game: no such run");
  std::vector<Intervention> list;
  for (int block = 0; block < blocks(); ++block) {
    for (Intervention& each : freeze(block, 0, contains(players, block + 1) ? 1 : 0, *recordings_))
      list.push_back(std::move(each));
  }
  const auto pass = whole_->forward(images_.rows(contains(players, 0) ? 1 : 0, 1), list);
  return margin(pass->logits().row(0).values(), classes_);
}

}  // namespace faultline::causal
