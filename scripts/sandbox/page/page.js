/** The sandbox in the browser: looks at the state twice a second, draws it, and passes on what is typed. */

const $ = (id) => document.getElementById(id);
let state;
/** What is looked at, and which message each side is answering. */
const view = {
  client: undefined,
  other: undefined,
  topic: undefined,
  answering: { chat: undefined, posts: undefined },
};

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

function tabs(nav, entries, current, choose) {
  nav.replaceChildren(
    ...entries.map(([key, label]) => {
      const tab = element('button', {
        type: 'button',
        textContent: label,
        onclick: () => {
          choose(key);
          draw();
        },
      });
      tab.setAttribute('aria-pressed', String(key === current));
      return tab;
    }),
  );
}

function sizeOf(bytes) {
  return bytes < 1024
    ? `${bytes} B`
    : bytes < 1048576
      ? `${(bytes / 1024).toFixed(1)} kB`
      : `${(bytes / 1048576).toFixed(1)} MB`;
}

function mediaOf({ kind, name, size, file }) {
  if (file === undefined) return element('span', { textContent: `📎 ${kind}` });
  const address = `/file?id=${file}&name=${encodeURIComponent(name ?? kind)}`;
  const label = `📎 ${kind}${name ? ` ${name}` : ''}, ${sizeOf(size)}`;
  const link = element('a', {
    href: address,
    textContent: label,
    onclick: (event) => event.stopPropagation(),
  });
  if (kind !== 'photo') return link;
  return element(
    'span',
    {},
    element('img', { src: `${address}&image`, alt: 'photo', loading: 'lazy' }),
    link,
  );
}

function rowOf(message, all, mine, side) {
  if (message.action !== undefined)
    return element('li', {
      className: 'service',
      textContent: message.action._.replace('messageAction', ''),
    });
  const replied = all.find(({ id, action }) => id === message.replyTo && action === undefined);
  const row = element(
    'li',
    { className: mine(message) ? 'mine' : '', title: 'Click to answer this message' },
    element('b', { textContent: message.from.name }),
    replied && element('q', { textContent: (replied.text || `[${replied.media?.kind}]`).slice(0, 80) }),
    message.media && mediaOf(message.media),
    message.text,
    message.reactions && ` ${message.reactions.map(({ emoji }) => emoji).join('')}`,
  );
  row.classList.toggle('answering', view.answering[side] === message.id);
  row.onclick = () => {
    view.answering[side] = view.answering[side] === message.id ? undefined : message.id;
    draw();
  };
  return row;
}

function list(ol, messages, mine, empty) {
  const atEnd = ol.scrollTop + ol.clientHeight >= ol.scrollHeight - 40;
  const rows = messages.map((message) => rowOf(message, messages, mine, ol.id));
  ol.replaceChildren(...(rows.length ? rows : [element('li', { className: 'empty', textContent: empty })]));
  if (atEnd) ol.scrollTop = ol.scrollHeight;
}

function draw() {
  const { clients, bot, owner, topics } = state;
  view.client ??= clients[0].name;
  view.other ??= bot.name;
  const named = topics.filter(({ id }) => id !== 1);
  if (!topics.some(({ id }) => id === view.topic)) view.topic = (named.at(-1) ?? topics[0])?.id;

  tabs(
    $('clients'),
    clients.map(({ name }) => [name, name]),
    view.client,
    (name) => {
      view.client = name;
      view.answering.chat = undefined;
    },
  );
  tabs(
    $('others'),
    [
      [bot.name, `with 🤖 ${bot.name}`],
      [owner.name, `with 📱 ${owner.name}`],
    ],
    view.other,
    (name) => {
      view.other = name;
      view.answering.chat = undefined;
    },
  );
  const chat = clients.find(({ name }) => name === view.client).chats.find(({ name }) => name === view.other);
  list(
    $('chat'),
    chat?.messages ?? [],
    ({ from }) => from.name === view.client,
    `${view.client} has not written to ${view.other} yet.`,
  );
  const writers = view.other === owner.name ? [view.client, owner.name] : [view.client];
  if ([...$('as').options].map(({ value }) => value).join() !== writers.join()) {
    $('as').replaceChildren(
      ...writers.map((name) => element('option', { value: name, textContent: `as ${name}` })),
    );
  }

  $('group').textContent = `Backend group “${state.group}”, you are ${state.operator}`;
  tabs(
    $('topics'),
    topics.map(({ id, title }) => [id, title]),
    view.topic,
    (id) => {
      view.topic = id;
      view.answering.posts = undefined;
    },
  );
  list(
    $('posts'),
    topics.find(({ id }) => id === view.topic)?.messages ?? [],
    ({ from }) => from.name === state.operator,
    'Nothing here yet: write as a client.',
  );

  for (const [what, start, stop] of [
    ['primary', 'Revive it', 'Kill it'],
    ['gateway', 'Start it', 'Kill it (-9)'],
  ]) {
    const { alive, pid } = state[what];
    $(`${what}-state`).textContent = alive ? `● alive, pid ${pid}` : '● dead';
    $(`${what}-state`).classList.toggle('alive', alive);
    $(what).textContent = alive ? stop : start;
  }
}

async function post(path, body) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  $('problem').textContent = response.ok ? '' : (await response.json()).error;
  await look();
  return response.ok;
}

function kindOf({ type }) {
  if (type === 'image/jpeg' || type === 'image/png') return 'photo';
  return type.startsWith('video/') ? 'video' : type.startsWith('audio/') ? 'audio' : 'document';
}

function read(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = () => reject(reader.error);
    reader.onload = () =>
      resolve({
        kind: kindOf(file),
        name: file.name,
        mime: file.type || 'application/octet-stream',
        base64: reader.result.split(',')[1] ?? '',
      });
    reader.readAsDataURL(file);
  });
}

/** Messages of a private chat are counted by each side for itself: an answer by the owner names no message. */
async function send(form, side, where) {
  const [words] = form.querySelectorAll('input[type=text]');
  const [chosen] = form.querySelectorAll('input[type=file]');
  const files = await Promise.all([...chosen.files].map(read));
  if (words.value.trim() === '' && files.length === 0) return;
  const target = where();
  const replyTo = target.as === state.owner.name ? undefined : view.answering[side];
  const sent = await post('/say', {
    ...target,
    ...(words.value ? { text: words.value } : {}),
    files,
    ...(replyTo ? { replyTo } : {}),
  });
  if (!sent) return;
  form.reset();
  view.answering[side] = undefined;
  draw();
}

$('client-form').onsubmit = (event) => {
  event.preventDefault();
  const { bot, owner } = state;
  send(event.target, 'chat', () => {
    const as = $('as').value;
    return {
      as,
      to: as === owner.name ? view.client : view.other === bot.name ? bot.username : owner.username,
    };
  });
};
$('operator-form').onsubmit = (event) => {
  event.preventDefault();
  send(event.target, 'posts', () => ({ as: state.operator, to: state.group, topic: view.topic }));
};
for (const what of ['primary', 'gateway']) {
  $(what).onclick = async ({ target }) => {
    target.disabled = true;
    await post('/switch', { what, on: !state[what].alive }).finally(() => (target.disabled = false));
  };
}

async function look() {
  const response = await fetch(`/state?seen=${state?.version ?? ''}`);
  if (response.status !== 200) return;
  state = await response.json();
  draw();
}

for (;;) {
  await look().catch(() => ($('problem').textContent = 'The sandbox has ended.'));
  await new Promise((resolve) => setTimeout(resolve, 500));
}
