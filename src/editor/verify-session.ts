import { l10n, window, workspace } from 'vscode';
import type { Session } from '../core/session';

/** Checks sessions against their signed chains. */
export type Verifier = {
  verify(session: string): Promise<{
    readonly result: { readonly verdict: 'proven' | 'not_proven'; readonly problems: readonly unknown[] };
    readonly text: string;
  }>;
  agentOf(session: string): Promise<{ readonly agent: string; readonly operator: string } | null>;
};

/** Says in a sentence whether a session is as it was signed, and shows what was looked at to whoever wants it. */
export async function tellVerification(verifier: Verifier, id: string, open: Session | undefined): Promise<void> {
  await open?.signed();
  const { result, text } = await verifier.verify(id);
  const details = l10n.t('Show details');
  const { length } = result.problems;
  const picked =
    result.verdict === 'proven'
      ? await window.showInformationMessage(l10n.t('The session is proven: every line is as it was signed.'), details)
      : await window.showWarningMessage(
          length === 1
            ? l10n.t('The session is not proven: one thing is not as it was signed.')
            : l10n.t('The session is not proven: {0} things are not as they were signed.', length),
          details,
        );
  if (picked !== details) return;
  const document = await workspace.openTextDocument({ language: 'plaintext', content: `${text}\n` });
  await window.showTextDocument(document, { preview: false });
}
