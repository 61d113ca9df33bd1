/** The typings, as a compiler reads them that loads no @types by itself: TypeScript does not any more, by default. */
import { join } from 'node:path';

import ts from 'typescript';

import { projectRoot } from '../support/child';

test.each(['index.d.ts', 'index.d.mts', 'channels.d.ts', 'channels.d.mts'])(
  'types/%s needs no option of its user',
  (entry) => {
    const program = ts.createProgram([join(projectRoot, 'types', entry)], {
      types: [],
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
    });
    const found = ts.getPreEmitDiagnostics(program);
    expect(
      found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' ')),
    ).toEqual([]);
  },
);
