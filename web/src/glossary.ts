// Terms of docs/method.md, in a sentence each.
export const glossary: Record<string, string> = {
  "eps*": "The smallest strength at which the attack changes the answer, found by bisection between 0.25/255 and 64/255, in pixel units (1/255 is one step of an 8-bit picture). “At most”: the least of these changes the answer already.",
  margin: "m = z_c − z_t: the logit of the clean answer c less that of the class t it is confused with. Below 0 the answer has changed.",
  deviation: "How far an activation moves: |A' − A| / |A|, A for the clean input, A' for another.",
  "log excess": "ln of the adversarial input's deviation less the mean ln of Gaussian noise of the same size: 0 means no worse than noise.",
  step: "What a point adds to the log excess, from the point right before it. A vulnerable layer takes a large step.",
  "harmless range": "The steps that structured inputs of the same size take which do not change the answer: shuffled, phase-scrambled, boosting and transferred noise.",
  alignment: "Cosine between the activation's change and the direction that lowers the margin fastest: 1 is all damage, 0 is noise.",
  contribution: "The exact part of the margin's change that the non-linearities of a segment make, in logits. With the linear part they add up to all of it.",
  distraction: "How much of a heatmap's mass leaves the area where the clean heatmap has half of its mass. 0: none; 1: all that was there; negative: it gathers there.",
  "Shapley share": "A player's part of the margin's change in the gates game: the input, and each block's gates (which ReLUs are open, which pooling cell wins). Shares add up to 1.",
  "gates-only set": "The smallest set of blocks whose gates alone, recorded under the adversarial input and imposed on the clean one, change the answer.",
  "linear path": "The adversarial input run through the network with every gate held as in the clean run.",
  "direction factor": "How many times further a control's deviation must be followed than the adversarial one until the answer changes. Large: direction matters, not size.",
  twin: "The same network with random weights. What it shows too is no property of what was learned.",
  interval: "A 95 % confidence interval; those of one family hold together.",
};
