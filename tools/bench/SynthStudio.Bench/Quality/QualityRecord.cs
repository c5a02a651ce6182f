using System.Text.Json;

namespace SynthStudio.Bench.Quality;

/// <summary>Results on disk, one JSON line each, written as they come: a broken run is continued, not repeated.</summary>
internal sealed class QualityRecord
{
    private readonly string file;
    private readonly List<QualityResult> results;

    /// <param name="file">Made when there is none.</param>
    public QualityRecord(string file)
    {
        this.file = file;
        results = File.Exists(file) ? [.. File.ReadLines(file).Select(line => JsonSerializer.Deserialize<QualityResult>(line)!)] : [];
    }

    public bool Has(string table, string method, long seed) => results.Exists(r => r.Table == table && r.Method == method && r.Seed == seed);

    public List<QualityResult> Of(string table, string method, List<long> seeds) =>
        results.FindAll(r => r.Table == table && r.Method == method && seeds.Contains(r.Seed));

    public void Add(QualityResult result)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        File.AppendAllText(file, JsonSerializer.Serialize(result) + "\n");
        results.Add(result);
    }
}
