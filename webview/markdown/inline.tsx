import type { Token, Tokens } from 'marked';
import type { ComponentChild } from 'preact';
import { t } from '../strings';
import { decodeEntities } from './entities';
import { Code, Link } from './link';

/** The text inside a block. Raw HTML is shown as the text that it is; an image is a link, never a request. */
export function Inline({ tokens }: { tokens: readonly Token[] | undefined }): ComponentChild {
  return (tokens ?? []).map((token, i) => <Span key={i} token={token} />);
}

function Span({ token }: { token: Token }): ComponentChild {
  switch (token.type) {
    case 'text': {
      const { tokens, text } = token as Tokens.Text;
      return tokens ? <Inline tokens={tokens} /> : decodeEntities(text);
    }
    case 'escape':
      return (token as Tokens.Escape).text;
    case 'strong':
      return (
        <strong>
          <Inline tokens={(token as Tokens.Strong).tokens} />
        </strong>
      );
    case 'em':
      return (
        <em>
          <Inline tokens={(token as Tokens.Em).tokens} />
        </em>
      );
    case 'del':
      return (
        <del>
          <Inline tokens={(token as Tokens.Del).tokens} />
        </del>
      );
    case 'codespan':
      return <Code text={(token as Tokens.Codespan).text} />;
    case 'br':
      return <br />;
    case 'link': {
      const { href, tokens } = token as Tokens.Link;
      return (
        <Link href={decodeEntities(href)}>
          <Inline tokens={tokens} />
        </Link>
      );
    }
    case 'image': {
      const { href, text } = token as Tokens.Image;
      return <Link href={decodeEntities(href)}>{t('image: {0}', text || decodeEntities(href))}</Link>;
    }
    case 'checkbox':
      return null;
    default:
      return token.raw;
  }
}
