const vscode = require('vscode');

/** The floor in the editor: a bare extension with one webview, which streams an answer and makes an edit without any care. */
exports.activate = (context) => {
  let page;
  const provider = {
    resolveWebviewView({ webview }) {
      page = webview;
      webview.options = { enableScripts: true };
      webview.html = PAGE;
    },
  };
  context.subscriptions.push(
    vscode.window.registerWebviewViewProvider('floor.view', provider),
    vscode.commands.registerCommand('floor.stream', (url, model) => stream(url, model, (text) => page?.postMessage(text))),
    vscode.commands.registerCommand('floor.edit', edit),
  );
};

const PAGE = `<!DOCTYPE html><html><body style="margin:0;height:100vh;display:flex;flex-direction:column">
<div class="scroller" style="flex:1;overflow:auto"><div class="item-text" style="white-space:pre-wrap"></div></div><textarea></textarea>
<script>
const [scroller, shown] = [document.querySelector('.scroller'), document.querySelector('.item-text')];
addEventListener('message', ({ data }) => {
  shown.append(data);
  scroller.scrollTop = scroller.scrollHeight;
});
</script></body></html>`;

async function stream(url, model, show) {
  const response = await fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'bench', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({ model, max_tokens: 64_000, stream: true, messages: [{ role: 'user', content: 'Tell me a long story.' }] }),
  });
  if (!response.ok) throw new Error(await response.text());
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (!line.startsWith('data: ')) continue;
      const { delta } = JSON.parse(line.slice('data: '.length));
      if (delta?.text) show(delta.text);
    }
  }
}

/** Replaces a text, saves, and waits until the editor lists the problem that this brings, or no problem any more. */
async function edit(path, from, to, breaks) {
  const uri = vscode.Uri.file(path);
  // Problems are published only for a file that is shown.
  const { document } = await vscode.window.showTextDocument(uri, { preserveFocus: true });
  const startedAt = performance.now();
  const at = document.getText().indexOf(from);
  const change = new vscode.WorkspaceEdit();
  change.replace(uri, new vscode.Range(document.positionAt(at), document.positionAt(at + from.length)), to);
  await vscode.workspace.applyEdit(change);
  await document.save();
  await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('no fresh problems within 20 s')), 20_000);
    const look = () => {
      if (vscode.languages.getDiagnostics(uri).some(({ severity }) => severity === 0) !== breaks) return;
      clearTimeout(late);
      listening.dispose();
      resolve();
    };
    const listening = vscode.languages.onDidChangeDiagnostics(look);
    look();
  });
  return performance.now() - startedAt;
}
