// The guard of tests/conftest.py for Node.js, which loads it first: see NODE_OPTIONS there.
// fetch, WebSockets, TLS and plain connections all end in Socket.connect.
"use strict";

const net = require("node:net");

const thisMachine = new net.BlockList();
thisMachine.addSubnet("127.0.0.0", 8);
thisMachine.addAddress("::1", "ipv6");

const isThisMachine = (host) =>
  host === "localhost" || thisMachine.check(host, net.isIPv6(host) ? "ipv6" : "ipv4");

const { connect } = net.Socket.prototype;

net.Socket.prototype.connect = function (...given) {
  const [options] = Array.isArray(given[0]) ? given[0] : net._normalizeArgs(given);
  const host = options.host || "localhost";
  if (options.path || isThisMachine(host)) return connect.apply(this, given);
  const refusal = new Error(`Tests reach this machine only, not ${host}.`);
  console.error(refusal.message); // also where the error is swallowed
  return this.destroy(refusal);
};
