// How a quantity differs from image to image at a place.
export interface Spread {
  least: number;
  q10: number;
  q25: number;
  median: number;
  q75: number;
  q90: number;
  largest: number;
  images: number;
}

function quantile(sorted: number[], share: number): number {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

// Of values [images, places], NaN where an image has none; null if no image has one.
export function spreadAt(values: Float32Array, places: number, place: number): Spread | null {
  const here: number[] = [];
  for (let i = place; i < values.length; i += places) if (!Number.isNaN(values[i])) here.push(values[i]);
  if (here.length === 0) return null;
  here.sort((a, b) => a - b);
  const at = (share: number): number => quantile(here, share);
  return { least: here[0], q10: at(0.1), q25: at(0.25), median: at(0.5), q75: at(0.75), q90: at(0.9), largest: here[here.length - 1], images: here.length };
}
