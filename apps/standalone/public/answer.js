/** Sends a JSON text as it is typed, so that the server's answer to a wrong one can be seen too. */
async function send(method, url, body) {
  const answer = await fetch(url, { method, headers: { 'content-type': 'application/json' }, body });
  const text = await answer.text();
  return { ok: answer.ok, status: answer.status, text, etag: answer.headers.get('etag') };
}

function paragraph(className, text) {
  const node = document.createElement('p');
  node.className = className;
  node.textContent = text;
  return node;
}

function jsonBlock(text) {
  const node = document.createElement('pre');
  node.className = 'json';
  node.tabIndex = 0;
  try {
    node.textContent = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    node.textContent = text;
  }
  return node;
}

/** What is wrong, from problem details (RFC 9457). */
function problemLines(text) {
  try {
    const { code, detail, errors } = JSON.parse(text);
    const lines = errors?.map(({ pointer, message }) => `${pointer || 'body'} ${message}`) ?? [detail];
    return [`Refused: ${code}`, ...lines];
  } catch {
    return ['Refused'];
  }
}

/** Sends a form's request and shows its answer in the form's answer area. Resolves with whether it was a success. */
export async function showAnswer(form, method, url, body) {
  const area = form.querySelector('.answer');
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    const { ok, status, text, etag } = await send(method, url, body);
    const [first, ...lines] = ok ? [etag ? `ETag ${etag}` : 'Done'] : problemLines(text);
    area.dataset.outcome = ok ? 'success' : 'failure';
    area.replaceChildren(
      paragraph('outcome', `${status} · ${first}`),
      ...lines.map((line) => paragraph('problem', line)),
      jsonBlock(text),
    );
    return ok;
  } catch {
    area.dataset.outcome = 'failure';
    area.replaceChildren(paragraph('outcome', 'No answer: the server is away'));
    return false;
  } finally {
    button.disabled = false;
  }
}
