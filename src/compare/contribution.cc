#include "compare/contribution.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.h"
#include "net/topology.h"

namespace faultline::compare {
namespace {

using NodeIds = std::set<net::NodeId>;

// For each value of the cut, those of the cut that it depends on without another one between.
std::map<net::NodeId, NodeIds> predecessors(const net::Graph& graph, const NodeIds& cut) {
  std::vector<NodeIds> nearest(static_cast<std::size_t>(graph.size()));
  std::map<net::NodeId, NodeIds> found;
  for (net::NodeId id = *cut.begin(); id < graph.size(); ++id) {
    NodeIds& here = nearest[static_cast<std::size_t>(id)];
    for (const net::NodeId input : graph.node(id).inputs) {
      here.insert(nearest[static_cast<std::size_t>(input)].begin(),
                  nearest[static_cast<std::size_t>(input)].end());
    }
    if (cut.contains(id)) found[id] = std::exchange(here, NodeIds{id});
  }
  return found;
}

struct Part {
  NodeIds from;
  NodeIds to;
};

// Joins the parts that share a `from` with the new one.
void add_part(std::vector<Part>& parts, Part part) {
  std::erase_if(parts, [&part](Part& old) {
    const bool shared = std::ranges::any_of(old.from, [&](net::NodeId id) { return part.from.contains(id); });
    if (shared) {
      part.from.merge(old.from);
      part.to.merge(old.to);
    }
    return shared;
  });
  parts.push_back(std::move(part));
}

}  // namespace

std::vector<Segment> segments(const net::Graph& graph, std::span<const net::NodeId> cut) {
  const std::vector<bool> reaches = net::ancestors(graph, graph.output());
  NodeIds used;
  for (const net::NodeId id : cut) {
    if (reaches[static_cast<std::size_t>(id)]) used.insert(id);
  }
  require(used.contains(graph.output()), "segments: the output is in the cut");
  std::vector<Part> parts;
  for (const auto& [id, from] : predecessors(graph, used)) {
    if (id == *used.begin()) continue;
    require(!from.empty(), "segments: all paths pass the first value of the cut");
    add_part(parts, Part{.from = from, .to = {id}});
  }
  std::vector<Segment> found;
  for (const Part& part : parts) {
    found.push_back({{part.from.begin(), part.from.end()}, {part.to.begin(), part.to.end()}});
  }
  std::ranges::sort(found, {}, [](const Segment& segment) { return segment.to.front(); });
  return found;
}

double contribution(const Segment& segment, const std::map<net::NodeId, double>& pulls) {
  double change = 0;
  for (const net::NodeId id : segment.to) change += pulls.at(id);
  for (const net::NodeId id : segment.from) change -= pulls.at(id);
  return change;
}

}  // namespace faultline::compare
