import type { AskPart, Choice, Decider, Mode, Rule } from '../../protocol/permission';

/** What the permission rules say of one call, before anyone is asked. */
export type Verdict =
  /** `byMode`: of some part nothing but the mode says so. */
  | { readonly verdict: 'allow'; readonly by: Decider; readonly reason: string; readonly byMode?: true }
  | { readonly verdict: 'deny'; readonly by: Decider; readonly reason: string }
  | {
      readonly verdict: 'ask';
      readonly why: string;
      readonly risk: 'low' | 'medium' | 'high';
      /** The rule that says to ask, where it is one. */
      readonly rule?: Rule;
      readonly parts: readonly AskPart[];
      readonly touches: readonly string[];
      readonly choices: readonly Choice[];
    };

/** Everything besides the call itself that a decision may depend on. */
export type Policy = {
  readonly mode: Mode;
  /** Deny, ask and allow rules of all sources, the session's included. */
  readonly rules: readonly Rule[];
  /** Auto mode lets nothing pass just now: why, as a clause. */
  readonly paused?: string;
  readonly trusted: boolean;
  readonly roots: readonly string[];
  /** Folders outside the roots that may be read without asking: the session's own spills. */
  readonly readable: readonly string[];
};
