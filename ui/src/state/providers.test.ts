import { expect, it, vi } from 'vitest';
import type { EngineEvent } from '../bindings';
import type { Host } from './host';
import { Providers } from './providers.svelte';

it('reads the catalogue again for deliveries only while it is looked at', async () => {
  const call = vi.fn(() => Promise.resolve([]));
  const providers = new Providers({ call } as unknown as Host);
  const arrival: EngineEvent[] = [{ type: 'deliveries_added', count: 1 }];
  providers.onEvents(arrival);
  expect(call).not.toHaveBeenCalled();
  providers.watched = true;
  providers.onEvents(arrival);
  await vi.waitFor(() => expect(call).toHaveBeenCalledTimes(1));
});
