// The own account: looks, time, keys, start page, password, sessions.
import { Keyboard, KeyRound } from 'lucide-react';
import { type ReactNode, Suspense, useState } from 'react';
import { useOverlay } from '../frame/overlays.ts';
import { browserZone, useProfile } from '../frame/use-profile.ts';
import { Page, PageHeader } from '../pages/page-header.tsx';
import { useProjectNames } from '../quick-add/names.ts';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { useDates } from '../ui/dates.ts';
import { lazyPart } from '../ui/lazy-part.ts';
import { Segments } from '../ui/segments.tsx';
import { Select } from '../ui/select.tsx';
import { usePresent } from '../views/use-now.ts';
import { Sessions } from './sessions.tsx';
import { sayZone, TimeZoneDialog } from './time-zone-dialog.tsx';

const PasswordDialog = lazyPart(async () => (await import('../frame/password-dialog.tsx')).PasswordDialog);
const words = strings.profile;

export function ProfilePage() {
  const { me, preferences, prefer } = useProfile();
  const open = useOverlay();
  const [password, setPassword] = useState(false);
  if (!me) return null;
  return (
    <Page>
      <PageHeader title={words.title} text={words.text} />
      <div className="flex max-w-[760px] flex-col gap-8">
        <Section title={words.looks}>
          <Row label={words.theme}>
            <Segments
              label={words.theme}
              value={preferences.theme}
              options={(['system', 'dark', 'light'] as const).map((value) => ({ value, label: words.themes[value] }))}
              onValue={(theme) => prefer({ theme })}
            />
          </Row>
          <Row label={words.density} hint={words.density_hint}>
            <Segments
              label={words.density}
              value={preferences.density}
              options={(['comfortable', 'compact'] as const).map((value) => ({ value, label: words.densities[value] }))}
              onValue={(density) => prefer({ density })}
            />
          </Row>
        </Section>
        <Time />
        <Section title={words.keys}>
          <Row label={words.single_keys} hint={words.single_keys_text}>
            <Checkbox
              checked={preferences.single_keys}
              onChecked={(single_keys) => prefer({ single_keys })}
              label={words.single_keys}
              label_hidden
            />
          </Row>
          <Row label={words.all_keys}>
            <Button onClick={() => open('keys')}>
              <Keyboard size={16} aria-hidden />
              {strings.shortcuts.open}
            </Button>
          </Row>
        </Section>
        <Start />
        <Section title={words.account}>
          <Row label={words.username}>
            <span className="font-medium">{me.username}</span>
          </Row>
          <Row label={words.password}>
            <Button onClick={() => setPassword(true)}>
              <KeyRound size={16} aria-hidden />
              {words.change_password}
            </Button>
          </Row>
        </Section>
        <section className="flex flex-col gap-3">
          <div>
            <h2 className="text-16 font-semibold">{words.sessions}</h2>
            <p className="text-13 text-text-3">{words.sessions_text}</p>
          </div>
          <Sessions />
        </section>
      </div>
      {password && (
        <Suspense>
          <PasswordDialog onClose={() => setPassword(false)} />
        </Suspense>
      )}
    </Page>
  );
}

function Time() {
  const { me, change } = useProfile();
  const dates = useDates();
  const { now } = usePresent();
  const [choosing, setChoosing] = useState(false);
  if (!me) return null;
  const here = browserZone();
  const hint = [
    words.zone_now(dates.clock(now)),
    ...(here === me.time_zone ? [] : [words.zone_differs(sayZone(here))]),
    words.zone_hint,
  ].join(' ');
  return (
    <Section title={words.time}>
      <Row label={words.zone} hint={hint}>
        <Button onClick={() => setChoosing(true)} aria-label={`${words.zone}: ${sayZone(me.time_zone)}`}>
          {sayZone(me.time_zone)}
        </Button>
      </Row>
      <Row label={words.week_start}>
        <div className="w-44">
          <Select
            label={words.week_start}
            label_hidden
            value={String(me.week_start)}
            options={[1, 2, 3, 4, 5, 6, 7].map((day) => ({ value: String(day), label: words.days[day] ?? '' }))}
            onValue={(day) => change({ week_start: Number(day) })}
          />
        </div>
      </Row>
      {choosing && (
        <TimeZoneDialog
          zone={me.time_zone}
          onZone={(time_zone) => change({ time_zone })}
          onClose={() => setChoosing(false)}
        />
      )}
    </Section>
  );
}

function Start() {
  const { me, change } = useProfile();
  const { active } = useProjectNames();
  if (!me) return null;
  const value = me.default_view ?? 'projects';
  const options = [
    { value: 'projects', label: words.starts.projects },
    { value: 'my_work', label: words.starts.my_work },
    ...active.map(({ id, name }) => ({ value: `project:${id}/canvas`, label: words.start_project(name) })),
  ];
  const known = options.some((option) => option.value === value);
  return (
    <Section title={words.start}>
      <Row label={words.start_label} hint={words.start_hint}>
        <div className="w-64 max-w-full">
          <Select
            label={words.start_label}
            label_hidden
            value={value}
            options={known ? options : [...options, { value, label: words.start_other }]}
            onValue={(next) => change({ default_view: next === 'projects' ? null : next })}
          />
        </div>
      </Row>
    </Section>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-16 font-semibold">{title}</h2>
      <div className="rounded-node border border-line bg-surface-1 shadow-1">{children}</div>
    </section>
  );
}

function Row({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-2 border-line border-b px-4 py-3 last:border-b-0 sm:flex-row sm:items-center sm:gap-6">
      <div className="min-w-0 flex-1">
        <p>{label}</p>
        {hint !== undefined && <p className="text-13 text-text-3">{hint}</p>}
      </div>
      <div className="flex shrink-0">{children}</div>
    </div>
  );
}
