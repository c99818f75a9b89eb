#pragma once

#include "cli/session.h"

namespace faultline::cli {

// Each adds its command: options into a struct, and an action that calls one function.
void add_accuracy(CLI::App& root, Session& session);
void add_analyze(CLI::App& root, Session& session);
void add_attack(CLI::App& root, Session& session);
void add_bench(CLI::App& root, Session& session);
void add_compare(CLI::App& root, Session& session);
void add_demo(CLI::App& root, Session& session);
void add_explain(CLI::App& root, Session& session);
void add_faithfulness(CLI::App& root, Session& session);
void add_inspect(CLI::App& root, Session& session);
void add_list(CLI::App& root, Session& session);
void add_merge(CLI::App& root, Session& session);
void add_new_model(CLI::App& root, Session& session);
void add_predict(CLI::App& root, Session& session);
void add_report(CLI::App& root, Session& session);
void add_serve(CLI::App& root, Session& session);
void add_sanity(CLI::App& root, Session& session);
void add_study(CLI::App& root, Session& session);
void add_summary(CLI::App& root, Session& session);
void add_tune(CLI::App& root, Session& session);
void add_twin(CLI::App& root, Session& session);
void add_version(CLI::App& root, Session& session);

}  // namespace faultline::cli
