#include "study/image_record.h"

#include "store/store.h"

namespace faultline::study {

void insert(store::Store& store, const ImageRecord& record) {
  store.begin();
  try {
    const auto put = [&]<class Row>(const std::vector<Row>& rows) {
      store.insert(std::span<const Row>(rows));
    };
    put(record.image);
    put(record.twin_image);
    put(record.attacks);
    put(record.inputs);
    put(record.point_responses);
    put(record.point_scales);
    put(record.contributions);
    put(record.heatmap_responses);
    put(record.gates_runs);
    put(record.shapley);
    put(record.gate_sets);
    put(record.interventions);
    put(record.substitutions);
    put(record.identities);
    put(record.detection);
    put(record.pictures);
    put(record.maps);
    put(record.timing);
    store.commit();
  } catch (...) {
    store.roll_back();
    throw;
  }
}

}  // namespace faultline::study
