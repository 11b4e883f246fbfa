// Reference endpoints for the endpoint check, in Node without a package.
//
//   node endpoint.mjs PROVIDER documented|careful [MISTAKE]
//
// `documented` does what the provider's own example does, with its comparison, its statuses and its omissions; what the
// example throws is answered 500, as frameworks answer it. `careful` does everything right. A MISTAKE is one classic mistake
// on top of `careful`. The secret is in the environment as SECRET. The first line of the output is the port. GET /state
// tells what was done, and how often.

import crypto from 'node:crypto';
import http from 'node:http';

const [provider, manner, mistake = 'none'] = process.argv.slice(2);
const secret = process.env.SECRET ?? '';
const done = {};

/** A status that ends a request. */
class Answer extends Error {
  constructor(status, text = '', headers = {}) {
    super(text);
    Object.assign(this, { status, text, headers });
  }
}

const refuse = (status) => {
  throw new Answer(status, 'invalid signature');
};

function work(id) {
  done[id] = (done[id] ?? 0) + 1;
}

const hmac = (key, content, encoding) => crypto.createHmac('sha256', key).update(content).digest(encoding);

// What the documents show, as they show it.

const documented = {
  pptvideo(headers, body) {
    const signedContent = `${headers['x-webhook-id']}.${headers['x-webhook-timestamp']}.${body}`;
    const signature = headers['x-webhook-signature'];
    const computed = hmac(Buffer.from(secret, 'base64'), signedContent, 'base64');
    const isValid =
      signature && crypto.timingSafeEqual(Buffer.from(signature, 'base64'), Buffer.from(computed, 'base64'));
    if (!isValid) refuse(400);
    work(JSON.parse(body).id);
    throw new Answer(200, 'ok');
  },

  videopilot(headers, body) {
    const signature = headers['x-videopilot-signature'];
    const expected = 'sha256=' + hmac(secret, body, 'hex');
    if (!crypto.timingSafeEqual(Buffer.from(signature), Buffer.from(expected))) refuse(401);
    const event = JSON.parse(body);
    switch (event.event) {
      case 'video.media_ready':
        work(event.data.video_id);
        break;
      case 'render.completed':
        work(event.data.render_job_id);
        break;
    }
    throw new Answer(200, 'OK');
  },

  // Its examples are in Python: the same in Node, where a missing signature compares unequal.
  ihateppt(headers, body) {
    const event = body.includes('webhook.verification') ? JSON.parse(body) : {};
    if (event.type === 'webhook.verification') challenge(event);
    const expected = 'sha256=' + hmac(secret, `${headers['x-webhook-timestamp']}.${body}`, 'hex');
    if (headers['x-webhook-signature'] !== expected) refuse(400);
    let data;
    try {
      data = JSON.parse(body);
    } catch {
      throw new Answer(400);
    }
    if (headers['x-webhook-event'] === 'ppt.generation.completed') work(data.data.ppt_id);
    throw new Answer(200, '{"status":"success"}');
  },

  // It answers OK whatever it thinks.
  pollo(headers, body) {
    const signedContent = `${headers['x-webhook-id']}.${headers['x-webhook-timestamp']}.${body}`;
    const computed = hmac(Buffer.from(secret, 'base64'), signedContent, 'base64');
    const signature = headers['x-webhook-signature'];
    if (crypto.timingSafeEqual(Buffer.from(signature, 'base64'), Buffer.from(computed, 'base64'))) {
      work(JSON.parse(body).taskId);
    }
    throw new Answer(200, 'OK');
  },

  // The enhanced example: known ids alone.
  firebirdgen(headers, body) {
    let data;
    try {
      data = JSON.parse(body);
    } catch {
      throw new Answer(400);
    }
    if (!['taskId', 'status'].every((field) => field in data)) throw new Answer(400, 'Invalid payload structure');
    if (!data.taskId.startsWith('known_') || done[data.taskId]) throw new Answer(403, 'Invalid task ID');
    work(data.taskId);
    throw new Answer(200, '{"status":"ok"}');
  },
};

function challenge(event) {
  throw new Answer(200, JSON.stringify({ challenge: event.data.challenge }), { 'Content-Type': 'application/json' });
}

// What is right, and what can be wrong about it.

const schemes = {
  pptvideo: { header: 'x-webhook-signature', id: 'x-webhook-id', time: 'x-webhook-timestamp', base64: true },
  videopilot: { header: 'x-videopilot-signature', prefix: 'sha256=' },
  ihateppt: { header: 'x-webhook-signature', time: 'x-webhook-timestamp', prefix: 'sha256=' },
  pollo: { header: 'x-webhook-signature', id: 'x-webhook-id', time: 'x-webhook-timestamp', base64: true, several: true },
};
const idOf = {
  pptvideo: (event) => event.id,
  videopilot: (event) => `${event.event}:${event.data.render_job_id ?? event.data.video_id}:${event.timestamp}`,
  ihateppt: (event) => event.id,
  pollo: (event) => event.taskId,
};

/** The bytes that are hashed for the body. */
function hashed(bytes) {
  const text = bytes.toString();
  switch (mistake) {
    case 'reserialises':
      return JSON.stringify(JSON.parse(text));
    case 'hashes_object':
      return `${JSON.parse(text)}`;
    case 'latin1':
      return bytes.toString('latin1');
    case 'trims':
      return text.trim();
    case 'body_gone':
      return '';
    default:
      return bytes;
  }
}

function computed(scheme, headers, bytes) {
  const key = scheme.base64 && mistake !== 'no_base64' ? Buffer.from(secret, 'base64') : secret;
  const parts = [scheme.id, scheme.time].filter((name) => name && !(mistake === 'leaves_id_out' && name === scheme.id));
  const before = mistake === 'body_alone' ? '' : parts.map((name) => `${headers[name]}.`).join('');
  const body = hashed(bytes);
  const content = mistake === 'body_not_hashed' ? before : Buffer.concat([Buffer.from(before), Buffer.from(body)]);
  return (scheme.prefix ?? '') + hmac(key, content, scheme.base64 ? 'base64' : 'hex');
}

function same(have, want) {
  if (mistake === 'throws_on_length') return crypto.timingSafeEqual(Buffer.from(have), Buffer.from(want));
  if (mistake === 'any_secret') return have.length === want.length;
  if (mistake === 'compares_beginning') return have.length > 0 && want.startsWith(have);
  if (mistake === 'prefix_optional') have = `sha256=${have.replace('sha256=', '')}`;
  const [a, b] = [Buffer.from(have), Buffer.from(want)];
  return a.length === b.length && crypto.timingSafeEqual(a, b);
}

function verify(scheme, headers, bytes, raw) {
  const find = (name) => raw[raw.findIndex((one, at) => at % 2 === 0 && one === name) + 1];
  let have = mistake === 'exact_header' ? find('X-Webhook-Signature') : headers[scheme.header];
  if (mistake === 'no_verify') return;
  if (mistake === 'throws_on_missing') have = have.trim();
  if (!have) return mistake === 'accepts_missing' ? undefined : refuse(401);
  const want = computed(scheme, headers, bytes);
  let all = scheme.several ? have.split(/[ ,]+/) : [have];
  if (mistake === 'first_signature_only') all = all.slice(0, 1);
  if (!all.some((one) => same(one, want))) {
    if (mistake === 'throws_on_mismatch') throw new Error('signature mismatch');
    refuse(401);
  }
  if (!scheme.time || mistake === 'ignores_timestamp') return;
  const off = Math.abs(Date.now() / 1000 - Number(headers[scheme.time]));
  if (mistake === 'number_passes' ? off > 300 : !(off <= 300)) refuse(401);
}

async function careful(headers, bytes, raw) {
  const scheme = schemes[provider];
  const parsed = () => {
    try {
      return JSON.parse(bytes.toString());
    } catch {
      if (mistake === 'parses_first' || mistake === 'throws_on_not_json') throw new Error('cannot be parsed');
      throw new Answer(400, 'not JSON');
    }
  };
  let event;
  if (mistake === 'parses_first') event = parsed();
  if (provider === 'ihateppt' && mistake !== 'no_handshake') {
    let asked;
    try {
      asked = JSON.parse(bytes.toString());
    } catch {
      asked = undefined;
    }
    if (mistake === 'signed_handshake') verify(scheme, headers, bytes, raw);
    if (asked?.type === 'webhook.verification') challenge(asked);
  }
  if (mistake === 'works_first') work(idOf[provider](parsed()));
  verify(scheme, headers, bytes, raw);
  event ??= parsed();
  const id = typeof event === 'object' && event && !Array.isArray(event) ? idOf[provider](event) : undefined;
  if (id === undefined) throw new Answer(mistake === 'answers_201' ? 201 : 200, 'ignored');
  if (mistake === 'slow') await new Promise((later) => setTimeout(later, Number(process.env.SLOW_MS)));
  if (mistake === 'refuses_duplicate' && done[id]) throw new Answer(409, 'seen');
  if (mistake === 'no_dedupe' || !done[id]) work(id);
  if (mistake === 'redirects') throw new Answer(302, '', { Location: '/elsewhere' });
  throw new Answer(mistake === 'answers_201' ? 201 : 200, 'ok');
}

const LIMIT = mistake === 'limits_body' ? 100_000 : 50_000_000;

const server = http.createServer((request, response) => {
  const answer = (status, text, headers = {}) => {
    response.writeHead(status, headers);
    response.end(text);
  };
  if (request.url === '/state') return answer(200, JSON.stringify(done));
  const chunks = [];
  let text = '';
  request.on('data', (chunk) => {
    chunks.push(chunk);
    text += chunk;
  });
  request.on('end', async () => {
    try {
      const bytes = Buffer.concat(chunks);
      if (bytes.length > LIMIT) throw new Answer(413);
      if (manner === 'documented') {
        if (mistake === 'slow') await new Promise((later) => setTimeout(later, Number(process.env.SLOW_MS)));
        // What express.raw refuses unless it is told otherwise.
        if (provider === 'videopilot' && bytes.length > 100_000) throw new Answer(413);
        const chunkByChunk = provider === 'pptvideo' || provider === 'pollo';
        documented[provider](request.headers, chunkByChunk ? text : bytes.toString());
      }
      await careful(request.headers, mistake === 'chunk_by_chunk' ? Buffer.from(text) : bytes, request.rawHeaders);
    } catch (error) {
      if (error instanceof Answer) return answer(error.status, error.text, error.headers);
      // What a bare server does with what nobody catches.
      if (mistake === 'dies') process.exit(1);
      answer(500, String(error));
    }
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
