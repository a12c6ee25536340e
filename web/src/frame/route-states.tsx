// What stands in a page's place: while it loads, where it failed, where there is none.
import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { useTitle } from '../pages/page-header.tsx';
import { strings } from '../strings.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';

export function RoutePending() {
  return (
    <div className="mx-auto w-full max-w-[1120px] p-6">
      <SkeletonRows />
    </div>
  );
}

export function RouteError({ error, reset }: ErrorComponentProps) {
  return (
    <main className="p-6">
      <ErrorNotice error={error} retry={reset} />
    </main>
  );
}

export function RouteMissing() {
  useTitle(strings.errors.not_found_title);
  return (
    <div className="enter-fade m-auto flex flex-col items-center gap-2 p-4 text-center">
      <h1 className="text-20 font-semibold">{strings.errors.not_found_title}</h1>
      <p className="text-text-2">{strings.errors.not_found}</p>
      <Link to="/projects" className="target inline-flex items-center text-accent underline underline-offset-4">
        {strings.errors.home}
      </Link>
    </div>
  );
}
