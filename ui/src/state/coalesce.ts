/**
 * A refresh that may be asked for at any rate: one runs at a time, and however often it is asked for meanwhile, it runs
 * once more afterwards. The pace is so the pace of the answers, and the last answer is never older than the last ask.
 */
export function coalesce(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let again = false;
  return function ask(): Promise<void> {
    if (running) {
      again = true;
      return running;
    }
    running = (async () => {
      try {
        do {
          again = false;
          await run();
        } while (again);
      } finally {
        running = null;
      }
    })();
    return running;
  };
}
