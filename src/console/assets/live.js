import { Idiomorph } from './idiomorph.js';

// What makes pages livelier; every page works without it.
document.documentElement.classList.add('scripted');
document.addEventListener('click', copy);

const url = document.body.dataset.liveUrl;
const stateBox = document.querySelector('[data-live-state]');
if (url && stateBox) keepLive();

/** Keeps the parts of the page as they are now, while the page is looked at. */
function keepLive() {
  /** Parts that wait while a text is marked in them. */
  const waiting = new Map();
  let source = null;
  let timer = 0;
  let failures = 0;
  let isOver = false;
  let silence = 0;

  function open() {
    clearTimeout(timer);
    if (source || isOver || document.hidden) return;
    source = new EventSource(url);
    hear();
    source.addEventListener('here', hear);
    source.addEventListener('parts', ({ data }) => {
      failures = 0;
      hear();
      tell('live', 'live');
      for (const [id, markup] of JSON.parse(data)) waiting.set(id, markup);
      apply();
    });
    source.addEventListener('trouble', () => tell('away', 'the store does not answer'));
    source.addEventListener('bye', ({ data }) => {
      const why = JSON.parse(data);
      if (why === 'closing') return;
      isOver = true;
      tell('away', why === 'gone' ? 'no longer there: load anew' : 'logged out: load anew');
    });
    source.onerror = tryAgain;
  }

  function tryAgain() {
    close();
    if (isOver) return;
    tell('away', 'reconnecting');
    const wait = Math.min(30_000, 1000 * 2 ** failures);
    failures += 1;
    timer = setTimeout(open, wait / 2 + Math.random() * (wait / 2));
  }

  /** The service tells every 15 s that it is there: a line that broke without a word is noticed by its silence. */
  function hear() {
    clearTimeout(silence);
    silence = setTimeout(tryAgain, 45_000);
  }

  function close() {
    clearTimeout(timer);
    clearTimeout(silence);
    source?.close();
    source = null;
  }

  function apply() {
    for (const [id, markup] of waiting) {
      const part = document.getElementById(id);
      if (part && isMarked(part)) continue;
      waiting.delete(id);
      if (part) Idiomorph.morph(part, markup, { morphStyle: 'outerHTML', ignoreActiveValue: true, callbacks });
    }
  }

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      close();
      if (!isOver) tell('paused', 'paused');
    } else {
      failures = 0;
      open();
    }
  });
  document.addEventListener('selectionchange', () => {
    if (waiting.size > 0) apply();
  });
  // A page that a browser keeps for "back" must not hold its stream.
  addEventListener('pagehide', close);
  addEventListener('pageshow', open);
  open();
}

function tell(state, words) {
  stateBox.dataset.state = state;
  if (stateBox.textContent !== words) stateBox.textContent = words;
}

/** What belongs to the person who looks stays: what they opened, and what they typed or chose. */
const callbacks = {
  beforeAttributeUpdated: (name, node) => !(name === 'open' && node.localName === 'details'),
  beforeNodeMorphed: (node) => !isForScriptless(node) && !isTypedIn(node),
  // Parsed by a script, what stands within `noscript` is real: its refresh would load the page anew.
  beforeNodeAdded: (node) => !isForScriptless(node),
  beforeNodeRemoved: (node) => !holdsWork(node),
};

function isForScriptless(node) {
  return node.localName === 'noscript';
}

function isTypedIn(node) {
  if (node instanceof HTMLSelectElement) {
    return node === document.activeElement || [...node.options].some((each) => each.selected !== each.defaultSelected);
  }
  if (node instanceof HTMLTextAreaElement) return node.value !== node.defaultValue;
  if (!(node instanceof HTMLInputElement) || node.type === 'hidden') return false;
  return node.value !== node.defaultValue || node.checked !== node.defaultChecked;
}

/** A form that somebody fills in does not vanish under their hands. */
function holdsWork(node) {
  if (!(node instanceof Element)) return false;
  const fields = [...node.querySelectorAll('input, textarea, select')];
  return isTypedIn(node) || fields.some(isTypedIn);
}

function isMarked(part) {
  const selection = document.getSelection();
  return Boolean(selection && !selection.isCollapsed && selection.toString() && selection.containsNode(part, true));
}

async function copy({ target }) {
  const button = target instanceof Element ? target.closest('[data-copy]') : null;
  if (!button) return;
  const isCopied = await put(button.dataset.copy);
  button.textContent = isCopied ? 'Copied' : 'Not copied';
  setTimeout(() => {
    button.textContent = 'Copy';
  }, 2000);
}

async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without TLS a browser has no clipboard for us, but the old way.
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'heard';
    document.body.append(field);
    field.select();
    const isCopied = document.execCommand('copy');
    field.remove();
    return isCopied;
  }
}
