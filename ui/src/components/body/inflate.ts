/** Decompresses a body for viewing. What is signed are the bytes as sent; this never replaces them. */

/** More than this is not decompressed: a small body can claim gigabytes. */
export const MAX_INFLATED = 64 * 1024 * 1024;

/** What came out. */
export interface Inflated {
  bytes: Uint8Array;
  /** There was more than `MAX_INFLATED`. */
  cut: boolean;
  /** Why it ended early, in one sentence; null where it was read to its end. */
  problem: string | null;
}

/** Whether these encodings can be undone here: gzip and deflate; browsers have no others. */
export function canInflate(encodings: string[]): boolean {
  return encodings.length > 0 && encodings.every((one) => formatsOf(one).length > 0);
}

/** Undoes the encodings, the last one first. What was read before an error is kept. */
export async function inflate(bytes: Uint8Array, encodings: string[], limit = MAX_INFLATED): Promise<Inflated> {
  let result: Inflated = { bytes, cut: false, problem: null };
  for (const encoding of encodings.toReversed()) {
    if (result.cut || result.problem !== null) break;
    const input = result.bytes;
    for (const format of formatsOf(encoding)) {
      result = await decompress(input, format, limit);
      // "deflate" is zlib by the standard, and bare deflate by some senders.
      if (result.problem === null || result.bytes.length > 0) break;
    }
  }
  return result;
}

function formatsOf(encoding: string): CompressionFormat[] {
  if (encoding === 'gzip' || encoding === 'x-gzip') return ['gzip'];
  if (encoding === 'deflate') return ['deflate', 'deflate-raw'];
  return [];
}

async function decompress(bytes: Uint8Array, format: CompressionFormat, limit: number): Promise<Inflated> {
  const source = new Blob([new Uint8Array(bytes)]).stream();
  const reader = source.pipeThrough(new DecompressionStream(format)).getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  let cut = false;
  let problem: string | null = null;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const room = limit - length;
      chunks.push(value.length > room ? value.subarray(0, room) : value);
      length += Math.min(value.length, room);
      if (value.length > room) {
        cut = true;
        await reader.cancel();
        break;
      }
    }
  } catch {
    problem = 'The compressed data is damaged or was cut.';
  }
  const joined = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return { bytes: joined, cut, problem };
}
