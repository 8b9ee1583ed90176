import type { ListedModel } from '../../bindings/ListedModel';
import type { ModelInfo } from '../../bindings/ModelInfo';
import type { ProviderInfo } from '../../bindings/ProviderInfo';
import { PRACTICE } from '../../targets';

const isListed = (row: ModelInfo, { id }: ListedModel) => row.id === id || row.aliases.includes(id);

/**
 * What is known of a provider's models, and what its server lists besides. A server that wants no
 * key is somebody's own: it has what it lists, and not all that there is in the world.
 */
export function modelsOf(
  provider: ProviderInfo | undefined,
  catalogue: readonly ModelInfo[],
  listed: readonly ListedModel[],
): { rows: ModelInfo[]; others: ListedModel[] } {
  const isOwn = provider !== undefined && !provider.needs_key && provider.id !== PRACTICE;
  const known = catalogue.filter((row) => row.provider === provider?.id);
  const rows = known.filter((row) => !isOwn || listed.some((it) => isListed(row, it)));
  const others = listed.filter((it) => !rows.some((row) => isListed(row, it)));
  return { rows, others };
}
