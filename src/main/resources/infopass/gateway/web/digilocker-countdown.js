/*
 * <digilocker-countdown>: the time that is left to use a DigiLocker link.
 *
 *   <script type="module" src="https://GATEWAY/assets/digilocker-countdown.js"></script>
 *   <digilocker-countdown src="COUNTDOWN.URL OF THE INIT ANSWER" href="DATA.URL OF THE INIT ANSWER">
 *     <button slot="start-again" type="button">Start again</button>
 *   </digilocker-countdown>
 *
 * No dependency, no build step; also works as <script src defer>. Works under the policy
 * "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'".
 *
 * ATTRIBUTES
 *   src          the countdown URL, relative or absolute (another origin has to be listed in the
 *                gateway's http.allowedOrigins); a new value starts anew
 *   href         optional: the link that the user is sent to; gone once it has expired
 *   target       optional: where that link opens, as for <a>
 *   total        optional: seconds that the link lives for, the full length of the bar; without it
 *                the time left when first heard
 *   every        seconds between two events of the stream, at least 1; 10 unless told. It ticks each
 *                second all the same: events only re-synchronise it
 *   expiring-at  seconds before the end at which it warns while the gateway cannot be heard; 60.
 *                Otherwise the gateway says when (countdown.expiringAt)
 *   label-connecting, label-active, label-expiring, label-expired, label-invalid, label-link,
 *   label-hint, label-offline, label-left ("{time} left")
 *                the words, to be put into the user's language; numbers follow the lang attribute
 * SLOT   start-again: shown once expired, or not valid: the place for a button
 * PROPERTIES
 *   state             idle | connecting | active | expiring | expired | invalid; also an attribute
 *   remainingSeconds  whole seconds, rounded down; null as long as they are not known
 *   src, href         as the attributes
 * EVENTS (they bubble and leave shadow trees; detail: {state, remainingSeconds, ...})
 *   countdown-sync      the gateway was heard; detail.transport: stream | poll
 *   countdown-expiring  once, when the end is near
 *   countdown-expired   once, at the end
 *   countdown-error     detail.reason: invalid (the link is refused; final) | unreachable (once for
 *                       each outage; it counts on and goes on trying); detail.status where known
 * CUSTOM PROPERTIES, each prefixed with --digilocker-countdown-
 *   background, text, muted, border, accent, on-accent, warning, warning-soft, danger, danger-soft,
 *   focus, radius, padding, time-size
 * PARTS  frame, icon, label, time, bar, link, note
 *
 * THE TIME is never optimistic. It is taken from the gateway's remainingSeconds and a monotonic clock;
 * the user's own clock is not asked. Those seconds were true at some moment between asking and being
 * answered: they are counted from the moment of asking, and shown rounded down.
 */
(() => {
  'use strict';

  const TAG = 'digilocker-countdown';
  if (!globalThis.customElements || customElements.get(TAG)) {
    return;
  }

  const LABELS = {
    connecting: 'Checking the time left',
    active: 'Time left to use this link',
    expiring: 'Not much time left to use it',
    expired: 'This link has expired',
    invalid: 'The time left cannot be shown',
    link: 'Continue to DigiLocker',
    hint: 'Start again to get a new one.',
    offline: 'No connection right now. The time counts on.',
    left: '{time} left',
  };
  const RANK = { idle: 0, connecting: 0, active: 1, expiring: 2, expired: 3, invalid: 3 };
  const ANNOUNCED_AT_SECONDS = [10, 30, 60];
  const DEFAULT_EVERY_SECONDS = 10;
  const DEFAULT_EXPIRING_AT_SECONDS = 60;
  const SECOND = 1000;
  /* Over HTTP/1.1 a browser opens six connections to a host: streams must leave some. */
  const MAX_STREAMS_ON_PAGE = 3;
  const STREAM_FAILURES_BORNE = 3;
  const STREAM_SILENCE_BORNE = 10 * SECOND;
  const STREAM_FIRST_WORD = 2 * SECOND;
  const HIDDEN_STREAM_KEPT = 20 * SECOND;
  const STREAM_PAUSE = { first: 5 * SECOND, most: 60 * SECOND };
  const STREAM_OPEN = 1;
  const STREAM_CLOSED = 2;
  const POLL_PAUSE = { first: SECOND / 2, most: 15 * SECOND };
  const POLL_TIMEOUT = 8 * SECOND;
  const GONE = new Set([204, 410]);
  const REFUSED = new Set([400, 401, 403, 404]);
  const ICONS = {
    clock: 'M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18M12 7.5v5l3.2 1.9',
    triangle: 'M12 4L21.5 20h-19ZM12 10v4.5M12 17.2v.1',
    cross: 'M8 3h8l5 5v8l-5 5H8l-5-5V8ZM9 9l6 6M15 9l-6 6',
    question: 'M4 4h16v16H4ZM9.6 9.4a2.5 2.5 0 1 1 3.6 2.3c-.9.5-1.2 1-1.2 1.9M12 16.6v.1',
  };
  const ICON_OF = {
    idle: 'clock', connecting: 'clock', active: 'clock', expiring: 'triangle', expired: 'cross', invalid: 'question',
  };

  const CSS = `
    :host {
      --_background: var(--digilocker-countdown-background, #ffffff);
      --_text: var(--digilocker-countdown-text, #14213a);
      --_muted: var(--digilocker-countdown-muted, #52607a);
      --_border: var(--digilocker-countdown-border, #d5dcea);
      --_accent: var(--digilocker-countdown-accent, #2450c8);
      --_on-accent: var(--digilocker-countdown-on-accent, #ffffff);
      --_warning: var(--digilocker-countdown-warning, #8a4b00);
      --_warning-soft: var(--digilocker-countdown-warning-soft, #fff4de);
      --_danger: var(--digilocker-countdown-danger, #b3192b);
      --_danger-soft: var(--digilocker-countdown-danger-soft, #fdecee);
      --_focus: var(--digilocker-countdown-focus, var(--_accent));
      --_radius: var(--digilocker-countdown-radius, 14px);
      --_tone: var(--_accent);
      --_surface: var(--_background);
      --_edge: var(--_border);
      display: block;
      color: var(--_text);
      text-align: start;
    }
    @media (prefers-color-scheme: dark) {
      :host {
        --_background: var(--digilocker-countdown-background, #161d2c);
        --_text: var(--digilocker-countdown-text, #eaf0fb);
        --_muted: var(--digilocker-countdown-muted, #a5b2cb);
        --_border: var(--digilocker-countdown-border, #303b52);
        --_accent: var(--digilocker-countdown-accent, #9db8ff);
        --_on-accent: var(--digilocker-countdown-on-accent, #0c1630);
        --_warning: var(--digilocker-countdown-warning, #ffc56b);
        --_warning-soft: var(--digilocker-countdown-warning-soft, #2e2412);
        --_danger: var(--digilocker-countdown-danger, #ff9aa6);
        --_danger-soft: var(--digilocker-countdown-danger-soft, #321a21);
      }
    }
    :host([hidden]), [hidden] { display: none !important; }
    .frame {
      position: relative;
      box-sizing: border-box;
      padding: var(--digilocker-countdown-padding, 1.125rem);
      border: 1px solid var(--_edge);
      border-radius: var(--_radius);
      background: var(--_surface);
    }
    .frame[data-state=expiring] { --_tone: var(--_warning); --_surface: var(--_warning-soft); --_edge: var(--_warning); }
    .frame[data-state=expired] { --_tone: var(--_danger); --_surface: var(--_danger-soft); --_edge: var(--_danger); }
    .frame[data-state=invalid] { --_tone: var(--_muted); }
    .row { display: flex; align-items: center; gap: .875rem; }
    .icon { flex: none; width: 2.25rem; height: 2.25rem; color: var(--_tone); }
    .words { flex: 1 1 auto; min-width: 0; }
    .label { margin: 0; color: var(--_muted); font-size: .9375rem; line-height: 1.35; border-radius: 4px; }
    .frame[data-state=expiring] .label { color: var(--_tone); font-weight: 600; }
    .frame[data-state=expired] .label, .frame[data-state=invalid] .label {
      color: var(--_tone); font-weight: 700; font-size: 1.125rem;
    }
    .time {
      display: block;
      color: var(--_text);
      font-size: var(--digilocker-countdown-time-size, 2.25rem);
      font-weight: 700;
      font-variant-numeric: tabular-nums;
      letter-spacing: -.01em;
      line-height: 1.15;
    }
    .note { margin: .25rem 0 0; color: var(--_text); font-size: .9375rem; line-height: 1.4; }
    .offline { margin-block-start: .75rem; color: var(--_muted); }
    .bar {
      height: .375rem;
      margin-block-start: .875rem;
      overflow: hidden;
      border-radius: 1rem;
      background: var(--_border);
      background: color-mix(in srgb, var(--_tone) 20%, transparent);
    }
    .fill {
      height: 100%;
      border-radius: inherit;
      background: var(--_tone);
      transform: scaleX(var(--_share, 1));
      transform-origin: left;
      transition: transform 1s linear;
    }
    .fill:dir(rtl) { transform-origin: right; }
    .link {
      display: block;
      margin-block-start: 1rem;
      padding: .75rem;
      border: 2px solid transparent;
      border-radius: calc(var(--_radius) * .7);
      background: var(--_accent);
      color: var(--_on-accent);
      font-weight: 600;
      line-height: 1.3;
      text-align: center;
      text-decoration: none;
      overflow-wrap: anywhere;
    }
    .link:hover { text-decoration: underline; text-underline-offset: .2em; }
    .link:focus-visible, .label:focus-visible { outline: 3px solid var(--_focus); outline-offset: 3px; }
    slot { display: block; margin-block-start: 1rem; }
    .unseen {
      position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0;
      overflow: hidden; clip-path: inset(50%); white-space: nowrap;
    }
    @media (prefers-reduced-motion: no-preference) {
      .frame[data-state=expiring] .icon { animation: nudge 2s ease-in-out infinite; }
      @keyframes nudge { 50% { transform: scale(1.08); } }
    }
    @media (prefers-reduced-motion: reduce) { .fill { transition: none; } }
    @media (forced-colors: active) {
      .bar { border: 1px solid CanvasText; }
      .fill { forced-color-adjust: none; background: CanvasText; }
      .icon { color: CanvasText; }
      .link { border-color: LinkText; }
      .link:focus-visible, .label:focus-visible { outline-color: Highlight; }
    }`;

  let sharedSheet;
  let openStreams = 0;
  const unitFormats = new Map();

  /** In milliseconds, and never set back or forth by anybody. */
  const now = () => performance.now();

  function styleSheet() {
    if (!sharedSheet) {
      sharedSheet = new CSSStyleSheet();
      sharedSheet.replaceSync(CSS);
    }
    return sharedSheet;
  }

  /** A random pause around first * 2^n, at most `most`. */
  function backoff(pause, failures) {
    return Math.min(pause.most, pause.first * 2 ** Math.max(0, failures - 1)) * (0.5 + Math.random() / 2);
  }

  function split(seconds) {
    return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  }

  /** 4:05, or 1:04:05. */
  function digits(seconds) {
    const [h, m, s] = split(seconds);
    const two = (n) => String(n).padStart(2, '0');
    return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
  }

  function unitFormat(language, unit) {
    const key = `${language} ${unit}`;
    if (!unitFormats.has(key)) {
      const options = { style: 'unit', unit, unitDisplay: 'long' };
      let format;
      try {
        format = new Intl.NumberFormat(language || undefined, options);
      } catch {
        format = new Intl.NumberFormat(undefined, options);
      }
      unitFormats.set(key, format);
    }
    return unitFormats.get(key);
  }

  /** 4 minutes 5 seconds: what a voice can say. */
  function spoken(seconds, language) {
    const units = ['hour', 'minute', 'second'];
    const parts = split(seconds)
      .map((n, i) => (n > 0 ? unitFormat(language, units[i]).format(n) : ''))
      .filter(Boolean);
    return parts.length ? parts.join(' ') : unitFormat(language, 'second').format(0);
  }

  function element(name, properties = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (value !== false) {
        made.setAttribute(key, value === true ? '' : value);
      }
    }
    made.append(...children);
    return made;
  }

  function icon() {
    const ns = 'http://www.w3.org/2000/svg';
    const svg = document.createElementNS(ns, 'svg');
    const attributes = {
      class: 'icon', part: 'icon', viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor',
      'stroke-width': '1.9', 'stroke-linecap': 'round', 'stroke-linejoin': 'round',
      'aria-hidden': 'true', focusable: 'false',
    };
    for (const [key, value] of Object.entries(attributes)) {
      svg.setAttribute(key, value);
    }
    svg.append(document.createElementNS(ns, 'path'));
    return svg;
  }

  /** Writes only what changed, so that a tick costs nothing where nothing is new. */
  function setText(node, text) {
    if (node.textContent !== text) {
      node.textContent = text;
    }
  }

  function setAttribute(node, name, value) {
    if (node.getAttribute(name) !== value) {
      node.setAttribute(name, value);
    }
  }

  class DigilockerCountdown extends HTMLElement {
    static get observedAttributes() {
      return ['src', 'href', 'target', 'total', 'every', 'expiring-at', ...Object.keys(LABELS).map((key) => `label-${key}`)];
    }

    #view;
    #state = 'idle';
    /** When it ends, at the earliest, on the monotonic clock; undefined until first heard. */
    #end;
    #firstSeconds = 0;
    #shownSeconds = null;
    #url = '';
    #listening;
    #source = null;
    #asking = null;
    #tickTimer = 0;
    #retryTimer = 0;
    #silenceTimer = 0;
    #hiddenTimer = 0;
    #firstWordTimer = 0;
    #streamFailures = 0;
    #streamPauses = 0;
    #streamAgainAt = 0;
    #pollFailures = 0;
    #offline = false;

    constructor() {
      super();
      const root = this.attachShadow({ mode: 'open' });
      root.adoptedStyleSheets = [styleSheet()];
      this.#view = this.#build(root);
    }

    get state() {
      return this.#state;
    }

    get remainingSeconds() {
      if (this.#state === 'expired') {
        return 0;
      }
      return this.#end === undefined ? null : Math.max(0, Math.floor((this.#end - now()) / SECOND));
    }

    get src() {
      return this.getAttribute('src') ?? '';
    }

    set src(value) {
      this.setAttribute('src', value);
    }

    get href() {
      return this.getAttribute('href') ?? '';
    }

    set href(value) {
      this.setAttribute('href', value);
    }

    connectedCallback() {
      for (const name of ['src', 'href']) {
        if (Object.hasOwn(this, name)) {
          const early = this[name];
          delete this[name];
          this[name] = early;
        }
      }
      this.#start();
    }

    disconnectedCallback() {
      this.#stop();
    }

    attributeChangedCallback(name, before, after) {
      if (before === after) {
        return;
      }
      if (name === 'src') {
        this.#reset();
      }
      if (this.isConnected) {
        if (name === 'src' || name === 'every') {
          this.#start();
        }
        this.#render();
      }
    }

    /* ---- life ---- */

    #reset() {
      this.#stop();
      this.#end = undefined;
      this.#firstSeconds = 0;
      this.#shownSeconds = null;
      this.#streamFailures = 0;
      this.#streamPauses = 0;
      this.#streamAgainAt = 0;
      this.#pollFailures = 0;
      this.#state = 'idle';
    }

    #start() {
      this.#stop();
      if (this.#over()) {
        this.#render();
        return;
      }
      if (this.src === '') {
        this.#become('idle');
        return;
      }
      this.#url = this.#countdownUrl();
      if (this.#url === '') {
        this.#refused(undefined);
        return;
      }
      this.#listening = new AbortController();
      const options = { signal: this.#listening.signal };
      document.addEventListener('visibilitychange', () => this.#visibilityChanged(), options);
      globalThis.addEventListener('online', () => this.#resync(), options);
      document.addEventListener('resume', () => this.#resync(), options);
      globalThis.addEventListener('pagehide', () => this.#closeStream(), options);
      globalThis.addEventListener('pageshow', (event) => event.persisted && this.#start(), options);
      if (this.#end === undefined) {
        this.#become('connecting');
      } else {
        this.#tick();
      }
      this.#connect();
    }

    /** Leaves nothing behind: no connection, no timer, no listener. What is known stays known. */
    #stop() {
      this.#listening?.abort();
      this.#listening = undefined;
      this.#closeStream();
      this.#asking?.abort();
      this.#asking = null;
      clearTimeout(this.#tickTimer);
      clearTimeout(this.#retryTimer);
      clearTimeout(this.#hiddenTimer);
      this.#offline = false;
    }

    #over() {
      return RANK[this.#state] === RANK.expired;
    }

    #countdownUrl() {
      try {
        const url = new URL(this.src, document.baseURI);
        return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : '';
      } catch {
        return '';
      }
    }

    #everySeconds() {
      const every = Math.floor(Number(this.getAttribute('every')));
      return every >= 1 ? every : DEFAULT_EVERY_SECONDS;
    }

    /* ---- hearing the gateway ---- */

    #connect() {
      clearTimeout(this.#retryTimer);
      if (!this.#listening) {
        return;
      }
      if (this.#mayStream()) {
        this.#stream();
      } else {
        this.#poll();
      }
    }

    #mayStream() {
      return (
        typeof globalThis.EventSource === 'function'
        && document.visibilityState !== 'hidden'
        && openStreams < MAX_STREAMS_ON_PAGE
        && now() >= this.#streamAgainAt
      );
    }

    #stream() {
      const url = new URL(this.#url);
      url.searchParams.set('every', this.#everySeconds());
      const source = new EventSource(url.href);
      this.#source = source;
      openStreams += 1;
      this.#streamFailures = 0;
      let askedAt = now();
      const heard = (event) => {
        if (source !== this.#source) {
          return;
        }
        const message = this.#parse(event.data);
        if (!message) {
          this.#streamBroke();
          return;
        }
        this.#streamFailures = 0;
        this.#streamPauses = 0;
        this.#pollFailures = 0;
        clearTimeout(this.#firstWordTimer);
        this.#expectSound();
        this.#apply(message, 'stream', askedAt);
        askedAt = undefined;
      };
      for (const type of ['countdown', 'expiring', 'expired']) {
        source.addEventListener(type, heard);
      }
      source.addEventListener('error', () => {
        if (source !== this.#source) {
          return;
        }
        this.#streamFailures += 1;
        askedAt = now();
        if (source.readyState === STREAM_CLOSED || this.#streamFailures >= STREAM_FAILURES_BORNE) {
          this.#streamBroke();
        } else if (this.#streamFailures > 1) {
          /* A stream may end at any time: the browser connects again by itself, after the pause that
             the gateway asked for. Only where that fails, too, is there something to tell. */
          this.#lost();
        }
      });
      this.#expectSound();
      this.#firstWordTimer = setTimeout(() => this.#snapshot(), STREAM_FIRST_WORD);
    }

    /** A half-open connection says nothing for ever: take silence for an end. */
    #expectSound() {
      clearTimeout(this.#silenceTimer);
      const patience = 2 * this.#everySeconds() * SECOND + STREAM_SILENCE_BORNE;
      this.#silenceTimer = setTimeout(() => this.#streamBroke(), patience);
    }

    /** Polling takes over, and finds out why; the stream is tried again later. */
    #streamBroke() {
      this.#closeStream();
      this.#streamPauses += 1;
      this.#streamAgainAt = now() + backoff(STREAM_PAUSE, this.#streamPauses);
      this.#poll();
    }

    #closeStream() {
      clearTimeout(this.#silenceTimer);
      clearTimeout(this.#firstWordTimer);
      if (this.#source) {
        this.#source.close();
        this.#source = null;
        openStreams -= 1;
      }
    }

    async #poll() {
      if (!this.#listening) {
        return;
      }
      if (this.#asking) {
        this.#later(POLL_PAUSE.first);
        return;
      }
      const heard = await this.#snapshot();
      if (!this.#listening || this.#source) {
        return;
      }
      if (heard) {
        this.#pollFailures = 0;
        this.#later(this.#pollPause());
      } else if (heard === false) {
        this.#pollFailures += 1;
        this.#lost();
        this.#later(backoff(POLL_PAUSE, this.#pollFailures));
      }
    }

    #later(pause) {
      clearTimeout(this.#retryTimer);
      this.#retryTimer = setTimeout(() => this.#connect(), pause);
    }

    /** Closer together as the warning comes near, which only the gateway can time. */
    #pollPause() {
      const most = POLL_PAUSE.most;
      const pause = this.#state === 'active' ? Math.max(SECOND, (this.#end - now()) / 8) : most;
      const stream = this.#streamAgainAt - now();
      return Math.min(most, pause, stream > 0 ? Math.max(SECOND, stream) : most);
    }

    /** Asks once. True: heard; false: not heard; undefined: given up meanwhile, or all is said. */
    async #snapshot() {
      if (this.#asking) {
        return undefined;
      }
      const asking = new AbortController();
      this.#asking = asking;
      const timeout = setTimeout(() => asking.abort('timeout'), POLL_TIMEOUT);
      const askedAt = now();
      try {
        const response = await fetch(this.#url, {
          headers: { Accept: 'application/json' },
          cache: 'no-store',
          credentials: 'omit',
          referrerPolicy: 'no-referrer',
          signal: asking.signal,
        });
        const text = response.ok && response.status !== 204 ? await response.text() : '';
        if (this.#asking !== asking) {
          return undefined;
        }
        return this.#answered(response.status, text, askedAt);
      } catch {
        return this.#asking === asking ? false : undefined;
      } finally {
        clearTimeout(timeout);
        if (this.#asking === asking) {
          this.#asking = null;
        }
      }
    }

    #answered(status, text, askedAt) {
      if (GONE.has(status)) {
        this.#become('expired');
        return undefined;
      }
      if (REFUSED.has(status)) {
        this.#refused(status);
        return undefined;
      }
      const message = status === 200 ? this.#parse(text) : undefined;
      if (!message) {
        return false;
      }
      this.#apply(message, 'poll', askedAt);
      return this.#over() ? undefined : true;
    }

    #parse(text) {
      try {
        const { state, remainingSeconds } = JSON.parse(text);
        const sound = Number.isFinite(remainingSeconds) && remainingSeconds >= 0 && typeof state === 'string';
        return sound ? { state, remainingSeconds } : undefined;
      } catch {
        return undefined;
      }
    }

    /**
     * Takes over what the gateway said. It was true at some moment since `askedAt`, so the end is not
     * before `earliest` and is before `latest`; what is shown stays in between. Events after the first
     * of a connection know no `askedAt`: they can only correct a clock that stood still in a sleep.
     */
    #apply(message, transport, askedAt) {
      const left = message.remainingSeconds * SECOND;
      const earliest = (askedAt ?? now()) + left;
      const latest = now() + left + SECOND;
      if (this.#end === undefined) {
        this.#end = earliest;
        this.#firstSeconds = message.remainingSeconds;
      } else if (this.#end > latest || (askedAt !== undefined && earliest > this.#end + SECOND)) {
        this.#end = earliest;
      }
      this.#offline = false;
      if (message.state === 'expired' || message.remainingSeconds <= 0) {
        this.#become('expired');
        return;
      }
      this.#become(RANK[message.state] > RANK[this.#state] ? message.state : this.#state);
      this.#tell('countdown-sync', { transport });
      this.#tick();
    }

    #lost() {
      if (!this.#offline) {
        this.#offline = true;
        this.#tell('countdown-error', { reason: 'unreachable' });
        this.#render();
      }
    }

    #refused(status) {
      this.#become('invalid');
      /* Whoever creates the element has to get a chance to listen first. */
      queueMicrotask(() => this.#tell('countdown-error', { reason: 'invalid', status }));
    }

    #visibilityChanged() {
      clearTimeout(this.#hiddenTimer);
      if (document.visibilityState === 'hidden') {
        this.#hiddenTimer = setTimeout(() => {
          this.#closeStream();
          this.#later(this.#pollPause());
        }, HIDDEN_STREAM_KEPT);
      } else {
        this.#resync();
      }
    }

    /** After a sleep the clock may have stood still: show what is known, and ask at once. */
    #resync() {
      if (!this.#listening) {
        return;
      }
      this.#tick();
      if (this.#source?.readyState !== STREAM_OPEN) {
        this.#closeStream();
        this.#streamAgainAt = 0;
        this.#connect();
      }
      this.#snapshot();
    }

    /* ---- counting ---- */

    /** Shows the second, and wakes at the next. */
    #tick() {
      clearTimeout(this.#tickTimer);
      if (!this.#listening || this.#end === undefined || this.#over()) {
        return;
      }
      const left = this.#end - now();
      if (left <= 0) {
        this.#become('expired');
        return;
      }
      const warnAt = Number(this.getAttribute('expiring-at') ?? DEFAULT_EXPIRING_AT_SECONDS) * SECOND;
      if (this.#offline && this.#state === 'active' && left <= warnAt) {
        this.#become('expiring');
      } else {
        this.#render();
      }
      this.#tickTimer = setTimeout(() => this.#tick(), (left % SECOND) + 1);
    }

    #become(state) {
      const before = this.#state;
      this.#state = state;
      setAttribute(this, 'state', state);
      if (this.#over()) {
        this.#stop();
      }
      this.#render();
      if (before === state) {
        return;
      }
      if (state === 'expiring') {
        this.#tell('countdown-expiring');
      } else if (state === 'expired') {
        this.#tell('countdown-expired');
      }
    }

    #tell(type, more = {}) {
      const detail = { state: this.#state, remainingSeconds: this.remainingSeconds, ...more };
      this.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail }));
    }

    /* ---- what is seen and heard ---- */

    #build(root) {
      const view = {
        icon: icon(),
        label: element('p', { class: 'label', part: 'label', id: 'label' }),
        digits: element('span', { 'aria-hidden': 'true' }),
        spoken: element('span', { class: 'unseen' }),
        hint: element('p', { class: 'note', part: 'note' }),
        offline: element('p', { class: 'note offline', part: 'note' }),
        fill: element('div', { class: 'fill' }),
        link: element('a', { class: 'link', part: 'link', rel: 'noreferrer', referrerpolicy: 'no-referrer' }),
        again: element('slot', { name: 'start-again', hidden: true }),
        announcer: element('span', { class: 'unseen', role: 'status', 'aria-live': 'polite' }),
      };
      view.time = element(
        'span',
        { class: 'time', part: 'time', role: 'timer', 'aria-live': 'off', 'aria-labelledby': 'label' },
        view.digits,
        view.spoken,
      );
      view.bar = element('div', { class: 'bar', part: 'bar', 'aria-hidden': 'true' }, view.fill);
      view.words = element('div', { class: 'words' }, view.label, view.time, view.hint);
      view.frame = element(
        'div',
        { class: 'frame', part: 'frame' },
        element('div', { class: 'row' }, view.icon, view.words),
        view.bar,
        view.offline,
        view.again,
        view.announcer,
      );
      root.append(view.frame);
      return view;
    }

    #label(key) {
      return this.getAttribute(`label-${key}`) ?? LABELS[key];
    }

    #render() {
      const view = this.#view;
      const state = this.#state;
      const seconds = this.remainingSeconds;
      const over = this.#over();
      setAttribute(view.frame, 'data-state', state);
      view.frame.hidden = state === 'idle';
      setAttribute(view.icon.firstChild, 'd', ICONS[ICON_OF[state]]);
      setText(view.label, state === 'idle' ? '' : this.#label(state));
      setText(view.hint, this.#label('hint'));
      setText(view.offline, this.#label('offline'));
      view.hint.hidden = state !== 'expired';
      view.offline.hidden = over || !this.#offline;
      view.again.hidden = !over;
      view.time.hidden = over;
      view.bar.hidden = over;
      if (!over) {
        this.#renderTime(seconds);
      }
      this.#renderLink(state === 'expired');
      this.#announce(seconds);
    }

    #renderTime(seconds) {
      const view = this.#view;
      setText(view.digits, seconds === null ? '–:––' : digits(seconds));
      setText(view.spoken, seconds === null ? '' : spoken(seconds, this.#language()));
      const total = Math.max(Number(this.getAttribute('total')) || this.#firstSeconds, 1);
      const share = seconds === null ? 1 : Math.min(1, Math.max(0, (seconds - 1) / total));
      view.fill.style.setProperty('--_share', share.toFixed(4));
    }

    /** A link that no longer leads anywhere is taken away, and focus is not lost with it. */
    #renderLink(expired) {
      const { link, bar, label } = this.#view;
      const href = expired ? '' : this.#safeHref();
      if (href === '') {
        const focused = this.shadowRoot.activeElement === link;
        link.remove();
        link.removeAttribute('href');
        if (focused) {
          label.setAttribute('tabindex', '-1');
          label.focus({ preventScroll: true });
        }
        return;
      }
      setText(link, this.#label('link'));
      setAttribute(link, 'href', href);
      setAttribute(link, 'target', this.getAttribute('target') ?? '_self');
      if (link.parentNode === null) {
        bar.after(link);
      }
    }

    #safeHref() {
      try {
        const url = new URL(this.href || 'none:', document.baseURI);
        return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : '';
      } catch {
        return '';
      }
    }

    /** Says only what matters: 60, 30 and 10 seconds, and the end. */
    #announce(seconds) {
      const before = this.#shownSeconds;
      this.#shownSeconds = seconds;
      const { announcer } = this.#view;
      if (this.#state === 'expired') {
        if (before !== 0) {
          setText(announcer, `${this.#label('expired')}. ${this.#label('hint')}`);
        }
      } else if (this.#state === 'invalid') {
        setText(announcer, this.#label('invalid'));
      } else if (seconds === null) {
        setText(announcer, '');
      } else {
        const passed = ANNOUNCED_AT_SECONDS.find((mark) => seconds <= mark && (before === null || before > mark));
        if (passed !== undefined) {
          setText(announcer, this.#label('left').replace('{time}', spoken(seconds, this.#language())));
        }
      }
    }

    #language() {
      return this.closest('[lang]')?.lang || document.documentElement.lang;
    }
  }

  customElements.define(TAG, DigilockerCountdown);
})();
