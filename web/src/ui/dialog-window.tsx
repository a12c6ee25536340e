// The window of a dialog: named, closed by Esc, with the focus kept inside and given back. Loaded when the first one opens.
import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { strings } from '../strings.ts';
import { cx } from './cx.ts';
import { IconButton } from './icon-button.tsx';
import { keepForNotices } from './toast.tsx';

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  width?: 'narrow' | 'wide';
  children?: ReactNode;
}

export function DialogWindow({ open, onOpenChange, title, description, width = 'narrow', children }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay data-modal className="enter-fade fixed inset-0 z-40 bg-scrim" />
        <div className="pointer-events-none fixed inset-0 z-40 flex items-end justify-center sm:items-center sm:p-6">
          <Radix.Content
            onInteractOutside={keepForNotices}
            {...(description === undefined ? { 'aria-describedby': undefined } : {})}
            onOpenAutoFocus={(event) => {
              // Where there is nothing but to read, the dialog itself has the focus, and not the button that closes it.
              const content = event.currentTarget;
              if (!(content instanceof HTMLElement) || content.querySelectorAll('input, textarea, button').length > 1)
                return;
              event.preventDefault();
              content.focus();
            }}
            className={cx(
              'outline-none enter-rise pointer-events-auto relative flex max-h-[calc(100dvh-32px)] w-full flex-col rounded-t-dialog border border-line bg-surface-3 shadow-2 sm:rounded-dialog',
              width === 'narrow' ? 'sm:max-w-[440px]' : 'sm:max-w-[680px]',
            )}
          >
            <Radix.Title className="pt-4 pr-14 pb-3 pl-6 text-16 font-semibold">{title}</Radix.Title>
            <div className="flex flex-col gap-4 overflow-y-auto px-6 pt-1 pb-6">
              {description !== undefined && (
                <Radix.Description asChild>
                  <div className="text-14 text-text-2">{description}</div>
                </Radix.Description>
              )}
              {children}
            </div>
            {/* Last, so that the first thing to have the focus is what the dialog is about. */}
            <Radix.Close asChild>
              <IconButton label={strings.close} shortcut="Esc" className="absolute top-2.5 right-3">
                <X size={18} aria-hidden />
              </IconButton>
            </Radix.Close>
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}
