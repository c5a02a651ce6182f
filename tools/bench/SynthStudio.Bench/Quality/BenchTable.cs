using SynthStudio.Tabular;

namespace SynthStudio.Bench.Quality;

/// <summary>A table that was split: a folder with <c>train.csv.gz</c>, <c>holdout.csv.gz</c> and <c>schema.json</c>.</summary>
internal sealed record BenchTable(string Name, string Folder)
{
    private const string Train = "train.csv.gz", Holdout = "holdout.csv.gz";

    /// <param name="folder">Holds a folder for each table.</param>
    /// <param name="names">Which ones; none for all.</param>
    public static List<BenchTable> Find(string folder, List<string> names)
    {
        var found = Directory.GetDirectories(folder)
            .Where(path => File.Exists(Path.Combine(path, Train)) && File.Exists(Path.Combine(path, Holdout)))
            .Select(path => new BenchTable(Path.GetFileName(path), path))
            .OrderBy(table => table.Name, StringComparer.Ordinal)
            .ToList();
        var missing = names.Except(found.Select(table => table.Name)).ToList();
        if (missing.Count > 0) throw new ArgumentException($"No such table: {string.Join(", ", missing)}. There is: {string.Join(", ", found.Select(t => t.Name))}");
        return names.Count == 0 ? found : found.FindAll(table => names.Contains(table.Name));
    }

    public (Table Train, Table Holdout) Read()
    {
        var schema = Path.Combine(Folder, "schema.json");
        var train = TableReader.Read(Path.Combine(Folder, Train), schema: File.Exists(schema) ? SchemaFile.Read(schema) : null);
        return (train, TableReader.ReadAs(Path.Combine(Folder, Holdout), train.Schema));
    }
}
