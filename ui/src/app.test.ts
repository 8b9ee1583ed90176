import { expect, test } from 'vitest';
import { App } from './app.svelte';
import { FakeHost } from './host/fake';

test('settings that wait to be written are written before keys are asked for', async () => {
  const host = new FakeHost();
  const app = new App(host, await host.start());
  const [save, keys] = [host.saveSettings.bind(host), host.keys];
  // Writing takes a moment, and keys are listed for the servers that have been written.
  host.saveSettings = (settings) => Promise.resolve(settings).then(save);
  const listed: string[] = [];
  host.keys = () => {
    listed.push(...host.settings.servers.map(({ name }) => name));
    return keys();
  };
  app.change({ servers: [{ name: 'Mine', base_url: 'http://127.0.0.1:8900/v1', dialect: null }] });
  await app.keys();
  expect(listed).toEqual(['Mine']);
});
