/** What an editor shows: TypeScript's language service, asked about a program that is in no file. */
import { join } from 'node:path';

import ts from 'typescript';

import { projectRoot } from './child';

const options: ts.CompilerOptions = {
  module: ts.ModuleKind.Node20,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
};

/** Stands before each name to be asked about. */
export const MARK = '‸';

export interface Hovered {
  /** The line, without its marks. */
  readonly line: string;
  readonly name: string;
  /** What is shown under the declaration, if anything. */
  readonly documentation: string;
}

export class Editor {
  readonly #file: string;
  readonly #service: ts.LanguageService;
  #text = '';
  #version = 0;

  /** @param extension `.cts` for `require`, `.mts` for `import`; the file is one of this package */
  constructor(extension: '.cts' | '.mts') {
    this.#file = join(projectRoot, `program-of-a-user${extension}`);
    this.#service = ts.createLanguageService({
      getScriptFileNames: () => [this.#file],
      getScriptVersion: (file) => (file === this.#file ? String(this.#version) : '0'),
      getScriptSnapshot: (file) => {
        const text = file === this.#file ? this.#text : ts.sys.readFile(file);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => projectRoot,
      getCompilationSettings: () => options,
      getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
      fileExists: (file) => file === this.#file || ts.sys.fileExists(file),
      readFile: (file) => ts.sys.readFile(file),
      directoryExists: (folder) => ts.sys.directoryExists(folder),
      getDirectories: (folder) => ts.sys.getDirectories(folder),
    });
  }

  /** Shows a program, and asks about each name with a mark before it. */
  hover(program: string): Hovered[] {
    const pieces = program.split(MARK);
    const positions: number[] = [];
    this.#open(pieces.join(''));
    for (const piece of pieces.slice(0, -1)) {
      positions.push((positions.at(-1) ?? 0) + piece.length);
    }
    return positions.map((position) => this.#hoverAt(position));
  }

  /** What is wrong with the program shown last, in words. */
  errors(): string[] {
    return [
      ...this.#service.getSyntacticDiagnostics(this.#file),
      ...this.#service.getSemanticDiagnostics(this.#file),
    ].map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  }

  /** The types that a program declares, with the names of their properties; only our own. */
  members(program: string): { type: string; names: string[] }[] {
    this.#open(program);
    const { checker, file } = this.#checked();
    return file.statements.filter(ts.isTypeAliasDeclaration).map((declaration) => ({
      type: declaration.name.text,
      names: checker
        .getPropertiesOfType(checker.getTypeAtLocation(declaration))
        .filter(isOurs)
        .map(({ name }) => name)
        .filter((name) => !/^__@|#/.test(name)), // symbols, and what is private
    }));
  }

  /** What the package exports of its own: values, and types that can be named without arguments. */
  exports(): { values: string[]; types: string[] } {
    this.#open("import * as all from 'kernel-sctp';\nvoid all;");
    const { checker, file } = this.#checked();
    const [first] = file.statements;
    if (!first || !ts.isImportDeclaration(first)) throw new Error('nothing is imported');
    const module = checker.getSymbolAtLocation(first.moduleSpecifier);
    const exported = (module ? checker.getExportsOfModule(module) : [])
      .map((symbol) => ({
        name: symbol.name,
        symbol: symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
      }))
      .filter(({ name, symbol }) => name !== 'default' && isOurs(symbol));
    const namesOf = (flags: ts.SymbolFlags): string[] =>
      exported.filter(({ symbol }) => symbol.flags & flags).map(({ name }) => name);
    const generic = exported.filter(({ symbol }) => isGeneric(symbol)).map(({ name }) => name);
    return {
      values: namesOf(ts.SymbolFlags.Value),
      types: namesOf(ts.SymbolFlags.Type).filter((name) => !generic.includes(name)),
    };
  }

  #open(text: string): void {
    this.#text = text;
    this.#version++;
  }

  #checked(): { checker: ts.TypeChecker; file: ts.SourceFile } {
    const program = this.#service.getProgram();
    const file = program?.getSourceFile(this.#file);
    if (!program || !file) throw new Error('there is no program');
    return { checker: program.getTypeChecker(), file };
  }

  #hoverAt(position: number): Hovered {
    const info = this.#service.getQuickInfoAtPosition(this.#file, position);
    const line = this.#text.slice(
      this.#text.lastIndexOf('\n', position) + 1,
      (this.#text + '\n').indexOf('\n', position),
    );
    return {
      line,
      name: /^[\w-]*/.exec(this.#text.slice(position))?.[0] ?? '',
      documentation: ts.displayPartsToString(info?.documentation),
    };
  }
}

/** Declared in this package, and not in Node's types. */
function isOurs({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some((declaration) => {
    const { fileName } = declaration.getSourceFile();
    return fileName.startsWith(projectRoot) && !fileName.includes('/node_modules/');
  });
}

function isGeneric({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some(
    (declaration) =>
      (ts.isTypeAliasDeclaration(declaration) || ts.isInterfaceDeclaration(declaration)) &&
      declaration.typeParameters !== undefined,
  );
}
