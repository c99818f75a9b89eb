#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "formats/load_model.h"
#include "serve/compute_queue.h"
#include "serve/http.h"
#include "study/analysis.h"

namespace faultline::serve {

struct TryOptions {
  std::size_t waiting = 4;                     // tries beside the one that is computed
  std::chrono::milliseconds longest{120'000};  // that one may take
  std::int64_t max_pixels = 25'000'000;        // of a picture: 300 MB while it is decoded
};

// An attack on a picture that a client sends, by the models that the server was started with.
class TryIt {
 public:
  struct Model {
    std::string name;
    formats::Model model;
  };

  // The engine must outlive the object. Throws Error{model} for a network without logits.
  TryIt(std::vector<Model> models, const engine::Engine& engine, const TryOptions& options = {});

  // GET: {"models": [{"name", "classes", "width", "height"}],
  //       "attacks": [{"name", "summary", "eps", "eps_meaning"}]}
  // eps: its default in 1/255 of pixel units; null for an attack that looks for the least that does, where
  // it need not be given.
  Response choices() const;

  // POST ?model=0&attack=pgd&eps=4 with a picture as body: lines of JSON, as long as it takes:
  //   {"ahead": 1}                                      it waits
  //   {"done": 3, "total": 10, "what": "pgd"}           how far it is
  //   {"result": ...} or {"problem": "..."}             the last one (try_answer.h)
  // Once the client has gone the computation is stopped. Throws Error{usage} for a choice that does not
  // exist, Error{image} for what is no picture; 503 where too many wait already.
  Response start(const Request& request);

 private:
  struct Choice {
    std::size_t model = 0;
    Settings attack = attack::attack_settings("pgd");
  };
  Choice parse(const Request& request) const;
  std::string compute(const Choice& choice, const study::InputImage& image, const RunControl& control);

  std::vector<Model> models_;
  const engine::Engine& engine_;
  TryOptions options_;
  std::mutex decoding_ = {};  // one picture at a time
  // Of the last try, on the compute thread only.
  std::string analyzer_for_ = {};
  std::unique_ptr<study::Analyzer> analyzer_ = {};
  ComputeQueue queue_;
};

}  // namespace faultline::serve
