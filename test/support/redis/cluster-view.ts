/** A node, as one of the nodes sees it. */
export interface SeenNode {
  readonly id: string;
  readonly port: number;
  readonly flags: readonly string[];
  /** The node that it replicates. */
  readonly primary: string | undefined;
  readonly epoch: number;
  /** Whether the one that sees it is connected to it. */
  readonly connected: boolean;
  /** Its slots as the server writes them, without those that are on the move. */
  readonly slots: readonly string[];
}

/** Reads what CLUSTER NODES says. */
export function parseNodes(text: string): readonly SeenNode[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', address = '', flags = '', primary = '-', , , epoch = '0', link, ...slots] = line.split(' ');
      return {
        id,
        port: Number(/:(\d+)@/.exec(address)?.[1]),
        flags: flags.split(','),
        primary: primary === '-' ? undefined : primary,
        epoch: Number(epoch),
        connected: link === 'connected',
        slots: slots.filter((slot) => !slot.startsWith('[')),
      };
    });
}

export function isItself({ flags }: SeenNode): boolean {
  return flags.includes('myself');
}

export function isPrimary({ flags }: SeenNode): boolean {
  return flags.includes('master');
}

export function holds({ slots }: SeenNode, slot: number): boolean {
  return slots.some((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return first <= slot && slot <= last;
  });
}
