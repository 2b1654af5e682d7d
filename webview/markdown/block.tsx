import type { Token, Tokens } from 'marked';
import type { ComponentChild } from 'preact';
import { t } from '../strings';
import { Scroll } from '../ui/scroll';
import { CodeBlock } from './code-block';
import { Inline } from './inline';

/** One top-level or nested block. A token type that is not known shows its source. */
export function Block({ token }: { token: Token }): ComponentChild {
  switch (token.type) {
    case 'heading': {
      const { depth, tokens } = token as Tokens.Heading;
      return <Heading depth={depth} tokens={tokens} />;
    }
    case 'paragraph':
      return (
        <p>
          <Inline tokens={(token as Tokens.Paragraph).tokens} />
        </p>
      );
    case 'text': {
      const { tokens, text } = token as Tokens.Text;
      return tokens ? <Inline tokens={tokens} /> : text;
    }
    case 'code': {
      const { text, lang } = token as Tokens.Code;
      return <CodeBlock code={text} language={(lang ?? '').split(/[\s{,:]/)[0] ?? ''} />;
    }
    case 'blockquote':
      return <blockquote>{blocks((token as Tokens.Blockquote).tokens)}</blockquote>;
    case 'list':
      return <List list={token as Tokens.List} />;
    case 'table':
      return <Table table={token as Tokens.Table} />;
    case 'hr':
      return <hr />;
    case 'space':
    case 'def':
    case 'checkbox':
      return null;
    case 'html':
      return <p class="raw-html">{token.raw.trimEnd()}</p>;
    default:
      return <p>{token.raw}</p>;
  }
}

function blocks(tokens: readonly Token[]): ComponentChild {
  return tokens.map((token, i) => <Block key={i} token={token} />);
}

/** The panel's own headings go down to the third level; those of a message come below them. */
function Heading({ depth, tokens }: { depth: number; tokens: readonly Token[] }) {
  const inner = <Inline tokens={tokens} />;
  if (depth === 1) return <h3 class="md-h1">{inner}</h3>;
  if (depth === 2) return <h4 class="md-h2">{inner}</h4>;
  if (depth === 3) return <h5 class="md-h3">{inner}</h5>;
  return <h6 class="md-h3">{inner}</h6>;
}

function List({ list }: { list: Tokens.List }) {
  const items = list.items.map((item, i) => (
    <li key={i} class={item.task ? 'task' : undefined}>
      {item.task && <input type="checkbox" checked={item.checked === true} disabled />}
      {blocks(item.tokens)}
    </li>
  ));
  return list.ordered ? <ol start={list.start === '' ? 1 : list.start}>{items}</ol> : <ul>{items}</ul>;
}

function Table({ table }: { table: Tokens.Table }) {
  const cell = (c: Tokens.TableCell, i: number) => ({ key: i, class: c.align ? `align-${c.align}` : undefined });
  return (
    <Scroll class="table-scroll" label={t('Table')}>
      <table>
        <thead>
          <tr>
            {table.header.map((c, i) => (
              <th {...cell(c, i)}>
                <Inline tokens={c.tokens} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, r) => (
            <tr key={r}>
              {row.map((c, i) => (
                <td {...cell(c, i)}>
                  <Inline tokens={c.tokens} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
