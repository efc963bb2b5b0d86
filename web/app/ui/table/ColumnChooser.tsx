import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import { For } from "solid-js";
import { words } from "../../words/ui/data-table.ts";
import { Icon } from "../Icon.tsx";
import type { ColumnChoice } from "./column-choice.ts";
import type { DataColumn } from "./columns.ts";
import "../overlay/menu.css";

/** Which columns are shown. Stays open while several are chosen. */
export function ColumnChooser<Row>(props: { columns: readonly DataColumn<Row>[]; choice: ColumnChoice }) {
  return (
    <DropdownMenu gutter={4} placement="bottom-end">
      <DropdownMenu.Trigger class="button hide-sm">
        <Icon name="columns" />
        {words.columns} <span class="dim">{words.columnsShown(props.choice.shown().length, props.columns.length)}</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="menu">
          <For each={props.columns}>
            {column => (
              <DropdownMenu.CheckboxItem
                class="menu-item"
                closeOnSelect={false}
                disabled={column.names ?? false}
                checked={props.choice.shown().includes(column.id)}
                onChange={() => props.choice.toggle(column.id)}
              >
                <span class="menu-check">
                  <DropdownMenu.ItemIndicator>
                    <Icon name="check" />
                  </DropdownMenu.ItemIndicator>
                </span>
                {column.title}
              </DropdownMenu.CheckboxItem>
            )}
          </For>
          <DropdownMenu.Separator class="menu-line" />
          <DropdownMenu.Item class="menu-item" disabled={props.choice.isDefault()} onSelect={props.choice.reset}>
            <span class="menu-check" />
            {words.usualColumns}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}
