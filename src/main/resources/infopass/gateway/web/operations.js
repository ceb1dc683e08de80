/* The operations page: draws the state that the gateway sends once a second. Stores nothing. */

const SVG = 'http://www.w3.org/2000/svg';
const SILENCE = 3500;

const SIGNS = {
  GOOD: 'M5 12.5l4.5 4.5L19 7.5',
  WARN: 'M12 6v7M12 17.5v.1',
  BAD: 'M7 7l10 10M17 7L7 17',
};

const CIRCUIT = { CLOSED: ['Closed', 'good'], OPEN: ['Open', 'bad'], HALF_OPEN: ['Half open', 'warn'] };

const QUOTA = {
  FREE: ['Unknown', '', 'Nothing is known of a quota, so nothing waits.'],
  SLOW_START: ['Feeling its way', 'warn', 'Infopass said “too many”: starting again slowly.'],
  SUSPECTED: ['Suspected', 'warn', 'Infopass said “too many” once.'],
  CONFIRMED: ['Known', 'good', ''],
};

const CHANGES = { gateway: 'Gateway', circuit: 'Circuit', account: 'Account', quota: 'Quota' };

const $ = (id) => document.getElementById(id);
const whole = new Intl.NumberFormat('en');

/* ---- small parts ---- */

function make(name, properties = {}, ...children) {
  const made = document.createElement(name);
  Object.entries(properties).forEach(([key, value]) => made.setAttribute(key, value));
  made.append(...children);
  return made;
}

function rect(kind, x, y, width, height) {
  const made = document.createElementNS(SVG, 'rect');
  const attributes = { class: kind, x, y, width: Math.max(0, width), height: Math.max(0, height) };
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
}

/** Writes only what has changed, so that a selection or a screen reader is left in peace. */
function text(id, value) {
  const element = $(id);
  if (element.textContent !== value) {
    element.textContent = value;
  }
}

function state(id, [word, kind]) {
  text(id, word);
  $(id).dataset.state = kind;
}

function millis(value) {
  if (value < 0) return '–';
  if (value < 10) return value.toFixed(1) + ' ms';
  return value < 1000 ? Math.round(value) + ' ms' : seconds(value / 1000);
}

function seconds(value) {
  if (value < 100) return (value < 10 ? value.toFixed(1).replace('.0', '') : Math.round(value)) + ' s';
  if (value < 7200) return Math.round(value / 60) + ' min';
  return value < 172800 ? Math.round(value / 3600) + ' h' : Math.round(value / 86400) + ' days';
}

const sum = (counts) => counts.reduce((total, count) => total + count, 0);

/** How a share of a limit looks: worrying when nearly all is taken. */
function kindOf(share) {
  if (share >= 0.95) return 'bad-fill';
  return share >= 0.75 ? 'slow-fill' : 'all';
}

/** A name, a number and a bar, made once and changed in place. */
function meter(list, name, number, share, kind = kindOf(share)) {
  let item = [...list.children].find((child) => child.dataset.name === name);
  if (!item) {
    const bar = document.createElementNS(SVG, 'svg');
    const attributes = { class: 'bar', viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true', focusable: 'false' };
    Object.entries(attributes).forEach(([key, value]) => bar.setAttribute(key, value));
    item = make('li', { 'data-name': name }, make('p', { class: 'head' }, make('span', {}, name), make('b')), bar);
    list.append(item);
  }
  const value = item.querySelector('b');
  if (value.textContent !== number) {
    value.textContent = number;
  }
  const length = share > 0 ? Math.max(1.5, Math.min(1, share) * 100) : 0;
  item.querySelector('svg').replaceChildren(rect(kind, 0, 0, length, 8));
  return item;
}

function use(list, name, { used, limit }) {
  meter(list, name, `${whole.format(used)} of ${whole.format(limit)}`, limit > 0 ? used / limit : 0);
}

function pairs(list, rows) {
  rows.forEach(([name, value], i) => {
    let row = list.children[i];
    if (!row) {
      row = make('div', {}, make('dt', {}, name), make('dd'));
      list.append(row);
    }
    row.lastChild.textContent = value;
  });
}

/* ---- what is drawn ---- */

function verdict({ level, headline, whose, cost, first }) {
  $('verdict').dataset.level = level;
  $('sign').setAttribute('d', SIGNS[level]);
  text('headline', headline);
  text('cost', cost);
  text('first', first);
  $('whose').hidden = !whose;
  text('whose', whose === 'us' ? 'Ours to mend' : `At ${whose}`);
  document.title = `${level === 'GOOD' ? '' : '⚠ '}${headline} · Infopass Gateway`;
}

function traffic({ answers, inits, failures, problems, boundsMillis, initTimes, p50Millis, p99Millis }) {
  const last = answers.slice(-5);
  text('rate', whole.format(Math.round((sum(last) / last.length) * 10) / 10));
  text('inits', whole.format(sum(inits)));
  text('failed', whole.format(sum(failures)));
  $('failed').className = sum(failures) > 0 ? 'hot' : '';
  const peak = Math.max(1, ...answers);
  text('peak', `peak ${whole.format(Math.max(...answers))} a second`);
  const bars = answers.flatMap((count, i) => {
    const height = (count / peak) * 19;
    const failed = (failures[i] / peak) * 19;
    return count ? [rect('all', i + 0.08, 20 - height, 0.84, height), rect('bad-fill', i + 0.08, 20 - failed, 0.84, failed)] : [];
  });
  $('spark').replaceChildren(...bars);

  const list = $('problems');
  list.replaceChildren();
  problems.slice(0, 8).forEach(({ slug, status, count }) => {
    const item = meter(list, slug, whole.format(count), count / problems[0].count, status >= 500 ? 'bad-fill' : 'all');
    item.querySelector('.head span').append(' ', make('small', {}, String(status)));
  });
  $('no-problems').hidden = problems.length > 0;

  text('p50', millis(p50Millis));
  text('p99', millis(p99Millis));
  const most = Math.max(1, ...initTimes);
  const width = 150 / (boundsMillis.length + 1);
  $('latency').replaceChildren(...initTimes.map((count, i) => {
    const height = count ? Math.max(1, (count / most) * 29) : 0;
    const kind = i >= boundsMillis.length - 1 ? 'bad-fill' : 'all';
    return rect(kind, i * width + width * 0.06, 30 - height, width * 0.88, height);
  }));
}

function breaker({ state: now, calls, failures, slow, windowSeconds, minimumCalls, failureRate, slowCallRate, probeInSeconds }) {
  state('breaker', CIRCUIT[now]);
  const notes = {
    CLOSED: 'Calls go to Infopass.',
    OPEN: `Calls are answered 503 at once. Probes in ${seconds(probeInSeconds)}.`,
    HALF_OPEN: 'The next call probes.',
  };
  text('breaker-note', notes[now]);
  const failed = failures;
  const late = Math.min(slow, calls - failed);
  const good = calls - failed - late;
  const unit = calls > 0 ? 100 / calls : 0;
  $('breaker-bar').replaceChildren(
    rect('bad-fill', 0, 0, failed * unit, 8),
    rect('slow-fill', failed * unit, 0, late * unit, 8),
    rect('ok-fill', (failed + late) * unit, 0, good * unit, 8),
    rect('limit', failureRate * 100 - 0.4, 0, 0.8, 8),
  );
  text('window-good', whole.format(good));
  text('window-slow', whole.format(late));
  text('window-failed', whole.format(failed));
  const span = now === 'CLOSED' ? `Last ${seconds(windowSeconds)}` : 'What opened it';
  const judged = now === 'CLOSED' && calls < minimumCalls ? `; judged from ${minimumCalls} calls on` : '';
  const limits = `${Math.round(failureRate * 100)} % failures or ${Math.round(slowCallRate * 100)} % slow`;
  text('window-note', `${span}. Opens at ${limits}${judged}.`);
}

function pacer({ state: now, limit, perSeconds, used, waiting, holdSeconds, predictedWaitSeconds }) {
  const [word, kind, note] = QUOTA[now];
  state('pacer', [word, kind]);
  text('pacer-note', note || `${whole.format(limit)} calls in ${seconds(perSeconds)}`);
  const list = $('pacer-meters');
  meter(list, 'Calls that count', limit > 0 ? `${whole.format(used)} of ${whole.format(limit)}` : whole.format(used), limit > 0 ? used / limit : 0, 'all');
  meter(list, 'Requests that wait', whole.format(waiting), waiting > 0 ? Math.min(1, waiting / Math.max(limit, 10)) : 0, 'slow-fill');
  text('hold', holdSeconds > 0 ? seconds(holdSeconds) : 'no');
  text('predicted', predictedWaitSeconds > 0 ? seconds(predictedWaitSeconds) : 'none');
}

function changes(all) {
  const list = $('changes');
  const key = all.length + (all[0]?.at ?? '');
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(...all.map(({ at, what, state: now }) => {
    const when = make('time', { datetime: at }, new Date(at).toLocaleTimeString('en-GB'));
    return make('li', {}, when, make('span', {}, CHANGES[what] ?? what), make('b', {}, now.toLowerCase().replaceAll('_', ' ')));
  }));
}

function draw(now) {
  verdict(now.verdict);
  traffic(now.traffic);
  breaker(now.breaker);
  state('account', now.accountHeld ? ['Refused', 'bad'] : ['Accepted', 'good']);
  pacer(now.pacer);
  const places = $('places');
  use(places, 'Requests in flight', now.inFlight);
  use(places, 'Calls at Infopass', now.pool);
  use(places, 'Calls waiting for a place', { used: now.pool.waiting, limit: now.pool.waitLimit });
  use(places, 'Connections', now.connections);
  const watched = $('watched');
  use(watched, 'Live sessions', now.sessions);
  use(watched, 'Countdown streams', now.streams);
  use(watched, 'Remembered answers', now.idempotency);
  now.lagMillis.forEach((lag, i) => meter($('loops'), `Loop ${i + 1}`, millis(lag), lag / 1000));
  pairs($('since'), [
    ['Calls to Infopass', whole.format(now.calls.partner)],
    ['Retries', whole.format(now.calls.retries)],
    ['Retries left in the budget', whole.format(now.calls.retryBudget)],
    ['Possible duplicates', whole.format(now.calls.possibleDuplicates + now.idempotency.possibleDuplicates)],
    ['Callers who left', whole.format(now.calls.abandoned)],
    ['Repetitions answered from memory', whole.format(now.idempotency.replays + now.idempotency.joins)],
    ['Keys used for another request', whole.format(now.idempotency.mismatches)],
  ]);
  changes(now.changes);
  text('build', `Version ${now.build.version}, Java ${now.build.java}, up for ${seconds(now.build.upSeconds)}.`);
}

/* ---- the feed ---- */

let heard = 0;

function live(on) {
  $('live').dataset.on = on ? 'yes' : 'no';
  document.body.classList.toggle('stale', !on);
  text('live-text', on ? 'Live' : heard ? `Connection lost: as of ${new Date(heard).toLocaleTimeString('en-GB')}` : 'No connection');
}

function watch() {
  const source = new EventSource('/operations/events');
  source.addEventListener('state', (event) => {
    heard = Date.now();
    draw(JSON.parse(event.data));
    live(true);
    document.body.dataset.ready = 'yes';
  });
  source.addEventListener('error', () => {
    live(false);
    if (source.readyState === EventSource.CLOSED) {
      // Refused: too many viewers, or a gateway that is going. The browser does not come back.
      setTimeout(watch, 5000);
    }
  });
}

setInterval(() => {
  if (heard && Date.now() - heard > SILENCE) live(false);
}, 1000);

/* ---- configuration, loaded when it is wanted ---- */

function filter() {
  const wanted = $('find').value.trim().toLowerCase();
  for (const row of $('rows').children) {
    row.hidden = !row.textContent.toLowerCase().includes(wanted);
  }
}

$('config').addEventListener('toggle', async () => {
  if (!$('config').open) return;
  try {
    const answer = await fetch('/operations/configuration', { cache: 'no-store' });
    if (!answer.ok) throw new Error('refused');
    const rows = await answer.json();
    $('rows').replaceChildren(...rows.map(({ key, value }) => make('tr', {}, make('td', {}, key), make('td', {}, value))));
  } catch {
    $('rows').replaceChildren(make('tr', {}, make('td', {}, 'Not loaded'), make('td', {}, 'Close and open to try again')));
  }
  filter();
});
$('find').addEventListener('input', filter);

watch();
