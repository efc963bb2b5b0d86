import { Combobox as Headless } from "@kobalte/core/combobox";
import { Icon } from "../Icon.tsx";
import "./menu.css";
import "./combobox.css";

interface ComboboxProps {
  label: string;
  placeholder: string;
  options: readonly string[];
  /** Empty when nothing is chosen. */
  value: string;
  onChange: (value: string) => void;
}

/** One of many names, found by typing a part of it. */
export function Combobox(props: ComboboxProps) {
  return (
    <Headless<string>
      options={[...props.options]}
      value={props.value || null}
      onChange={value => props.onChange(value ?? "")}
      placeholder={props.placeholder}
      defaultFilter="contains"
      triggerMode="focus"
      gutter={4}
      sameWidth
      virtualized={false}
      itemComponent={item => (
        <Headless.Item item={item.item} class="menu-item mono">
          <Headless.ItemLabel>{item.item.rawValue}</Headless.ItemLabel>
        </Headless.Item>
      )}
    >
      <Headless.Label class="vh">{props.label}</Headless.Label>
      <Headless.Control class="combobox">
        <Headless.Input class="combobox-input" />
        <Headless.Trigger class="combobox-trigger" aria-label={props.label}>
          <Icon name="down" />
        </Headless.Trigger>
      </Headless.Control>
      <Headless.Portal>
        <Headless.Content class="menu">
          <Headless.Listbox class="combobox-list" />
        </Headless.Content>
      </Headless.Portal>
    </Headless>
  );
}
