/** Pictures of 16 by 16, drawn as lines in the text's colour. */
const PATHS = {
  add: 'M8 3v10M3 8h10',
  alert: 'M8 2.5l6 11H2zM8 6.5v3.5M8 11.6v.4',
  arrowDown: 'M8 3v10M3.8 8.8 8 13l4.2-4.2',
  arrowUp: 'M8 13V3M3.8 7.2 8 3l4.2 4.2',
  ask: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6.2 6.3C6.3 5.2 7 4.6 8 4.6s1.8.7 1.8 1.6c0 1.4-1.8 1.4-1.8 2.9M8 11v.4',
  check: 'M3 8.5 6.3 12 13 4.5',
  chevron: 'M6 3.5 10.5 8 6 12.5',
  circle: 'M8 13A5 5 0 1 0 8 3a5 5 0 0 0 0 10z',
  clip: 'M12.5 7.5 7.6 12.4a3 3 0 0 1-4.2-4.3L8.700 2.900a2 2 0 0 1 2.900 2.800L6.500 10.900a1 1 0 0 1-1.400-1.400L9.500 5.100',
  close: 'M4 4l8 8M12 4l-8 8',
  copy: 'M6 5.500h7v8H6zM10 5.500v-3H3v8h3',
  diff: 'M8 3v6M5 6h6M5 12.500h6',
  edit: 'M3 13l.6-2.800L11 2.800 13.200 5l-7.400 7.400zM9.600 4.200l2.200 2.200',
  error: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.800v4M8 10.800v.4',
  export: 'M8 10V2.500M5 5.300 8 2.300l3 3M3 9v4.500h10V9',
  file: 'M9 2H4v12h8V5zM9 2v3h3',
  folder: 'M2 4h4.500l1.500 1.500H14V13H2z',
  fork: 'M4.500 5.500v5M4.500 2.500a1.500 1.500 0 1 0 0 3 1.500 1.500 0 0 0 0-3zM4.500 10.500a1.500 1.500 0 1 0 0 3 1.500 1.500 0 0 0 0-3zM11.500 2.500a1.500 1.500 0 1 0 0 3 1.500 1.500 0 0 0 0-3zM11.500 5.500c0 2.500-7 1.500-7 4',
  history: 'M3 8a5 5 0 1 0 1.600-3.700M3 2.800v2.500h2.500M8 5.200V8l2 1.500',
  image: 'M2.500 3h11v10h-11zM2.500 11l3.500-3.500 3 3 2-2 2.500 2.500M10.800 6v.1',
  model: 'M8 2v2M8 12v2M2 8h2M12 8h2M5 5h6v6H5zM6 2.500V4M10 2.500V4M6 12v1.500M10 12v1.500M2.500 6H4M2.500 10H4M12 6h1.500M12 10h1.500',
  now: 'M8 13A5 5 0 1 0 8 3a5 5 0 0 0 0 10zM8 9.200a1.200 1.200 0 1 0 0-2.400 1.200 1.200 0 0 0 0 2.400z',
  open: 'M6.500 3.500H3v9.500h9.500V9.500M9 3h4v4M13 3 7.500 8.500',
  problem: 'M8 2.500l6 11H2zM8 6.500v3.500M8 11.600v.4',
  queue: 'M2.500 4h11M2.500 8h7M2.500 12h7M12 9.500v4M10 11.500h4',
  search: 'M7 11.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9zM10.300 10.300 14 14',
  selection: 'M3 3.500h10M3 8h6M3 12.500h8M12 6.500v3',
  send: 'M2.500 13.500 14 8 2.500 2.500l1.800 5.500zM4.300 8H14',
  shield: 'M8 2l5 2v4c0 3-2.200 5-5 6-2.800-1-5-3-5-6V4z',
  stop: 'M4 4h8v8H4z',
  symbol: 'M8 2l5 3v6l-5 3-5-3V5zM3 5l5 3 5-3M8 8v6',
  tasks: 'M2.500 4.200 3.700 5.500 6 3M2.500 11.200l1.200 1.300L6 10M8 4.500h5.500M8 11.500h5.500',
  terminal: 'M2 3h12v10H2zM4.500 6l2.200 2-2.200 2M8 10.200h3',
  text: 'M3 3.500h10M3 6.500h10M3 9.500h10M3 12.500h6',
  think:
    'M5.500 11.500c0-1.500-2-2.300-2-4.700A4.500 4.500 0 0 1 8 2.300a4.500 4.500 0 0 1 4.500 4.500c0 2.400-2 3.200-2 4.700zM6 13.700h4',
  trash: 'M3 4.500h10M6.500 4.500V3h3v1.500M4.300 4.500l.7 9h6l.7-9M6.800 7v4M9.200 7v4',
  undo: 'M3 6.500h6.500a3.500 3.500 0 0 1 0 7H6M5.800 3.500 2.800 6.500l3 3',
} as const;

export type IconName = keyof typeof PATHS;

const FILLED: ReadonlySet<IconName> = new Set(['stop']);

export function Icon({ name, class: extra }: { name: IconName; class?: string }) {
  return (
    <svg class={extra ? `icon ${extra}` : 'icon'} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={PATHS[name]} fill={FILLED.has(name) ? 'currentColor' : 'none'} />
    </svg>
  );
}
