import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './app.css';
import { mount } from 'svelte';
import Root from './App.svelte';
import { App } from './app.svelte';
import { tauriHost } from './host/tauri';
import type { Host } from './host/host';
import { message } from './text';

/** In a plain browser, while developing, a fake stands in for the app behind the page. */
async function pickHost(): Promise<Host> {
  if (!import.meta.env.DEV || '__TAURI_INTERNALS__' in window) return tauriHost;
  const { FakeHost } = await import('./host/fake');
  return new FakeHost();
}

async function open(target: HTMLElement): Promise<void> {
  const host = await pickHost();
  try {
    const app = new App(host, await host.start());
    mount(Root, { target, props: { app } });
    void app.openStarted();
    const learn = () => [app.learnKeys(), app.learnPrices(), app.columns.versions.read()];
    setTimeout(() => void Promise.all(learn()), 1000);
  } catch (error) {
    target.textContent = `Tokenscope could not start: ${message(error)}`;
  }
  // A hidden window has no frames to wait for: what is in the page now is what it opens with.
  await host.painted();
}

const target = document.getElementById('app');
if (target) void open(target);
