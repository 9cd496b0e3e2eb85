import type { ReactNode } from 'react';

/** What every page has: its title, in the tab too, and the main landmark around its content. */
export function Page({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-2xl flex-col gap-6 px-4 py-8">
      <title>{`${title} · starter-name`}</title>
      <h1 className="text-2xl font-semibold">{title}</h1>
      {children}
    </main>
  );
}
