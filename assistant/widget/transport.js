/** Talks to the API: streams an answer, falls back on the whole answer, and names what went wrong. */

const SILENCE_MS = 60_000;
const LINGER_MS = 1_000;

/** What went wrong, as one of the kinds in `texts.errors`, with the server's own words where it has some. */
export class ApiError extends Error {
  constructor(kind, detail = null, wait = null) {
    super(detail ?? kind);
    this.kind = kind;
    this.detail = detail;
    this.wait = wait;
  }
}

const KINDS = { 413: 'invalid', 422: 'invalid', 429: 'busy', 401: 'down', 403: 'down' };
const NO_STREAM = new Set([404, 405, 406, 415, 501]);

async function failure(response) {
  const wait = Number.parseInt(response.headers.get('Retry-After') ?? '', 10);
  let detail = null;
  try {
    const body = await response.json();
    if (typeof body.detail === 'string') detail = body.detail;
  } catch {
    // A proxy's own error page: its words are not for the reader.
  }
  return new ApiError(KINDS[response.status] ?? 'down', detail, Number.isNaN(wait) ? null : wait);
}

function unreachable() {
  return new ApiError(navigator.onLine ? 'unreachable' : 'offline');
}

/** POST JSON; resolves with any response, rejects with ApiError where there is none. */
export async function post(url, body, signal) {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable();
  }
}

function parse(record) {
  let event = 'message';
  const data = [];
  for (const line of record.split('\n')) {
    if (line.startsWith('event:')) event = line.slice(6).trim();
    else if (line.startsWith('data:')) data.push(line.slice(5).trimStart());
  }
  return data.length ? { event, data: JSON.parse(data.join('\n')) } : null;
}

/** Server-sent events of a response body; comments (heartbeats) only keep the line warm. */
async function* events(body, alive) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    alive();
    rest = (rest + decoder.decode(value, { stream: true })).replaceAll('\r\n', '\n');
    const records = rest.split('\n\n');
    rest = records.pop();
    for (const record of records) {
      const parsed = parse(record);
      if (parsed) yield parsed;
    }
  }
}

/** Aborts with the caller's signal, or after a minute without a sign of life. */
class Watch {
  constructor(signal) {
    this.controller = new AbortController();
    this.silent = false;
    signal.addEventListener('abort', () => this.controller.abort());
    this.alive();
  }

  alive() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.silent = true;
      this.controller.abort();
    }, SILENCE_MS);
  }

  /** A stream that is not ended after its last event would keep one of the browser's few connections. */
  end() {
    clearTimeout(this.timer);
    setTimeout(() => this.controller.abort(), LINGER_MS);
  }
}

async function streamed(api, body, handlers, watch, progress) {
  const response = await post(`${api}api/chat/stream`, body, watch.controller.signal);
  if (!response.ok) {
    progress.final = !NO_STREAM.has(response.status);
    throw await failure(response);
  }
  if (!response.headers.get('Content-Type')?.startsWith('text/event-stream')) return null;
  for await (const { event, data } of events(response.body, () => watch.alive())) {
    progress.final = true;
    if (event === 'done') return data;
    if (event === 'error') throw new ApiError('down', data.detail ?? null);
    handlers[event]?.(data);
  }
  return null;
}

async function whole(api, body, signal) {
  const response = await post(`${api}api/chat`, body, signal);
  if (!response.ok) throw await failure(response);
  return response.json();
}

/**
 * Ask. `handlers.delta` is called as the stream brings it.
 * Falls back on POST /api/chat where the stream fails before its first event.
 * Rejects with ApiError, or with an AbortError when `signal` was aborted by the reader.
 */
export async function ask(api, body, handlers, signal) {
  const watch = new Watch(signal);
  const progress = { final: false };
  try {
    try {
      const answer = await streamed(api, body, handlers, watch, progress);
      if (answer) return answer;
    } catch (error) {
      if (progress.final || watch.controller.signal.aborted) throw error;
    }
    if (progress.final) throw new ApiError('cut');
    return await whole(api, body, watch.controller.signal);
  } catch (error) {
    if (watch.silent) throw new ApiError('slow');
    if (signal.aborted || error instanceof ApiError) throw error;
    throw progress.final ? new ApiError('cut') : unreachable();
  } finally {
    watch.end();
  }
}
