// Parses TypeScript with the compiler's own parser; nothing is compiled and nothing is run.
// Arguments: the compiler's folder, then files. Complaints as `path:line:column: error: message`.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [folder, ...paths] = process.argv.slice(2);
const ts = createRequire(import.meta.url)(`${folder}/lib/typescript.js`);
let refused = false;
for (const path of paths) {
  const text = readFileSync(path, 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  for (const found of source.parseDiagnostics) {
    const { line, character } = source.getLineAndCharacterOfPosition(found.start);
    const message = ts.flattenDiagnosticMessageText(found.messageText, ' ');
    console.log(`${path}:${line + 1}:${character + 1}: error: TS${found.code}: ${message}`);
    refused = true;
  }
}
process.exitCode = refused ? 1 : 0;
