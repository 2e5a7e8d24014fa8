import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { snsNotifier } from '../../../../runbooks/adapters/aws/notifier';
import { awsSurroundings } from '../../../../runbooks/adapters/aws/surroundings';
import { awsClients } from '../../../../runbooks/adapters/aws/clients';
import { systemClock } from '../../../../runbooks/adapters/clock';
import type { EndpointSeedInput } from '../../../../rehearsal/aws-endpoint/seed';
import { account, noSignal, openPlace, pointTo, type Place } from './aws-place';

describe('the surroundings in AWS', () => {
  let place: Place;
  const open = async (seed: Partial<EndpointSeedInput> = {}) => {
    place = await openPlace(seed);
    return awsSurroundings(place.clients, systemClock);
  };
  afterEach(() => place.close());

  test('say whose account it is', async () => {
    expect(await (await open()).callerAccount(noSignal)).toBe(account);
  });

  test('name alarms that ring and alarms that do not exist', async () => {
    const alarms = [
      { name: 'quiet', state: 'OK' as const },
      { name: 'loud', state: 'ALARM' as const },
      { name: 'new', state: 'INSUFFICIENT_DATA' as const },
    ];
    const found = await open({ alarms });
    expect(await found.ringingAlarms(['quiet', 'loud', 'new', 'gone'], noSignal)).toEqual(['loud', 'gone']);
    expect(await found.ringingAlarms([], noSignal)).toEqual([]);
  });

  test('know how long backups are kept', async () => {
    const found = await open({ dbInstances: [{ DBInstanceIdentifier: 'billing', BackupRetentionPeriod: 7 }] });
    expect(await found.backupRetentionDays('billing', noSignal)).toBe(7);
    expect(await found.backupRetentionDays('on-premises', noSignal)).toBeUndefined();
  });

  test('know when the current version of a secret was made', async () => {
    const arn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:app-AbCdEf';
    const found = await open({ secrets: [{ arn, name: 'app', value: 'old' }] });
    const before = await found.secretChangedAtMilliseconds('app', noSignal);
    expect(await found.secretChangedAtMilliseconds('app', noSignal)).toBe(before);
    await systemClock.sleep(1_100, noSignal);
    place.endpoint.addFault({ kind: 'secret-rotated', secretId: 'app' });
    expect(await found.secretChangedAtMilliseconds('app', noSignal)).toBeGreaterThan(before);
    await expect(found.secretChangedAtMilliseconds('gone', noSignal)).rejects.toThrow("can't find");
  });

  test('take a snapshot, wait until it is available, and take no second one', async () => {
    const found = await open({ dbInstances: [{ DBInstanceIdentifier: 'billing' }], snapshotSeconds: 0.5 });
    const effect = found.takeSnapshot('billing', 'cutover-1');
    expect(await effect.precheck(noSignal)).toBe(false);
    place.endpoint.addFault({
      kind: 'answer-lost',
      service: 'rds',
      operation: 'CreateDBSnapshot',
      count: 1,
      manner: 'reset',
    });
    await effect.act(noSignal);
    await effect.act(noSignal);
    expect(await effect.precheck(noSignal)).toBe(false);
    expect(await effect.verify(noSignal)).toBe(true);
    expect(await effect.precheck(noSignal)).toBe(true);
    await expect(found.takeSnapshot('gone', 'cutover-2').act(noSignal)).rejects.toThrow('DBInstance gone not found');
  });

  test('tell people through the topic, in the schema of chat; without a topic there is nothing to do', async () => {
    const topic = 'arn:aws:sns:eu-central-1:123456789012:cutover';
    await open({ topics: [topic] });
    const message = {
      title: 'billing switched',
      text: 'The target is primary.',
      threadId: 'run-1',
      nextSteps: ['watch'],
    };
    const effect = snsNotifier(place.clients, topic).notify(message);
    expect([await effect.precheck(noSignal), await effect.verify(noSignal)]).toEqual([false, false]);
    const sent: { Message?: string }[] = [];
    const { client } = await place.clients.sns();
    client.middlewareStack.add(
      (next) => (args) => {
        sent.push(args.input as { Message?: string });
        return next(args);
      },
      { step: 'initialize', name: 'seen' },
    );
    await effect.act(noSignal);
    expect(await effect.verify(noSignal)).toBe(true);
    expect(JSON.parse(sent[0]?.Message ?? '')).toMatchObject({
      version: '1.0',
      source: 'custom',
      content: { textType: 'client-markdown', title: 'billing switched', nextSteps: ['watch'] },
      metadata: { threadId: 'run-1' },
    });
    expect(await snsNotifier(place.clients, undefined).notify(message).precheck(noSignal)).toBe(true);
    await expect(snsNotifier(place.clients, `${topic}-gone`).notify(message).act(noSignal)).rejects.toThrow(
      'SNS Publish: Topic does not exist (NotFoundException)',
    );
  });

  test('a call to a server that never answers ends with its signal', async () => {
    await open();
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    pointTo(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    const clients = awsClients({ mode: 'plan' });
    const deadline = new AbortController();
    setTimeout(() => deadline.abort(new Error('over')), 30);
    await expect(awsSurroundings(clients, systemClock).callerAccount(deadline.signal)).rejects.toThrow('over');
    clients.close();
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
  });
});
