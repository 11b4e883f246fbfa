/** What the palette offers: the table of actions, and what there is to open or send. Pure. */
import type { ProviderInfo, SavedFilter } from '../bindings';
import { ACTIONS, acts, type Context } from './actions';
import { keyLabel } from './keys';

export interface Entry {
  id: string;
  title: string;
  /** What stands before the title, muted. */
  group: string;
  key?: string;
  run: () => void;
}

/** Every entry that makes sense now. */
export function entries(
  context: Context,
  providers: readonly ProviderInfo[],
  saved: readonly SavedFilter[],
): readonly Entry[] {
  const { shell, deliveries } = context;
  return [
    ...ACTIONS.filter((action) => !action.keyOnly && acts(action, context)).map((action) => {
      const key = action.keys[0];
      const words = action.words?.(context);
      return {
        id: action.id,
        title: words ? `${action.title} (${words})` : action.title,
        group: action.group,
        ...(key === undefined ? {} : { key: keyLabel(key) }),
        run: () => action.run(context),
      };
    }),
    ...saved.map((filter) => ({
      id: `filter:${filter.name}`,
      title: filter.name,
      group: 'Saved filter',
      run: () => {
        shell.view = 'deliveries';
        void deliveries.applyFilter(filter.filter);
      },
    })),
    ...providers.map((provider) => ({
      id: `provider:${provider.id}`,
      title: provider.name,
      group: 'Provider',
      run: () => {
        context.providers.selected = provider.id;
        shell.view = 'providers';
      },
    })),
    ...providers.map((provider) => ({
      id: `test:${provider.id}`,
      title: `Send a test delivery of ${provider.name}`,
      group: 'Send',
      run: () => {
        shell.view = 'deliveries';
        void context.sendTest(provider.id);
      },
    })),
  ];
}

/** The entries whose words contain every word of the query; the earlier in the title, the higher. */
export function search(all: readonly Entry[], query: string): readonly Entry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return all;
  const rank = (entry: Entry): number => {
    const title = entry.title.toLowerCase();
    const text = `${title} ${entry.group.toLowerCase()}`;
    let sum = 0;
    for (const word of words) {
      const at = text.indexOf(word);
      if (at < 0) return -1;
      sum += at === 0 ? 0 : text.charAt(at - 1) === ' ' ? 1 + at / 1000 : 3;
    }
    return sum;
  };
  return all
    .map((entry) => ({ entry, rank: rank(entry) }))
    .filter((ranked) => ranked.rank >= 0)
    .sort((a, b) => a.rank - b.rank)
    .map((ranked) => ranked.entry);
}
