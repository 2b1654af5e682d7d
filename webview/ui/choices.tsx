export type ChoiceRow = { readonly label: string; readonly detail?: string };

type Props = {
  readonly label: string;
  readonly rows: readonly ChoiceRow[];
  readonly many: boolean;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
};

/** One of several, or several of them, each with a line that explains it. */
export function Choices({ label, rows, many, chosen, onChange }: Props) {
  const toggle = (row: string) => {
    if (!many) onChange([row]);
    else onChange(chosen.includes(row) ? chosen.filter((c) => c !== row) : [...chosen, row]);
  };
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles take a label
    <div class="choices" role={many ? 'group' : 'radiogroup'} aria-label={label}>
      {rows.map((row) => (
        <label class="choice" key={row.label}>
          <input type={many ? 'checkbox' : 'radio'} name={label} checked={chosen.includes(row.label)} onChange={() => toggle(row.label)} />
          <span class="choice-text">
            <span>{row.label}</span>
            {row.detail && <span class="choice-detail">{row.detail}</span>}
          </span>
        </label>
      ))}
    </div>
  );
}
