using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>
/// How many rows share a key, exactly, for a sample of the distinct keys that fits into memory: those whose hash ends with enough zeros (adaptive
/// sampling of Wegman; Flajolet, 1990), so that frequent keys are no likelier in it than rare ones.
/// </summary>
internal sealed class KeyCounts
{
    private const int MostKeys = 1 << 16;
    private const ulong Offset = 14_695_981_039_346_656_037, Prime = 1_099_511_628_211;

    private readonly Dictionary<ulong, long> rows = [];
    private ulong mask;

    /// <summary>Counts the keys of some rows.</summary>
    public void Add(CodedColumn column)
    {
        var found = new long[column.Values.Length];
        foreach (var code in column.Codes)
        {
            if (code != CodedColumn.Missing) found[code]++;
        }

        for (var code = 0; code < found.Length; code++)
        {
            if (found[code] == 0 || Hash(column.Values[code]) is var hash && (hash & mask) != 0) continue;
            rows[hash] = rows.GetValueOrDefault(hash) + found[code];
            if (rows.Count > MostKeys) Thin();
        }
    }

    /// <summary>Rows by key, in no order.</summary>
    public IReadOnlyCollection<long> PerKey() => rows.Values;

    private void Thin()
    {
        mask = mask << 1 | 1;
        foreach (var hash in rows.Keys.Where(hash => (hash & mask) != 0).ToList()) rows.Remove(hash);
    }

    /// <summary>FNV-1a, mixed so that its last bits depend on all.</summary>
    private static ulong Hash(string key)
    {
        var hash = Offset;
        foreach (var c in key) hash = (hash ^ c) * Prime;
        hash = (hash ^ hash >> 30) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ hash >> 27) * 0x94D049BB133111EB;
        return hash ^ hash >> 31;
    }
}
