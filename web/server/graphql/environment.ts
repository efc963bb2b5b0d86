// Grafast reads this once, when it is loaded, and otherwise tells everybody to set it. Imported before everything else.
process.env.GRAPHILE_ENV ??= "production";
