import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      'build',
      'dist',
      'prebuilds',
      'types/index.d.*',
      'types/channels.d.*',
      'scripts/site/entry',
    ],
  },
  eslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          './tsconfig.json',
          './tsconfig.test.json',
          './test/types/tsconfig.json',
          './test/bench/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      // It asks for `!`, which strict rules forbid.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // It takes a Socket for no Duplex, since `WithEvents` stands between the two classes.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  {
    // Fields of index signatures are read as obj['x'] on purpose (noPropertyAccessFromIndexSignature).
    files: ['**/*.ts'],
    rules: { '@typescript-eslint/dot-notation': 'off' },
  },
  {
    files: ['lib/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "MethodDefinition[kind='get'][key.type='PrivateIdentifier']",
          message: 'A private getter is a call into the runtime of V8 each time: write a method.',
        },
      ],
    },
  },
  {
    // What `connect` takes reads better one form a line.
    files: ['lib/socket/**/*.ts'],
    rules: { '@typescript-eslint/unified-signatures': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  {
    files: ['**/*.cjs', '**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: {
        module: 'writable',
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        require: 'readonly',
        __filename: 'readonly',
        __dirname: 'readonly',
        URL: 'readonly',
      },
    },
  },
);
