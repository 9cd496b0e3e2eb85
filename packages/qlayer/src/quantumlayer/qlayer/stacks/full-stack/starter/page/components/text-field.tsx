import { type ComponentProps, useId } from 'react';

interface TextFieldProps extends ComponentProps<'input'> {
  label: string;
  /** What is wrong with what stands in it, in a sentence. */
  problem?: string | undefined;
}

/** A line of text with its label, and what is wrong with it told to everybody. */
export function TextField({ label, problem, ...rest }: TextFieldProps) {
  const id = useId();
  return (
    <div className="flex grow flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input
        id={id}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
        className="min-h-11 rounded-md border border-line bg-transparent px-3"
        {...rest}
      />
      {problem !== undefined && (
        <p id={`${id}-problem`} role="alert" className="text-danger">
          {problem}
        </p>
      )}
    </div>
  );
}
