import { PasswordInput, type PasswordInputProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** A field whose text is hidden until the viewer asks to see it, by mouse or keyboard. */
export function SecretInput(props: PasswordInputProps) {
  const { t } = useTranslation()
  return <PasswordInput {...props} visibilityToggleButtonProps={{ 'aria-label': t('parts.showSecret', { field: props.label }), tabIndex: 0 }} />
}
