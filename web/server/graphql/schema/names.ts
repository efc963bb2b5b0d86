/** Names a person would choose, whatever tables and keys come. */
export const NamesPlugin: GraphileConfig.Plugin = {
  name: "NamesPlugin",
  version: "1.0.0",
  inflection: {
    replace: {
      // Without global node ids, nothing else is called id.
      _attributeName: (previous, _options, details) =>
        previous?.({ ...details, skipRowId: true }) ?? details.attributeName,
      // The singular of "databases" is not "databasis".
      singularize(previous, _options, text) {
        return /databases$/i.test(text) ? text.slice(0, -1) : (previous?.(text) ?? text);
      },
      // Progress is not counted.
      pluralize(previous, _options, text) {
        return /progress$/i.test(text) ? text : (previous?.(text) ?? text);
      },
      distinctPluralize(previous, _options, text) {
        return /progress$/i.test(text) ? text : (previous?.(text) ?? text);
      },
      // account, not awsAccount.
      _getBaseName(previous, _options, attributeName) {
        return previous?.(attributeName)?.replace(/^aws_/, "") ?? null;
      },
      // job_id names migration_jobs well enough for metrics, not metricsByJobId.
      _baseNameMatches(previous, _options, baseName, otherName) {
        const singular = this.camelCase(this.singularize(otherName));
        return (previous?.(baseName, otherName) ?? false) || singular.endsWith(this.upperCamelCase(baseName));
      },
    },
  },
};
