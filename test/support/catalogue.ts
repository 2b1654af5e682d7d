import { externalTool } from '../../src/core/external-tool';
import type { Loading, Tool } from '../../src/core/tool';

const SERVICES = 'tickets calendar mail wiki deploys metrics invoices contacts surveys builds'.split(' ');
const VERBS =
  'list get create update delete search export import archive assign comment watch merge split lock rate tag move copy share'.split(' ');

/** Tools as other people write them, 20 for each of ten services: 200 in all, unless fewer are asked for. */
export function catalogue(loading: Loading, count = 200, called: (name: string, input: unknown) => void = () => {}): readonly Tool[] {
  return SERVICES.flatMap((service) => VERBS.map((verb) => ({ service, verb })))
    .slice(0, count)
    .map(({ service, verb }) =>
      externalTool({
        name: `ext__${service}_${verb}`,
        description: `${verb[0]?.toUpperCase()}${verb.slice(1)} something in ${service}. ${'It takes the account of the company, and answers with one record for each that fits. '.repeat(4)}`,
        inputSchema: {
          type: 'object',
          properties: {
            account: { type: 'string', description: 'the account that it belongs to' },
            limit: { type: 'integer', minimum: 1, maximum: 100 },
          },
          required: ['account'],
          additionalProperties: false,
        },
        source: `the ${service} service`,
        loading,
        async run(input) {
          called(`${service}_${verb}`, input);
          return { content: `${verb} in ${service}: ${JSON.stringify(input)}`, summary: 'done' };
        },
      }),
    );
}
