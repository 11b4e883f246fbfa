// Cases with one thing wrong, by the damages of send.mjs. Rows are [name, damage, outcome, about].

import { main } from "./samples.mjs";

// What every signing provider gets.
const COMMON = [
  ["fail-body-byte-changed", "body_byte", "fail", "One byte of the body was changed after signing."],
  [
    "fail-body-reserialised",
    "body_reserialised",
    "fail",
    "Signed over the body on one line, sent with line breaks and indentation.",
  ],
  ["fail-body-newline-added", "trailing_newline", "fail", "A line end was added after signing."],
  ["fail-body-bom-added", "bom", "fail", "A byte order mark was added after signing."],
  ["fail-body-crlf-made", "crlf", "fail", "Line ends were made CRLF after signing."],
  ["fail-other-secret", "other_secret", "fail", "Signed with another secret than the stored one."],
  ["missing-signature", "no_signature", "missing", "The signature header is absent."],
  ["malformed-signature-empty", "empty_signature", "malformed", "The signature header is empty."],
  [
    "malformed-signature-truncated",
    "truncated_signature",
    "malformed",
    "The signature lacks its last four characters: shorter than the digest.",
  ],
  [
    "malformed-signature-extended",
    "extended_signature",
    "malformed",
    "The right digest and two bytes more, in the right encoding.",
  ],
  ["malformed-signature-garbage", "garbage_signature", "malformed", "The signature is in no encoding at all."],
  [
    "malformed-signature-not-ascii",
    "non_ascii_signature",
    "malformed",
    "The signature ends in a byte that is not ASCII and not UTF-8.",
  ],
  ["malformed-signature-sha1", "sha1", "malformed", "HMAC-SHA-1: 20 bytes where 32 are due."],
  ["malformed-signature-sha512", "sha512", "malformed", "HMAC-SHA-512: 64 bytes where 32 are due."],
];
const TWICE = [
  "malformed-signature-twice",
  "doubled_signature",
  "malformed",
  "The right signature header was sent twice.",
];
const HEX = [
  TWICE,
  [
    "fail-signature-upper-hex",
    "upper_hex",
    "fail",
    "The right signature in upper-case hex: the documented code compares text.",
  ],
  ["malformed-prefix-missing", "no_prefix", "malformed", "The right digest without sha256=."],
  ["malformed-prefix-doubled", "doubled_prefix", "malformed", "sha256= stands twice before the right digest."],
  ["malformed-signature-base64-for-hex", "base64_for_hex", "malformed", "The right digest in base64 where hex is due."],
  [
    "fail-secret-decoded",
    "secret_decoded",
    "fail",
    "The secret was base64-decoded before use; the rule uses its text.",
  ],
];
const TIMED = [
  ["fail-no-separator", "no_separator", "fail", "Signed without the dots between the parts."],
  ["missing-timestamp", "no_timestamp", "missing", "The timestamp header is absent."],
  ["malformed-timestamp-empty", "empty_timestamp", "malformed", "The timestamp header is empty, and was signed so."],
  ["malformed-timestamp-text", "text_timestamp", "malformed", "The timestamp is a word, and was signed so."],
  ["malformed-timestamp-negative", "negative_timestamp", "malformed", "The timestamp is negative, and was signed so."],
  [
    "malformed-timestamp-fractional",
    "fractional_timestamp",
    "malformed",
    "The timestamp has a fraction, and was signed so.",
  ],
  ["malformed-timestamp-twice", "doubled_timestamp", "malformed", "The timestamp header was sent twice."],
  ["fail-timestamp-changed", "timestamp_changed", "fail", "The timestamp was moved by a second after signing."],
  [
    "stale-milliseconds",
    "ms_timestamp",
    "stale",
    "The timestamp is in milliseconds, and was signed so: read as seconds it is far in the future.",
  ],
  ["stale-one-hour-old", "stale", "stale", "Signed an hour ago."],
  ["stale-one-hour-ahead", "future", "stale", "Signed with a time an hour ahead."],
];
const WITH_ID = [
  [
    "malformed-signature-hex-for-base64",
    "hex_for_base64",
    "malformed",
    "The right digest in hex: as base64 it is 48 bytes.",
  ],
  ["fail-secret-as-text", "secret_as_text", "fail", "The secret was used as text; the rule base64-decodes it."],
  ["fail-signature-url-safe", "url_safe_signature", "fail", "The right signature in the url-safe alphabet."],
  ["fail-signature-unpadded", "unpadded_signature", "fail", "The right signature without its padding."],
  ["missing-id", "no_id", "missing", "The id header is absent."],
  ["malformed-id-empty", "empty_id", "malformed", "The id header is empty, and was signed so."],
  ["malformed-id-twice", "doubled_id", "malformed", "The id header was sent twice."],
  ["fail-id-changed", "id_changed", "fail", "The id was changed after signing."],
];
const ONE_SIGNATURE = [
  TWICE,
  [
    "malformed-signatures-several",
    "several",
    "malformed",
    "Two signatures with a space between: the document knows one.",
  ],
  [
    "malformed-signature-version",
    "version",
    "malformed",
    "A version token before the signature: the document knows none.",
  ],
];
const ANY_OF_SEVERAL = [
  [
    "pass-signature-header-twice",
    "doubled_signature",
    "pass",
    "The right signature header was sent twice: any may match.",
  ],
  ["pass-several-signatures", "several", "pass", "A wrong and the right signature, separated by a space."],
  ["pass-several-comma", "several_comma", "pass", "A wrong and the right signature, separated by a comma."],
  [
    "pass-several-versions",
    "several_versions",
    "pass",
    "A wrong and the right signature, each with the version token v1.",
  ],
  ["pass-several-headers", "several_headers", "pass", "A wrong and the right signature in two headers."],
  ["pass-signature-version", "version", "pass", "One signature with the version token v1."],
  ["fail-several-all-wrong", "all_wrong_several", "fail", "Two signatures, both wrong."],
  [
    "fail-several-other-version",
    "several_other_version",
    "fail",
    "The right signature as v2, which is skipped, and a wrong one as v1.",
  ],
  [
    "malformed-signature-other-version",
    "other_version",
    "malformed",
    "The right signature as v2 alone: none is readable.",
  ],
];

/** The cases of one signing provider. */
export function damaged(provider) {
  const lists = {
    pptvideo: [COMMON, WITH_ID, TIMED, ONE_SIGNATURE],
    videopilot: [COMMON, HEX],
    ihateppt: [COMMON, HEX, TIMED],
    pollo: [COMMON, WITH_ID, TIMED, ANY_OF_SEVERAL],
  };
  return lists[provider]
    .flat()
    .map(([name, damage, outcome, about]) => ({ provider, name, about, body: main(provider), damage, outcome }));
}
