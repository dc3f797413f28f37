import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** A regular expression, and where it stands. */
export interface Pattern {
  readonly where: string;
  readonly source: string;
  readonly flags: string;
}

/** What a source file says about regular expressions. */
export interface Findings {
  readonly patterns: Pattern[];
  /** Where one is put together when the program runs, so that it cannot be read here. */
  readonly computed: string[];
}

/** `pattern` of a schema, at whatever depth of a document. */
export function patternsOf(document: unknown, where: string): Pattern[] {
  if (typeof document !== 'object' || document === null) return [];
  return Object.entries(document).flatMap(([name, value]) =>
    name === 'pattern' && typeof value === 'string'
      ? [{ where, source: value, flags: '' }]
      : patternsOf(value, `${where}/${name}`),
  );
}

const TEXT_METHODS = ['match', 'matchAll', 'search'];

/** What stands for a regular expression in a node, if it is one: its text, or undefined when that is computed. */
function toExpression(node: ts.Node): { source: string; flags: string } | 'computed' | undefined {
  if (ts.isRegularExpressionLiteral(node)) {
    const end = node.text.lastIndexOf('/');
    return { source: node.text.slice(1, end), flags: node.text.slice(end + 1) };
  }
  const text = textOf(node);
  if (text === undefined) return undefined;
  return ts.isStringLiteralLike(text) ? { source: text.text, flags: '' } : 'computed';
}

/** Where a text is taken for a regular expression: `RegExp(text)`, `.match(text)`, and `pattern: text` of a schema. */
function textOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isPropertyAssignment(node) && node.name.getText() === 'pattern') return node.initializer;
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return undefined;
  const { expression, arguments: [first] = [] } = node;
  if (expression.getText() === 'RegExp') return first;
  const isTextMethod =
    ts.isPropertyAccessExpression(expression) && TEXT_METHODS.includes(expression.name.text);
  return isTextMethod && first && ts.isStringLiteralLike(first) ? first : undefined;
}

export function readTypeScript(file: string): Findings {
  const code = readFileSync(file, 'utf8');
  const kind = file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const root = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true, kind);
  const findings: Findings = { patterns: [], computed: [] };
  const visit = (node: ts.Node): void => {
    const found = toExpression(node);
    const { line } = root.getLineAndCharacterOfPosition(node.getStart());
    if (found === 'computed') findings.computed.push(file);
    else if (found) findings.patterns.push({ where: `${file}:${line + 1}`, ...found });
    ts.forEachChild(node, visit);
  };
  visit(root);
  return findings;
}

const PYTHON_CALL = /\bre\.[a-z]+\(/g;
const PYTHON_LITERAL = /^re\.[a-z]+\(\s*r"([^"]*)"/;

/** Raw strings in double quotes alone: that is how the Python client writes them. */
export function readPython(file: string): Findings {
  const code = readFileSync(file, 'utf8');
  const findings: Findings = { patterns: [], computed: [] };
  for (const { index } of code.matchAll(PYTHON_CALL)) {
    const [, source] = PYTHON_LITERAL.exec(code.slice(index)) ?? [];
    if (source === undefined) findings.computed.push(file);
    else findings.patterns.push({ where: file, source: source.replaceAll('\\Z', '$'), flags: '' });
  }
  return findings;
}
