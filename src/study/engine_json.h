#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/engine.h"

namespace faultline::study {

// {"name": "onednn", "precision": "fast", "kernel_table": "..."}: the engine, and what its results depend on
// (Engine::settings).
nlohmann::ordered_json engine_json(const engine::Engine& engine);

}  // namespace faultline::study
