import type { RunVersion } from './bindings/RunVersion';
import type { SystemVersion } from './bindings/SystemVersion';
import type { Host } from './host/host';
import { message } from './text';

/** What a version is called: `v3`, or `v3 · pirate`. */
export function nameOf({ number, name }: RunVersion): string {
  return `v${String(number)}${name ? ` · ${name}` : ''}`;
}

/** The system messages that were sent, each a version with a number, a name and a note. */
export class Versions {
  /** The newest first. */
  all = $state.raw<readonly SystemVersion[]>([]);
  /** One that was deleted, until something else is done. */
  deleted = $state.raw<SystemVersion>();
  problem = $state<string>();

  constructor(private readonly host: Host) {}

  /** The version with these words. */
  of(text: string | undefined): SystemVersion | undefined {
    return this.all.find((version) => version.text === text);
  }

  async read(): Promise<void> {
    try {
      this.all = await this.host.systemVersions();
      this.problem = undefined;
    } catch (error) {
      this.problem = message(error);
    }
  }

  async name({ number }: SystemVersion, name: string, note: string): Promise<void> {
    await this.#do(this.host.nameVersion(number, name, note));
  }

  async delete(version: SystemVersion): Promise<void> {
    await this.#do(this.host.deleteVersion(version.number));
    if (!this.problem) this.deleted = version;
  }

  async restore(): Promise<void> {
    if (this.deleted) await this.#do(this.host.restoreVersion(this.deleted));
  }

  async deleteAll(): Promise<void> {
    await this.#do(this.host.deleteAllVersions());
  }

  /** Does something with the versions, and reads them anew. */
  async #do(done: Promise<unknown>): Promise<void> {
    try {
      await done;
      this.deleted = undefined;
    } catch (error) {
      this.problem = message(error);
      return;
    }
    await this.read();
  }
}
