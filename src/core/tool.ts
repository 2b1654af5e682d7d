import { z } from 'zod';
import type { Content } from '../protocol/blocks';
import type { Display, Task } from '../protocol/display';
import type { EffectClass, Mode } from '../protocol/permission';
import { ToolError } from './errors';
import type { AppliedChange, Ports, ToolSpec } from './ports';
import type { ExitNote } from './ports/shell';

/** What a tool promises about its calls. Undeclared means the worst [R3]. */
export type Safety = {
  readonly readOnly: boolean;
  readonly destructive: boolean;
  /** May run beside other concurrency-safe calls of the same message. */
  readonly concurrencySafe: boolean;
  /** Running it twice does no harm: it may be repeated after a crash. */
  readonly retrySafe: boolean;
  /** Its failure cancels the calls that run beside it [A1]. */
  readonly abortsSiblings: boolean;
  /** Longer results are spilled to disk. */
  readonly maxResultChars: number;
};

export const FAIL_CLOSED: Safety = {
  readOnly: false,
  destructive: true,
  concurrencySafe: false,
  retrySafe: false,
  abortsSiblings: false,
  maxResultChars: 50_000,
};

/** Where tools come from that nobody else brought. */
export const OWN = 'Plumb';

/** A path that a call would touch, and how; the permission rules judge where it lies. */
export type Touch = {
  readonly path: string;
  readonly access: 'read' | 'write' | 'delete';
  /** Only names and facts of it are shown, nothing of what it holds. */
  readonly names?: true;
};

/** One thing that a rule can match: a simple command, a path, a server's tool. */
export type Subject = {
  readonly text: string;
  readonly class: EffectClass;
  readonly why: string;
  readonly touches: readonly Touch[];
  /** A command that nothing opens: it is asked in every mode, whatever the rules say. */
  readonly critical?: string;
  /** Runs with the rights of another user or the administrator: no mode lets it pass, a rule may. */
  readonly elevated?: boolean;
  /** Could not be understood: asked, never matched by an allow rule. */
  readonly opaque?: boolean;
};

/** The judgement of one call from its tool and its input [P2]. */
export type Assessment = {
  readonly class: EffectClass;
  readonly subjects: readonly Subject[];
  readonly safety: Safety;
};

export type Summary = { readonly title: string; readonly detail: string };

/**
 * `always`: its definition is in every request. `auto`: unless all definitions together take too much of the window.
 * `by_name`: the model is told its name, and loads the definition when it needs it [T2].
 */
export type Loading = 'always' | 'auto' | 'by_name';

/** Tools that were offered by name only, as a call sees them. */
export type HeldTools = {
  readonly tools: readonly Tool[];
  /** Those whose definition stands in the conversation. */
  loaded(): ReadonlySet<string>;
};

/** Tools that come from outside of Plumb, such as other extensions or servers. */
export type ToolSource = {
  /** Those that are there now, each with its own source in words. Cheap, without side effects, and never throws. */
  tools(): readonly Tool[];
};

export type ToolFacts = { readonly cwd: string; readonly roots: readonly string[]; readonly trusted: boolean; readonly mode: Mode };

/** What judging a call takes: it looks at paths and at files shipped with Plumb, and at nothing else. */
export type Judging = { readonly ports: Pick<Ports, 'documents' | 'asset' | 'search' | 'symbols'>; readonly facts: ToolFacts };

export type ToolContext = {
  readonly callId: string;
  readonly session: string;
  readonly signal: AbortSignal;
  readonly ports: Ports;
  readonly facts: ToolFacts;
  readonly settings: { readonly shellTimeoutSeconds: number };
  /** Only the mode let it pass, and the settings want a sandbox for that. */
  readonly confined: boolean;
  /** It was judged to read only, and no person was asked about it. */
  readonly unasked: boolean;
  /** Where a command that has an effect notes its end. */
  readonly exit?: ExitNote;
  /** SHA-256 of a file's text as the model last saw it, or undefined [H4]. */
  seen(path: string): string | undefined;
  readonly held: HeldTools;
  /** Live output, shown and not logged. */
  progress(text: string): void;
  tasks(): readonly Task[];
  setTasks(tasks: readonly Task[]): void;
};

export type ToolOutput = {
  readonly content: string | readonly Content[];
  /** One line for the card. */
  readonly summary: string;
  readonly failed?: boolean;
  readonly display?: Display;
  /** Files that landed, in order: reviewed, diffed and followed by diagnostics. */
  readonly changes?: readonly AppliedChange[];
  /** Absolute path to the hash of the text that the model now knows. */
  readonly files?: Readonly<Record<string, string>>;
};

export type ToolDefinition<S extends z.ZodType> = {
  readonly name: string;
  readonly description: string;
  readonly input: S;
  /** The schema as the model is sent it, where it was written by others; otherwise it is made from `input`. */
  readonly inputSchema?: Readonly<Record<string, unknown>>;
  readonly safety?: Partial<Safety>;
  /** Who brings it, in words; otherwise it is Plumb's own. */
  readonly source?: string;
  readonly loading?: Loading;
  /** It serves to load and call tools that are offered by name, and is there only where there are such. */
  readonly loader?: boolean;
  /** The call that this one stands for: it is checked, judged, asked and run in its place. */
  standsFor?(input: z.infer<S>): { readonly name: string; readonly input: Record<string, unknown> };
  /**
   * `named`: it changes no file but those that its subjects or its output name. Otherwise the workspace is looked at
   * before and after each call that is not read-only.
   */
  readonly reach?: 'named' | 'workspace';
  /** `true`, or why this host, mode or folder has no such tool [T1]. */
  available?(ports: Ports, facts: ToolFacts): true | string;
  /** It puts secrets back where its input carries their marks. Any other call with an effect and a mark is refused. */
  restoresSecrets?: boolean;
  summarize(input: z.infer<S>): Summary;
  /** Per call: a parsed `git status` is read-only. Without it, one subject stands for the whole call. */
  assess?(input: z.infer<S>, context: Judging): Promise<Omit<Assessment, 'safety'> & { safety?: Partial<Safety> }>;
  /**
   * The text of each file that it touches once it has run, in the order of its touches (null: gone), from their text now
   * (undefined where it is no text). For tools whose whole effect lies in these files; undefined when it cannot be told.
   */
  foresee?(input: z.infer<S>, texts: readonly (string | null | undefined)[]): readonly (string | null)[] | undefined;
  /** What it would do, for the permission prompt. A ToolError thrown here ends the call before anyone is asked. */
  preview?(input: z.infer<S>, context: ToolContext): Promise<Display | undefined>;
  run(input: z.infer<S>, context: ToolContext): Promise<ToolOutput>;
};

/** A tool with its input type hidden: what the registry holds and the loop calls. */
export type Tool = {
  readonly name: string;
  readonly description: string;
  readonly safety: Safety;
  readonly reach: 'named' | 'workspace';
  readonly source: string;
  readonly loading: Loading;
  readonly loader: boolean;
  readonly restoresSecrets: boolean;
  spec(): ToolSpec;
  available(ports: Ports, facts: ToolFacts): true | string;
  /** @throws ToolError naming each wrong field. */
  parse(input: unknown): ParsedCall;
};

/** One call with checked input. */
export type ParsedCall = {
  readonly input: unknown;
  standsFor(): { readonly name: string; readonly input: Record<string, unknown> } | undefined;
  summarize(): Summary;
  assess(context: Judging): Promise<Assessment>;
  foresee(texts: readonly (string | null | undefined)[]): readonly (string | null)[] | undefined;
  preview(context: ToolContext): Promise<Display | undefined>;
  run(context: ToolContext): Promise<ToolOutput>;
};

/** The one factory: fills fail-closed defaults, checks input once, and hides the input type. */
export function defineTool<S extends z.ZodType>(definition: ToolDefinition<S>): Tool {
  const safety: Safety = { ...FAIL_CLOSED, ...(definition.safety?.readOnly ? { destructive: false } : {}), ...definition.safety };
  return {
    name: definition.name,
    description: definition.description,
    safety,
    reach: definition.reach ?? 'workspace',
    source: definition.source ?? OWN,
    loading: definition.loading ?? 'always',
    loader: definition.loader ?? false,
    restoresSecrets: definition.restoresSecrets ?? false,
    spec: () => ({
      name: definition.name,
      description: definition.description,
      inputSchema: definition.inputSchema ?? schemaOf(definition.input),
    }),
    available: (ports, facts) => definition.available?.(ports, facts) ?? true,
    parse(raw) {
      const parsed = definition.input.safeParse(raw);
      if (!parsed.success) {
        throw new ToolError(
          `The input of ${definition.name} is not valid: ${z.prettifyError(parsed.error)}`,
          'Send the call again with input that fits the schema.',
        );
      }
      const input = parsed.data;
      return {
        input,
        standsFor: () => definition.standsFor?.(input),
        summarize: () => definition.summarize(input),
        assess: async (context) => {
          const own = await definition.assess?.(input, context);
          if (own) return { ...own, safety: { ...safety, ...own.safety } };
          const effect = classOf(safety);
          const subject: Subject = { text: definition.summarize(input).detail, class: effect, why: definition.name, touches: [] };
          return { class: effect, subjects: [subject], safety };
        },
        foresee: (texts) => definition.foresee?.(input, texts),
        preview: async (context) => definition.preview?.(input, context),
        run: (context) => definition.run(input, context),
      };
    },
  };
}

function classOf(safety: Safety): EffectClass {
  if (safety.readOnly) return 'read_only';
  return safety.destructive ? 'destructive' : 'mutating';
}

function schemaOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>;
  return rest;
}
