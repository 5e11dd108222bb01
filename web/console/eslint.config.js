import js from '@eslint/js'
import a11y from 'eslint-plugin-jsx-a11y-x'
import hooks from 'eslint-plugin-react-hooks'
import globals from 'globals'
import ts from 'typescript-eslint'

export default ts.config(
  { ignores: ['dist', 'node_modules', 'src/api/schema.d.ts'] },
  js.configs.recommended,
  ts.configs.recommended,
  hooks.configs.flat.recommended,
  a11y.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      'no-console': 'error',
      // Markup from strings would be the one way around the policy of the server.
      'no-restricted-syntax': ['error', { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'No markup from strings.' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // A virtual table calls functions of its own that the compiler cannot see through; it says so itself.
      'react-hooks/incompatible-library': 'off',
    },
  },
  { files: ['scripts/**', 'build/**', 'e2e/**', '*.config.*'], languageOptions: { globals: { ...globals.node } }, rules: { 'no-console': 'off' } },
)
