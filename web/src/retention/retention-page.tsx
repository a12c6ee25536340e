// How long events are kept: the policy, what is stored, and the archives of what went.
import { useQuery } from '@tanstack/react-query';
import { useApp, useMe } from '../app-context.tsx';
import { Page, PageHeader } from '../pages/page-header.tsx';
import { AdminTabs } from '../pages/page-tabs.tsx';
import { retentionStrings as words } from '../strings/retention.ts';
import { strings } from '../strings.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { Archives } from './archives.tsx';
import { Policy } from './policy.tsx';
import { retentionQuery } from './queries.ts';
import { Figures, Parts, Readers } from './stored.tsx';

export function RetentionPage() {
  const admin = useMe()?.role === 'admin';
  return (
    <Page>
      <PageHeader title={strings.retention_title} text={words.text} />
      <AdminTabs />
      {admin ? <Contents /> : <EmptyState text={words.only_admins} />}
    </Page>
  );
}

function Contents() {
  const { api } = useApp();
  const read = useQuery(retentionQuery(api));
  if (read.isPending) return <SkeletonRows rows={3} height="h-28" />;
  if (read.data === undefined) return <ErrorNotice error={read.error} retry={() => void read.refetch()} />;
  const retention = read.data;
  return (
    <>
      <Policy retention={retention} />
      <Figures retention={retention} />
      <Parts parts={retention.partitions} />
      <Readers readers={retention.readers} />
      <Archives />
    </>
  );
}
