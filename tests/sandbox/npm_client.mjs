// Asks the sandbox for jobs with the npm client `midjourney`, and prints what came of each as JSON.
// Its one argument is JSON: see tests/sandbox/test_npm_client.py.
import { writeSync } from "node:fs";
import { createRequire } from "node:module";

console.log = console.error; // the client's own words: stdout is for the result

const { packages, session, ...settings } = JSON.parse(process.argv[2]);
const require = createRequire(`${packages}/`);
const { Midjourney } = require("midjourney");
const WebSocket = require("ws");

const events = [];

class NotedSocket extends WebSocket {
  constructor(url) {
    super(url);
    this.addEventListener("message", ({ data }) => {
      const { t, d } = JSON.parse(data);
      if (t?.startsWith("INTERACTION_")) events.push(t);
      // The client never looks at the id of its session, and sends one that is built in.
      if (t === "READY" && session === "real") client.config.SessionId = d.session_id;
    });
  }
}

const client = new Midjourney({ ...settings, Ws: session !== "none", WebSocket: NotedSocket });
await (session === "none" ? client.MJApi.allCommand() : client.Connect());

const of = ({ id, hash, content, flags }) => ({ msgId: id, hash, content, flags });
const jobs = {};
const grid = (jobs.imagine = await client.Imagine("a cat"));
const solo = (jobs.upscale = await client.Upscale({ index: 2, ...of(grid) }));
if (session !== "none") {
  // Without a gateway, it takes a preview with a Cancel button for the result.
  jobs.variation = await client.Variation({ index: 3, ...of(grid) });
  jobs.reroll = await client.Reroll(of(grid));
  jobs.zoom = await client.ZoomOut({ level: "2x", ...of(solo) });
  jobs.subtle = await client.ZoomOut({ level: "low", ...of(solo) });
}
client.Close();
writeSync(1, JSON.stringify({ jobs, events }));
process.exit(); // its timers would go on
