import type { ChildHandle } from '../processes/spawn';
import type { ClientsPlace } from './shape';

export async function startApplicationStacks(_place: ClientsPlace): Promise<readonly ChildHandle[]> {
  return [];
}

export async function startApplicationClients(_place: ClientsPlace): Promise<ChildHandle> {
  throw new Error('not yet');
}
