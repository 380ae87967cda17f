import { isFields, lowest, type Fields, type Plain } from './value.js';

/** A copy of the document in which an array was replaced by one of its elements that is not opened again. */
class Closed {
  readonly value: Plain;
  constructor(value: Plain) {
    this.value = value;
  }
}

type Node = Plain | Closed | undefined;

/**
 * The keys of a document at several dotted paths: the array on the way is replaced by each of its elements in turn, so paths through the
 * same array keep one element's values together. `parallel`: there are two arrays, and no telling which elements belong together.
 */
export function tuplesAt(doc: Fields, names: readonly string[]): Plain[][] | 'parallel' {
  return tuplesOf(names.map((name) => ({ node: doc, path: name.split('.') })));
}

interface Way {
  readonly node: Node;
  readonly path: string[];
}

function tuplesOf(ways: Way[]): Plain[][] | 'parallel' {
  const stops = ways.map(walked);
  const arrays = [...new Set(stops.map(({ node }) => node).filter((node) => Array.isArray(node)))];
  if (arrays.length > 1) return 'parallel';
  const [array] = arrays;
  if (!array) return [stops.map(valueOf)];
  if (array.length === 0)
    return [
      stops.map((stop) => (stop.node !== array ? valueOf(stop) : stop.path.length === 0 ? lowest : null)),
    ];
  const all = array.map((element) =>
    tuplesOf(
      stops.map(({ node, path }): Way => {
        if (node !== array)
          return { node: node instanceof Closed ? node : new Closed(valueOf({ node, path })), path: [] };
        return {
          node:
            path.length > 0 && isFields(element) ? element : new Closed(path.length === 0 ? element : null),
          path: isFields(element) ? path : [],
        };
      }),
    ),
  );
  return all.some((one) => one === 'parallel')
    ? 'parallel'
    : all.flatMap((one) => (one === 'parallel' ? [] : one));
}

/** As far as documents lead. */
function walked({ node, path }: Way): Way {
  const [head, ...rest] = path;
  return head !== undefined && isNode(node) ? walked({ node: node[head], path: rest }) : { node, path };
}

function isNode(node: Node): node is Fields {
  return !(node instanceof Closed) && isFields(node);
}

function valueOf({ node, path }: Way): Plain {
  if (node instanceof Closed) return node.value;
  return path.length === 0 ? (node ?? null) : null;
}
