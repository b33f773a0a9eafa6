// Elements and questions. Everything a document says goes into the page as text, never as markup.

// What would turn the direction of a text, or is not to be seen, is shown as a report shows it.
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

export function plain(text) { return String(text ?? "").replace(STEERING, "\ufffd"); }

// An element with attributes and children; a function is called on the event of its name.
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false).map((child) => child instanceof Node ? child : plain(child)));
  return element;
}

// What the server says; with a body something is done there. What goes wrong is an error in the words of the server.
export async function ask(path, query = {}, body) {
  const address = new URL(path, location.href);
  for (const [key, value] of Object.entries(query)) address.searchParams.set(key, value);
  const response = await fetch(address, body === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  if (response.ok) return response.json();
  const told = await response.json().catch(() => ({ message: `HTTP ${response.status}` }));
  throw new Error([told.message, told.hint].filter(Boolean).join("\n"));
}
