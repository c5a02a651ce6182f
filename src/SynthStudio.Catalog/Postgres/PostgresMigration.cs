namespace SynthStudio.Catalog;

/// <summary>A versioned script.</summary>
/// <param name="Component">What it belongs to: the catalog, or Orleans' tables.</param>
/// <param name="Version">1, 2, ... in its component.</param>
/// <param name="Text">The statements.</param>
internal sealed record PostgresMigration(string Component, int Version, string Text)
{
    /// <summary>All there are, in the order in which they run.</summary>
    public static IReadOnlyList<PostgresMigration> All { get; } = [.. Load("catalog", "Migrations/Postgres/"), .. Load("orleans", "Migrations/OrleansPostgres/")];

    public override string ToString() => $"{Component} {Version}";

    // A version is a script's place, not its file's number: there never was a 0019, so that 0023 is version 22. Who filled the gap would
    // move all that come after it: databases that are there would run the last one again, and never the new one. New ones come last.
    private static IEnumerable<PostgresMigration> Load(string component, string folder) =>
        SqliteMigrator.LoadScripts(folder).Select((text, i) => new PostgresMigration(component, i + 1, text));
}
