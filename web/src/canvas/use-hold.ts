// What is under the pointer or in the hand stays as it is while others change it; what they did shows once it is let go.
import { type PointerEvent, useEffect, useRef } from 'react';
import { useApp } from '../app-context.tsx';
import type { Scene } from './scene.ts';

/** `under` is the component under the pointer. */
export function useHold(scene: Scene, under: (at: { x: number; y: number }, target: Element) => string | null) {
  const { held } = useApp();
  const hovered = useRef<{ id: string; release: () => void } | null>(null);
  const letGo = useRef(() => {
    hovered.current?.release();
    hovered.current = null;
  }).current;
  useEffect(() => {
    let releases: (() => void)[] = [];
    const drop = () => {
      for (const release of releases) release();
      releases = [];
    };
    const leave = scene.subscribe((now, before) => {
      if (now.moving?.ids === before.moving?.ids) return;
      const next = [...(now.moving?.ids ?? [])].map((id) => held.hold(id));
      drop();
      releases = next;
    });
    return () => {
      leave();
      drop();
      letGo();
    };
  }, [scene, held, letGo]);
  return {
    move(event: PointerEvent) {
      // A finger hovers nowhere.
      if (event.pointerType === 'touch' || !(event.target instanceof Element)) return;
      const id = under({ x: event.clientX, y: event.clientY }, event.target);
      if (id === (hovered.current?.id ?? null)) return;
      letGo();
      if (id !== null) hovered.current = { id, release: held.hold(id) };
    },
    leave: letGo,
  };
}
