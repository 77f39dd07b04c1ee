import { subscribe } from 'node:diagnostics_channel';
import { BlockList, isIP, type Socket } from 'node:net';
import { type Network, neverReached } from '../domain/out-of-bounds.ts';

let isOn = false;

/**
 * From now on no connection of this process reaches an address that is out of bounds. Node asks the list for the address
 * itself, right before it connects: so a name that leads there, now or at the next look-up, is caught as well as a number
 * in any spelling, and so is a redirect. Every client goes by here (HTTP, SOAP, fetch, the database): none can forget it.
 */
export function guardConnections(): void {
  if (isOn) return;
  isOn = true;
  const list = blockListOf(neverReached);
  subscribe('net.client.socket', (message) => {
    const { socket } = message as { socket: Socket & { blockList?: BlockList } };
    socket.blockList ??= list;
  });
}

/** Networks in the form that sockets take. An IPv4 network is meant in its IPv6 spelling (`::ffff:…`) as well. */
export function blockListOf(networks: readonly Network[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}
