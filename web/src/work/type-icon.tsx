// A picture for a component's type, found by words that people use for types.
import {
  Box,
  CircuitBoard,
  Code,
  Cpu,
  Database,
  Fan,
  FileText,
  Flag,
  FlaskConical,
  Frame,
  Inbox,
  type LucideIcon,
  Network,
  Palette,
  Plug,
  ShoppingCart,
  Thermometer,
  Wrench,
  Zap,
} from 'lucide-react';

const icons: readonly (readonly [RegExp, LucideIcon])[] = [
  [/^unsorted$/i, Inbox],
  [/sensor|measure/i, Thermometer],
  [/firmware|controller/i, Cpu],
  [/electr|power|wiring|cable/i, Zap],
  [/circuit|pcb|board/i, CircuitBoard],
  [/soft|code|app|library|package|service/i, Code],
  [/data|storage/i, Database],
  [/network/i, Network],
  [/struct|frame|build/i, Frame],
  [/climate|air|vent/i, Fan],
  [/test|check|qa/i, FlaskConical],
  [/milestone|release|goal/i, Flag],
  [/doc|paper|text/i, FileText],
  [/design|art/i, Palette],
  [/buy|purchase|order|part/i, ShoppingCart],
  [/device|plug/i, Plug],
  [/hardware|tool|mechanic/i, Wrench],
];

export function TypeIcon({ type, size = 16, className }: { type: string | null; size?: number; className?: string }) {
  const Icon = (type !== null && icons.find(([pattern]) => pattern.test(type))?.[1]) || Box;
  return <Icon size={size} aria-hidden className={className ?? 'shrink-0 text-text-3'} />;
}
