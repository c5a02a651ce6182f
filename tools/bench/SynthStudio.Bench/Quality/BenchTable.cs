using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Bench.Quality;

/// <summary>
/// A table to learn: a folder with <c>schema.json</c> and either <c>train.csv.gz</c> and <c>holdout.csv.gz</c>, or one <c>NAME.csv.gz</c>, which
/// is cut into two halves by chance, always the same.
/// </summary>
internal sealed record BenchTable(string Name, string Folder)
{
    private const string Train = "train.csv.gz", Holdout = "holdout.csv.gz";

    private bool IsSplit => File.Exists(Path.Combine(Folder, Train)) && File.Exists(Path.Combine(Folder, Holdout));

    private string Whole => Path.Combine(Folder, Name + ".csv.gz");

    /// <param name="folder">Holds a folder for each table.</param>
    /// <param name="names">Which ones; none for all that are split already.</param>
    public static List<BenchTable> Find(string folder, List<string> names)
    {
        var found = Directory.GetDirectories(folder)
            .Select(path => new BenchTable(Path.GetFileName(path), path))
            .Where(table => table.IsSplit || File.Exists(table.Whole))
            .OrderBy(table => table.Name, StringComparer.Ordinal)
            .ToList();
        var missing = names.Except(found.Select(table => table.Name)).ToList();
        if (missing.Count > 0) throw new ArgumentException($"No such table: {string.Join(", ", missing)}. There is: {string.Join(", ", found.Select(t => t.Name))}");
        return found.FindAll(table => names.Count == 0 ? table.IsSplit : names.Contains(table.Name));
    }

    public (Table Train, Table Holdout) Read()
    {
        var schema = Path.Combine(Folder, "schema.json");
        var declared = File.Exists(schema) ? SchemaFile.Read(schema) : null;
        if (IsSplit)
        {
            var train = TableReader.Read(Path.Combine(Folder, Train), schema: declared);
            return (train, TableReader.ReadAs(Path.Combine(Folder, Holdout), train.Schema));
        }

        var whole = TableReader.Read(Whole, schema: declared);
        var rows = Enumerable.Range(0, whole.RowCount).ToArray();
        new SeededStream(1, StreamPurpose.Split, 0).Shuffle<int>(rows);
        return (whole.Take(rows.AsSpan(0, rows.Length / 2)), whole.Take(rows.AsSpan(rows.Length / 2)));
    }
}
