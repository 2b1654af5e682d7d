import type { PanelMessage } from '../../protocol/messages';
import type { Live } from '../session-controller';

type RunMessage = Extract<
  PanelMessage,
  { type: 'unqueue' | 'stop' | 'continue' | 'raise_limit' | 'keep_limit' | 'settle_effect' | 'decide' | 'answer' }
>;

/**
 * Hands the user's word to the run that waits for it. False when nobody waits for it, or when it can not be done: what
 * the page shows is then not how things stand.
 */
export async function tellRun({ session, desk }: Live, message: RunMessage, ready: () => Promise<unknown>): Promise<boolean> {
  switch (message.type) {
    case 'unqueue':
      session.unqueue(message.queueId);
      return true;
    case 'stop':
      session.cancel();
      return true;
    case 'continue':
      await ready();
      await session.resume();
      return true;
    case 'raise_limit':
      return session.raiseLimit(message.to) !== null;
    case 'keep_limit':
      return session.keepLimit();
    case 'settle_effect':
      return session.settleEffect(message.callId, message.what);
    case 'decide':
      return desk.decide(message.askId, { choice: message.choice, rules: message.rules, feedback: message.feedback });
    case 'answer':
      return desk.answer(message.callId, message.answers);
    default:
      return message satisfies never;
  }
}
