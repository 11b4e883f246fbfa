/** What a delivery's badges say. Pure. */
import type { DeliverySummary, VerdictSummary, WireOutcome } from '../../bindings';
import type { BadgeSign, BadgeTone } from '../shared';

export interface BadgeLook {
  key: string;
  tone: BadgeTone;
  sign?: BadgeSign;
  words: string;
  title: string;
  scheme: string;
  outcome: string;
}

const LOOKS: Record<WireOutcome, { tone: BadgeTone; sign?: BadgeSign }> = {
  pass: { tone: 'pass', sign: 'pass' },
  fail: { tone: 'fail', sign: 'fail' },
  stale: { tone: 'warn', sign: 'warn' },
  malformed: { tone: 'warn', sign: 'warn' },
  missing: { tone: 'grey' },
  no_secret: { tone: 'dashed' },
  unsigned: { tone: 'dashed' },
};

/** `9 m old`, `2 h ahead`: a skew in seconds in its largest unit. */
export function age(skew: number): string {
  const seconds = Math.abs(skew);
  const units = [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ] as const;
  const [unit, size] = units.find(([, length]) => seconds >= length) ?? ['s', 1];
  return `${String(Math.floor(seconds / size))} ${unit} ${skew < 0 ? 'ahead' : 'old'}`;
}

/** A verdict that belongs on the row. */
function applying(verdict: VerdictSummary, name: string): BadgeLook {
  const words: Record<WireOutcome, string> = {
    pass: name,
    fail: name,
    stale: `${name} ${verdict.skew_s === null ? 'stale' : age(verdict.skew_s)}`,
    malformed: `${name} malformed`,
    missing: `${name} no signature`,
    no_secret: `${name} no secret`,
    unsigned: 'unsigned',
  };
  return {
    key: verdict.scheme,
    ...LOOKS[verdict.outcome],
    words: words[verdict.outcome],
    title: verdict.reason,
    scheme: verdict.scheme,
    outcome: verdict.outcome,
  };
}

/** A scheme that is not the delivery's: grey, with the reason in words. */
function other(verdict: VerdictSummary, name: string): BadgeLook {
  const words: Record<WireOutcome, string> = {
    pass: `${name} would pass`,
    fail: `${name} — no match`,
    stale: `${name} — stale`,
    malformed: `${name} — ${verdict.reason.replace(/^[\w-]+ (?:has )?|\.$/g, '')}`,
    missing: `${name} — headers absent`,
    no_secret: `${name} — no secret`,
    unsigned: `${name} unsigned`,
  };
  const dashed = verdict.outcome === 'no_secret' || verdict.outcome === 'unsigned';
  return {
    key: verdict.scheme,
    tone: dashed ? 'dashed' : 'grey',
    words: words[verdict.outcome],
    title: verdict.reason,
    scheme: verdict.scheme,
    outcome: verdict.outcome,
  };
}

const CHECKS = { shape: 'shape', expected_id: 'unexpected id', duplicate: 'duplicate' } as const;

/** The badges of a row: the applying verdicts, and the checks that do not hold. */
export function rowBadges(
  row: { verdicts: readonly VerdictSummary[]; checks: DeliverySummary['checks'] },
  schemeName: (scheme: string) => string,
): BadgeLook[] {
  const verdicts = row.verdicts.filter((verdict) => verdict.applies);
  const badges = verdicts.map((verdict) => applying(verdict, schemeName(verdict.scheme)));
  for (const check of row.checks.filter((result) => !result.holds)) {
    badges.unshift({
      key: check.check,
      tone: 'warn',
      sign: 'warn',
      words: CHECKS[check.check],
      title: check.reason,
      scheme: check.check,
      outcome: 'check',
    });
  }
  if (badges.length > 0) return badges;
  return [
    {
      key: 'none',
      tone: 'grey',
      words: 'no scheme',
      title: 'No provider was recognised, and no scheme’s headers are there.',
      scheme: '',
      outcome: 'missing',
    },
  ];
}

/** The badges of every scheme: the applying ones first, then the others in grey. */
export function allBadges(verdicts: readonly VerdictSummary[], schemeName: (scheme: string) => string): BadgeLook[] {
  const named = (verdict: VerdictSummary): BadgeLook => {
    const name = schemeName(verdict.scheme);
    if (!verdict.applies) return other(verdict, name);
    const look = applying(verdict, name);
    return verdict.outcome === 'unsigned' ? { ...look, words: `${name} unsigned` } : look;
  };
  return [...verdicts.filter((verdict) => verdict.applies), ...verdicts.filter((verdict) => !verdict.applies)].map(
    named,
  );
}
