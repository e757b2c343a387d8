import ts from 'typescript';

/** What compilers find behind each subpath in the built package, types among it. */
export function builtNames(
  subpaths: readonly string[],
): Readonly<Record<string, readonly string[]>> {
  const fileOf = (name: string): string =>
    `dist/esm/${name.slice(1)}/index.d.ts`.replace('//', '/');
  const program = ts.createProgram(subpaths.map(fileOf), {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    noLib: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  return Object.fromEntries(
    subpaths.map((name) => {
      const file = program.getSourceFile(fileOf(name));
      const module = file && checker.getSymbolAtLocation(file);
      if (module === undefined) {
        throw new Error(`${fileOf(name)} is missing: npm run build`);
      }
      return [name, checker.getExportsOfModule(module).map((symbol) => symbol.name)];
    }),
  );
}
