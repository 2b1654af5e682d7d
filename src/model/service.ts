import type { ModelClient } from '../core/ports';
import { createModelClient } from './client';
import { type ConnectionSources, connectionFrom, hostOf } from './connection';

export type Service =
  | {
      readonly kind: 'service';
      /** Equal for equal connections. */
      readonly key: string;
      readonly host: string;
      make(): ModelClient;
    }
  | { readonly kind: 'none' };

/** The service that the environment, the key and the settings lead to. */
export function serviceFrom(sources: ConnectionSources): Service {
  const connection = connectionFrom(sources);
  if (connection.kind === 'none') return connection;
  return {
    kind: 'service',
    key: JSON.stringify(connection),
    host: hostOf(connection.baseUrl ?? 'https://api.anthropic.com'),
    make: () => createModelClient(connection),
  };
}
