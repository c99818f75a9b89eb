#include "study/partners.h"

#include <algorithm>
#include <numeric>

#include "base/error.h"

namespace faultline::study {

Partners::Partners(std::vector<std::string> hashes, std::function<int(std::size_t image)> class_of)
    : hashes_(std::move(hashes)),
      ask_(std::move(class_of)),
      known_(hashes_.size()),
      order_(hashes_.size()),
      place_(hashes_.size()) {
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::ranges::stable_sort(order_, {}, [&](std::size_t i) { return hashes_[i]; });
  for (std::size_t place = 0; place < order_.size(); ++place) place_[order_[place]] = place;
}

int Partners::class_of(std::size_t image) {
  if (!known_[image]) known_[image] = ask_(image);
  return *known_[image];
}

std::vector<std::size_t> Partners::of(std::size_t image, int count) {
  std::vector<std::size_t> chosen;
  if (count <= 0 || class_of(image) < 0) return chosen;
  for (std::size_t step = 1; step < order_.size() && std::ssize(chosen) < count; ++step) {
    const std::size_t other = order_[(place_[image] + step) % order_.size()];
    const bool is_copy =
        std::ranges::any_of(chosen, [&](std::size_t each) { return hashes_[each] == hashes_[other]; });
    if (!is_copy && class_of(other) >= 0 && class_of(other) != class_of(image)) chosen.push_back(other);
  }
  return chosen;
}

std::vector<std::vector<std::size_t>> choose_partners(std::span<const std::string> hashes,
                                                      std::span<const int> classes, int count) {
  require(hashes.size() == classes.size(), "choose_partners: a class for each hash");
  Partners partners({hashes.begin(), hashes.end()}, [&](std::size_t image) { return classes[image]; });
  std::vector<std::vector<std::size_t>> all;
  for (std::size_t image = 0; image < hashes.size(); ++image) all.push_back(partners.of(image, count));
  return all;
}

}  // namespace faultline::study
