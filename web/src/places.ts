// Places in the network that figures have on their axes.
import type { Payload } from "./payload";

export interface Place {
  name: string;
  block: string;
  point: number; // which of the network's points it is or belongs to; -1: none
}

export function pointPlaces(payload: Payload): Place[] {
  const { blocks, points } = payload.network;
  return points.map(({ name, block }, point) => ({ name, block: blocks[block], point }));
}

export function layerPlaces(payload: Payload): Place[] {
  const { blocks, layers, points } = payload.network;
  return layers.map(({ name, block }, layer) => ({ name, block: blocks[block], point: points.findIndex((each) => each.layer === layer) }));
}

// A segment that ends at no point belongs to the block of the one before.
export function segmentPlaces(payload: Payload): Place[] {
  const { blocks, points, segments } = payload.network;
  let block = blocks[0];
  return segments.map(({ name, point }) => {
    if (point !== null) block = blocks[points[point].block];
    return { name, block, point: point ?? -1 };
  });
}
