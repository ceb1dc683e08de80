/* The try-it page: sends one init, and shows the answer as a person would read it. Stores nothing. */

const INIT = '/api/v1/in/digilocker/init';
const FIELDS = ['name', 'email', 'mobile', 'redirectUrl', 'state'];
const SECOND = 1000;

const OUTCOMES = {
  'not-sent': 'Nothing was sent to Infopass, so no link was made.',
  rejected: 'Infopass saw the request and refused it. No link was made.',
  unknown: 'It is not known. Infopass may have made a link that nobody received; it will expire unused.',
};

const REMEDIES = {
  'malformed-json': 'Send one JSON object, without duplicate names or trailing data.',
  'invalid-request': 'Correct what is marked, then send it again.',
  unauthenticated: 'Check user id and password.',
  'redirect-not-allowed': 'Use a redirect URL on an allowed host, or ask the operator to allow this one.',
  'body-too-large': 'Send less: a request is a few hundred bytes.',
  'upstream-rejected': 'Read what Infopass said and change the request. The same one will be refused again.',
  'upstream-unreachable': 'Send it again in a moment. Nothing was sent, so that is safe.',
  'upstream-malformed': 'Send it again: a new request makes a new link.',
  'upstream-failed': 'Send it again: a new request makes a new link.',
  'upstream-credentials': 'Tell the operator of this gateway: its own account at Infopass is refused.',
  'deadline-exceeded': 'Send it again, with a longer time limit if you set one.',
  internal: 'Report the correlation id to the operator.',
};

const ICONS = {
  good: 'M5 12.5l4.5 4.5L19 7.5',
  bad: 'M12 6v7M12 17.5v.1',
};

const $ = (id) => document.getElementById(id);
const form = $('form');
const send = $('send');
const cancel = $('cancel');
const status = $('status');
const result = $('result');
const answer = $('answer');

/** The request under way; null while there is none. */
let running = null;
/** What the answer on show has to stop when it goes. */
let leaving = new AbortController();

/* ---- building ---- */

function make(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith('on')) {
      made.addEventListener(key.slice(2), value);
    } else if (value !== undefined && value !== false) {
      made.setAttribute(key, value === true ? '' : value);
    }
  }
  made.append(...children.flat().filter((child) => child !== undefined && child !== null));
  return made;
}

function drawing(path) {
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  const attributes = {
    viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor', 'stroke-width': '2.4',
    'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': 'true', focusable: 'false',
  };
  Object.entries(attributes).forEach(([key, value]) => svg.setAttribute(key, value));
  const line = document.createElementNS(ns, 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

function say(text) {
  status.textContent = '';
  status.textContent = text;
}

/** Replaces the answer on show. */
function show(...nodes) {
  leaving.abort();
  leaving = new AbortController();
  result.replaceChildren(...nodes.filter(Boolean));
}

function badge(kind) {
  return make('span', { class: `badge ${kind}` }, drawing(ICONS[kind]));
}

function headline(kind, title, sub) {
  const heading = make('h3', { id: 'headline', tabindex: '-1' }, title);
  return make(
    'div',
    { class: 'headline' },
    badge(kind),
    heading,
    make('p', { class: 'sub' }, sub),
  );
}

function fact(name, ...value) {
  return make('div', { class: 'fact' }, make('dt', {}, name), make('dd', {}, value));
}

function advice(name, ...value) {
  return make('div', {}, make('dt', {}, name), make('dd', {}, value));
}

function correlation(id) {
  const value = make('span', { class: 'mono', id: 'correlation-id' }, id);
  const button = make('button', { type: 'button', class: 'plain small', onclick: () => copy(value, button) }, 'Copy');
  button.append(make('span', { class: 'unseen' }, ' correlation id'));
  return fact('Correlation id', value, button);
}

/** The clipboard is there only for https and localhost: elsewhere the text is selected. */
async function copy(node, button) {
  try {
    await navigator.clipboard.writeText(node.textContent);
    button.firstChild.textContent = 'Copied';
    say('Copied the correlation id.');
    setTimeout(() => { button.firstChild.textContent = 'Copy'; }, 2 * SECOND);
  } catch {
    getSelection().selectAllChildren(node);
    say('Selected the correlation id: copy it with your keyboard or menu.');
  }
}

function raw(text) {
  let pretty = text;
  try {
    pretty = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    /* Not JSON: shown as it came. */
  }
  return make(
    'details',
    {},
    make('summary', {}, 'The answer as it came'),
    make('pre', { tabindex: '0', role: 'region', 'aria-label': 'The answer as it came' }, pretty || '(empty)'),
  );
}

function milliseconds(ms) {
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

/** Server-Timing, as "Infopass 12 ms, gateway 1.2 ms, network and browser 5 ms". */
function timing(response, elapsed) {
  const parts = [];
  let rest = elapsed;
  for (const [, name, duration] of (response.headers.get('Server-Timing') ?? '').matchAll(/([\w-]+)\s*;\s*dur=([\d.]+)/g)) {
    rest -= Number(duration);
    parts.push(`${name === 'infopass' ? 'Infopass' : name} ${milliseconds(Number(duration))}`);
  }
  if (parts.length) {
    parts.push(`network and browser ${milliseconds(Math.max(0, rest))}`);
  }
  return parts.join(', ');
}

/* ---- the request ---- */

function basic(user, password) {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

function clearFault(input) {
  const place = $(`${input.id}-fault`);
  if (place) {
    place.hidden = true;
    place.textContent = '';
    input.removeAttribute('aria-invalid');
  }
}

function setFault(id, text) {
  const place = $(`${id}-fault`);
  place.textContent = place.hidden ? text : `${place.textContent}; ${text}`;
  place.hidden = false;
  $(id).setAttribute('aria-invalid', 'true');
}

/** Faults that no server can name, because they would change what it is asked. */
function faultsBeforeSending() {
  const faults = [];
  if ($('user').value.includes(':')) {
    faults.push(['user', 'must not hold a colon']);
  }
  if (!/^\d{0,4}$/.test($('wait').value.trim())) {
    faults.push(['wait', 'must be a whole number of seconds']);
  }
  return faults;
}

function setBusy(busy) {
  answer.setAttribute('aria-busy', String(busy));
  send.setAttribute('aria-disabled', String(busy));
  send.textContent = busy ? 'Sending…' : 'Get a link';
  cancel.hidden = !busy;
}

function showWorking() {
  const elapsed = make('span', { class: 'elapsed' }, '0 s');
  const startedAt = performance.now();
  show(
    make(
      'div',
      { class: 'working' },
      make('div', { class: 'spinner' }),
      make('p', {}, 'Asking Infopass for a link. ', elapsed),
    ),
  );
  const timer = setInterval(() => {
    elapsed.textContent = `${Math.floor((performance.now() - startedAt) / SECOND)} s`;
  }, SECOND);
  leaving.signal.addEventListener('abort', () => clearInterval(timer));
}

async function submit() {
  if (running) {
    return;
  }
  form.querySelectorAll('[aria-describedby]').forEach(clearFault);
  const faults = faultsBeforeSending();
  if (faults.length) {
    faults.forEach(([id, text]) => setFault(id, text));
    $(faults[0][0]).focus();
    return;
  }
  const request = new AbortController();
  running = request;
  if (document.activeElement && result.contains(document.activeElement)) {
    answer.focus({ preventScroll: true });
  }
  setBusy(true);
  showWorking();
  say('Asking Infopass for a link.');
  const startedAt = performance.now();
  try {
    const response = await fetch(INIT, requestOptions(request.signal));
    const text = await response.text();
    showAnswer(response, text, performance.now() - startedAt);
  } catch {
    showNoAnswer(request.signal.aborted);
  } finally {
    running = null;
    setBusy(false);
  }
}

function requestOptions(signal) {
  const headers = {
    Accept: 'application/json, application/problem+json',
    Authorization: basic($('user').value, $('password').value),
    'Content-Type': 'application/json',
  };
  const wait = $('wait').value.trim();
  if (wait) {
    headers.Prefer = `wait=${wait}`;
  }
  const body = JSON.stringify(Object.fromEntries(FIELDS.map((field) => [field, $(field).value])));
  return { method: 'POST', headers, body, signal, cache: 'no-store', credentials: 'omit', redirect: 'error' };
}

/* ---- the answer ---- */

function showAnswer(response, text, elapsed) {
  let reply;
  try {
    reply = JSON.parse(text);
  } catch {
    reply = undefined;
  }
  const took = `HTTP ${response.status} in ${milliseconds(elapsed)}`;
  if (response.ok && reply?.countdown && reply?.data) {
    showLink(reply, response, text, took, elapsed);
  } else {
    showFailure(reply ?? {}, response, text, took);
  }
  reveal();
}

function showLink(reply, response, text, took, elapsed) {
  const { data, countdown, correlationId } = reply;
  const spent = timing(response, elapsed);
  const again = make('button', { slot: 'start-again', type: 'button', class: 'primary again', onclick: submit }, 'Start again');
  const ticking = make(
    'digilocker-countdown',
    { src: countdown.url, href: data.url, total: data.expirySeconds, target: '_blank', 'label-link': 'Open DigiLocker' },
    again,
  );
  const headlined = headline('good', 'The link is ready', took);
  ticking.addEventListener('countdown-expired', () => {
    /* In place: the headline may have the focus. */
    headlined.firstChild.replaceWith(badge('bad'));
    headlined.querySelector('h3').textContent = 'Time is up';
  });
  show(
    headlined,
    ticking,
    make(
      'dl',
      { class: 'facts' },
      correlation(correlationId),
      fact('Client id', make('span', { class: 'mono' }, data.clientId)),
      spent ? fact('Time spent', make('span', {}, spent)) : undefined,
    ),
    raw(text),
  );
}

/** The last segment of a problem's type. */
function slugOf(problem) {
  return /^\/problems\/([a-z-]+)$/.exec(problem.type ?? '')?.[1];
}

/** The field that a pointer such as #/mobile names, if the form has it. */
function fieldOf(pointer) {
  let name = String(pointer ?? '').replace(/^#\//, '');
  try {
    name = decodeURIComponent(name);
  } catch {
    /* Not encoded after all. */
  }
  return FIELDS.find((field) => field === name);
}

function showFailure(problem, response, text, took) {
  const slug = slugOf(problem);
  const faults = Array.isArray(problem.errors) ? problem.errors : [];
  for (const fault of faults) {
    const field = fieldOf(fault.pointer);
    if (field) {
      setFault(field, fault.detail);
    }
  }
  if (slug === 'unauthenticated') {
    setFault('password', 'user id or password was refused');
  }
  const correlationId = problem.correlationId ?? response.headers.get('X-Correlation-Id');
  show(
    headline('bad', problem.title ?? 'The answer cannot be read', took),
    problem.detail ? make('p', {}, problem.detail) : undefined,
    make(
      'dl',
      { class: 'advice' },
      faults.length ? advice('What is wrong', make('ul', {}, faults.map(faultItem))) : undefined,
      problem.upstream ? advice('What Infopass said', upstream(problem.upstream)) : undefined,
      OUTCOMES[problem.outcome] ? advice('Was a link made?', OUTCOMES[problem.outcome]) : undefined,
      advice('What to do now', remedy(slug, problem)),
    ),
    make(
      'div',
      { class: 'buttons' },
      tryAgain(problem.retryAfterSeconds, response.status < 500),
      slug ? make('a', { href: problem.type }, 'About this problem') : undefined,
    ),
    correlationId ? make('dl', { class: 'facts' }, correlation(correlationId)) : undefined,
    raw(text),
  );
}

function remedy(slug, problem) {
  if (problem.retryAfterSeconds > 0) {
    return `Wait ${problem.retryAfterSeconds} s, then send it again. The button below works when it is time.`;
  }
  return REMEDIES[slug] ?? (problem.status >= 500 ? 'Send it again in a moment.' : 'Change the request, then send it again.');
}

function faultItem(fault) {
  const field = fieldOf(fault.pointer);
  if (!field) {
    return make('li', {}, `${fault.pointer}: ${fault.detail}`);
  }
  const jump = (event) => {
    event.preventDefault();
    $(field).focus();
  };
  const label = document.querySelector(`label[for="${field}"]`).textContent;
  return make('li', {}, make('a', { href: `#${field}`, onclick: jump }, label), ` ${fault.detail}`);
}

function upstream({ status: code, code: word, message }) {
  const where = [word, code ? `HTTP ${code}` : undefined].filter(Boolean).join(', ');
  return message ? `“${message}” (${where})` : where;
}

/** Opens when the gateway said that a repetition makes sense; by a clock nobody can set. */
function tryAgain(seconds, fruitless) {
  const waits = seconds > 0;
  const button = make('button', { type: 'button', class: fruitless && !waits ? 'plain' : 'primary' }, 'Try again');
  button.addEventListener('click', () => button.getAttribute('aria-disabled') !== 'true' && submit());
  if (!waits) {
    return button;
  }
  const opensAt = performance.now() + seconds * SECOND;
  const tick = () => {
    const left = Math.ceil((opensAt - performance.now()) / SECOND);
    button.setAttribute('aria-disabled', String(left > 0));
    button.textContent = left > 0 ? `Try again in ${left} s` : 'Try again';
    if (left <= 0) {
      clearInterval(timer);
      say('You can try again now.');
    }
  };
  const timer = setInterval(tick, SECOND / 4);
  queueMicrotask(() => leaving.signal.addEventListener('abort', () => clearInterval(timer)));
  tick();
  return button;
}

function showNoAnswer(cancelled) {
  show(
    headline(
      'bad',
      cancelled ? 'You cancelled the request' : 'The gateway cannot be reached',
      cancelled ? 'The gateway was told that nobody waits any more.' : 'No answer came: it is stopped, or the network is down.',
    ),
    make(
      'dl',
      { class: 'advice' },
      advice('Was a link made?', OUTCOMES.unknown),
      advice('What to do now', 'Send it again when you like: a new request makes a new link.'),
    ),
    make('div', { class: 'buttons' }, tryAgain(0, false)),
  );
  reveal();
}

/** Brings the answer into view and lets a reader begin at its headline. */
function reveal() {
  status.textContent = '';
  answer.scrollIntoView({ block: 'nearest' });
  $('headline').focus({ preventScroll: true });
  if ($('headline').getBoundingClientRect().top > innerHeight - 160) {
    answer.scrollIntoView({ block: 'start' });
  }
}

/* ---- the form ---- */

/** Puts the scenario at the start of the name, instead of the one before. */
function rehearse() {
  const name = $('name');
  const scenarios = [...$('scenario').options].map((option) => option.value).filter(Boolean);
  const before = scenarios.find((cue) => name.value === cue || name.value.startsWith(`${cue} `));
  const plain = before ? name.value.slice(before.length).trim() : name.value.trim();
  name.value = [$('scenario').value, plain].filter(Boolean).join(' ');
  clearFault(name);
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  submit();
});
form.addEventListener('input', (event) => clearFault(event.target));
$('scenario').addEventListener('change', rehearse);
cancel.addEventListener('click', () => {
  send.focus();
  running?.abort();
});
send.disabled = false;
