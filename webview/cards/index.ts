import type { ComponentType } from 'preact';
import type { Item } from '../view-state';
import { BreakerCard } from './breaker';
import { CacheCard } from './cache';
import { CompactionCard } from './compaction';
import { ContextCard } from './context';
import { DoubtCard } from './doubt';
import { EndedCard } from './ended';
import { EvictionCard } from './eviction';
import { NoticeCard } from './notice';
import { PreparingCard } from './preparing';
import { QuestionCard } from './question';
import { ReviewCard } from './review';
import { RewoundCard } from './rewound';
import { TextCard } from './text';
import { ThinkingCard } from './thinking';
import { ToolCard } from './tool';
import { UserCard } from './user';

/** What a card may need besides its item: live output of its call, and whether it is the newest of all. */
export type CardProps<K extends Item['kind']> = {
  readonly item: Extract<Item, { kind: K }>;
  readonly live: string;
  readonly latest: boolean;
};

/** One card for each kind of item. A kind without a card does not compile. */
export const CARDS: { readonly [K in Item['kind']]: ComponentType<CardProps<K>> } = {
  user: UserCard,
  text: TextCard,
  thinking: ThinkingCard,
  preparing: PreparingCard,
  tool: ToolCard,
  question: QuestionCard,
  notice: NoticeCard,
  review: ReviewCard,
  context: ContextCard,
  compaction: CompactionCard,
  eviction: EvictionCard,
  cache: CacheCard,
  rewound: RewoundCard,
  breaker: BreakerCard,
  doubt: DoubtCard,
  ended: EndedCard,
};
