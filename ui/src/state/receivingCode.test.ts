import { describe, expect, it } from 'vitest';
import type { SnippetInfo } from '../bindings';
import type { Host } from './host';
import { ReceivingCode } from './receivingCode.svelte';

function snippet(provider: string, language: string): SnippetInfo {
  return {
    provider,
    language,
    title: '',
    file_name: 'webhook.mjs',
    code: `${provider} in ${language}\n`,
    marks: [],
    notes: [],
    secret_env: null,
  };
}

/** A host whose answers come when they are released, in any order. */
function slowHost(): { host: Host; release: (language: string) => void } {
  const waiting = new Map<string, () => void>();
  const call = (name: string, args: { provider: string; language: string }): Promise<unknown> => {
    if (name === 'snippet_languages') return Promise.resolve([{ id: 'node', name: 'Node' }]);
    return new Promise((resolve) => {
      waiting.set(args.language, () => resolve(snippet(args.provider, args.language)));
    });
  };
  return { host: { call } as unknown as Host, release: (language) => waiting.get(language)?.() };
}

describe('receiving code', () => {
  it('shows what was asked last, whatever comes last', async () => {
    const { host, release } = slowHost();
    const code = new ReceivingCode(host);
    const first = code.open('pollo', 'go');
    await Promise.resolve();
    const second = code.open('pollo', 'node');
    await Promise.resolve();
    await Promise.resolve();
    release('node');
    await second;
    release('go');
    await first;
    expect(code.snippet?.language).toBe('node');
  });

  it('keeps the code of a provider until the next has come, and drops that of another', async () => {
    const { host, release } = slowHost();
    const code = new ReceivingCode(host);
    const first = code.open('pollo', 'go');
    await Promise.resolve();
    await Promise.resolve();
    release('go');
    await first;
    void code.open('pollo', 'node');
    expect(code.snippet?.language).toBe('go');
    void code.open('videopilot', 'node');
    expect(code.snippet).toBeNull();
  });
});
