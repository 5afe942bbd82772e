// The one WebSocket. It comes back by itself, and then begins with everything that is there.

const FIRST_WAIT = 300;
const LONGEST_WAIT = 5000;

export function connect({ hear, changed }) {
  let socket = null;
  let wait = FIRST_WAIT;

  function open() {
    const address = new URL("live", location.href);
    address.protocol = "ws:";
    socket = new WebSocket(address);
    socket.addEventListener("open", () => {
      wait = FIRST_WAIT;
      changed(true);
    });
    socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
    socket.addEventListener("close", () => {
      changed(false);
      setTimeout(open, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    });
  }

  open();
  // Returns whether it could be sent.
  return (request) => {
    if (socket.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(request));
    return true;
  };
}
