import { InvalidInput, NoSuchChange, PriorRequestNotComplete } from '@aws-sdk/client-route-53';
import type * as sdk from '@aws-sdk/client-route-53';
import { setTimeout as delay } from 'node:timers/promises';
import type { Handlers } from '../../wire/service';
import { applyBatch } from './change-batch';
import { checkForm } from './record-rules';
import type { Route53State } from './route53-state';
import type { Zone } from './zone-store';

const maximumChanges = 1000;

function claim(zone: Zone): void {
  if (zone.busy) {
    const message = 'The request was rejected because Route 53 was still processing a prior request.';
    throw new PriorRequestNotComplete({ message, $metadata: {} });
  }
  zone.busy = true;
}

/** ChangeResourceRecordSets and the fate of a change. */
export function changeHandlers(state: Route53State): Handlers<typeof sdk> {
  return {
    async ChangeResourceRecordSets({ HostedZoneId, ChangeBatch }) {
      const zone = state.zone(HostedZoneId);
      const changes = ChangeBatch?.Changes ?? [];
      checkForm(changes);
      const weight = changes.reduce((sum, change) => sum + (change.Action === 'UPSERT' ? 2 : 1), 0);
      if (weight > maximumChanges) {
        const message = `Number of records limit of ${maximumChanges} exceeded: ${weight}`;
        throw new InvalidInput({ message, $metadata: {} });
      }
      claim(zone);
      try {
        if (state.processingMilliseconds > 0) await delay(state.processingMilliseconds);
        zone.records = applyBatch(zone, changes);
      } finally {
        zone.busy = false;
      }
      const change = state.changes.accept(zone.id, zone.servers, ChangeBatch?.Comment);
      zone.lastChangeId = change.id;
      state.publish(zone);
      return { ChangeInfo: state.info(change) };
    },

    GetChange({ Id }) {
      const change = state.changes.find((Id ?? '').replace(/^\/?change\//, ''));
      if (change !== undefined) return { ChangeInfo: state.info(change) };
      throw new NoSuchChange({ message: `Could not find resource with ID: ${Id ?? ''}`, $metadata: {} });
    },
  };
}
