#include "report/glossary.h"

namespace faultline::report {

std::vector<PageTerm> glossary() {
  return {
      {"adversarial noise",
       "A change of the picture, too small to notice, that an attack has computed so that the network's "
       "answer changes."},
      {"gaussian",
       "Random noise with the adversarial noise's mean and standard deviation in each channel, scaled to "
       "exactly its length (L2) "
       "after clipping. What it does to a layer is what any noise of that size does."},
      {"shuffled, phase",
       "Structured harmless noise: the adversarial noise with its pixels in another order; with the phases "
       "of its Fourier "
       "transform scrambled, so with the same spectrum."},
      {"boost",
       "The same attack run downhill, to make the network more certain: as structured and as strong, but "
       "harmless."},
      {"point",
       "A place where responses are compared: the normalised image, every layer, pooling, dense layer, and "
       "the logits."},
      {"log excess",
       "ln(|A' - A| / |A|) of an input at a point, minus the mean of the same for the Gaussian draws: how "
       "much further than Gaussian "
       "noise it moves the network there. It grows with depth in any network, so only steps are compared "
       "between points."},
      {"step",
       "Log excess at a point minus that at the point before: what this point adds. Steps add up to the "
       "total."},
      {"harmless range", "The smallest and largest step that structured harmless noise takes at the point."},
      {"heatmap, attention",
       "Which positions of a layer raise the score: LayerCAM is relu(sum over channels of relu(gradient) x "
       "activation)."},
      {"distraction",
       "The share of attention that has left the fewest cells which hold half of the clean map. Above 0 for "
       "any noise: only differences "
       "between inputs mean something."},
      {"blank",
       "A heatmap that is zero everywhere: nothing in the layer raises the score. Distances to it are not "
       "defined."},
      {"margin",
       "The logit of the clean answer minus that of the class it is mistaken for. Below 0 the answer has "
       "flipped."},
      {"alignment",
       "The cosine between the deviation at a point and the direction that lowers the margin fastest there."},
      {"contribution",
       "The exact part of the margin's change that the non-linearities between two points made; with the "
       "change that a linear network "
       "would have shown, all contributions add up to the true change."},
  };
}

}  // namespace faultline::report
