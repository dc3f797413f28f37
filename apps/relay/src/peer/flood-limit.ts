/** Counts frames: true once there are more in a second than a client may send. */
export function createFloodLimit(framesPerSecond: number): () => boolean {
  let second = 0;
  let frames = 0;
  return () => {
    const now = Math.floor(Date.now() / 1000);
    frames = now === second ? frames + 1 : 1;
    second = now;
    return frames > framesPerSecond;
  };
}
