import type { ComponentProps } from 'react';

/** A button; of type `button` unless it is said to submit. */
export function Button({ className = '', type = 'button', ...rest }: ComponentProps<'button'>) {
  return (
    <button
      type={type}
      className={`min-h-11 rounded-md bg-accent px-4 font-medium text-on-accent disabled:opacity-60 ${className}`}
      {...rest}
    />
  );
}
