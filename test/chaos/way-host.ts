import { now } from '../redis/processes/records.js';
import { Proxy } from '../support/redis/proxy.js';
import { watchLateness } from './lateness.js';
import type { Weather } from './way.js';
import type { WayOrder, WayQuestion, WayReply } from './way-messages.js';

/** The program of the process in which the ways lie: what passes through them waits for nothing else that a campaign does. */

const ways: (readonly Proxy[])[] = [];
const lateness = watchLateness();

const TICK = 10;
/** So late a tick says that nothing passed meanwhile. */
const STALL = 100;
let tickedAt = now();
setInterval(() => {
  const at = now();
  if (at - tickedAt - TICK > STALL) send({ stoodStill: [tickedAt, at] });
  tickedAt = at;
}, TICK).unref();

process.on('disconnect', () => process.exit());
process.on('message', ({ n, order }: WayQuestion) => {
  obey(order).then(
    (done) => send({ n, done }),
    (error: unknown) => send({ n, failed: String(error) }),
  );
});

async function obey(order: WayOrder): Promise<unknown> {
  if (order.act === 'lateness') return lateness();
  if (order.act === 'open') {
    const proxies = await Promise.all(order.targets.map((target) => Proxy.start(target)));
    const way = ways.push(proxies) - 1;
    return { way, ports: proxies.map(({ port }) => port) };
  }
  await Promise.all((ways[order.way] ?? []).map(async (proxy) => spoil(proxy, order.weather)));
  return undefined;
}

function spoil(proxy: Proxy, weather: Weather): Promise<void> | void {
  switch (weather.is) {
    case 'slow':
      return proxy.delay(weather.ms);
    case 'dripping':
      return proxy.drip();
    case 'mute':
      return proxy.mute();
    case 'deaf':
      return proxy.loseRequests();
    case 'answerless':
      return proxy.loseReplies();
    case 'cut':
      return proxy.cut();
    default:
      return proxy.heal();
  }
}

function send(reply: WayReply): void {
  if (process.connected) process.send?.(reply);
}
