/** On or off, in a colour and in words. */
export function Pill({ name, isOn }: { name: string; isOn: boolean }) {
  return <span class={isOn ? 'pill on' : 'pill'}>{`${name} ${isOn ? 'on' : 'off'}`}</span>;
}
