/**
 * From Node 25 on the mere look at `localStorage` writes a warning to stderr, and a library behind `telegram` looks. Imported before it.
 * The library finds nothing there, as on older Nodes, and keeps sessions nowhere of its own.
 */

Object.defineProperty(globalThis, 'localStorage', { value: undefined, configurable: true, writable: true });
