/** A cable between a browser and its server. */
import { connect, createServer, type Server as Listener, type Socket } from 'node:net';
import type { Server, Someone } from './world';

/** A connection to the server that can be cut, also in the middle of a word. */
export class Cable {
  private readonly ends = new Set<Socket>();
  private isCut = false;
  private constructor(
    private readonly listener: Listener,
    readonly url: string,
  ) {}

  static async to(server: Server, end: 0 | 1 = 0): Promise<Cable> {
    const listener = createServer((near) => cable.join(near, connect(Number(new URL(server.url).port), '127.0.0.1')));
    await new Promise<void>((resolve) => listener.listen(server.otherPorts[end], '127.0.0.1', resolve));
    const cable = new Cable(listener, `http://127.0.0.1:${(listener.address() as { port: number }).port}`);
    return cable;
  }

  private join(near: Socket, far: Socket): void {
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.ends.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        this.ends.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
    if (this.isCut) this.cut();
  }

  cut(): void {
    this.isCut = true;
    for (const one of this.ends) one.destroy();
  }

  /** Swallows everything on the connections that are open, and reports nothing: a line that is dead without a sign. */
  hush(): void {
    for (const one of this.ends) {
      one.unpipe();
      one.resume();
    }
  }

  mend(): void {
    this.isCut = false;
  }

  close(): void {
    this.cut();
    this.listener.close();
  }
}

/** Creates Ann and Bob with a chat; Ann's browser hangs on a cable. */
export async function cabled(server: Server, someone: (options?: { baseURL: string }) => Promise<Someone>) {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const chat = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  const cable = await Cable.to(server);
  const [one, other] = [await someone({ baseURL: cable.url }), await someone()];
  await one.signIn(ann.email);
  await other.signIn(bob.email);
  await other.open('Ann');
  return { ann, bob, chat: chat.id, cable, one, other };
}
